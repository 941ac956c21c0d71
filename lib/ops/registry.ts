import 'server-only'
import { runVerb } from '@/lib/ops/arguments'
import type { Command } from '@/lib/ops/command'
import { flushSharedCopies, publishRouteChanges } from '@/lib/tenancy/registry'

const usage = `registry publish      tell every process of changes that wait in the outbox
registry flush        remove the shared copies in Redis and let every process ask anew`

/** `ops registry ...`: what to do when a cache is suspected. Both are safe at any time. */
export const registryCommand: Command = {
  name: 'registry',
  summary: 'publish waiting route changes, or flush the copies of routes',
  run: (args) => runVerb(args, { publish, flush }, usage),
}

async function publish(): Promise<string> {
  const count = await publishRouteChanges()
  return count === 0 ? 'No route change was waiting.' : `Published ${count} route ${count === 1 ? 'change' : 'changes'}.`
}

async function flush(): Promise<string> {
  const count = await flushSharedCopies()
  return `Removed ${count} shared ${count === 1 ? 'copy' : 'copies'}; every process asks anew.`
}
