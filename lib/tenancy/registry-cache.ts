import { LRUCache } from 'lru-cache'
import { ProblemError } from '@/lib/errors'
import type { RegistrySource, SharedCopies, Snapshot } from '@/lib/tenancy/registry-levels'
import type { TenantRecord } from '@/lib/tenancy/tenant'

/**
 * Slug or id to school, in this process's memory first. What it says is only where to look: the shard refuses a stale epoch
 * and a suspended school itself, so this cache may be wrong for a moment but must always answer. Hence four ages of an entry:
 * fresh (answered as it is), ageing (answered, and asked again behind the reader's back), old (asked again first) and, when
 * nobody can be asked, still answered for half an hour.
 *
 * Two rules keep an old answer from hiding a new one. Epochs only grow: a record never replaces one of a later epoch, and after a
 * change was announced no record of an earlier epoch counts as fresh, wherever it comes from. And an absence is believed for a
 * second only, and not at all when a change was announced while it was being looked up.
 */
export type RegistryCache = Readonly<{
  /** The school with this slug, or null. Throws `ProblemError('unavailable')` when nobody knows it and the truth cannot be asked. */
  findBySlug: (slug: string) => Promise<TenantRecord | null>
  /** As `findBySlug`, by id. */
  findById: (tenantId: string) => Promise<TenantRecord | null>
  /** Asks the control database now, past every copy. The best that is known when it cannot be asked. */
  refresh: (tenantId: string) => Promise<TenantRecord | null>
  /** A route changed: what is older is not fresh any more. */
  noteChange: (change: Readonly<{ slug: string; epoch: number }>) => void
  /** Changes may have been missed: nothing is fresh any more. Answers stay for the case that nobody can be asked. */
  distrust: () => void
  /** Takes records in advance, as at start. */
  fill: (records: readonly TenantRecord[]) => void
  /** The epoch this process would use for a slug, or null; asks nobody. */
  epochOf: (slug: string) => number | null
}>

/** Where an answer beyond the first level came from; for metrics. */
export type AnsweredBy = 'shared' | 'source' | 'stale' | 'snapshot' | 'nobody'

export type RegistryCacheOptions = Readonly<{
  source: RegistrySource
  shared: SharedCopies
  snapshot?: Snapshot
  /** Milliseconds; a test's clock. */
  now?: () => number
  onAnswer?: (by: AnsweredBy) => void
}>

const entriesMax = 10_000
const freshMs = 5_000
const ageingMs = 60_000
const keptMs = 30 * 60_000
const absentMs = 1_000
/** After a failure the truth is left alone for this long by everyone who has an older answer. */
const pauseMs = 1_000

type Entry = { record: TenantRecord; checkedAt: number; isOutdated: boolean }

/** An empty cache over its levels. Holds at most 10,000 schools. */
export function createRegistryCache(options: RegistryCacheOptions): RegistryCache {
  const { source, shared, snapshot, now = Date.now, onAnswer = () => {} } = options
  const entries = new LRUCache<string, Entry>({ max: entriesMax, ttl: keptMs, ttlResolution: 0, perf: { now } })
  const slugs = new LRUCache<string, string>({ max: entriesMax })
  const absences = new LRUCache<string, true>({ max: entriesMax, ttl: absentMs, ttlResolution: 0, perf: { now } })
  /** Lowest epoch that may count as fresh, by slug. */
  const floors = new LRUCache<string, number>({ max: entriesMax })
  const flights = new Map<string, Promise<TenantRecord | null>>()
  let changesSeen = 0
  let pausedUntil = 0

  async function findBySlug(slug: string): Promise<TenantRecord | null> {
    const entry = entries.get(slug)
    if (entry === undefined) return absences.has(slug) ? null : askForSlug(slug)
    return fresh(entry) ?? whenOld(entry, () => askForSlug(slug))
  }

  async function findById(tenantId: string): Promise<TenantRecord | null> {
    const slug = slugs.get(tenantId)
    const entry = slug === undefined ? undefined : entries.get(slug)
    if (entry === undefined) return absences.has(tenantId) ? null : askForId(tenantId)
    return fresh(entry) ?? whenOld(entry, () => askForId(tenantId))
  }

  async function refresh(tenantId: string): Promise<TenantRecord | null> {
    return oneFlight(`refresh ${tenantId}`, async () => {
      try {
        const found = await source.byId(tenantId)
        if (found !== null) void shared.keep(found)
        return settle(found, tenantId)
      } catch (error) {
        pausedUntil = now() + pauseMs
        const copy = await shared.byId(tenantId)
        if (copy !== 'unknown' && copy !== 'absent') keep(copy)
        const slug = slugs.get(tenantId)
        const known = slug === undefined ? undefined : entries.get(slug)?.record
        return known ?? (await lastResort(() => snapshot?.byId(tenantId), error))
      }
    })
  }

  function fresh(entry: Entry): TenantRecord | null {
    return !entry.isOutdated && now() - entry.checkedAt < freshMs ? entry.record : null
  }

  async function whenOld(entry: Entry, ask: () => Promise<TenantRecord | null>): Promise<TenantRecord | null> {
    if (now() < pausedUntil) return stale(entry)
    const asked = ask()
    if (!entry.isOutdated && now() - entry.checkedAt < ageingMs) {
      // The reader does not wait; a failure is answered by the pause and by the entry's age.
      asked.catch(() => {})
      return entry.record
    }
    try {
      return await asked
    } catch {
      return stale(entry)
    }
  }

  function stale(entry: Entry): TenantRecord {
    onAnswer('stale')
    return entry.record
  }

  function askForSlug(slug: string): Promise<TenantRecord | null> {
    return oneFlight(`slug ${slug}`, () =>
      ask({
        key: slug,
        copy: () => shared.bySlug(slug),
        truth: () => source.bySlug(slug),
        saved: () => snapshot?.bySlug(slug),
        noteAbsence: () => shared.keepAbsence(slug),
      }),
    )
  }

  function askForId(tenantId: string): Promise<TenantRecord | null> {
    return oneFlight(`id ${tenantId}`, () =>
      ask({
        key: tenantId,
        copy: () => shared.byId(tenantId),
        truth: () => source.byId(tenantId),
        saved: () => snapshot?.byId(tenantId),
        noteAbsence: async () => {},
      }),
    )
  }

  type Question = Readonly<{
    key: string
    copy: () => ReturnType<SharedCopies['bySlug']>
    truth: () => Promise<TenantRecord | null>
    saved: () => Promise<TenantRecord | null> | undefined
    noteAbsence: () => Promise<void>
  }>

  async function ask({ key, copy, truth, saved, noteAbsence }: Question): Promise<TenantRecord | null> {
    const changesBefore = changesSeen
    const known = await copy()
    if (known === 'absent' && !floors.has(key)) return settle(null, key, changesBefore, 'shared')
    // A copy that is older than an announced change, or than what we hold, is no answer.
    if (known !== 'absent' && known !== 'unknown' && isFresh(known)) return settle(known, key, changesBefore, 'shared')
    try {
      const found = await truth()
      const answer = settle(found, key, changesBefore, 'source')
      if (found !== null) void shared.keep(found)
      else if (changesBefore === changesSeen) void noteAbsence()
      return answer
    } catch (error) {
      pausedUntil = now() + pauseMs
      if (known !== 'absent' && known !== 'unknown') return keep(known)
      return lastResort(saved, error)
    }
  }

  function settle(
    record: TenantRecord | null,
    key: string,
    changesBefore = changesSeen,
    by: AnsweredBy = 'source',
  ): TenantRecord | null {
    onAnswer(by)
    if (record !== null) return keep(record)
    if (changesBefore === changesSeen) absences.set(key, true)
    return null
  }

  /** Takes a record in and returns the newest of that school. */
  function keep(record: TenantRecord): TenantRecord {
    const held = entries.peek(record.slug)
    if (held && held.record.epoch > record.epoch) return held.record
    entries.set(record.slug, { record, checkedAt: now(), isOutdated: !isFresh(record) })
    slugs.set(record.tenantId, record.slug)
    absences.delete(record.slug)
    absences.delete(record.tenantId)
    return record
  }

  function isFresh(record: TenantRecord): boolean {
    const held = entries.peek(record.slug)?.record.epoch ?? 0
    return record.epoch >= Math.max(held, floors.peek(record.slug) ?? 0)
  }

  async function lastResort(saved: Question['saved'], cause: unknown): Promise<TenantRecord | null> {
    const record = (await saved()) ?? null
    onAnswer(record === null ? 'nobody' : 'snapshot')
    if (record !== null) {
      const kept = keep(record)
      const entry = entries.peek(kept.slug)
      // Good enough to route by, but to be asked for again as soon as somebody answers.
      if (entry) entry.isOutdated = true
      return kept
    }
    throw new ProblemError('unavailable', 'This address cannot be looked up at the moment. Try again in a moment.', {
      internal: 'registry_unreachable',
      retryAfterSeconds: 2,
      cause,
    })
  }

  function oneFlight(key: string, work: () => Promise<TenantRecord | null>): Promise<TenantRecord | null> {
    const running = flights.get(key)
    if (running) return running
    const flight = work().finally(() => {
      if (flights.get(key) === flight) flights.delete(key)
    })
    flights.set(key, flight)
    return flight
  }

  return {
    findBySlug,
    findById,
    refresh,
    noteChange({ slug, epoch }) {
      changesSeen++
      floors.set(slug, Math.max(epoch, floors.peek(slug) ?? 0))
      absences.clear()
      const entry = entries.peek(slug)
      if (entry && entry.record.epoch < epoch) entry.isOutdated = true
      // A look-up that began before the change may bring the old state: later readers start their own.
      flights.delete(`slug ${slug}`)
      if (entry) flights.delete(`id ${entry.record.tenantId}`)
    },
    distrust() {
      changesSeen++
      absences.clear()
      flights.clear()
      for (const entry of entries.values()) entry.isOutdated = true
    },
    fill(records) {
      for (const record of records) keep(record)
    },
    epochOf: (slug) => entries.peek(slug)?.record.epoch ?? null,
  }
}
