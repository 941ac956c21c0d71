import 'server-only'
import { forEachShard } from '@/lib/db/fleet'
import { findIsolationFaults, type IsolationFault } from '@/lib/db/isolation-lint'
import { runVerb } from './arguments'
import { findOurFleet, report } from './migrate'

/** `ops isolation check`: looks for holes in the wall between schools, on every shard. */
export const isolationCommand = {
  name: 'isolation',
  summary: 'look for holes in the wall between schools',
  run: (args: readonly string[]) => runVerb(args, { check: runIsolationCheck }, 'isolation check'),
}

/** Returns a line for each shard. Throws `conflict` with every hole there is, and when a shard does not answer. */
export async function runIsolationCheck(): Promise<string> {
  const fleet = await findOurFleet()
  return report(await forEachShard(fleet, findIsolationFaults), (faults) => faults.length === 0, sayFaults)
}

function sayFaults(faults: readonly IsolationFault[]): string {
  if (faults.length === 0) return 'no hole found'
  return `${faults.length} found\n${faults.map(({ rule, object }) => `  ${rule}: ${object}`).join('\n')}`
}
