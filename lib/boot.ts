import 'server-only'
import { keepConsoleInLog } from '@/lib/console-lines'
import { assertSafeRoles } from '@/lib/db/shards'
import { EnvironmentError, env, knownShards } from '@/lib/env'
import { setReady, startDraining } from '@/lib/health'
import { describeError, log } from '@/lib/log'
import { observePools } from '@/lib/pool-metrics'
import { processWide } from '@/lib/process-wide'
import { openRegistry } from '@/lib/tenancy/registry'

/**
 * Starts a web process: checks its environment and its database roles, and begins to hear of route changes. What must never serve
 * ends the process with one plain line; a database that is away does not, because the others still work.
 */
export async function boot(): Promise<void> {
  const state = processWide('boot', () => ({ hasBegun: false }))
  if (state.hasBegun) return
  state.hasBegun = true
  const began = performance.now()
  try {
    const { DRAIN_SECONDS, NODE_ENV } = env()
    if (NODE_ENV === 'production') keepConsoleInLog()
    drainBeforeEnding(DRAIN_SECONDS * 1000)
    observePools()
    await assertSafeRoles()
    await openRegistry()
  } catch (error) {
    end(error)
  }
  setReady()
  log.info('started', { ms: Math.round(performance.now() - began), port: env().PORT, count: knownShards().length })
}

function end(error: unknown): never {
  log.error('start_refused', {}, error)
  const said = error instanceof EnvironmentError ? error.message : `Grade Insight cannot start: ${describeError(error).text}`
  process.stderr.write(`${said}\n`)
  process.exit(1)
}

/**
 * On SIGTERM says first that it wants no more traffic, and only after `drainMs` lets Next stop listening: until a load balancer
 * has noticed, requests still arrive. Next then ends the process after the last running request, and the connections with it.
 */
function drainBeforeEnding(drainMs: number): void {
  const endings = process.listeners('SIGTERM')
  process.removeAllListeners('SIGTERM')
  let hasBegun = false
  process.on('SIGTERM', (signal) => {
    if (hasBegun) return
    hasBegun = true
    startDraining()
    log.info('draining', { signal, ms: drainMs })
    const finish = () => {
      for (const ending of endings) ending(signal)
    }
    if (drainMs === 0) finish()
    else setTimeout(finish, drainMs)
  })
}
