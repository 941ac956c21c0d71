import { closeAll } from '@/lib/db/close'
import { openWorld } from '../support/open-world'
import type { Bench } from './bench'
import { importSizes, measureImports } from './imports'
import { measureBuiltImport } from './built-import'

/** Uploads of three sizes beside COPY, and one through the built application. */
export async function measureImportsPart(bench: Bench): Promise<void> {
  for (const { students, assignments, rounds, warmups } of importSizes) {
    // A world each: what an earlier size left behind is not part of the next.
    const world = await openWorld(bench.servers, { shards: 1 })
    try {
      const size = { students, assignments }
      const { copy, undo, ...steps } = await measureImports(world, {
        size,
        rounds: bench.isQuick ? Math.min(rounds, 2) : rounds,
        warmups,
      })
      const name = `import-${students}x${assignments}`
      for (const [step, work] of Object.entries(steps)) bench.note({ [`${name}-${step}`]: { work, against: copy } })
      bench.note({ [`${name}-undo`]: { work: undo, against: steps.first } })
    } finally {
      await closeAll()
      await world.close()
    }
  }
  bench.note({ 'import-built-app': await measureBuiltImport(bench) })
}
