import 'server-only'
import { auditControl } from '@/lib/audit/control-audit'
import { controlSql, withControl } from '@/lib/db/control-db'
import { sqlState } from '@/lib/db/failures'
import { ProblemError } from '@/lib/errors'
import type { Actor } from '@/lib/tenancy/tenant'

/** A shard as the control database knows it. `schools` are those that were not closed for good. */
export type ShardSummary = Readonly<{
  name: string
  status: string
  schools: number
  ranges: readonly Readonly<{ from: number; to: number }>[]
}>

/** Every shard, by name. */
export async function listShards(): Promise<ShardSummary[]> {
  return controlSql<ShardSummary>(
    `select
       shard.name,
       shard.status,
       (select count(*)::int from control.tenants as tenant
        where tenant.shard_name = shard.name and tenant.status <> 'offboarded') as schools,
       coalesce(
         (select json_agg(json_build_object('from', from_number, 'to', to_number) order by from_number)
          from control.shard_ranges where shard_name = shard.name),
         '[]'
       ) as ranges
     from control.shards as shard
     order by shard.name`,
  )
}

/**
 * Adds a shard, or gives a known one another status, and a range of school numbers to take. Throws `conflict` when the range overlaps
 * another, `invalid_input` when it ends before it begins.
 */
export async function addShard(
  shard: Readonly<{ name: string; status: string; range: Readonly<{ from: number; to: number }> | null }>,
  caller: Readonly<{ actor: Actor; requestId: string }>,
): Promise<void> {
  const { name, status, range } = shard
  try {
    await withControl(async ({ sql }) => {
      await sql(
        'insert into control.shards (name, status) values ($1, $2) on conflict (name) do update set status = excluded.status',
        [name, status],
      )
      if (range !== null) {
        await sql('insert into control.shard_ranges (shard_name, from_number, to_number) values ($1, $2, $3)', [
          name,
          range.from,
          range.to,
        ])
      }
      await auditControl({ ...caller, action: 'shard.add', detail: { shard: name, status } }, sql)
    })
  } catch (error) {
    const state = sqlState(error)
    // An exclusion constraint or the key: the numbers are spoken for.
    if (state === '23P01' || state === '23505')
      throw new ProblemError('conflict', 'These school numbers belong to a shard already. See: npm run ops -- shard list.')
    if (state === '23514') throw new ProblemError('invalid_input', 'A range must end at or after its beginning.')
    throw error
  }
}
