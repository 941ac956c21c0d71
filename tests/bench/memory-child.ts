import { closeAll } from '@/lib/db/close'
import { readTenant } from '@/lib/db/tenant-db'
import { contextOf, schoolId } from './many-schools'
import { shardCount, tenantCount } from './memory-part'

/** A program: takes up schools and then shards as the web process does, and says in JSON what each took of resident memory. */
const warmTenants = 50

const readAsTenant = (nth: number) =>
  readTenant(contextOf(schoolId(nth), 'shard_1'), ({ db, tenantId }) => db.student.findFirst({ where: { tenantId } }))
const readOnShard = (name: string) => readTenant(contextOf(schoolId(1), name), ({ sql }) => sql('select 1'))

for (let nth = 1; nth <= warmTenants; nth++) await readAsTenant(nth)
const beforeTenants = await residentMegabytes()
for (let nth = warmTenants + 1; nth <= tenantCount; nth++) await readAsTenant(nth)
const beforeShards = await residentMegabytes()
for (let nth = 0; nth < shardCount; nth++) await readOnShard(`bench_${nth}`)
const after = await residentMegabytes()
await closeAll()
process.stdout.write(
  JSON.stringify({
    tenantMegabytes: (beforeShards - beforeTenants) / (tenantCount - warmTenants),
    shardMegabytes: (after - beforeShards) / shardCount,
  }),
)

/** After what can be thrown away is gone. */
async function residentMegabytes(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage.rss() / 1024 / 1024
}
