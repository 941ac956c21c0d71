import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { withDirectConnection } from '@/lib/db/direct'
import { startServers } from '../support/servers'
import type { PartOfBench } from './bench'
import { budgets, type Part, parts } from './budgets'
import { measureImportsPart } from './imports-part'
import { measureMemoryPart } from './memory-part'
import { measurePagesPart } from './pages-part'
import { measureReadsPart } from './reads-part'
import { measureRegistryPart } from './registry-part'
import { tableOf } from './report'
import { holds, judge, type Measurements, type Row } from './verdict'

/**
 * `npm run bench`: every budget there is, measured on servers of its own and judged as a ratio, never as a time. Writes
 * bench-results/<time>.json and a table; ends with 1 when a floor is broken or a budget was not measured.
 *
 *   -- --only imports,reads,pages,registry,memory
 *   -- --quick     fewer rounds and fewer schools, to look at and not to quote
 */
const measure: Readonly<Record<Part, PartOfBench>> = {
  imports: measureImportsPart,
  reads: measureReadsPart,
  pages: measurePagesPart,
  registry: measureRegistryPart,
  memory: measureMemoryPart,
}

function readOptions(args: readonly string[]): { chosen: readonly Part[]; isQuick: boolean } {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string' }, quick: { type: 'boolean' } } })
  const names = values.only?.split(',') ?? parts
  const chosen = parts.filter((part) => names.includes(part))
  const unknown = names.find((name) => !parts.some((part) => part === name))
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}". Parts: ${parts.join(', ')}.`)
  return { chosen, isQuick: values.quick ?? false }
}

async function main(): Promise<number> {
  const { chosen, isQuick } = readOptions(process.argv.slice(2))
  const servers = await startServers()
  // The servers have to go when somebody presses Ctrl-C, also in the middle of a measurement.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void servers.stop().finally(() => process.exit(130)))
  try {
    const rows: Row[] = []
    for (const part of chosen) {
      process.stderr.write(`Measuring ${part}\n`)
      const measured: Measurements = {}
      const note = (more: Measurements) => void Object.assign(measured, more)
      await attempt(part, () => measure[part]({ servers: servers.addresses, isQuick, note }))
      rows.push(...rowsOf(part, measured))
      process.stdout.write(`\n${tableOf(rowsOf(part, measured))}\n\n`)
    }
    const file = await writeResults(rows, { isQuick, adminUrl: servers.addresses.adminUrl })
    const promised = rows.filter(({ verdict }) => verdict !== 'noted')
    const broken = promised.filter((row) => !holds([row]))
    process.stdout.write(`${promised.length - broken.length} of ${promised.length} budgets hold. ${file}\n`)
    return holds(rows) ? 0 : 1
  } finally {
    await servers.stop()
  }
}

/** What a part had not measured when it broke off fails the run; the rest, and the other parts, are still worth having. */
async function attempt(part: Part, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${part} broke off: ${error instanceof Error ? error.stack : error}\n`)
  }
}

function rowsOf(part: Part, measured: Measurements): Row[] {
  return budgets.filter((budget) => budget.part === part).map((budget) => judge(budget, measured[budget.id]))
}

async function writeResults(
  rows: readonly Row[],
  { isQuick, adminUrl }: { isQuick: boolean; adminUrl: string },
): Promise<string> {
  const at = new Date().toISOString()
  const file = path.join('bench-results', `${at.replaceAll(':', '-')}.json`)
  const server = await withDirectConnection(adminUrl, (sql) =>
    sql<{ version: string }>(`select current_setting('server_version') as version`),
  )
  const { dependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'))
  const machine = {
    cpus: os.cpus().length,
    model: os.cpus()[0]?.model,
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    load: os.loadavg(),
  }
  const { next, pg, '@prisma/client': prisma } = dependencies
  const versions = { node: process.version, postgres: server[0]?.version, next, pg, prisma }
  fs.mkdirSync('bench-results', { recursive: true })
  fs.writeFileSync(file, `${JSON.stringify({ at, commit: commitOf(), isQuick, machine, versions, rows }, null, 2)}\n`)
  return file
}

function commitOf(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
