/**
 * On which shard a new school is put. Pure: policy only, and only for new schools; where a school lives is in its registry record.
 */

/** A shard as placement sees it. Only `open` ones take new schools. */
export type PlacementShard = Readonly<{ name: string; status: string; schools: number }>

/** Schools numbered `from` to `to` (both included) belong on `shard`. Ranges do not overlap. */
export type PlacementRange = Readonly<{ shard: string; from: number; to: number }>

/**
 * The shard for the school with this number: the one an operator asked for, else the one whose range holds the number, else the open
 * shard with the fewest schools (by name where equal). Null when that shard is not open or there is none.
 */
export function chooseShard({
  number,
  shards,
  ranges,
  wanted,
}: {
  number: number
  shards: readonly PlacementShard[]
  ranges: readonly PlacementRange[]
  wanted?: string
}): string | null {
  const open = shards.filter((shard) => shard.status === 'open')
  const byPolicy = wanted ?? ranges.find(({ from, to }) => from <= number && number <= to)?.shard
  if (byPolicy !== undefined) return open.some(({ name }) => name === byPolicy) ? byPolicy : null
  const [emptiest] = open.toSorted((a, b) => a.schools - b.schools || (a.name < b.name ? -1 : 1))
  return emptiest?.name ?? null
}
