import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDirectConnection } from '@/lib/db/direct'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld({ redis: true, pgbouncer: { poolSize: 2 } })
  ;({ northside, riverside } = await addTwoSchools(world))
})
afterAll(() => world.close())

const enter = ({ tenantId }: PeopledSchool) => `select guard.enter('${tenantId}', 1, false)`

describe('the world of a test file', () => {
  it('has both schools, alike to the name, each on its own shard', async () => {
    const titles = (school: PeopledSchool) =>
      withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
        sql<{ tenant_id: string; title: string }>('select tenant_id, title from app.assignments order by title, tenant_id'),
      )
    const [ours, theirs] = [await titles(northside), await titles(riverside)]
    expect(ours).toHaveLength(3)
    expect(ours.map(({ title }) => title)).toEqual(theirs.map(({ title }) => title))
    expect(northside.tenantId).not.toBe(riverside.tenantId)
  })

  it('lets the application role in directly and through PgBouncer, and only into the school it entered', async () => {
    const { url, poolerUrl = '' } = world.shard('shard_1')
    for (const address of [url, poolerUrl]) {
      const count = await withDirectConnection(address, async (sql) => {
        await sql('begin')
        await sql(enter(northside))
        const [row] = await sql<{ n: number }>('select count(*)::int as n from app.students')
        await sql('commit')
        const [after] = await sql<{ n: number }>('select count(*)::int as n from app.students')
        return [row?.n, after?.n]
      })
      expect(count).toEqual([3, 0])
    }
    await expect(withDirectConnection(url, (sql) => sql(enter(riverside)))).rejects.toMatchObject({ code: 'GI001' })
  })

  it('runs PgBouncer in transaction mode with as few server connections as asked', async () => {
    const { poolerUrl = '' } = world.shard('shard_1')
    const pids = await Promise.all(
      Array.from({ length: 12 }, () =>
        withDirectConnection(
          poolerUrl,
          async (sql) => (await sql<{ pid: number }>('select pg_backend_pid() as pid, pg_sleep(0.01)'))[0]?.pid,
        ),
      ),
    )
    expect(new Set(pids).size).toBeLessThanOrEqual(2)
  })

  it('has a Redis that can be stopped, started empty, paused and resumed', async () => {
    const { redis } = world
    if (!redis) throw new Error('The world has no Redis.')
    const ask = async <T>(question: (client: Redis) => Promise<T>) => {
      const client = new Redis(redis.url, {
        lazyConnect: true,
        retryStrategy: () => null,
        commandTimeout: 300,
        maxRetriesPerRequest: 0,
      })
      client.on('error', () => {})
      try {
        await client.connect()
        return await question(client)
      } finally {
        client.disconnect()
      }
    }
    await ask((client) => client.set('kept', '1'))
    redis.pause()
    await expect(ask((client) => client.get('kept'))).rejects.toThrow()
    redis.resume()
    expect(await ask((client) => client.get('kept'))).toBe('1')
    await redis.stop()
    await expect(ask((client) => client.get('kept'))).rejects.toThrow()
    await redis.start()
    expect(await ask((client) => client.get('kept'))).toBeNull()
  })

  it('takes its databases with it', async () => {
    const other = await createWorld({ shards: 1 })
    const { adminUrl } = other.shard('shard_1')
    await withDirectConnection(adminUrl, (sql) => sql('select 1'))
    await other.close()
    await expect(withDirectConnection(adminUrl, (sql) => sql('select 1'))).rejects.toMatchObject({ code: '3D000' })
  })
})
