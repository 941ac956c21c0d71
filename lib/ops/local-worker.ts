import 'server-only'
import { spawn } from 'node:child_process'

/** A worker as a process of its own, beside the application. */
export type LocalWorker = Readonly<{
  pid: number
  /** Everything it wrote, when it was started with `output: 'kept'`. */
  output: () => string
  /** Resolves with its exit code (128 + signal number when it was killed), whoever ended it. */
  exited: Promise<number>
  /** Asks it to end: it hands back what it works at. Killed after fifteen seconds. Twice is harmless. */
  stop: () => Promise<void>
}>

type StartOptions = Readonly<{ env: Readonly<Record<string, string>>; output?: 'shown' | 'kept' }>

/** Starts a worker; it takes work as soon as it is connected. */
export function startLocalWorker({ env, output = 'kept' }: StartOptions): LocalWorker {
  const { PATH = '', HOME = '/tmp', TMPDIR = '/tmp' } = process.env
  const streams = output === 'shown' ? 'inherit' : 'pipe'
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'lib/ops/cli.ts', 'worker'], {
    env: { PATH, HOME, TMPDIR, TZ: 'UTC', NODE_ENV: 'production', WORKER_DRAIN_SECONDS: '5', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', streams, streams],
    // Detached: a Ctrl-C reaches us alone, and we end it before what it stands on.
    detached: true,
  })
  const kept: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => kept.push(part))
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code, signal) => resolve(signal ? 128 + (signal === 'SIGKILL' ? 9 : 15) : (code ?? 1)))
  })
  const stop = async () => {
    if (hasEnded()) return
    // A paused process would not hear SIGTERM.
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await exited
    clearTimeout(hard)
  }
  return { pid: child.pid ?? 0, output: () => Buffer.concat(kept).toString(), exited, stop }
}
