import { closeAll } from '@/lib/db/close'
import { metrics } from '@/lib/metrics'
import { createRegistryCache } from '@/lib/tenancy/registry-cache'
import { noSharedCopies } from '@/lib/tenancy/registry-levels'
import { controlSource } from '@/lib/tenancy/registry-source'
import { openWorld } from '../support/open-world'
import type { Bench } from './bench'
import { interleave } from './interleave'
import { contextOf, schoolId } from './many-schools'
import type { Measurement } from './verdict'

const lookups = 200_000
const parallel = 500

/** Finding a school: known already, and asked for by everybody at once when nobody knows it. */
export async function measureRegistryPart(bench: Bench): Promise<void> {
  bench.note({ 'registry-hit': await measureHit(bench) })
  const world = await openWorld(bench.servers, { shards: 1 })
  try {
    const { slug } = await world.addSchool()
    const one = await countQueries(
      Array.from({ length: parallel }, () => slug),
      bench,
    )
    const many = await countQueries(
      Array.from({ length: parallel }, (_, at) => `${slug}-${at}`),
      bench,
    )
    bench.note({ 'registry-storm-one': { work: one }, 'registry-storm-many': { work: many } })
  } finally {
    await closeAll()
    await world.close()
  }
}

/** Microseconds of a hit, awaited as callers do, beside a plain Map. */
async function measureHit({ isQuick }: Bench): Promise<Measurement> {
  const records = Array.from({ length: 5_000 }, (_, nth) => ({
    ...contextOf(schoolId(nth + 1), 'shard_1'),
    slug: `school-${nth}`,
  }))
  const cache = createRegistryCache({ source: noSource, shared: noSharedCopies })
  cache.fill(records)
  const map = new Map(records.map((record) => [record.slug, { record, expiresAt: Date.now() + 600_000 }]))
  const slugs = records.map(({ slug }) => slug)
  const perLookup = async (find: (slug: string) => unknown) => {
    const started = performance.now()
    let found = 0
    for (let count = 0; count < lookups; count++) if (await find(slugs[count % slugs.length] ?? '')) found++
    if (found !== lookups) throw new Error(`${lookups - found} look-ups found nothing`)
    return ((performance.now() - started) * 1000) / lookups
  }
  const { work, against } = await interleave(
    {
      // Filled anew each round: an entry is fresh for a few seconds only.
      work: async () => {
        cache.fill(records)
        return perLookup(cache.findBySlug)
      },
      against: () =>
        perLookup((slug) => {
          const entry = map.get(slug)
          return entry !== undefined && entry.expiresAt > Date.now() ? entry.record : null
        }),
    },
    { rounds: isQuick ? 5 : 15, warmups: 2 },
  )
  return { work, against }
}

const unexpected = async (): Promise<never> => {
  throw new Error('a hit asks nobody')
}
const noSource = { bySlug: unexpected, byId: unexpected, recent: unexpected }

/** Queries to the control database that these look-ups cause together, in a process that knows no school. */
async function countQueries(slugs: readonly string[], { isQuick }: Bench): Promise<number[]> {
  const counts: number[] = []
  for (let round = 0; round < (isQuick ? 2 : 5); round++) {
    const cache = createRegistryCache({ source: controlSource(), shared: noSharedCopies })
    const before = await queriesSoFar()
    await Promise.all(slugs.map((slug) => cache.findBySlug(slug)))
    counts.push((await queriesSoFar()) - before)
  }
  return counts
}

async function queriesSoFar(): Promise<number> {
  const { values } = await metrics.registryQueries.get()
  return values.reduce((sum, { value }) => sum + value, 0)
}
