import { closeAll } from '@/lib/db/close'
import { buildWhenNeeded } from '@/lib/ops/build.mjs'
import { loadDemoCast } from '@/lib/ops/demo-cast'
import { freePort } from '@/lib/ops/local-process'
import { startApp } from '@/lib/ops/local-app'
import { startLocalWorker } from '@/lib/ops/local-worker'
import { addSmallSchools } from './e2e-schools'
import { applyEnv, openWorld } from './open-world'
import { startServers } from './servers'

/**
 * A program: the built application on databases of its own with the demo's people and some small schools, until it is told to end. Its one line on
 * stdout says where it is. A process of its own, because Playwright cannot load server code.
 */
const undo: Array<() => Promise<void>> = []
const end = async () => {
  for (const step of undo.splice(0).reverse()) await step()
}
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  // Whoever started us is gone, however it ended.
  process.stdin.once('end', () => resolve()).resume()
})

try {
  await buildWhenNeeded()
  const servers = await startServers()
  undo.push(servers.stop)
  const world = await openWorld(servers.addresses, { redis: true, shards: 3 })
  undo.push(world.close)
  const port = await freePort()
  applyEnv({ ...world.env, PORT: String(port), ROOT_DOMAIN: `localhost:${port}` })
  const signIns = [...(await loadDemoCast()), ...(await addSmallSchools(world))]
  await closeAll()
  const app = await startApp({ env: { ...world.env, LOG_LEVEL: 'warn' }, port, output: 'kept' })
  world.noteProcess(app.pid, 'next')
  undo.push(app.stop)
  // Large files are read and written by a worker, as in production.
  const worker = startLocalWorker({ env: { ...world.env, PORT: String(port), ROOT_DOMAIN: `localhost:${port}` } })
  world.noteProcess(worker.pid, 'worker')
  undo.push(worker.stop)
  const shards = ['shard_1', 'shard_2', 'shard_3'].map((name) => [name, world.shard(name).adminUrl])
  const databases = { control: world.adminUrl, ...Object.fromEntries(shards) }
  process.stdout.write(`${JSON.stringify({ port, rootDomain: app.env.ROOT_DOMAIN, databases, signIns })}\n`)
  await Promise.race([stopped, app.exited])
  if (process.env.GI_APP_LOG) process.stderr.write(app.output())
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = 1
} finally {
  await end()
}
process.exit()
