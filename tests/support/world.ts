import { inject } from 'vitest'
import { openWorld, type World, type WorldOptions } from './open-world'

export type { World } from './open-world'

/** Makes a world of its own for one test file, on the servers of this Vitest run. Sets this process's environment to it. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  return openWorld(inject('servers'), options)
}
