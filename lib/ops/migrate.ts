import 'server-only'
import { type Fleet, type FleetResult, findFleet, fleetDrift, fleetStatus, migrateFleet } from '@/lib/db/fleet'
import { authorMigration, type MigrationStatus } from '@/lib/db/migrations'
import { adminUrl, controlOwnerUrl, knownShards, shardOwnerUrl } from '@/lib/env'

/** `npm run ops -- migrate`: brings the control database and every shard up to date, or says how they stand. */
export const migrate = {
  name: 'migrate',
  summary: 'migrate every database [--status | --drift | --retry | --author]',
  run: runMigrate,
}

const options = ['--status', '--drift', '--retry', '--author']

/** Prints one line a database. Returns the exit code: 0 when every database is as it should be, 1 otherwise, 2 for a bad option. */
export async function runMigrate(args: readonly string[]): Promise<number> {
  const [option, ...rest] = args
  if (rest.length > 0 || (option !== undefined && !options.includes(option))) {
    say(`migrate takes one of ${options.join(', ')}, or nothing to migrate.`)
    return 2
  }
  if (option === '--author') return author()
  const fleet = await findOurFleet()
  if (option === '--status') return report(await fleetStatus(fleet), isUpToDate, sayStatus)
  if (option === '--drift') return report(await fleetDrift(fleet), (drift) => drift.length === 0, sayDrift)
  return report(await migrateFleet(fleet, { isRetry: option === '--retry' }), () => true, sayApplied)
}

/** Every shard of the control database and of this process's environment, with the addresses migrations use. */
export async function findOurFleet(): Promise<Fleet> {
  const known = Object.keys(process.env).flatMap((name) => /^OWNER_URL_(.+)$/.exec(name)?.[1]?.toLowerCase() ?? [])
  return findFleet(controlOwnerUrl(), [...new Set([...known, ...knownShards()])], (shard) =>
    process.env[`OWNER_URL_${shard.toUpperCase()}`] ? shardOwnerUrl(shard) : undefined,
  )
}

/** Prints what came of each database and returns the exit code of a command over all of them. */
export function report<T>(
  results: readonly FleetResult<T>[],
  isGood: (value: T) => boolean,
  words: (value: T) => string,
): number {
  for (const result of results) say(`${result.name}: ${result.isDone ? words(result.value) : `FAILED ${result.error}`}`)
  return results.every((result) => result.isDone && isGood(result.value)) ? 0 : 1
}

async function author(): Promise<number> {
  for (const kind of ['control', 'shard'] as const) {
    const sql = await authorMigration(kind, adminUrl())
    say(sql === '' ? `-- ${kind}: the migrations reach schema.prisma` : `-- ${kind}: the next migration begins with\n${sql}`)
  }
  return 0
}

function isUpToDate({ pending, failed, edited, unknown }: MigrationStatus): boolean {
  return [pending, failed, edited, unknown].every((names) => names.length === 0)
}

function sayStatus(status: MigrationStatus): string {
  if (isUpToDate(status)) return 'up to date'
  return Object.entries(status)
    .filter(([, names]) => names.length > 0)
    .map(([word, names]) => `${word} ${names.join(', ')}`)
    .join('; ')
}

function sayDrift(drift: readonly string[]): string {
  return drift.length === 0 ? 'no drift' : `differs from this checkout\n${drift.map((line) => `  ${line}`).join('\n')}`
}

function sayApplied(applied: readonly string[]): string {
  return applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
