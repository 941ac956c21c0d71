import { defineConfig } from 'prisma/config'

// For the Prisma command line only (generate, format, validate). Migrations run through lib/ops: see prisma/README.md.
export default defineConfig({ schema: process.env.GI_PRISMA_SCHEMA ?? 'prisma/shard/schema.prisma' })
