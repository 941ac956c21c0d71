import type { Format } from './format'
import { generic, sources } from './generic'

/** Every source whose tables are read, the likeliest first. `generic` fits everything and stands last. */
export const formats: readonly Format[] = [...sources, generic]
