/**
 * How far a worker is with an import: what the page shows and the API answers while somebody waits.
 * Plain data, shared with the browser.
 */
import type { ImportProblem, ImportState } from './views'
import type { ImportPhase } from './watch'

/** What a worker may be asked for. redo: the undo of undos; reread: the file once more under other choices. */
export const importJobKinds = ['plan', 'commit', 'undo', 'redo', 'reread'] as const
export type ImportJobKind = (typeof importJobKinds)[number]

/**
 * queued: no worker has it yet, or it will be tried again; working; done: look at the import itself; failed: nothing was written,
 * `problem` says what to do; cancelled: nothing was written.
 */
export type ImportJobState = 'queued' | 'working' | 'done' | 'failed' | 'cancelled'

export type ImportProgress = Readonly<{
  importId: string
  kind: ImportJobKind
  state: ImportJobState
  /** What the worker is at; null before it began. */
  phase: ImportPhase | null
  /** Rows or cells of the phase that are done. */
  done: number
  /** Of how many; null where that cannot be known beforehand. */
  total: number | null
  /** Whole seconds since it was asked for, until a worker took it. A queued one that waits long may have no worker. */
  waitedSeconds: number
  /** Whole seconds since a worker took it, until its end; 0 before. */
  workedSeconds: number
  /** From 1; more than 1 when a worker crashed or a database was away, and it was begun anew. */
  attempt: number
  /** `too_late`: it was already being written for good when somebody cancelled; it can be undone instead. */
  cancel: 'none' | 'asked' | 'too_late'
  /** Of a failed one: what happened and what to do, and what is wrong with a file that cannot be imported. */
  problem: Readonly<{ message: string; problems: readonly ImportProblem[] }> | null
}>

/** An import's state with what a worker does for it; `progress` is null when no worker was ever asked. */
export type ImportProgressView = Readonly<{ importId: string; state: ImportState; progress: ImportProgress | null }>

/** Whether somebody still has to wait for it. */
export function isRunning({ state }: ImportProgress): boolean {
  return state === 'queued' || state === 'working'
}
