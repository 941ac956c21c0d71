import { describe, expect, it } from 'vitest'
import { chooseShard } from '@/lib/tenancy/placement'

const shards = [
  { name: 'shard_1', status: 'open', schools: 900 },
  { name: 'shard_2', status: 'open', schools: 12 },
  { name: 'shard_3', status: 'full', schools: 0 },
]
const ranges = [
  { shard: 'shard_1', from: 1, to: 1000 },
  { shard: 'shard_3', from: 1001, to: 2000 },
]

describe('a new school is put', () => {
  it.each([
    ['on the shard of its range, from the first number', 1, undefined, 'shard_1'],
    ['to the last', 1000, undefined, 'shard_1'],
    ['nowhere when that shard takes no more', 1001, undefined, null],
    ['on the emptiest open shard when no range holds it', 2001, undefined, 'shard_2'],
    ['where the operator says, against its range', 5, 'shard_2', 'shard_2'],
    ['nowhere when the operator names a full one', 5, 'shard_3', null],
    ['nowhere when the operator names none of ours', 5, 'shard_9', null],
  ])('%s', (_what, number, wanted, expected) => {
    expect(chooseShard({ number, shards, ranges, ...(wanted === undefined ? {} : { wanted }) })).toBe(expected)
  })

  it('nowhere without shards', () => {
    expect(chooseShard({ number: 1, shards: [], ranges: [] })).toBeNull()
  })
})
