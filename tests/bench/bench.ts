import type { Servers } from '../support/servers'
import type { Measurements } from './verdict'

/** What a part of the bench works with. */
export type Bench = Readonly<{
  servers: Servers['addresses']
  /** Fewer rounds and fewer schools: for a first look, not for a verdict one would quote. */
  isQuick: boolean
}>

/** One part: measures its budgets, each on worlds of its own. */
export type PartOfBench = (bench: Bench) => Promise<Measurements>
