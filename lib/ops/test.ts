import 'server-only'
import { randomInt } from 'node:crypto'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isGood, type Outcome, runStage, type Stage, summary } from '@/lib/ops/stages'

/**
 * `npm test`: every check there is, one stage after another, because two of them at once would starve each other on two cores.
 * The servers of a stage are its own and are ended by it.
 *
 *   -- --only unit,integration    some stages
 *   -- --repeat 3                 all of it three times
 *   -- --shuffle [--seed N]       test files in random order; the seed is printed
 */
const bin = (name: string, file: string) => path.resolve('node_modules', name, file)
const vitest = bin('vitest', 'vitest.mjs')
const results = path.resolve('test-results')

function vitestStage(project: string, order: readonly string[]): Stage {
  const file = path.join(results, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  return { name: project, args: [vitest, 'run', '--project', project, ...reporters, ...order], report: { file, kind: 'vitest' } }
}

function stagesOf(seed: number | null): readonly Stage[] {
  const order = seed === null ? [] : ['--sequence.shuffle.files', `--sequence.seed=${seed}`]
  const endToEnd = path.join(results, 'e2e.json')
  return [
    { name: 'types', args: [bin('typescript', 'bin/tsc'), '--noEmit'] },
    { name: 'tool-types', args: [bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.tools.json'] },
    { name: 'lint', args: [bin('@biomejs/biome', 'bin/biome'), 'lint', '.'] },
    vitestStage('unit', order),
    // Before the tests that attack the built application.
    { name: 'build', args: [path.resolve('lib/ops/build.mjs')] },
    vitestStage('integration', order),
    vitestStage('isolation', order),
    {
      name: 'e2e',
      args: [bin('@playwright/test', 'cli.js'), 'test'],
      report: { file: endToEnd, kind: 'playwright' },
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: endToEnd },
    },
  ]
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, repeat: { type: 'string' }, shuffle: { type: 'boolean' }, seed: { type: 'string' } },
  })
  const seed = values.shuffle || values.seed ? Number(values.seed ?? randomInt(1_000_000)) : null
  const repeat = Number(values.repeat ?? 1)
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat takes a whole number from 1.')
  const all = stagesOf(seed)
  const only = values.only?.split(',')
  const unknown = only?.find((name) => !all.some((stage) => stage.name === name))
  if (unknown) throw new Error(`There is no stage "${unknown}". Stages: ${all.map(({ name }) => name).join(', ')}.`)
  return { stages: all.filter(({ name }) => only?.includes(name) ?? true), repeat, seed }
}

async function main(): Promise<number> {
  const { stages, repeat, seed } = readOptions(process.argv.slice(2))
  const outcomes: Outcome[] = []
  let isStopped = false
  // The stage hears it too and ends its servers; we only begin no other.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true))
  if (seed !== null) process.stdout.write(`Random order, seed ${seed} (repeat it with -- --seed ${seed})\n`)
  for (let round = 1; round <= repeat; round++) {
    for (const stage of stages) {
      if (isStopped) return 130
      process.stdout.write(`\n=== ${stage.name}${repeat > 1 ? `, round ${round} of ${repeat}` : ''} ===\n`)
      const outcome = await runStage(stage)
      outcomes.push(repeat > 1 ? { ...outcome, name: `${outcome.name} ${round}` } : outcome)
    }
  }
  process.stdout.write(summary(outcomes))
  return isGood(outcomes) ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
