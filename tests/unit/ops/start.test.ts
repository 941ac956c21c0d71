import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { difference, type LockedPackage, reasonToInstall } from '@/lib/ops/installed.mjs'
import { nodeProblem } from '@/lib/ops/start.mjs'

const lock = (packages: Record<string, LockedPackage>) => ({ packages: { '': {}, ...packages } })
const pg = { version: '8.23.1', integrity: 'sha512-a' }

describe('whether packages must be installed', () => {
  it.each([
    ['nothing differs', lock({ pg }), lock({ pg }), null],
    ['a package is missing', lock({ pg }), lock({}), 'pg is missing'],
    ['a version differs', lock({ pg }), lock({ pg: { ...pg, version: '8.0.0' } }), 'pg is 8.0.0, not 8.23.1'],
    ['the content differs', lock({ pg }), lock({ pg: { ...pg, integrity: 'sha512-b' } }), 'pg is not the locked package'],
    ['a package is there that nobody asked for', lock({ pg }), lock({ pg, left: pg }), 'left is not in the lock'],
    ['a package is for another machine', lock({ pg, mac: { ...pg, optional: true } }), lock({ pg }), null],
    ['npm noted no hash', lock({ pg }), lock({ pg: { version: '8.23.1' } }), null],
  ])('%s', (_, wanted, installed, expected) => {
    expect(difference(wanted, installed)).toBe(expected)
  })

  it('holds for this checkout, whose packages are installed', () => {
    expect(reasonToInstall(process.cwd())).toBeNull()
  })

  it('asks for an installation where node_modules is missing', () => {
    expect(reasonToInstall(os.tmpdir())).toBe('node_modules is missing')
  })
})

describe('the version of Node', () => {
  it.each(['v20.19.0', 'v20.20.2', 'v22.1.0', 'v24.21.0'])('%s is new enough', (version) => {
    expect(nodeProblem(version)).toBeNull()
  })
  it.each(['v16.20.0', 'v18.20.8', 'v20.18.3'])('%s is too old, in a plain sentence', (version) => {
    expect(nodeProblem(version)).toContain(`needs Node 20.19 or newer; this is ${version}`)
  })
})

describe('a command', () => {
  let root: string

  // A checkout of its own with one command in it: start.mjs and its neighbours are copied, node_modules is ours.
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-start-'))
    fs.mkdirSync(path.join(root, 'lib/ops'), { recursive: true })
    for (const name of ['start', 'heap-flags', 'installed', 'progress', 'generate'])
      fs.copyFileSync(`lib/ops/${name}.mjs`, path.join(root, `lib/ops/${name}.mjs`))
    for (const name of ['package.json', 'package-lock.json', 'prisma', 'lib/db/generated', 'tsconfig.json'])
      fs.cpSync(name, path.join(root, name), { recursive: true })
    fs.symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'))
  })
  afterEach(() => fs.rmSync(root, { recursive: true }))

  const withCommand = (source: string) => fs.writeFileSync(path.join(root, 'lib/ops/cli.ts'), source)

  it('has stdout to itself, keeps its arguments and its exit code', () => {
    withCommand('process.stdout.write(JSON.stringify(process.argv.slice(2))); process.exitCode = 7')
    const run = spawnSync('npm', ['run', '--silent', 'ops', '--', 'token', '--scope', 'a b'], { cwd: root, encoding: 'utf8' })
    expect(run.stdout).toBe('["token","--scope","a b"]')
    expect(run.status).toBe(7)
  })

  it('says which commands there are when asked for another', () => {
    const run = spawnSync(process.execPath, ['lib/ops/start.mjs', 'constructor'], { cwd: root, encoding: 'utf8' })
    expect(run.stderr).toMatch(/^Usage: .*demo\|dev\|test/)
    expect(run.status).toBe(1)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('hears %s, may tidy up, and ends with its own code', async (signal) => {
    withCommand(`
      process.once('${signal}', () => { process.stdout.write('tidied'); process.exit(3) })
      setInterval(() => {}, 1000)
      process.stdout.write('up ')`)
    const child = spawn(process.execPath, ['lib/ops/start.mjs', 'ops'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    child.stdout.on('data', (part: Buffer) => {
      said += part
      if (said === 'up ') child.kill(signal)
    })
    expect(await ended).toBe(3)
    expect(said).toBe('up tidied')
  })
})
