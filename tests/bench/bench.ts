import type { Servers } from '../support/servers'
import type { Measurements } from './verdict'

/** What a part of the bench works with. */
export type Bench = Readonly<{
  servers: Servers['addresses']
  /** Fewer rounds and fewer schools: for a first look, not for a verdict one would quote. */
  isQuick: boolean
  /** Takes what is measured, at once: what breaks off later does not lose it. */
  note: (measured: Measurements) => void
}>

/** One part: measures its budgets, each on worlds of its own. */
export type PartOfBench = (bench: Bench) => Promise<void>
