import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { commandOf, isRunning, until } from '@/lib/ops/local-process'
import { endNotedProcesses, noteProcess } from '../../support/leftovers'

it('a server whose test died is ended with the run; a program that has its number now is not', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-leftovers-'))
  const [left, stranger] = ['61.25', '61.5'].map((seconds) => spawn('sleep', [seconds], { stdio: 'ignore' }))
  const pidOf = (child: typeof left) => child?.pid ?? 0
  try {
    await until(5, 'both to run', async () =>
      [left, stranger].every((each) => commandOf(pidOf(each)).includes('sleep')) ? { value: 1 } : null,
    )
    noteProcess(folder, pidOf(left), 'sleep 61.25')
    noteProcess(folder, pidOf(stranger), 'redis-server')
    noteProcess(folder, 2 ** 22 + 1, 'gone long ago')
    await endNotedProcesses(folder)
    expect(commandOf(pidOf(left))).toBe('')
    expect(isRunning(pidOf(stranger))).toBe(true)
  } finally {
    left?.kill()
    stranger?.kill()
    fs.rmSync(folder, { recursive: true })
  }
})
