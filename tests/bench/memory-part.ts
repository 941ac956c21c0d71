import { spawn } from 'node:child_process'
import { z } from 'zod'
import { withDirectConnection } from '@/lib/db/direct'
import { openWorld } from '../support/open-world'
import type { Bench } from './bench'
import { schoolId } from './many-schools'

/** Schools and shards that the measured process takes up, one after another. */
export const tenantCount = 250
export const shardCount = 40

const answer = z.object({ tenantMegabytes: z.number(), shardMegabytes: z.number() })

/** Resident memory of a further school and a further shard, each round in a process of its own. */
export async function measureMemoryPart({ servers, isQuick, note }: Bench): Promise<void> {
  const world = await openWorld(servers, { shards: 1 })
  try {
    const { url, adminUrl } = world.shard('shard_1')
    const ids = Array.from({ length: tenantCount }, (_, nth) => schoolId(nth + 1))
    await withDirectConnection(adminUrl, (sql) =>
      sql(`insert into guard.tenant_home (tenant_id, epoch, state) select unnest($1::uuid[]), 1, 'active'`, [ids]),
    )
    const names = Array.from({ length: shardCount }, (_, nth) => `SHARD_URL_BENCH_${nth}`)
    const env = { ...world.env, ...Object.fromEntries(names.map((name) => [name, url])) }
    const tenants: number[] = []
    const shards: number[] = []
    for (let round = 0; round < (isQuick ? 1 : 5); round++) {
      const { tenantMegabytes, shardMegabytes } = answer.parse(JSON.parse(await runChild(env)))
      tenants.push(tenantMegabytes)
      shards.push(shardMegabytes)
    }
    note({ 'memory-tenant': { work: tenants }, 'memory-shard': { work: shards } })
  } finally {
    await world.close()
  }
}

function runChild(env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--expose-gc', '--conditions=react-server', '--import', 'tsx', 'tests/bench/memory-child.ts']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
    const said: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => said.push(part))
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve(Buffer.concat(said).toString()) : reject(new Error(`memory-child ended with ${code}`)),
    )
  })
}
