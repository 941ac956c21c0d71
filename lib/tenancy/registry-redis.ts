import 'server-only'
import type { Redis } from 'ioredis'
import { log } from '@/lib/log'
import { metrics } from '@/lib/metrics'
import { findRecordIn } from '@/lib/tenancy/record'
import type { SharedCopies } from '@/lib/tenancy/registry-levels'

/**
 * Copies of registry records in Redis, one for all processes: `<epoch> <json>` under the slug, and the slug under the id. An
 * absence is `0 -`. Redis may be away, hang, be flushed or hold rubbish at any time; then the answer is `unknown`, and after a
 * failure it is not asked for a second, so that a hanging Redis costs one time-out and not one a request.
 */
export function redisCopies(client: Redis): SharedCopies {
  let asksAgainAt = 0

  async function tried<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    if (Date.now() < asksAgainAt) return otherwise
    try {
      return await work()
    } catch (error) {
      asksAgainAt = Date.now() + pauseMs
      metrics.redisFailures.inc()
      log.debug('registry_redis_failed', {}, error)
      return otherwise
    }
  }

  async function bySlug(slug: string): ReturnType<SharedCopies['bySlug']> {
    const value = await client.get(slugKey(slug))
    if (value === null) return 'unknown'
    if (value === absence) return 'absent'
    const record = findRecordIn(value.slice(value.indexOf(' ') + 1))
    return record?.slug === slug ? record : 'unknown'
  }

  return {
    bySlug: (slug) => tried(() => bySlug(slug), 'unknown'),
    byId: (tenantId) =>
      tried(async () => {
        const slug = await client.get(idKey(tenantId))
        const record = slug === null ? 'unknown' : await bySlug(slug)
        return record !== 'unknown' && record !== 'absent' && record.tenantId === tenantId ? record : 'unknown'
      }, 'unknown'),
    keep: (record) =>
      tried(async () => {
        const seconds = keptSeconds()
        await Promise.all([
          client.eval(setUnlessOlder, 1, slugKey(record.slug), record.epoch, JSON.stringify(record), seconds),
          client.set(idKey(record.tenantId), record.slug, 'EX', seconds),
        ])
      }, undefined),
    keepAbsence: (slug) =>
      tried(async () => {
        // Only where nothing is: a school that was made meanwhile stays visible.
        await client.set(slugKey(slug), absence, 'EX', absentSeconds, 'NX')
      }, undefined),
  }
}

/** Removes every copy and returns how many there were. Throws when Redis is away. */
export async function removeCopies(client: Redis): Promise<number> {
  let removed = 0
  let cursor = '0'
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', 'gi:registry:1:*', 'COUNT', 500)
    if (keys.length > 0) removed += await client.unlink(...keys)
    cursor = next
  } while (cursor !== '0')
  return removed
}

const pauseMs = 1_000
const absence = '0 -'
const absentSeconds = 15
const slugKey = (slug: string) => `gi:registry:1:slug:${slug}`
const idKey = (tenantId: string) => `gi:registry:1:id:${tenantId}`

// Spread by a tenth, so that copies made together do not run out together.
function keptSeconds(): number {
  return Math.round(300 * (0.9 + Math.random() * 0.2))
}

const setUnlessOlder = `
  local held = redis.call('get', KEYS[1])
  local epoch = held and tonumber(string.match(held, '^(%d+) '))
  if epoch and epoch > tonumber(ARGV[1]) then
    return 0
  end
  redis.call('set', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'EX', ARGV[3])
  return 1`
