import type { TestProject } from 'vitest/node'
import { type Addresses, type Servers, startServers } from './servers'

declare module 'vitest' {
  interface ProvidedContext {
    servers: Addresses
  }
}

// Both server projects load this file, perhaps as two module instances of one process: they share one set of servers.
type Shared = { users: number; servers: Promise<Servers> }
const key = Symbol.for('grade-insight.test-servers')
const shared: typeof globalThis & { [key]?: Shared } = globalThis

/** Starts the servers of the run for whoever comes first; the last to leave stops them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared[key] ??= { users: 0, servers: startServers() }
  const run = shared[key]
  run.users++
  const servers = await run.servers
  project.provide('servers', servers.addresses)
  return async () => {
    run.users--
    if (run.users > 0) return
    delete shared[key]
    await servers.stop()
  }
}
