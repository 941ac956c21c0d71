import 'server-only'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** One part of `npm test`: a program whose output is shown, and how many of its tests passed and failed. */
export type Stage = Readonly<{
  name: string
  args: readonly string[]
  /** A static check counts as one test; the others leave a report that is counted. */
  report?: Readonly<{ file: string; kind: 'vitest' | 'playwright' }>
  env?: Readonly<Record<string, string>>
}>

/** How a stage went. A stage that ran nothing, crashed or left no report has failed, even when its tests did not. */
export type Outcome = Readonly<{
  name: string
  passed: number
  failed: number
  skipped: number
  seconds: number
  trouble: string | null
}>

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
})
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.object({ message: z.string().optional() })),
})

/** Runs one stage to its end. `isStopped` keeps a Ctrl-C from being counted as a failure of its own. */
export async function runStage(stage: Stage): Promise<Outcome> {
  const started = Date.now()
  if (stage.report) {
    fs.mkdirSync(path.dirname(stage.report.file), { recursive: true })
    fs.rmSync(stage.report.file, { force: true })
  }
  const code = await run(stage)
  const counted = stage.report ? countReport(stage.report) : staticCount(code)
  return { name: stage.name, ...counted, trouble: troubleOf(counted, code), seconds: (Date.now() - started) / 1000 }
}

/** Sums up: a table of the stages and, as the very last line alone, `N passed, N failed`. */
export function summary(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length))
  const rows = outcomes.map(({ name, passed, failed, skipped, seconds, trouble }) => {
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped`
    return `  ${name.padEnd(width)} ${counts} ${seconds.toFixed(0).padStart(5)} s${trouble ? `  ${trouble}` : ''}`
  })
  const total = (pick: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + pick(outcome), 0)
  return `\n${rows.join('\n')}\n\n${total(({ passed }) => passed)} passed, ${total(({ failed }) => failed)} failed\n`
}

/** Whether the whole run may be called good: something ran, and nothing went wrong. */
export function isGood(outcomes: readonly Outcome[]): boolean {
  return outcomes.length > 0 && outcomes.every(({ failed, trouble }) => failed === 0 && trouble === null)
}

type Counts = Pick<Outcome, 'passed' | 'failed' | 'skipped'>

function run({ args, env }: Stage): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

const staticCount = (code: number): Counts => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 })

function countReport({ file, kind }: NonNullable<Stage['report']>): Counts {
  // No report: it crashed before it could write one, which counts as one failure.
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report: unknown = JSON.parse(fs.readFileSync(file, 'utf8'))
  if (kind === 'vitest') {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = vitestReport.parse(report)
    // A file that cannot be loaded has no tests that could fail.
    const failed = numFailedTests === 0 && !success ? 1 : numFailedTests
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests }
  }
  const { stats, errors } = playwrightReport.parse(report)
  // A test that passes only when repeated has failed.
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}

function troubleOf({ passed, failed }: Counts, code: number): string | null {
  if (passed + failed === 0) return 'ran nothing'
  if (code !== 0 && failed === 0) return `ended with code ${code}`
  return null
}
