import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindingHost } from '@/lib/ops/local-app'
import { isRunning, until } from '@/lib/ops/local-process'
import { takeRecord } from '@/lib/ops/local-record'
import { assertPortIsFree, readRunOptions } from '@/lib/ops/local-run'

describe('what the demo is told', () => {
  it.each([
    ['nothing', [], {}, 3000, 'localhost:3000'],
    ['a port', ['--port', '4000'], {}, 4000, 'localhost:4000'],
    ['a port in the environment', [], { PORT: '4000' }, 4000, 'localhost:4000'],
    ['both', ['--port', '5000'], { PORT: '4000' }, 5000, 'localhost:5000'],
    ['a domain', ['--root-domain', 'School.test'], {}, 3000, 'school.test:3000'],
    ['a domain behind a proxy, with its port', ['--root-domain', 'school.test:8443'], {}, 3000, 'school.test:8443'],
    ['the port browsers do not show', ['--port', '80', '--root-domain', 'school.test'], {}, 80, 'school.test'],
  ])('%s', (_, args, environment, port, rootDomain) => {
    expect(readRunOptions(args, environment)).toMatchObject({ port, rootDomain, isReset: false })
  })

  it.each([
    [['--port', 'many'], /--port takes a number from 1 to 65535, not "many"/],
    [['--port', '70000'], /not "70000"/],
    [['--root-domain', 'http://school.test'], /--root-domain takes a host name/],
    [['--prot', '1'], /--prot/],
  ])('%s is refused in a plain sentence', (args, sentence) => {
    expect(() => readRunOptions(args, {})).toThrow(sentence)
  })

  it('starts over only when asked', () => {
    expect(readRunOptions(['--reset'], {}).isReset).toBe(true)
  })
})

describe('where the server listens', () => {
  it('is this machine alone for localhost, and never 127.0.0.1, which Next takes for another site', () => {
    expect(bindingHost('localhost:3000')).toBe('localhost')
    expect(bindingHost('demo.localhost:3000')).toBe('localhost')
    expect(bindingHost('school.test:3000')).toBe('0.0.0.0')
  })
})

describe('a taken port', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('on %s is named, with a way out', async (host) => {
    const taken = net.createServer()
    await new Promise<void>((resolve) => taken.listen(0, host, resolve))
    const address = taken.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    try {
      await expect(assertPortIsFree(port)).rejects.toThrow(
        `Port ${port} is taken. Stop what uses it, or choose another: npm run demo -- --port`,
      )
    } finally {
      await new Promise((resolve) => taken.close(resolve))
    }
    await expect(assertPortIsFree(port)).resolves.toBeUndefined()
  })
})

describe('two runs on one data folder', () => {
  let folder: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-record-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true }))
  const file = () => path.join(folder, 'running.json')

  it('the second is told who has it, until the first is gone', async () => {
    const first = spawn('sleep', ['60.25'])
    const ended = new Promise((resolve) => first.once('exit', resolve))
    fs.writeFileSync(file(), JSON.stringify({ owner: { pid: first.pid, mark: 'sleep' }, children: [] }))
    await expect(takeRecord(file(), 'vitest')).rejects.toThrow(`It already runs here, as process ${first.pid}.`)
    first.kill('SIGKILL')
    await ended
    const record = await takeRecord(file(), 'vitest')
    record.release()
    expect(fs.existsSync(file())).toBe(false)
  })

  it('ends what a killed run left, and nothing whose number was given to somebody else', async () => {
    const left = spawn('sleep', ['60.5'], { detached: true, stdio: 'ignore' })
    const stranger = spawn('sleep', ['60.75'], { detached: true, stdio: 'ignore' })
    const owner = { pid: 2 ** 22 + 1, mark: 'lib/ops/' }
    fs.writeFileSync(
      file(),
      JSON.stringify({
        owner,
        children: [
          { pid: left.pid, mark: 'sleep 60.5' },
          { pid: stranger.pid, mark: 'next' },
        ],
      }),
    )
    try {
      await until(5, 'both to run', async () =>
        isRunning(left.pid ?? 0) && isRunning(stranger.pid ?? 0) ? { value: true } : null,
      )
      const ended = new Promise((resolve) => left.once('exit', resolve))
      await takeRecord(file(), 'vitest')
      await ended
      expect(isRunning(stranger.pid ?? 0)).toBe(true)
    } finally {
      for (const child of [left, stranger]) child.kill('SIGKILL')
    }
  })

  it('a record that was cut off is no obstacle', async () => {
    fs.writeFileSync(file(), '{"owner":')
    await expect(takeRecord(file(), 'vitest')).resolves.toBeDefined()
  })
})
