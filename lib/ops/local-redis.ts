import 'server-only'
import { spawn } from 'node:child_process'
import net from 'node:net'
import type { Program } from '@/lib/ops/local-programs'
import { freePort, until } from '@/lib/ops/local-process'

/** A Redis of our own on 127.0.0.1 that keeps nothing on disk. */
export type LocalRedis = Readonly<{
  url: string
  pid: () => number
  /** Stops answering without closing a connection, as an overloaded server does; `resume` lets it go on. */
  pause: () => void
  resume: () => void
  /** Ends it; `start` brings an empty one back on the same port. */
  stop: () => Promise<void>
  start: () => Promise<void>
}>

/** Starts Redis and waits until it answers. */
export async function startRedis(program: Program): Promise<LocalRedis> {
  const port = await freePort()
  let server = await launch(program, port)
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: () => server.pid ?? 0,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return
      server.ref()
      const ended = new Promise((resolve) => server.once('exit', resolve))
      // It keeps nothing, so there is nothing to save; and a paused one would not hear SIGTERM.
      server.kill('SIGKILL')
      await ended
    },
    start: async () => {
      server = await launch(program, port)
    },
  }
}

async function launch({ file, env }: Program, port: number) {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp']
  const server = spawn(file, args, { env: { ...process.env, ...env }, stdio: 'ignore', detached: true })
  const failed = new Promise<never>((_, reject) => server.once('error', reject))
  server.unref()
  const ready = until(15, `Redis on port ${port}`, async () => {
    if (server.exitCode !== null) throw new Error(`${file} ended at once with code ${server.exitCode}.`)
    return (await pings(port)) ? { value: true } : null
  })
  await Promise.race([ready, failed])
  return server
}

function pings(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const answer = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')))
    socket.once('error', () => answer(false))
    socket.setTimeout(1_000, () => answer(false))
  })
}
