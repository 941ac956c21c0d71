import fs from 'node:fs'
import path from 'node:path'
import { withDirectConnection } from '@/lib/db/direct'

async function apply(kind: 'control' | 'shard', url: string): Promise<void> {
  const folder = path.join(process.cwd(), 'prisma', kind, 'migrations')
  const names = fs
    .readdirSync(folder)
    .filter((name) => !name.endsWith('.toml'))
    .sort()
  await withDirectConnection(url, async (sql) => {
    for (const name of names) await sql(fs.readFileSync(path.join(folder, name, 'migration.sql'), 'utf8'))
  })
}
export const migrateControl = (url: string) => apply('control', url)
export const migrateShard = (url: string) => apply('shard', url)
