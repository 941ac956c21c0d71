import 'server-only'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { withDirectConnection } from '@/lib/db/direct'
import { giveTo, makeOwnFolder, serverAccount } from '@/lib/ops/local-account'
import { freePort, until } from '@/lib/ops/local-process'
import type { Program } from '@/lib/ops/local-programs'

/** A PgBouncer of our own on 127.0.0.1, in transaction mode as in production. */
export type LocalPgBouncer = Readonly<{
  /** The same login and database, through the pooler. */
  urlThrough: (direct: string) => string
  pid: number
  stop: () => Promise<void>
}>

type StartOptions = Readonly<{
  program: Program
  /** A folder that the server account can reach; ours to fill. */
  folder: string
  /** Direct addresses whose logins may pass; all on one server. */
  urls: readonly [string, ...string[]]
  /** Server connections per database and login. */
  poolSize: number
}>

/** Starts PgBouncer and waits until it lets the first login through. */
export async function startPgBouncer({ program, folder, urls, poolSize }: StartOptions): Promise<LocalPgBouncer> {
  const account = serverAccount()
  const port = await freePort()
  const config = path.join(folder, 'pgbouncer.ini')
  const users = path.join(folder, 'userlist.txt')
  makeOwnFolder(account, folder)
  fs.writeFileSync(users, [...new Set(urls.map(loginLine))].join('\n'), { mode: 0o600 })
  fs.writeFileSync(config, configText({ server: new URL(urls[0]), port, users, log: path.join(folder, 'log'), poolSize }), {
    mode: 0o600,
  })
  for (const file of [users, config]) giveTo(account, file)

  const bouncer = spawn(program.file, [config], {
    ...account,
    cwd: '/',
    env: { ...process.env, ...program.env },
    stdio: 'ignore',
    detached: true,
  })
  bouncer.once('error', () => {})
  bouncer.unref()
  const urlThrough = (direct: string) => {
    const url = new URL(direct)
    url.port = String(port)
    return url.href
  }
  const stop = async () => {
    if (bouncer.exitCode !== null || bouncer.signalCode !== null || bouncer.pid === undefined) return
    bouncer.ref()
    const ended = new Promise((resolve) => bouncer.once('exit', resolve))
    // SIGTERM is its immediate shutdown; SIGINT would wait for open transactions.
    bouncer.kill('SIGTERM')
    await ended
  }
  try {
    await until(15, `PgBouncer on port ${port}`, async () => {
      if (bouncer.exitCode !== null)
        throw new Error(`PgBouncer ended at once. Its last words:\n${fs.readFileSync(path.join(folder, 'log'), 'utf8')}`)
      return (await lets(urlThrough(urls[0]))) ? { value: true } : null
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { urlThrough, pid: bouncer.pid ?? 0, stop }
}

async function lets(url: string): Promise<boolean> {
  return withDirectConnection(url, (sql) => sql('select 1'), 2_000).then(
    () => true,
    () => false,
  )
}

const loginLine = (url: string) => {
  const { username, password } = new URL(url)
  return `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"`
}

type ConfigParts = Readonly<{ server: URL; port: number; users: string; log: string; poolSize: number }>

const configText = ({ server, port, users, log, poolSize }: ConfigParts) => `[databases]
* = host=${server.hostname} port=${server.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 2000
# A server connection that was let go keeps nothing of its last user: the isolation tests rely on finding out.
server_reset_query_always = 0
logfile = ${log}
pidfile =
`
