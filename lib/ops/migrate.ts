import 'server-only'
import { parseArgs } from 'node:util'
import { type Fleet, type FleetResult, findFleet, fleetDrift, fleetStatus, migrateFleet } from '@/lib/db/fleet'
import { authorMigration, type MigrationStatus } from '@/lib/db/migrations'
import { adminUrl, controlOwnerUrl, shardOwnerUrl } from '@/lib/env'
import { ProblemError } from '@/lib/errors'

const usage = `migrate            apply what is pending, everywhere
migrate --retry    the same, and run again what failed before
migrate --status   say where every database stands
migrate --drift    say how every database differs from this checkout
migrate --author   print the SQL that schema.prisma has beyond the migrations, and write prisma/*/catalogue.txt`

/** `ops migrate`: brings the control database and every shard up to date, or says how they stand. */
export const migrateCommand = {
  name: 'migrate',
  summary: 'migrate every database, or say how they stand',
  run: async (args: readonly string[]) => void process.stdout.write(`${await runMigrate(args)}\n`),
}

/** Returns a line for each database. Throws `conflict` with the same lines when one of them is not as it should be. */
export async function runMigrate(args: readonly string[]): Promise<string> {
  const { author, status, drift, retry } = readFlags(args)
  if (author) return authorAll()
  const fleet = await findOurFleet()
  if (status) return report(await fleetStatus(fleet), isUpToDate, sayStatus)
  if (drift) return report(await fleetDrift(fleet), (differences) => differences.length === 0, sayDrift)
  return report(await migrateFleet(fleet, { isRetry: retry === true }), () => true, sayApplied)
}

/** Every shard of the control database and of this process's environment, with the addresses that migrations use. */
export async function findOurFleet(): Promise<Fleet> {
  const known = Object.keys(process.env).flatMap((name) => /^OWNER_URL_(.+)$/.exec(name)?.[1]?.toLowerCase() ?? [])
  return findFleet(controlOwnerUrl(), known, (shard) => (known.includes(shard) ? shardOwnerUrl(shard) : undefined))
}

/** A line for each database. Throws `conflict` with them when one failed or its value is not good. */
export function report<T>(
  results: readonly FleetResult<T>[],
  isGood: (value: T) => boolean,
  words: (value: T) => string,
): string {
  const lines = results.map((result) => `${result.name}: ${result.isDone ? words(result.value) : `FAILED ${result.error}`}`)
  if (results.every((result) => result.isDone && isGood(result.value))) return lines.join('\n')
  throw new ProblemError('conflict', lines.join('\n'))
}

function readFlags(args: readonly string[]): { author?: boolean; status?: boolean; drift?: boolean; retry?: boolean } {
  const flag = { type: 'boolean' as const }
  try {
    return parseArgs({ args: [...args], options: { author: flag, status: flag, drift: flag, retry: flag }, strict: true }).values
  } catch (cause) {
    throw new ProblemError('invalid_input', usage, { cause })
  }
}

async function authorAll(): Promise<string> {
  const found = []
  for (const kind of ['control', 'shard'] as const) {
    const sql = await authorMigration(kind, adminUrl())
    found.push(
      sql === '' ? `-- ${kind}: the migrations reach schema.prisma` : `-- ${kind}: the next migration begins with\n${sql}`,
    )
  }
  return found.join('\n')
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
