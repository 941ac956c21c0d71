import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { migrateControl } from '@/lib/db/migrations'
import { createWorld, type World } from '../../support/world'

let world: World
beforeAll(async () => {
  world = await createWorld({ shards: 1 })
})
afterAll(() => world.close())

const asWeb = <T>(fn: (sql: DirectSql) => Promise<T>) => withDirectConnection(world.controlUrl, fn)
const asWorker = <T>(fn: (sql: DirectSql) => Promise<T>) => withDirectConnection(world.env.CONTROL_WORKER_URL ?? '', fn)
const asAdmin = <T>(fn: (sql: DirectSql) => Promise<T>) => withDirectConnection(world.adminUrl, fn)
const refused = { code: '42501' }

const ask = (sql: DirectSql, tenant: string, importId: string, kind = 'commit') =>
  sql('select control.queue_import($1, $2, $3, $4)', [tenant, importId, kind, 'test-request'])

describe('the web role', () => {
  it('asks for work once, by ids alone, in the queue of the school', async () => {
    const [tenant, importId] = [randomUUID(), randomUUID()]
    await asWeb((sql) => ask(sql, tenant, importId))
    await asWeb((sql) => ask(sql, tenant, importId))
    const jobs = await asAdmin((sql) =>
      sql(
        `select job.payload, job.key, job.attempts, queue.queue_name
         from queue._private_jobs job join queue._private_job_queues queue on queue.id = job.job_queue_id
         where queue.queue_name = $1`,
        [tenant],
      ),
    )
    expect(jobs).toEqual([
      {
        payload: { tenantId: tenant, importId, kind: 'commit', requestId: 'test-request' },
        key: `${tenant}:${importId}:commit`,
        attempts: 0,
        queue_name: tenant,
      },
    ])
  })

  it('has a further wish of the same school stand behind the first of another', async () => {
    const [busy, other] = [randomUUID(), randomUUID()]
    for (let count = 0; count < 3; count++) await asWeb((sql) => ask(sql, busy, randomUUID()))
    await asWeb((sql) => ask(sql, other, randomUUID()))
    const rows = await asAdmin((sql) =>
      sql<{ tenant: string }>(
        `select payload ->> 'tenantId' as tenant from queue._private_jobs
         where payload ->> 'tenantId' in ($1, $2) order by priority, run_at`,
        [busy, other],
      ),
    )
    expect(rows.map(({ tenant }) => tenant)).toEqual([busy, other, busy, busy])
  })

  it.each([
    ['read the queue', 'select * from queue.jobs'],
    ['read payloads', 'select * from queue._private_jobs'],
    ['write a job of its own making', 'insert into queue._private_jobs (task_id) values (1)'],
    ['call the library', "select queue.add_job('import')"],
    ['see who works', 'select * from control.worker_heartbeats'],
    ['pretend to be a worker', "insert into control.worker_heartbeats (worker_id) values ('x')"],
  ])('may not %s', async (_, text) => {
    await expect(asWeb((sql) => sql(text))).rejects.toMatchObject(refused)
  })

  it('cannot ask for work nobody knows', async () => {
    await expect(asWeb((sql) => ask(sql, randomUUID(), randomUUID(), 'drop'))).rejects.toMatchObject({ code: '22023' })
  })
})

describe('the worker’s role', () => {
  it.each([
    ['see which schools exist', 'select * from control.tenants'],
    ['see who signs in on the console', 'select * from control.console_members'],
    ['write the audit', "insert into control.control_audit (id, actor, action) values (uuidv7(), 'x', 'x')"],
    ['change the queue’s tables', 'alter table queue._private_jobs add column mine int'],
    ['migrate the queue', 'insert into queue.migrations (id) values (99)'],
    ['make tables', 'create table queue.mine (id int)'],
  ])('may not %s', async (_, text) => {
    await expect(asWorker((sql) => sql(text))).rejects.toMatchObject(refused)
  })

  it('has no place on a shard', async () => {
    const url = new URL(world.shard('shard_1').url)
    const worker = new URL(world.env.CONTROL_WORKER_URL ?? '')
    url.username = worker.username
    url.password = worker.password
    await expect(withDirectConnection(url.href, (sql) => sql('select 1'))).rejects.toMatchObject(refused)
  })

  it('takes work, and frees that of a dead one', async () => {
    await asWorker(async (sql) => {
      await sql("update queue._private_jobs set locked_at = now(), locked_by = 'dead', attempts = 1")
      await sql("select queue.force_unlock_workers(array['dead'])")
      const [row] = await sql<{ locked: number }>(
        'select count(*)::int as locked from queue._private_jobs where locked_at is not null',
      )
      expect(row?.locked).toBe(0)
    })
  })
})

it('migrating again changes neither the queue nor what waits in it', async () => {
  const seen = () => asAdmin((sql) => sql('select id, key, payload::text, attempts from queue._private_jobs order by id'))
  const before = await seen()
  expect(before.length).toBeGreaterThan(0)
  expect(await migrateControl(world.controlOwnerUrl)).toEqual([])
  expect(await seen()).toEqual(before)
})
