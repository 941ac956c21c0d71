import 'server-only'
import type { AuditAction } from '@/lib/audit/actions'
import { auditControl } from '@/lib/audit/control-audit'
import { controlSql, withControl } from '@/lib/db/control-db'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import type { Sql } from '@/lib/db/sql'
import { shardMoverUrl } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { isSchoolSlug } from '@/lib/tenancy/host'
import { noteRouteChange } from '@/lib/tenancy/outbox'
import { chooseShard, type PlacementRange, type PlacementShard } from '@/lib/tenancy/placement'
import { recordColumns, recordOf } from '@/lib/tenancy/record'
import { publishRouteChanges } from '@/lib/tenancy/registry'
import type { Actor, TenantRecord, TenantStatus } from '@/lib/tenancy/tenant'

/**
 * The life of a school: made, suspended, opened again, made read-only, closed for good. For commands and the console's operators,
 * who hold the addresses of gi_mover; web pods do not.
 *
 * Every change of state raises the epoch, on the shard first and in the registry after it. Between the two the shard refuses
 * everybody, because nobody holds its epoch: a crash in between leaves a school closed, never open, and repeating the command
 * completes it.
 */

/** Who changes a school's life, for the audit. */
export type LifecycleCaller = Readonly<{ actor: Actor; requestId: string }>

/** What a new school is made of. `shard` overrides placement; `districtId` must exist. */
export type NewTenant = Readonly<{
  slug: string
  name: string
  districtId?: string
  shard?: string
  tier?: string
  timeZone?: string
  locale?: string
}>

/**
 * Makes a school, or returns the one that has this slug. Repeating it after a crash goes on where it stopped. Throws
 * `ProblemError`: `invalid_input` for a name that cannot be a slug, `conflict` for a slug that was used before or when no shard takes schools.
 */
export async function createTenant(wanted: NewTenant, caller: LifecycleCaller): Promise<TenantRecord> {
  if (!isSchoolSlug(wanted.slug)) throw badSlug(wanted.slug)
  const registered = await register(wanted, caller)
  if (registered.status !== 'provisioning') return registered
  const epoch = await settleOnShard(registered, registered.epoch + 1)
  const active = await changeRecord(registered.tenantId, { status: 'active', epoch })
  await publishSoon()
  return active
}

/** Refuses everything of a school from the moment it returns; writes that were running have ended. Throws `not_found`. */
export function suspendTenant(slug: string, caller: LifecycleCaller): Promise<TenantRecord> {
  return changeStatus(slug, 'suspended', 'school.suspend', caller)
}

/** Opens a suspended or read-only school again. Throws `not_found`, and `conflict` for one that was closed for good. */
export function resumeTenant(slug: string, caller: LifecycleCaller): Promise<TenantRecord> {
  return changeStatus(slug, 'active', 'school.resume', caller)
}

/** Lets a school be read but not written; writes that were running have ended when it returns. Throws as `resumeTenant`. */
export function setReadOnly(slug: string, caller: LifecycleCaller): Promise<TenantRecord> {
  return changeStatus(slug, 'read_only', 'school.read-only', caller)
}

/** Closes a school for good: its address is a 404 from now on and is never given to another. Its rows stay until they are removed. */
export function offboardTenant(slug: string, caller: LifecycleCaller): Promise<TenantRecord> {
  return changeStatus(slug, 'offboarded', 'school.offboard', caller)
}

/** Every school of the registry, by slug. */
export async function listTenants(): Promise<TenantRecord[]> {
  const rows = await controlSql(`select ${recordColumns} from control.tenants as tenant order by tenant.slug`)
  return rows.map(recordOf)
}

/** The id of the district with this slug. Throws `not_found`. */
export async function districtIdOf(slug: string): Promise<string> {
  const [row] = await controlSql<{ id: string }>('select id from control.districts where slug = $1', [slug])
  if (row === undefined) throw new ProblemError('not_found', `There is no district "${slug}".`)
  return row.id
}

/** The standard scale of a new school; each school may change its own. */
const letterScale = [
  { letter: 'A', fromPercent: '90' },
  { letter: 'B', fromPercent: '80' },
  { letter: 'C', fromPercent: '70' },
  { letter: 'D', fromPercent: '60' },
  { letter: 'F', fromPercent: '0' },
]

async function register(wanted: NewTenant, caller: LifecycleCaller): Promise<TenantRecord> {
  return withControl(async ({ sql }) => {
    const known = await findForUpdate(sql, wanted.slug)
    if (known?.status === 'offboarded' || (await isTombstone(sql, wanted.slug))) throw usedBefore(wanted.slug)
    if (known) return known
    const number = await nextNumber(sql)
    const shard = await placeNew(sql, number, wanted.shard)
    const [row] = await sql(
      `insert into control.tenants as tenant
         (id, number, slug, name, district_id, shard_name, is_pinned, tier, time_zone, locale)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (slug) do nothing
       returning ${recordColumns}`,
      [
        newId(),
        number,
        wanted.slug,
        wanted.name,
        wanted.districtId ?? null,
        shard,
        wanted.shard !== undefined,
        wanted.tier ?? 'standard',
        wanted.timeZone ?? 'UTC',
        wanted.locale ?? 'en',
      ],
    )
    if (row === undefined) {
      // Somebody else made it in the same moment: theirs it is, seen now that their transaction has ended.
      const theirs = await findForUpdate(sql, wanted.slug)
      if (theirs === null) throw new Error(`tenant ${wanted.slug} came and went while it was made`)
      return theirs
    }
    const record = recordOf(row)
    await auditControl({ ...caller, action: 'school.create', tenantId: record.tenantId, detail: { shard, number } }, sql)
    return record
  })
}

async function placeNew(sql: Sql, number: number, wanted: string | undefined): Promise<string> {
  const shards = await sql<PlacementShard>(
    `select shard.name, shard.status, count(tenant.id)::int as schools
     from control.shards as shard
     left join control.tenants as tenant on tenant.shard_name = shard.name and tenant.status <> 'offboarded'
     group by shard.name`,
  )
  const ranges = await sql<PlacementRange>(
    'select shard_name as shard, from_number as "from", to_number as "to" from control.shard_ranges',
  )
  const shard = chooseShard({ number, shards, ranges, ...(wanted === undefined ? {} : { wanted }) })
  if (shard !== null) return shard
  const what = wanted === undefined ? `No open shard takes school number ${number}.` : `Shard ${wanted} is not open.`
  throw new ProblemError('conflict', `${what} Add a shard or open one: npm run ops -- shard list.`)
}

/** Writes the school's home and its own row on the shard. Repeatable; returns the epoch the shard now asks for. */
async function settleOnShard(record: TenantRecord, epoch: number): Promise<number> {
  return onShard(record, async (sql) => {
    const [home] = await sql<{ epoch: number }>(
      `insert into guard.tenant_home as home (tenant_id, epoch, state) values ($1, $2, 'active')
       on conflict (tenant_id) do update set epoch = greatest(home.epoch, excluded.epoch), state = excluded.state
       returning epoch`,
      [record.tenantId, epoch],
    )
    await sql(
      `insert into app.schools (tenant_id, name, time_zone, locale, letter_scale) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id) do nothing`,
      [record.tenantId, record.name, record.timeZone, record.locale, JSON.stringify(letterScale)],
    )
    return home?.epoch ?? epoch
  })
}

async function changeStatus(
  slug: string,
  status: Exclude<TenantStatus, 'provisioning'>,
  action: AuditAction,
  caller: LifecycleCaller,
): Promise<TenantRecord> {
  const changed = await withControl(async ({ sql }) => {
    // Locked until the end, so that two operators change one school after the other.
    const record = await findForUpdate(sql, slug)
    if (record === null) throw new ProblemError('not_found', `There is no school "${slug}".`)
    if (record.status === 'offboarded' && status !== 'offboarded') throw usedBefore(slug)
    if (record.status === 'provisioning') {
      throw new ProblemError('conflict', `School "${slug}" is not made to the end. Repeat: npm run ops -- tenant create.`)
    }
    const epoch = await changeOnShard(record, status)
    if (epoch === record.epoch && record.status === status) return record
    if (status === 'offboarded') await bury(sql, record)
    await auditControl({ ...caller, action, tenantId: record.tenantId, detail: { epoch } }, sql)
    return updateRecord(sql, record.tenantId, { status, epoch })
  })
  await publishSoon()
  return changed
}

/**
 * Brings the shard to a state and returns its epoch, which grows unless state and epoch are as they should be already. Waits for
 * running writes: they hold the same lock, shared.
 */
async function changeOnShard(record: TenantRecord, status: TenantStatus): Promise<number> {
  const state = status === 'offboarded' ? 'suspended' : status
  return onShard(record, async (sql) => {
    await sql('select pg_advisory_xact_lock(hashtextextended($1::text, 42))', [record.tenantId])
    const [home] = await sql<{ epoch: number }>(
      `update guard.tenant_home
       set
         epoch = case when state = $3 and epoch = $2 and $4 then epoch else greatest(epoch, $2) + 1 end,
         state = $3
       where tenant_id = $1
       returning epoch`,
      [record.tenantId, record.epoch, state, record.status === status],
    )
    if (home === undefined) throw new Error(`shard ${record.shard} does not hold tenant ${record.tenantId}`)
    return home.epoch
  })
}

async function onShard<T>(record: TenantRecord, work: (sql: DirectSql) => Promise<T>): Promise<T> {
  return withDirectConnection(shardMoverUrl(record.shard), async (sql) => {
    await sql('begin')
    try {
      const result = await work(sql)
      await sql('commit')
      return result
    } catch (error) {
      await sql('rollback')
      throw error
    }
  })
}

function changeRecord(tenantId: string, change: { status: TenantStatus; epoch: number }): Promise<TenantRecord> {
  return withControl(({ sql }) => updateRecord(sql, tenantId, change))
}

async function updateRecord(sql: Sql, tenantId: string, change: { status: TenantStatus; epoch: number }): Promise<TenantRecord> {
  const [row] = await sql(
    `update control.tenants as tenant set status = $2, epoch = greatest(epoch, $3), updated_at = now()
     where id = $1
     returning ${recordColumns}`,
    [tenantId, change.status, change.epoch],
  )
  const record = recordOf(row)
  await noteRouteChange(sql, record)
  return record
}

async function bury(sql: Sql, record: TenantRecord): Promise<void> {
  await sql('insert into control.slug_tombstones (slug, tenant_id) values ($1, $2) on conflict (slug) do nothing', [
    record.slug,
    record.tenantId,
  ])
  await sql('delete from control.tenant_hosts where tenant_id = $1', [record.tenantId])
}

async function findForUpdate(sql: Sql, slug: string): Promise<TenantRecord | null> {
  const [row] = await sql(`select ${recordColumns} from control.tenants as tenant where tenant.slug = $1 for update`, [slug])
  return row === undefined ? null : recordOf(row)
}

async function isTombstone(sql: Sql, slug: string): Promise<boolean> {
  return (await sql('select 1 from control.slug_tombstones where slug = $1', [slug])).length > 0
}

async function nextNumber(sql: Sql): Promise<number> {
  const [row] = await sql<{ number: number }>(`select nextval('control.tenants_number_seq')::int as number`)
  if (row === undefined) throw new Error('no number for the new school')
  return row.number
}

/** The change is committed; telling the others may fail, and then every web process does it within a second. */
async function publishSoon(): Promise<void> {
  try {
    await publishRouteChanges()
  } catch (error) {
    log.warn('registry_publish_failed', {}, error)
  }
}

function badSlug(slug: string): ProblemError {
  const message = `"${slug}" cannot be a school's address. Use 1 to 63 lower-case letters, digits and single hyphens; names like "www" or "admin" are taken.`
  return new ProblemError('invalid_input', message, { fields: { slug: message } })
}

function usedBefore(slug: string): ProblemError {
  return new ProblemError('conflict', `The address "${slug}" belonged to a school that was closed. Choose another one.`)
}
