import fs from 'node:fs'
import os from 'node:os'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { readTenant } from '@/lib/db/tenant-db'
import type { LocalWorker } from '@/lib/ops/local-worker'
import { addTwoSchools } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { startWorkerOf } from './support'

let world: World
let worker: LocalWorker

beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  await worker?.stop()
  await closeAll()
  await world.close()
})

const lowest = os.constants.priority.PRIORITY_LOW

/** Priority of a process, and of its session where the system has such a thing. */
function rankOf(pid: number): { own: number; session: string | null } {
  const file = `/proc/${pid}/autogroup`
  const session = fs.existsSync(file)
    ? fs
        .readFileSync(file, 'utf8')
        .trim()
        .replace(/^.* nice /, '')
    : null
  return { own: os.getPriority(pid), session }
}

const hasSessions = fs.existsSync('/proc/self/autogroup')

test.skipIf(process.platform !== 'linux')('a worker, and the servers that work for it, come after pages and theirs', async () => {
  const { northside } = await addTwoSchools(world)
  const ours = async () => {
    const [row] = await readTenant(northside.ctx, (read) => read.sql<{ pid: number }>('select pg_backend_pid() as pid'))
    return row?.pid ?? 0
  }
  const page = await ours()
  const before = rankOf(page)
  const serversOfApp = () =>
    withDirectConnection(world.shard('shard_1').adminUrl, (sql) =>
      sql<{ pid: number }>("select pid from pg_stat_activity where datname = current_database() and usename = 'gi_app'"),
    )
  const known = new Set((await serversOfApp()).map(({ pid }) => pid))
  worker = startWorkerOf(world)
  const [pid] = await vi.waitUntil(
    async () => {
      const more = (await serversOfApp()).filter((server) => !known.has(server.pid)).map((server) => server.pid)
      return more.length > 0 && rankOf(more[0] ?? 0).own === lowest && more
    },
    { timeout: 30_000, interval: 100 },
  )
  const low = { own: lowest, session: hasSessions ? String(lowest) : null }
  expect(rankOf(worker.pid)).toEqual(low)
  await vi.waitUntil(() => rankOf(pid ?? 0).session === low.session, { timeout: 10_000, interval: 50 })
  expect(rankOf(pid ?? 0)).toEqual(low)
  expect(rankOf(await ours())).toEqual(before)
  expect(before.own).toBeLessThan(lowest)
})
