import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withDirectConnection } from '@/lib/db/direct'
import { type LocalPostgres, removePostgres, startPostgres } from '@/lib/ops/local-postgres'
import { isRunning, until } from '@/lib/ops/local-process'

let dataDir: string

beforeEach(() => {
  dataDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'gi-launcher-')), 'postgres')
  fs.chmodSync(path.dirname(dataDir), 0o755)
})

afterEach(async () => {
  await removePostgres(dataDir)
  fs.rmSync(path.dirname(dataDir), { recursive: true, force: true })
})

const start = () => startPostgres({ dataDir, isFast: true })
const pidFile = () => path.join(dataDir, 'cluster', 'postmaster.pid')
const serverPid = () => Number(fs.readFileSync(pidFile(), 'utf8').split('\n')[0])
const show = (server: LocalPostgres, name: string) =>
  withDirectConnection(server.adminUrl(), async (sql) => (await sql<Record<string, string>>(`show ${name}`))[0]?.[name])

/** kill -9, and wait until the system has cleared it away. */
async function killHard(pid: number) {
  process.kill(pid, 'SIGKILL')
  await until(10, `process ${pid} to be gone`, async () =>
    fs.existsSync(`/proc/${pid}/cmdline`) && fs.readFileSync(`/proc/${pid}/cmdline`).length ? null : { value: true },
  )
}

describe('the local Postgres', () => {
  it('listens on 127.0.0.1 only, without a socket file, in UTC, ready for logical replication', async () => {
    const server = await start()
    expect(await show(server, 'listen_addresses')).toBe('127.0.0.1')
    expect(await show(server, 'unix_socket_directories')).toBe('')
    expect(await show(server, 'TimeZone')).toBe('UTC')
    expect(await show(server, 'wal_level')).toBe('logical')
    expect(await show(server, 'server_encoding')).toBe('UTF8')
  })

  it('refuses everybody without the password, which only we may read', async () => {
    const server = await start()
    const url = new URL(server.adminUrl())
    url.password = 'wrong'
    await expect(withDirectConnection(url.href, (sql) => sql('select 1'))).rejects.toThrow(/password authentication failed/)
    expect(fs.statSync(path.join(dataDir, 'password')).mode & 0o777).toBe(0o600)
  })

  it('keeps the data over a stop and a second start', async () => {
    const first = await start()
    await withDirectConnection(first.adminUrl(), (sql) => sql('create table kept as select 42 as answer'))
    await first.stop()
    expect(fs.existsSync(pidFile())).toBe(false)
    const second = await start()
    expect(second.isAdopted).toBe(false)
    expect(await withDirectConnection(second.adminUrl(), (sql) => sql('select answer from kept'))).toEqual([{ answer: 42 }])
  })

  it('adopts the server of a parent that was killed with -9, and can end it', async () => {
    const parent = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--conditions=react-server',
        '--input-type=module',
        '-e',
        `
        const { startPostgres } = await import('@/lib/ops/local-postgres.ts')
        await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, isFast: true })
        process.stdout.write('up')
        setInterval(() => {}, 1000)`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise((resolve) => parent.stdout.once('data', resolve))
    const pid = serverPid()
    parent.kill('SIGKILL')
    await new Promise((resolve) => parent.once('exit', resolve))

    const server = await start()
    expect(server.isAdopted).toBe(true)
    expect(serverPid()).toBe(pid)
    await server.stop()
    expect(fs.existsSync(pidFile())).toBe(false)
  })

  it('starts again after Postgres itself was killed with -9, with what was committed', async () => {
    const first = await start()
    await withDirectConnection(first.adminUrl(), (sql) => sql('create table kept as select 42 as answer'))
    await killHard(serverPid())
    expect(fs.existsSync(pidFile())).toBe(true)
    const second = await start()
    expect(second.isAdopted).toBe(false)
    expect(await withDirectConnection(second.adminUrl(), (sql) => sql('select answer from kept'))).toEqual([{ answer: 42 }])
  })

  it('is not kept from starting by a pid file whose number now belongs to somebody else', async () => {
    const first = await start()
    await first.stop()
    const stranger = spawn('sleep', ['60'])
    try {
      fs.writeFileSync(pidFile(), `${stranger.pid}\n${dataDir}/cluster\n1\n5432\n\n127.0.0.1\n`)
      const second = await start()
      expect(second.isAdopted).toBe(false)
      expect(isRunning(stranger.pid ?? 0)).toBe(true)
    } finally {
      stranger.kill()
    }
  })

  it('recovers from a first start that was interrupted half-way', async () => {
    fs.mkdirSync(path.join(dataDir, 'cluster', 'base'), { recursive: true })
    const server = await start()
    expect(await show(server, 'port')).toBe(String(server.port))
  })

  it('says what went wrong when its port is taken', async () => {
    const first = await start()
    const other = path.join(path.dirname(dataDir), 'other')
    try {
      await expect(startPostgres({ dataDir: other, port: first.port, isFast: true })).rejects.toThrow(/Address already in use/)
    } finally {
      await removePostgres(other)
    }
  })

  it('works when the data folder lies where only its owner may enter', async () => {
    fs.chmodSync(path.dirname(dataDir), 0o700)
    const first = await start()
    await withDirectConnection(first.adminUrl(), (sql) => sql('create table kept as select 42 as answer'))
    await first.stop()
    const second = await start()
    expect(await withDirectConnection(second.adminUrl(), (sql) => sql('select answer from kept'))).toEqual([{ answer: 42 }])
    const files = fs.realpathSync(path.join(dataDir, 'cluster'))
    await removePostgres(dataDir)
    expect(fs.existsSync(files)).toBe(false)
  })
})
