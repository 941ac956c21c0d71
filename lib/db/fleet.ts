import 'server-only'
import { withDirectConnection } from './direct'
import { findDrift, type MigrationStatus, migrate, migrationStatus } from './migrations'

/** Every database there is. `shards` has gi_migrator's address by shard name, undefined where this process was given none. */
export type Fleet = Readonly<{ controlOwnerUrl: string; shards: ReadonlyMap<string, string | undefined> }>

/** One database's part in a fleet's work. `name` is 'control' or the shard's name; `error` is for the operator, in one line. */
export type FleetResult<T> = Readonly<{ name: string } & ({ isDone: true; value: T } | { isDone: false; error: string })>

/**
 * The shards of the control database together with those this process has addresses for, which may be newer. `ownerUrlOf`
 * gives a shard's address and undefined when there is none. A control database without tables yet has no shards.
 */
export async function findFleet(
  controlOwnerUrl: string,
  known: readonly string[],
  ownerUrlOf: (shard: string) => string | undefined,
): Promise<Fleet> {
  const registered = await withDirectConnection(controlOwnerUrl, async (sql) => {
    const [table] = await sql<{ exists: boolean }>("select to_regclass('control.shards') is not null as exists")
    return table?.exists ? sql<{ name: string }>('select name from control.shards') : []
  })
  const names = [...new Set([...registered.map(({ name }) => name), ...known])].sort()
  return { controlOwnerUrl, shards: new Map(names.map((name) => [name, ownerUrlOf(name)])) }
}

/**
 * Migrates the control database and then one shard after the other. A shard that fails keeps what it had, and the others go on;
 * what was done is written to control.shard_migrations. Doing it twice changes nothing, and two at once take turns.
 * Throws only when the control database itself fails: then no shard is touched.
 */
export async function migrateFleet(fleet: Fleet, options: { isRetry?: boolean } = {}): Promise<FleetResult<string[]>[]> {
  const control = { name: 'control', isDone: true as const, value: await migrate('control', fleet.controlOwnerUrl, options) }
  const shards = await forEachShard(fleet, async (ownerUrl, name) => {
    const startedAt = new Date()
    const before = await migrationStatus('shard', ownerUrl)
    try {
      const applied = await migrate('shard', ownerUrl, options)
      await recordApplied(fleet, name, applied, startedAt)
      return applied
    } catch (error) {
      await recordFailed(fleet, name, await findFailing(ownerUrl, before), oneLine(error), startedAt)
      throw error
    }
  })
  return [control, ...shards]
}

/** Where every database stands; changes nothing. */
export async function fleetStatus(fleet: Fleet): Promise<FleetResult<MigrationStatus>[]> {
  return forEachDatabase(fleet, migrationStatus)
}

/** How every database differs from this checkout, [] where it does not; changes nothing. */
export async function fleetDrift(fleet: Fleet): Promise<FleetResult<string[]>[]> {
  return forEachDatabase(fleet, findDrift)
}

async function forEachDatabase<T>(
  fleet: Fleet,
  work: (kind: 'control' | 'shard', ownerUrl: string) => Promise<T>,
): Promise<FleetResult<T>[]> {
  const control = await attempt('control', () => work('control', fleet.controlOwnerUrl))
  return [control, ...(await forEachShard(fleet, (ownerUrl) => work('shard', ownerUrl)))]
}

/** Runs `work` on one shard after the other; a failure becomes that shard's result. */
export async function forEachShard<T>(
  { shards }: Pick<Fleet, 'shards'>,
  work: (ownerUrl: string, name: string) => Promise<T>,
): Promise<FleetResult<T>[]> {
  const results: FleetResult<T>[] = []
  for (const [name, ownerUrl] of shards) {
    results.push(
      await attempt(name, () => {
        if (ownerUrl === undefined) throw new Error(`no address: OWNER_URL_${name.toUpperCase()} is not set`)
        return work(ownerUrl, name)
      }),
    )
  }
  return results
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<FleetResult<T>> {
  try {
    return { name, isDone: true, value: await work() }
  } catch (error) {
    return { name, isDone: false, error: oneLine(error) }
  }
}

async function recordApplied(
  { controlOwnerUrl }: Fleet,
  shard: string,
  applied: readonly string[],
  startedAt: Date,
): Promise<void> {
  await withDirectConnection(controlOwnerUrl, (sql) =>
    sql(
      `insert into control.shard_migrations (shard_name, migration, state, started_at, finished_at)
       select $1, migration, 'applied', $3, now()
       from unnest($2::text[]) as migration
       on conflict (shard_name, migration) do update
         set state = 'applied', detail = null, started_at = excluded.started_at, finished_at = excluded.finished_at`,
      [shard, applied, startedAt],
    ),
  )
}

async function recordFailed(
  { controlOwnerUrl }: Fleet,
  shard: string,
  migration: string,
  detail: string,
  startedAt: Date,
): Promise<void> {
  await withDirectConnection(controlOwnerUrl, (sql) =>
    sql(
      `insert into control.shard_migrations (shard_name, migration, state, detail, started_at)
       values ($1, $2, 'failed', $3, $4)
       on conflict (shard_name, migration) do update
         set state = 'failed', detail = excluded.detail, started_at = excluded.started_at, finished_at = null`,
      [shard, migration, detail, startedAt],
    ),
  )
}

/** The migration to blame: what the shard says failed or was edited, else the first it had still to apply. */
async function findFailing(ownerUrl: string, before: MigrationStatus): Promise<string> {
  const now = await migrationStatus('shard', ownerUrl).catch(() => before)
  return now.failed[0] ?? now.edited[0] ?? now.pending[0] ?? 'unknown'
}

/** The engine's errors are reports of many lines; the operator's table wants what happened. */
function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 1_000)
}
