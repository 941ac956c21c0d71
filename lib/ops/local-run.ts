import 'server-only'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { closeAll } from '@/lib/db/close'
import { forgetEnv } from '@/lib/env'
import { buildWhenNeeded } from '@/lib/ops/build.mjs'
import { type DemoSignIn, loadDemoCast } from '@/lib/ops/demo-cast'
import { type LocalApp, startApp } from '@/lib/ops/local-app'
import { removePostgres } from '@/lib/ops/local-postgres'
import { takeRecord } from '@/lib/ops/local-record'
import { type LocalStack, startStack } from '@/lib/ops/local-stack'
import { type LocalWorker, startLocalWorker } from '@/lib/ops/local-worker'
import { removeRunningEnv, writeRunningEnv } from '@/lib/ops/running-env'
import { withProgress } from '@/lib/ops/progress.mjs'

/** What `npm run demo` and `npm run dev` may be told. */
export type RunOptions = Readonly<{ port: number; rootDomain: string; isReset: boolean; folder: string }>

/** Reads the command line; PORT and ROOT_DOMAIN of the environment stand in for what it leaves out. Throws a plain sentence. */
export function readRunOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, 'root-domain': { type: 'string' }, reset: { type: 'boolean', default: false } },
  })
  const port = Number(values.port ?? environment.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port takes a number from 1 to 65535, not "${values.port ?? environment.PORT}".`)
  const named = (values['root-domain'] ?? environment.ROOT_DOMAIN ?? 'localhost').toLowerCase()
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/.test(named))
    throw new Error(`--root-domain takes a host name like school.test, not "${named}".`)
  const rootDomain = named.includes(':') || port === 80 ? named : `${named}:${port}`
  return { port, rootDomain, isReset: values.reset, folder: path.resolve('.data') }
}

/** Starts the whole product on this machine, prints where it is, and serves until Ctrl-C. Returns the exit code. */
export async function runLocally(mode: 'built' | 'development', options: RunOptions): Promise<number> {
  const { folder, port, rootDomain } = options
  let isStopped = false
  const stopping = stopSignal().then(() => {
    isStopped = true
  })
  fs.mkdirSync(folder, { recursive: true })
  const record = await takeRecord(path.join(folder, 'running.json'), 'lib/ops/')
  let stack: LocalStack | null = null
  let app: LocalApp | null = null
  let worker: LocalWorker | null = null
  try {
    await assertPortIsFree(port)
    if (options.isReset) await reset(folder)
    stack = await startStack(folder)
    if (stack.redisPid) record.addChild(stack.redisPid, 'server')
    const own = { ...stack.env, PORT: String(port), ROOT_DOMAIN: rootDomain }
    Object.assign(process.env, own)
    forgetEnv()
    writeRunningEnv(folder, own)
    const signIns = await withProgress('Loading the schools', () => loadDemoCast().finally(closeAll))
    if (mode === 'built' && !isStopped) await buildWhenNeeded()
    const { env } = stack
    app = await withProgress('Starting the application', () => startApp({ env, port, rootDomain, mode, output: 'shown' }))
    record.addChild(app.pid, 'next')
    worker = startLocalWorker({ env: own, output: 'shown' })
    record.addChild(worker.pid, 'worker')
    void sayWhenItEnds(worker, () => isStopped)
    process.stdout.write(welcome(rootDomain, signIns, Boolean(env.REDIS_URL)))
    const ended = await Promise.race([app.exited, stopping.then(() => null)])
    if (ended !== null) process.stderr.write(`The application ended by itself with code ${ended}.\n`)
    return ended === null ? 0 : 1
  } catch (error) {
    // A Ctrl-C also reaches the builder, whose complaint about it is no news.
    if (isStopped) return 130
    throw error
  } finally {
    const running = { app, stack, worker }
    removeRunningEnv(folder)
    if (running.stack) {
      await withProgress('Stopping', async () => {
        await Promise.all([running.app?.stop(), running.worker?.stop()])
        await running.stack?.stop()
      })
    }
    record.release()
  }
}

/** The product goes on without its worker; only large files wait. */
async function sayWhenItEnds(worker: LocalWorker, isExpected: () => boolean): Promise<void> {
  const code = await worker.exited
  if (!isExpected())
    process.stderr.write(`The worker ended by itself with code ${code}: large files wait. Another: npm run ops -- worker\n`)
}

/** Resolves at the first Ctrl-C or SIGTERM. A Ctrl-C is heard several times, from the terminal, npm and start.mjs: the rest changes nothing. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

/** Everything of the demo but the build and its tools. */
async function reset(folder: string): Promise<void> {
  await withProgress('Removing the old data', () => removePostgres(path.join(folder, 'postgres')))
  fs.rmSync(path.join(folder, 'secrets.json'), { force: true })
}

/** Throws a plain sentence when something else answers on the port, on either of localhost's addresses. */
export async function assertPortIsFree(port: number): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    const probe = net.createServer()
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      probe.once('error', resolve)
      probe.listen(port, host, () => resolve(null))
    })
    await new Promise((resolve) => probe.close(resolve))
    if (error?.code === 'EADDRINUSE')
      throw new Error(`Port ${port} is taken. Stop what uses it, or choose another: npm run demo -- --port ${port + 100}`)
    if (error?.code === 'EACCES')
      throw new Error(`Port ${port} may only be used by root. Choose one above 1023: npm run demo -- --port 3000`)
  }
}

function welcome(rootDomain: string, signIns: readonly DemoSignIn[], hasRedis: boolean): string {
  const rows = signIns.map(({ site, who, email, password }) => ({
    address: `http://${site}.${rootDomain}`,
    who,
    email,
    password,
  }))
  const width = (pick: (row: (typeof rows)[number]) => string) => Math.max(...rows.map((row) => pick(row).length))
  const line = (row: (typeof rows)[number]) =>
    `  ${row.address.padEnd(width((each) => each.address))}  ${row.who.padEnd(width((each) => each.who))}  ${row.email.padEnd(width((each) => each.email))}  ${row.password}`
  const cache = hasRedis ? 'Redis' : 'the process (no Redis found)'
  return `\nGrade Insight runs at http://${rootDomain}\n\n${rows.map(line).join('\n')}\n\nRegistry cache: ${cache}. Data: .data/ (start over with -- --reset). Ctrl-C stops everything.\n`
}
