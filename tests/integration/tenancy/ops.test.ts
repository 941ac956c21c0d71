import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { forgetEnv } from '@/lib/env'
import { runOps } from '@/lib/ops/cli'
import { commands } from '@/lib/ops/commands'
import { removeRunningEnv, takeRunningEnv, writeRunningEnv } from '@/lib/ops/running-env'
import { closeRegistry } from '@/lib/tenancy/registry'
import { createWorld, type World } from '../../support/world'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  await closeRegistry()
  await closeAll()
  await world.close()
})

let out = ''
let err = ''
beforeEach(() => {
  out = ''
  err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Runs a command line; the arguments are split at blanks. */
const ops = (line: string) => runOps(line.split(' ').filter((word) => word !== ''))

describe('npm run ops', () => {
  it('lists every command in its help, and ends with 2 when nothing was asked', async () => {
    expect(await ops('help')).toBe(0)
    for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
    expect(await ops('')).toBe(2)
  })

  it('says which command it does not know', async () => {
    expect(await ops('tennant list')).toBe(2)
    expect(err).toContain('There is no command "tennant".')
    expect(out).toBe('')
  })

  it.each(['tenant', 'tenant crate', 'shard', 'registry', 'tenant create --slug x --nmae y', 'tenant create --slug north'])(
    '%s says how it is used, without a stack trace',
    async (line) => {
      expect(await ops(line)).toBe(2)
      expect(err).toMatch(/--|registry publish/)
      expect(err).not.toMatch(/\n\s+at /)
    },
  )

  it('names what is missing in the environment', async () => {
    vi.stubEnv('CONTROL_URL', '')
    forgetEnv()
    await closeAll()
    expect(await ops('tenant list')).toBe(1)
    expect(err).toContain('CONTROL_URL is missing')
    vi.unstubAllEnvs()
    forgetEnv()
  })

  it('says in one line that a database is away', async () => {
    vi.stubEnv('CONTROL_URL', 'postgres://gi_control:secret@127.0.0.1:1/gone')
    forgetEnv()
    await closeAll()
    expect(await ops('tenant list')).toBe(1)
    expect(err).toMatch(/^Something broke: \w+.*no connection to the database/)
    expect(err).not.toMatch(/secret|\n\s+at /)
    vi.unstubAllEnvs()
    forgetEnv()
    await closeAll()
  })
})

describe('ops tenant', () => {
  it('makes, lists, suspends, resumes and closes a school', async () => {
    expect(await ops('tenant create --slug northside --name Northside --shard shard_2 --time-zone Europe/Kyiv --locale uk')).toBe(
      0,
    )
    expect(out).toMatch(/^northside is active on shard_2 \(epoch \d+, id [0-9a-f-]{36}\)\.\n$/)
    out = ''
    expect(await ops('tenant list --format json')).toBe(0)
    expect(JSON.parse(out)).toMatchObject([
      { slug: 'northside', shard: 'shard_2', timeZone: 'Europe/Kyiv', locale: 'uk', status: 'active' },
    ])
    for (const [line, status] of [
      ['suspend --slug northside', 'suspended'],
      ['resume --slug northside', 'active'],
      ['read-only --slug northside', 'read-only'],
      ['offboard --slug northside --confirm northside', 'offboarded'],
    ]) {
      out = ''
      expect(await ops(`tenant ${line}`)).toBe(0)
      expect(out).toContain(`northside is ${status} on shard_2`)
    }
    expect(await ops('tenant resume --slug northside')).toBe(1)
    expect(err).toContain('belonged to a school that was closed')
  })

  it('refuses what it cannot do, in words', async () => {
    expect(await ops('tenant suspend --slug nowhere')).toBe(1)
    expect(await ops('tenant create --slug www --name Www')).toBe(2)
    expect(await ops('tenant create --slug kyiv --name Kyiv --time-zone Mars/Base')).toBe(2)
    expect(await ops('tenant create --slug kyiv --name Kyiv --district nowhere')).toBe(1)
    expect(await ops('tenant offboard --slug kyiv --confirm kyiw')).toBe(2)
    for (const words of [
      'no school "nowhere"',
      '"www" cannot be',
      'is no time zone',
      'no district "nowhere"',
      'must repeat "kyiv"',
    ])
      expect(err).toContain(words)
  })
})

describe('ops shard', () => {
  it('adds a shard with its range, once', async () => {
    expect(await ops('shard add --name shard_3 --from 1000 --to 1999')).toBe(0)
    expect(await ops('shard add --name shard_4 --from 1500 --to 2500')).toBe(1)
    expect(err).toContain('belong to a shard already')
    expect(await ops('shard add --name shard_4 --from 9 --to 8')).toBeGreaterThan(0)
    out = ''
    expect(await ops('shard list')).toBe(0)
    expect(out).toMatch(/^shard_1 +open +\d+ +- +known here$/m)
    expect(out).toMatch(/^shard_3 +open +0 +1000-1999 +not in this environment$/m)
    expect(out).not.toContain('shard_4')
  })
})

describe('ops registry', () => {
  it('publishes what waits, and flushes', async () => {
    expect(await ops('registry publish')).toBe(0)
    expect(out).toMatch(/No route change was waiting|Published \d+/)
    expect(await ops('registry flush')).toBe(0)
    expect(out).toContain('every process asks anew')
  })
})

describe('ops beside a running demo', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-running-'))
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('takes its environment, unless one was given', () => {
    expect(takeRunningEnv(folder)).toBe(false)
    writeRunningEnv(folder, { CONTROL_URL: 'postgres://demo@127.0.0.1/demo' })
    expect(fs.statSync(path.join(folder, 'running-env.json')).mode & 0o077).toBe(0)
    expect(takeRunningEnv(folder)).toBe(false)
    vi.stubEnv('CONTROL_URL', undefined)
    expect(takeRunningEnv(folder)).toBe(true)
    expect(process.env.CONTROL_URL).toBe('postgres://demo@127.0.0.1/demo')
    removeRunningEnv(folder)
    vi.stubEnv('CONTROL_URL', undefined)
    expect(takeRunningEnv(folder)).toBe(false)
  })
})
