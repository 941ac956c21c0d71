import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGood, type Outcome, runStage, summary } from '@/lib/ops/stages'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-stages-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const outcome = (more: Partial<Outcome>): Outcome => ({
  name: 'unit',
  passed: 1,
  failed: 0,
  skipped: 0,
  seconds: 1,
  trouble: null,
  ...more,
})

/** A stage that writes this report and ends with this code. */
const stage =
  (kind: 'vitest' | 'playwright', report: unknown, code = 0) =>
  () => {
    const file = path.join(folder, 'report.json')
    const write =
      report === null ? '' : `require('fs').writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(JSON.stringify(report))});`
    return { name: kind, args: ['-e', `${write} process.exitCode = ${code}`], report: { file, kind } }
  }
const vitest = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, success: true }
const stats = { expected: 4, unexpected: 0, flaky: 0, skipped: 0 }

describe('a stage of npm test', () => {
  it.each([
    ['passes and counts', stage('vitest', vitest), { passed: 5, failed: 0, skipped: 2, trouble: null }],
    ['counts what failed', stage('vitest', { ...vitest, numFailedTests: 2, success: false }, 1), { passed: 5, failed: 2 }],
    ['has failed when a file could not be loaded', stage('vitest', { ...vitest, success: false }, 1), { passed: 5, failed: 1 }],
    ['has trouble when it ran nothing', stage('vitest', { ...vitest, numPassedTests: 0 }), { trouble: 'ran nothing' }],
    ['has trouble when it crashed after its report', stage('vitest', vitest, 3), { failed: 0, trouble: 'ended with code 3' }],
    ['has failed when it left no report', stage('vitest', null, 1), { passed: 0, failed: 1 }],
    [
      'counts a flaky browser test as failed',
      stage('playwright', { stats: { ...stats, flaky: 1 }, errors: [] }),
      { passed: 4, failed: 1 },
    ],
    ['counts a browser run that broke', stage('playwright', { stats, errors: [{ message: 'x' }] }, 1), { passed: 4, failed: 1 }],
  ])('%s', async (_, made, expected) => {
    expect(await runStage(made())).toMatchObject(expected)
  })

  it('is one test when it is a static check', async () => {
    expect(await runStage({ name: 'types', args: ['-e', ''] })).toMatchObject({ passed: 1, failed: 0, trouble: null })
    expect(await runStage({ name: 'types', args: ['-e', 'process.exitCode = 2'] })).toMatchObject({ passed: 0, failed: 1 })
  })

  it('does not count a report of an earlier run', async () => {
    const made = stage('vitest', null)()
    fs.writeFileSync(made.report.file, JSON.stringify(vitest))
    expect(await runStage(made)).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('the end of npm test', () => {
  it('says the sum alone on its last line', () => {
    const text = summary([outcome({ passed: 3 }), outcome({ name: 'e2e', passed: 4, failed: 2 })])
    expect(text.trimEnd().split('\n').at(-1)).toBe('7 passed, 2 failed')
  })

  it.each([
    ['nothing ran', [], false],
    ['all is well', [outcome({})], true],
    ['one failed', [outcome({}), outcome({ failed: 1 })], false],
    ['one had trouble', [outcome({}), outcome({ trouble: 'ran nothing' })], false],
  ])('is good only when it is: %s', (_, outcomes, expected) => {
    expect(isGood(outcomes)).toBe(expected)
  })
})
