import 'server-only'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withDirectConnection } from '@/lib/db/direct'
import { type Account, canEnter, giveTo, makeOwnFolder, reachableFolder, serverAccount } from '@/lib/ops/local-account'
import { type PostgresBinaries, postgresBinaries } from '@/lib/ops/local-postgres-binaries'
import { commandOf, freePort, isRunning, until } from '@/lib/ops/local-process'

/**
 * A real Postgres from npm, for demo, development and tests: listens on 127.0.0.1 only.
 *
 * A data folder holds `cluster` (the database files), `password` (of the superuser, readable by us only) and `log`. A server
 * that outlived its parent (kill -9) is found by its postmaster.pid and adopted; a pid file that outlived its server is removed,
 * because Postgres refuses to start while that number belongs to anybody else. It is started detached: Ctrl-C reaches us, and we
 * stop it after the application.
 */
export type LocalPostgres = Readonly<{
  port: number
  /** True when the server was already running. */
  isAdopted: boolean
  /** The superuser's address of one database. */
  adminUrl: (database?: string) => string
  /** Ends the server, adopted or not, and waits until it is gone. Twice is harmless. */
  stop: () => Promise<void>
}>

/** `isFast` gives up safety against power loss for speed: for tests, never for data anybody wants to keep. */
type StartOptions = Readonly<{ dataDir: string; port?: number; isFast?: boolean; maxConnections?: number }>

const startSeconds = 90

export async function startPostgres(options: StartOptions): Promise<LocalPostgres> {
  const account = serverAccount()
  const cluster = clusterFolder(options.dataDir, account)
  const password = superuserPassword(options.dataDir)
  const adminUrl = (port: number, database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`

  const running = await adopt(cluster, (port) => adminUrl(port, 'postgres'))
  const { pid, port } =
    running ?? (await startOwn({ ...options, account, cluster, password, adminUrl: (p) => adminUrl(p, 'postgres') }))
  return {
    port,
    isAdopted: running !== null,
    adminUrl: (database = 'postgres') => adminUrl(port, database),
    stop: () => stopServer(cluster, pid),
  }
}

/** Stops whatever server runs on a data folder; nothing to do when there is none. */
export async function stopPostgresIn(dataDir: string): Promise<void> {
  const cluster = path.join(dataDir, 'cluster')
  const found = readPidFile(cluster)
  if (found && isServerOf(found.pid, cluster)) await stopServer(cluster, found.pid)
}

/** Tells the server of a data folder to end at once and does not wait: for a process that is itself ending. The next start recovers the data. */
export function abortPostgresIn(dataDir: string): void {
  const cluster = path.join(dataDir, 'cluster')
  const found = readPidFile(cluster)
  if (found && isServerOf(found.pid, cluster)) process.kill(found.pid, 'SIGQUIT')
}

/** Stops the server of a data folder and removes every file of it, wherever the database files had to be put. */
export async function removePostgres(dataDir: string): Promise<void> {
  await stopPostgresIn(dataDir)
  const cluster = path.join(dataDir, 'cluster')
  if (fs.existsSync(cluster)) fs.rmSync(fs.realpathSync(cluster), { recursive: true, force: true })
  fs.rmSync(dataDir, { recursive: true, force: true })
}

/** Where the database files lie: in the data folder, or linked from there when the server account cannot come in. */
function clusterFolder(dataDir: string, account: Account): string {
  fs.mkdirSync(dataDir, { recursive: true })
  const cluster = path.join(path.resolve(dataDir), 'cluster')
  if (fs.lstatSync(cluster, { throwIfNoEntry: false })?.isSymbolicLink()) {
    if (!fs.existsSync(cluster)) fs.rmSync(cluster)
    else return fs.realpathSync(cluster)
  }
  if (canEnter(account, path.dirname(cluster))) return cluster
  const elsewhere = path.join(
    reachableFolder('clusters'),
    `${path.basename(path.resolve(dataDir, '../..'))}-${randomBytes(6).toString('hex')}`,
  )
  fs.symlinkSync(elsewhere, cluster)
  return elsewhere
}

function superuserPassword(dataDir: string): string {
  const file = path.join(dataDir, 'password')
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' })
  return fs.readFileSync(file, 'utf8')
}

async function adopt(cluster: string, urlAt: (port: number) => string): Promise<{ pid: number; port: number } | null> {
  return until(startSeconds, `the Postgres already running on ${cluster}`, async () => {
    const found = readPidFile(cluster)
    if (!found) return { value: null }
    if (!isServerOf(found.pid, cluster)) {
      fs.rmSync(path.join(cluster, 'postmaster.pid'), { force: true })
      return { value: null }
    }
    // It may be starting up or shutting down: ask again until it answers or is gone.
    return found.port !== null && (await answers(urlAt(found.port))) ? { value: { pid: found.pid, port: found.port } } : null
  })
}

type OwnStart = StartOptions &
  Readonly<{ account: Account; cluster: string; password: string; adminUrl: (port: number) => string }>

async function startOwn(start: OwnStart): Promise<{ pid: number; port: number }> {
  const binaries = postgresBinaries(start.account)
  if (!fs.existsSync(path.join(start.cluster, 'PG_VERSION'))) initialise(binaries, start)
  for (let attempt = 1; ; attempt++) {
    const port = start.port ?? (await freePort())
    const server = launch(binaries, start, port)
    const isUp = await until(startSeconds, `Postgres on port ${port}`, async () => {
      if (server.exitCode !== null || server.signalCode !== null) return { value: false }
      return (await answers(start.adminUrl(port))) ? { value: true } : null
    })
    if (isUp && server.pid !== undefined) return { pid: server.pid, port }
    // Somebody else may have taken the free port in between: three such losses in a row are not chance.
    if (start.port !== undefined || attempt === 3)
      throw new Error(`Postgres did not start. Its last words:\n${lastLines(path.join(start.dataDir, 'log'))}`)
  }
}

function initialise(binaries: PostgresBinaries, { account, cluster, password }: OwnStart): void {
  // A first start that was interrupted leaves half a cluster, which initdb would refuse.
  fs.rmSync(cluster, { recursive: true, force: true })
  makeOwnFolder(account, cluster)
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'grade-insight-initdb-'))
  const passwordFile = path.join(temporary, 'password')
  try {
    fs.writeFileSync(passwordFile, password, { mode: 0o600 })
    giveTo(account, temporary)
    giveTo(account, passwordFile)
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
    const run = spawnSync(binaries.initdb, ['-D', cluster, ...login, ...locale, '--no-sync'], {
      ...account,
      cwd: '/',
      encoding: 'utf8',
      env: serverEnv(),
    })
    if (run.status !== 0) throw new Error(`initdb failed in ${cluster}:\n${run.stderr || run.error?.message}`)
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
}

function launch(
  binaries: PostgresBinaries,
  { account, cluster, dataDir, isFast, maxConnections = 200 }: OwnStart,
  port: number,
): ChildProcess {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    // No socket file: it would clash with another server's in /tmp and is nobody's road in.
    unix_socket_directories: '',
    max_connections: maxConnections,
    wal_level: 'logical',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A server that has run for a while writes over old files of its log; a new one would fill each with zeros first, while others wait.
    ...(isFast
      ? { fsync: 'off', full_page_writes: 'off', checkpoint_timeout: '1h', max_wal_size: '4GB', wal_init_zero: 'off' }
      : {}),
  }
  const log = fs.openSync(path.join(dataDir, 'log'), 'a', 0o600)
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(binaries.postgres, ['-D', cluster, ...args], {
    ...account,
    cwd: '/',
    env: serverEnv(),
    detached: true,
    stdio: ['ignore', log, log],
  })
  server.on('error', () => {})
  server.unref()
  fs.closeSync(log)
  return server
}

/** The server sees nothing of our environment: PG* variables and secrets are not its business. */
function serverEnv(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

async function answers(url: string): Promise<boolean> {
  try {
    return await withDirectConnection(url, async (sql) => (await sql('select 1')).length === 1, 2_000)
  } catch {
    return false
  }
}

/** pid on the first line, port on the fourth; the port is missing while the server is still writing the file. */
function readPidFile(cluster: string): { pid: number; port: number | null } | null {
  const file = path.join(cluster, 'postmaster.pid')
  if (!fs.existsSync(file)) return null
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) || null }
}

/** A pid is reused after a crash, perhaps by another Postgres: only its command line says whose server it is. */
function isServerOf(pid: number, cluster: string): boolean {
  if (!(pid > 0) || !isRunning(pid)) return false
  const command = commandOf(pid)
  return command.includes(` -D ${fs.realpathSync(cluster)} `) || command.includes(` -D ${path.resolve(cluster)} `)
}

async function stopServer(cluster: string, pid: number): Promise<void> {
  // SIGINT is the fast way: ends sessions, writes a checkpoint. SIGQUIT does not wait for anything; the next start recovers.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!isServerOf(pid, cluster)) return
    process.kill(pid, signal)
    const isGone = await until(15, null, async () => (isServerOf(pid, cluster) ? null : { value: true }))
    if (isGone) return
  }
  throw new Error(`Postgres (pid ${pid}) does not stop. See ${cluster}.`)
}

function lastLines(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '(it left no log)'
}
