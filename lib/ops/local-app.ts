import 'server-only'
import { type ChildProcess, spawn } from 'node:child_process'
import http from 'node:http'
import path from 'node:path'
import { serverFile } from '@/lib/ops/build.mjs'
import { freePort, until } from '@/lib/ops/local-process'

/** The application as a process of its own. */
export type LocalApp = Readonly<{
  port: number
  /** Everything it was started with, its own PORT and ROOT_DOMAIN included. */
  env: Readonly<Record<string, string>>
  /** The process id, for tests that kill or pause it. */
  pid: number
  /** Everything it wrote to stdout and stderr, when it was started with `output: 'kept'`. */
  output: () => string
  /** Resolves with its exit code (128 + signal number when it was killed), whoever ended it. */
  exited: Promise<number>
  /** Asks it to finish what it is doing and end; kills it after ten seconds. Twice is harmless. */
  stop: () => Promise<void>
}>

type StartOptions = Readonly<{
  env: Readonly<Record<string, string>>
  /** Free when not said. */
  port?: number
  /** `localhost:<port>` when not said. */
  rootDomain?: string
  /** The built application, or Next's development server. */
  mode?: 'built' | 'development'
  /** Another built server than the product's own; the bench has such. */
  server?: string
  output?: 'shown' | 'kept'
}>

const startSeconds = 60

/** Starts the application and waits until it answers requests. Throws with its last words when it ends before that. */
export async function startApp(options: StartOptions): Promise<LocalApp> {
  const port = options.port ?? (await freePort())
  const rootDomain = options.rootDomain ?? `localhost:${port}`
  const env = {
    ...options.env,
    NODE_ENV: options.mode === 'development' ? 'development' : 'production',
    PORT: String(port),
    ROOT_DOMAIN: rootDomain,
    // Never 127.0.0.1 or ::1: Next then takes its own rewrites for another site's, and every page is a 404.
    HOSTNAME: bindingHost(rootDomain),
    NEXT_TELEMETRY_DISABLED: '1',
  }
  const child = launch(options, env)
  const kept: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => kept.push(part))
  const output = () => Buffer.concat(kept).toString()
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code, signal) => resolve(signal ? 128 + (signal === 'SIGKILL' ? 9 : 15) : (code ?? 1)))
  })
  const app = { port, env, pid: child.pid ?? 0, output, exited, stop: () => stop(child, exited) }
  try {
    await until(startSeconds, `the application on port ${port}`, async () => {
      if (hasEnded(child)) throw new Error(`The application ended at once.\n${output().trimEnd()}`)
      return (await answers(port)) ? { value: true } : null
    })
  } catch (error) {
    await app.stop()
    throw error
  }
  return app
}

/** Where the server of a root domain listens: this machine alone for localhost, every network otherwise. */
export function bindingHost(rootDomain: string): string {
  const [host = ''] = rootDomain.split(':')
  return host === 'localhost' || host.endsWith('.localhost') ? 'localhost' : '0.0.0.0'
}

function launch({ mode, server = serverFile, output }: StartOptions, env: Readonly<Record<string, string>>): ChildProcess {
  const next = path.resolve('node_modules/next/dist/bin/next')
  const args = mode === 'development' ? [next, 'dev', '-H', env.HOSTNAME ?? '', '-p', env.PORT ?? ''] : [server]
  // Only what it is meant to see: nothing of the caller's environment may make it work by accident.
  const { PATH = '', HOME = '/tmp', TMPDIR = '/tmp' } = process.env
  const own = {
    PATH,
    HOME,
    TMPDIR,
    TZ: 'UTC',
    ...env,
    NODE_ENV: mode === 'development' ? ('development' as const) : ('production' as const),
  }
  const streams = output === 'shown' ? 'inherit' : 'pipe'
  // Detached: a Ctrl-C reaches us alone, and we end the application before what it stands on.
  return spawn(process.execPath, args, { env: own, stdio: ['ignore', streams, streams], detached: true })
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined

async function stop(child: ChildProcess, exited: Promise<number>): Promise<void> {
  if (hasEnded(child)) return
  // A paused process would not hear SIGTERM.
  signalGroup(child, 'SIGCONT')
  signalGroup(child, 'SIGTERM')
  const hard = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000)
  await exited
  clearTimeout(hard)
}

/** The development server has children of its own; all are of one group, which it leads. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || hasEnded(child)) return
  process.kill(-child.pid, signal)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: 'localhost', port, path: '/api/health/live', timeout: 5_000 }, (response) => {
      response.resume()
      resolve(true)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
  })
}
