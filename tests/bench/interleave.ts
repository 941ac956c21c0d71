import { median } from './verdict'

/**
 * Measures several works in turns, the order reversed in every other round. Each says itself what it measured. The first
 * rounds warm code, caches and connections and do not count.
 */
export async function interleave<Name extends string>(
  works: Readonly<Record<Name, () => Promise<number>>>,
  { rounds, warmups = 1 }: { rounds: number; warmups?: number },
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(works) as Name[] // the keys of the record above
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = -warmups; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await works[name]()
      if (round >= 0) measured[name].push(value)
    }
  }
  return measured
}

/** Milliseconds that a work takes, with what it answers. */
export async function time<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const start = performance.now()
  const value = await work()
  return { value, milliseconds: performance.now() - start }
}

/**
 * Milliseconds of the repeat in the middle of each work, one number a round. The works take turns call by call, so that what
 * slows the machine for a tenth of a second slows all alike.
 */
export async function timeTurns<Name extends string>(
  works: Readonly<Record<Name, () => Promise<unknown>>>,
  { rounds, perRound, warmups = 1 }: { rounds: number; perRound: number; warmups?: number },
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(works) as Name[] // the keys of the record above
  const record = <Value>(value: () => Value) => Object.fromEntries(names.map((name) => [name, value()])) as Record<Name, Value>
  const measured = record((): number[] => [])
  for (let round = -warmups; round < rounds; round++) {
    const times = record((): number[] => [])
    for (let turn = 0; turn < perRound; turn++)
      for (const name of turn % 2 === 0 ? names : names.toReversed()) times[name].push((await time(works[name])).milliseconds)
    if (round >= 0) for (const name of names) measured[name].push(median(times[name]))
  }
  return measured
}

/** Milliseconds of one of many repeats, `readers` of them at the same time. */
export async function timeEach(
  work: () => Promise<unknown>,
  { count, readers = 1 }: { count: number; readers?: number },
): Promise<number> {
  let left = count
  const read = async () => {
    while (left-- > 0) await work()
  }
  const { milliseconds } = await time(() => Promise.all(Array.from({ length: readers }, read)))
  return milliseconds / count
}
