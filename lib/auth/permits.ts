import 'server-only'
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { ProblemError } from '@/lib/errors'
import { processWide } from '@/lib/process-wide'
import { redis } from '@/lib/redis'

/**
 * How often something may be tried. Counted in Redis over all processes; while Redis is away each process counts in a
 * bucket of its own, so a limit loosens but never disappears.
 */

/** What is counted, with its points and the seconds after which a count starts anew. */
const limits = {
  /** One e-mail of one school: guessing one person's password. */
  'sign-in-email': { points: 10, seconds: 15 * 60 },
  /** One address at one school, failures only: a whole school may sit behind one address. */
  'sign-in-address': { points: 100, seconds: 15 * 60 },
  /** One member and kind of action. */
  action: { points: 120, seconds: 60 },
  /** One API token. */
  api: { points: 300, seconds: 60 },
} as const
export type PermitKind = keyof typeof limits

/** Takes one permit, or throws `rate_limited` with the seconds to wait. `key` holds ids, never an e-mail in clear. */
export async function takePermit(kind: PermitKind, key: string, points: number = limits[kind].points): Promise<void> {
  const { seconds } = limits[kind]
  try {
    await limiter(kind, points, seconds).consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
    throw new ProblemError('rate_limited', `Too many tries. Wait ${inWords(retryAfterSeconds)}, then try again.`, {
      retryAfterSeconds,
      internal: `permit ${kind} refused`,
    })
  }
}

/** Gives a permit back: this try was not the kind that is counted. */
export async function returnPermit(kind: PermitKind, key: string): Promise<void> {
  await limiter(kind, limits[kind].points, limits[kind].seconds).reward(key, 1)
}

/** Forgets what was counted for a key. */
export async function clearPermits(kind: PermitKind, key: string): Promise<void> {
  await limiter(kind, limits[kind].points, limits[kind].seconds).delete(key)
}

function inWords(seconds: number): string {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const counts = processWide('permits', () => ({ own: {}, limiters: new WeakMap<object, Map<string, RateLimiterAbstract>>() }))

/** The limiter that counts in the process's Redis of now, or in process when there is none. */
function limiter(kind: PermitKind, points: number, duration: number): RateLimiterAbstract {
  const client = redis()
  const place = client ?? counts.own
  const known = counts.limiters.get(place) ?? new Map<string, RateLimiterAbstract>()
  counts.limiters.set(place, known)
  const options = { keyPrefix: `gi:permit:${kind}:${points}`, points, duration }
  const name = `${kind} ${points}`
  const found = known.get(name) ?? (client === null ? new RateLimiterMemory(options) : overRedis(client, options))
  known.set(name, found)
  return found
}

function overRedis(storeClient: Redis, options: { keyPrefix: string; points: number; duration: number }): RateLimiterAbstract {
  return new RateLimiterRedis({ ...options, storeClient, insuranceLimiter: new RateLimiterMemory(options) })
}
