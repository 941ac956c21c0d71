import 'server-only'
import { withControl } from '@/lib/db/control-db'
import { registerRouteRefresh } from '@/lib/db/tenant-db'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { metrics } from '@/lib/metrics'
import { processWide } from '@/lib/process-wide'
import { redis, redisReady } from '@/lib/redis'
import { establishTenant } from '@/lib/tenancy/establish'
import { type Invalidations, postgresInvalidations, redisInvalidations } from '@/lib/tenancy/invalidation'
import { publishOutbox } from '@/lib/tenancy/outbox'
import { createRegistryCache, type RegistryCache } from '@/lib/tenancy/registry-cache'
import { noSharedCopies, type RegistrySource, type SharedCopies, type Snapshot } from '@/lib/tenancy/registry-levels'
import { redisCopies, removeCopies } from '@/lib/tenancy/registry-redis'
import { controlSource } from '@/lib/tenancy/registry-source'
import { snapshotFile } from '@/lib/tenancy/snapshot'
import type { TenantRecord } from '@/lib/tenancy/tenant'

/**
 * Which schools exist and where each lives: this process's memory, then Redis, then the control database, then a file. Routing
 * fails open, because the shard itself refuses a stale epoch and a suspended school.
 */

/** The school with this slug, or null when there is none. Throws `ProblemError('unavailable')` when nobody can tell. */
export function findTenantBySlug(slug: string): Promise<TenantRecord | null> {
  return registry().cache.findBySlug(slug)
}

/** The school with this id, or null when there is none. Throws `ProblemError('unavailable')` when nobody can tell. */
export function findTenantById(tenantId: string): Promise<TenantRecord | null> {
  return registry().cache.findById(tenantId)
}

/** Asks the control database now, past every copy: after the shard said that the route is stale. */
export function refreshTenant(tenantId: string): Promise<TenantRecord | null> {
  return registry().cache.refresh(tenantId)
}

/** Begins to hear of changes, takes the known schools in and publishes waiting changes every second. Called once at start. */
export async function openRegistry(): Promise<void> {
  await registry().open()
}

/** Stops hearing and publishing and forgets everything. Connections stay with their owners. */
export async function closeRegistry(): Promise<void> {
  const { current } = holder()
  holder().current = null
  await current?.close()
}

/** Publishes route changes that wait in the outbox and returns how many. Throws when the transport is away; they wait on. */
export async function publishRouteChanges(): Promise<number> {
  const client = redis()
  // A command's first word to Redis: wait for the connection, since nothing is queued.
  if (client !== null) await redisReady(client, 1_000)
  return publishOutbox(registry())
}

/** Removes the copies all processes share and makes each ask anew, by a message none of them expected. Returns how many there were. */
export async function flushSharedCopies(): Promise<number> {
  const client = redis()
  if (client !== null) await redisReady(client, 1_000)
  const count = client === null ? 0 : await removeCopies(client)
  await withControl(({ sql }) => registry().invalidations.announceGap(sql))
  return count
}

/** True when this process can route: the control database answers, or what it needs is in its caches. */
export async function isRegistryUsable(): Promise<boolean> {
  return registry().isUsable()
}

type Registry = Readonly<{
  cache: RegistryCache
  invalidations: Invalidations
  shared: SharedCopies
  open: () => Promise<void>
  close: () => Promise<void>
  isUsable: () => Promise<boolean>
}>

const holder = () => processWide<{ current: Registry | null }>('registry', () => ({ current: null }))

function registry(): Registry {
  const held = holder()
  held.current ??= makeRegistry()
  return held.current
}

const publishEveryMs = 1_000
const snapshotEveryMs = 5 * 60_000
const warmMax = 10_000

function makeRegistry(): Registry {
  const { CONTROL_URL, CONTROL_LISTEN_URL, REGISTRY_SNAPSHOT_FILE } = env()
  const client = redis()
  const source = controlSource()
  const snapshot = REGISTRY_SNAPSHOT_FILE === undefined ? undefined : snapshotFile(REGISTRY_SNAPSHOT_FILE)
  const shared = client === null ? noSharedCopies : redisCopies(client)
  const invalidations = client === null ? postgresInvalidations(CONTROL_LISTEN_URL ?? CONTROL_URL) : redisInvalidations(client)
  const cache = createRegistryCache({ source, shared, snapshot, onAnswer: (level) => metrics.registryLookups.inc({ level }) })
  const stops: (() => void | Promise<void>)[] = []
  let hasKnownSchools = false

  registerRouteRefresh(async (tenantId, requestId) => {
    const record = await cache.refresh(tenantId)
    return record === null ? null : establishTenant(record, requestId)
  })

  return {
    cache,
    invalidations,
    shared,
    async open() {
      if (client !== null) await redisReady(client, 1_000)
      stops.push(
        await invalidations.subscribe({
          onChange: cache.noteChange,
          onGap: () => {
            metrics.registryFlushes.inc()
            cache.distrust()
          },
        }),
      )
      hasKnownSchools = await warm(cache, source, snapshot)
      stops.push(every(publishEveryMs, 'registry_publish', () => publishOutbox({ invalidations, shared })))
      if (snapshot) stops.push(every(snapshotEveryMs, 'registry_snapshot', () => warm(cache, source, snapshot)))
    },
    async close() {
      for (const stop of stops.splice(0)) await stop()
    },
    async isUsable() {
      if (hasKnownSchools) return true
      hasKnownSchools = await warm(cache, source, snapshot)
      return hasKnownSchools
    },
  }
}

/** Takes the known schools in before the first visitor asks, and writes the snapshot. False when the control database is away. */
async function warm(cache: RegistryCache, source: RegistrySource, snapshot: Snapshot | undefined): Promise<boolean> {
  try {
    const records = await source.recent(warmMax)
    cache.fill(records)
    await snapshot?.save(records)
    return true
  } catch (error) {
    log.warn('registry_warm_failed', {}, error)
    return false
  }
}

/** Repeats work with a pause between, so that a slow round never overlaps the next. Failures are logged once a change of state. */
function every(pauseMs: number, event: string, work: () => Promise<unknown>): () => void {
  let isStopped = false
  let hasFailed = false
  let timer: NodeJS.Timeout
  const round = async () => {
    try {
      await work()
      hasFailed = false
    } catch (error) {
      if (!hasFailed) log.warn(`${event}_failed`, {}, error)
      hasFailed = true
    }
    if (!isStopped) schedule()
  }
  const schedule = () => {
    // Spread, so that processes started together do not ask together.
    timer = setTimeout(() => void round(), pauseMs * (0.8 + Math.random() * 0.4))
    timer.unref()
  }
  schedule()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
