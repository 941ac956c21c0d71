import 'server-only'
import { forEachShard } from '@/lib/db/fleet'
import { findIsolationFaults, type IsolationFault } from '@/lib/db/isolation-lint'
import { findOurFleet, report } from './migrate'

/** `npm run ops -- isolation check`: looks for holes in the wall between schools, on every shard. */
export const isolationCheck = {
  name: 'isolation check',
  summary: 'look for holes in the wall between schools',
  run: runIsolationCheck,
}

/** Prints one line a shard and one a hole. Returns the exit code: 0 when there is none and every shard answered, 1 otherwise. */
export async function runIsolationCheck(): Promise<number> {
  const fleet = await findOurFleet()
  return report(await forEachShard(fleet, findIsolationFaults), (faults) => faults.length === 0, sayFaults)
}

function sayFaults(faults: readonly IsolationFault[]): string {
  if (faults.length === 0) return 'no hole found'
  return `${faults.length} found\n${faults.map(({ rule, object }) => `  ${rule}: ${object}`).join('\n')}`
}
