import 'server-only'
import path from 'node:path'
import { isGood, type Outcome, runStage, type Stage, summary } from '@/lib/ops/stages'

/** `npm run check`: what can be said without a server, in seconds. The static promises of isolation are unit tests. */
const bin = (name: string, file: string) => path.resolve('node_modules', name, file)
const unitReport = path.resolve('test-results/unit.json')
const stages: readonly Stage[] = [
  { name: 'types', args: [bin('typescript', 'bin/tsc'), '--noEmit'] },
  { name: 'tool-types', args: [bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.tools.json'] },
  { name: 'lint', args: [bin('@biomejs/biome', 'bin/biome'), 'lint', '.'] },
  {
    name: 'unit',
    args: [
      bin('vitest', 'vitest.mjs'),
      'run',
      '--project',
      'unit',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitReport}`,
    ],
    report: { file: unitReport, kind: 'vitest' },
  },
]

const outcomes: Outcome[] = []
for (const stage of stages) outcomes.push(await runStage(stage))
process.stdout.write(summary(outcomes))
process.exitCode = isGood(outcomes) ? 0 : 1
