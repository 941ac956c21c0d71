import path from 'node:path'
import { defineConfig } from 'vitest/config'

const root = path.resolve(import.meta.dirname, '../..')

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${root}/` },
      { find: 'server-only', replacement: path.join(root, 'tests/support/server-only.ts') },
    ],
  },
  test: {
    include: ['tests/unit/imports/**/*.test.ts'],
    // Slow, or of other code: what they would notice of one small change the tables of the others notice sooner.
    exclude: ['**/*-property.test.ts', '**/{archive,large-long-form,round-trip,suites,workbook}.test.ts', '**/fill-*.test.ts'],
    testTimeout: 60_000,
  },
})
