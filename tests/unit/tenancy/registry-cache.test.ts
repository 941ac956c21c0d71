import { beforeEach, describe, expect, it } from 'vitest'
import { createRegistryCache, type RegistryCache } from '@/lib/tenancy/registry-cache'
import { noSharedCopies, type RegistrySource, type SharedCopies, type Snapshot } from '@/lib/tenancy/registry-levels'
import type { TenantRecord } from '@/lib/tenancy/tenant'

const northside: TenantRecord = {
  tenantId: '0190a1b2-0000-7000-8000-000000000001',
  slug: 'northside',
  name: 'Northside',
  districtId: null,
  shard: 'shard_1',
  epoch: 3,
  status: 'active',
  tier: 'standard',
  timeZone: 'UTC',
  locale: 'en',
  features: {},
  branding: {},
}
const later = (epoch: number): TenantRecord => ({ ...northside, epoch, shard: `shard_${epoch}` })

/** A control database whose answers wait until they are let go, or that is away. */
class Source implements RegistrySource {
  truth: TenantRecord | null = northside
  queries = 0
  isAway = false
  gate: Promise<void> = Promise.resolve()

  bySlug = async (slug: string) => this.answer((record) => record.slug === slug)
  byId = async (tenantId: string) => this.answer((record) => record.tenantId === tenantId)
  recent = async () => (this.truth ? [this.truth] : [])

  private async answer(matches: (record: TenantRecord) => boolean): Promise<TenantRecord | null> {
    this.queries++
    const read = this.truth
    await this.gate
    if (this.isAway) throw new Error('control database away')
    return read && matches(read) ? read : null
  }
}

let source: Source
let clock: number
let cache: RegistryCache
const settle = () => new Promise((resolve) => setImmediate(resolve))

function cacheWith(levels: { shared?: SharedCopies; snapshot?: Snapshot } = {}): RegistryCache {
  return createRegistryCache({ source, shared: noSharedCopies, now: () => clock, ...levels })
}

beforeEach(() => {
  source = new Source()
  clock = 1_000_000
  cache = cacheWith()
})

describe('the first level', () => {
  it('asks once and answers from memory, by slug and by id', async () => {
    expect(await cache.findBySlug('northside')).toEqual(northside)
    expect(await cache.findById(northside.tenantId)).toEqual(northside)
    clock += 4_999
    expect(await cache.findBySlug('northside')).toEqual(northside)
    expect(source.queries).toBe(1)
  })

  it('asks once for 500 readers at the same time', async () => {
    const found = await Promise.all(Array.from({ length: 500 }, () => cache.findBySlug('northside')))
    expect(new Set(found)).toEqual(new Set([northside]))
    expect(source.queries).toBe(1)
  })

  it('answers an ageing entry at once and learns the new one behind the reader’s back', async () => {
    await cache.findBySlug('northside')
    clock += 5_001
    source.truth = later(4)
    expect(await cache.findBySlug('northside')).toEqual(northside)
    await settle()
    expect(await cache.findBySlug('northside')).toEqual(later(4))
  })

  it('asks first when an entry is old', async () => {
    await cache.findBySlug('northside')
    clock += 61_000
    source.truth = later(4)
    expect(await cache.findBySlug('northside')).toEqual(later(4))
  })

  it('goes on answering for half an hour when nobody can be asked, and says so afterwards', async () => {
    await cache.findBySlug('northside')
    source.isAway = true
    clock += 29 * 60_000
    expect(await cache.findBySlug('northside')).toEqual(northside)
    clock += 2 * 60_000
    await expect(cache.findBySlug('northside')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('leaves a failing source alone for a second', async () => {
    await cache.findBySlug('northside')
    source.isAway = true
    clock += 61_000
    await cache.findBySlug('northside')
    const queries = source.queries
    for (let reader = 0; reader < 100; reader++) await cache.findBySlug('northside')
    expect(source.queries).toBe(queries)
    clock += 1_001
    await cache.findBySlug('northside')
    expect(source.queries).toBe(queries + 1)
  })
})

describe('a change of a route', () => {
  it('is seen by the next reader', async () => {
    await cache.findBySlug('northside')
    source.truth = later(4)
    cache.noteChange({ slug: 'northside', epoch: 4 })
    expect(await cache.findBySlug('northside')).toEqual(later(4))
    expect(await cache.findById(northside.tenantId)).toEqual(later(4))
  })

  it('is not undone by a look-up that began before it and ends after', async () => {
    let open = () => {}
    source.gate = new Promise((resolve) => {
      open = resolve
    })
    const early = cache.findBySlug('northside')
    await settle()
    source.truth = later(4)
    cache.noteChange({ slug: 'northside', epoch: 4 })
    open()
    expect(await early).toEqual(northside)
    expect(await cache.findBySlug('northside')).toEqual(later(4))
  })

  it('never goes back to an earlier epoch', async () => {
    source.truth = later(9)
    await cache.findBySlug('northside')
    source.truth = later(5)
    clock += 61_000
    expect(await cache.findBySlug('northside')).toEqual(later(9))
    cache.fill([later(7)])
    expect(cache.epochOf('northside')).toBe(9)
    expect(await cache.refresh(northside.tenantId)).toEqual(later(9))
  })

  it('makes an older shared copy no answer', async () => {
    cache = cacheWith({ shared: { ...noSharedCopies, bySlug: async () => northside } })
    expect(await cache.findBySlug('northside')).toEqual(northside)
    expect(source.queries).toBe(0)
    source.truth = later(4)
    cache.noteChange({ slug: 'northside', epoch: 4 })
    expect(await cache.findBySlug('northside')).toEqual(later(4))
    expect(source.queries).toBe(1)
  })

  it('that was missed is found after a gap', async () => {
    await cache.findBySlug('northside')
    source.truth = later(4)
    cache.distrust()
    expect(await cache.findBySlug('northside')).toEqual(later(4))
  })

  it('that was missed does no harm when nobody can be asked', async () => {
    await cache.findBySlug('northside')
    cache.distrust()
    source.isAway = true
    expect(await cache.findBySlug('northside')).toEqual(northside)
  })

  it('is fetched past every copy when the shard says the route is stale', async () => {
    cache = cacheWith({ shared: { ...noSharedCopies, bySlug: async () => northside, byId: async () => northside } })
    await cache.findBySlug('northside')
    source.truth = later(4)
    expect(await cache.refresh(northside.tenantId)).toEqual(later(4))
    expect(await cache.findBySlug('northside')).toEqual(later(4))
  })
})

describe('a school that is not there', () => {
  it('is looked for once a second', async () => {
    source.truth = null
    for (let reader = 0; reader < 100; reader++) expect(await cache.findBySlug('northside')).toBeNull()
    expect(source.queries).toBe(1)
  })

  it('is found at once when it was made and announced, and within a second when the announcement was lost', async () => {
    source.truth = null
    await cache.findBySlug('northside')
    source.truth = northside
    cache.noteChange({ slug: 'northside', epoch: 3 })
    expect(await cache.findBySlug('northside')).toEqual(northside)

    cache = cacheWith()
    source.truth = null
    await cache.findBySlug('northside')
    source.truth = northside
    clock += 1_001
    expect(await cache.findBySlug('northside')).toEqual(northside)
  })

  it('is not noted as absent when it was made while it was looked up', async () => {
    let open = () => {}
    source.truth = null
    source.gate = new Promise((resolve) => {
      open = resolve
    })
    const early = cache.findBySlug('northside')
    await settle()
    source.truth = northside
    cache.noteChange({ slug: 'northside', epoch: 3 })
    open()
    expect(await early).toBeNull()
    expect(await cache.findBySlug('northside')).toEqual(northside)
  })
})

describe('the snapshot', () => {
  it('answers when nobody else does, and gives way to the truth', async () => {
    const saved: Snapshot = { bySlug: async () => northside, byId: async () => northside, save: async () => {} }
    source.isAway = true
    cache = cacheWith({ snapshot: saved })
    expect(await cache.findBySlug('northside')).toEqual(northside)
    source.isAway = false
    source.truth = later(4)
    clock += 1_001
    expect(await cache.findBySlug('northside')).toEqual(later(4))
  })
})
