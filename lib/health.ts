import 'server-only'
import { shardStatistics } from '@/lib/db/shards'
import { metrics } from '@/lib/metrics'
import { processWide } from '@/lib/process-wide'
import { isRegistryUsable } from '@/lib/tenancy/registry'

/** Whether this process wants traffic, and what speaks against it. */
export type Readiness = Readonly<{ isReady: boolean; reasons: readonly ('starting' | 'draining' | 'registry' | 'pools')[] }>

const state = processWide('health', () => ({ hasStarted: false, isDraining: false }))

/** The process has started. */
export function setReady(): void {
  state.hasStarted = true
  metrics.isReady.set(1)
}

/** The process is about to end and wants no more traffic. */
export function startDraining(): void {
  state.isDraining = true
  metrics.isReady.set(0)
}

/**
 * Ready is who can route and has connections to spare. A shard that is down is no reason: this process still serves the schools
 * of the others, and every other process would say the same.
 */
export async function readiness(): Promise<Readiness> {
  const reasons: Readiness['reasons'][number][] = []
  if (!state.hasStarted) reasons.push('starting')
  if (state.isDraining) reasons.push('draining')
  if (!(await isRegistryUsable())) reasons.push('registry')
  if (arePoolsExhausted()) reasons.push('pools')
  return { isReady: reasons.length === 0, reasons }
}

/** Every shard in use has ten times more waiting than it has connections. */
function arePoolsExhausted(): boolean {
  const pools = shardStatistics()
  return pools.length > 0 && pools.every(({ waiting, max }) => waiting > max * 10)
}
