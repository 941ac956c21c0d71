import type { ImportJobKind, ImportProgress } from '@/lib/imports/progress'
import type { ImportPhase } from '@/lib/imports/watch'

const phaseWords: Readonly<Record<ImportPhase, string>> = {
  reading: 'Reading the file',
  comparing: 'Comparing it with the gradebook',
  totals: 'Working out the grades',
  storing: 'Keeping the plan',
  checking: 'Checking that nothing changed since',
  writing: 'Writing the grades',
  restoring: 'Putting the grades back',
}

/** The heading of a page that waits for a worker. */
export const waitingTitles: Readonly<Record<ImportJobKind, string>> = {
  plan: 'Your file is being read',
  commit: 'Your grades are being written',
  undo: 'The import is being undone',
  redo: 'What was undone is being brought back',
  reread: 'Your file is being read again',
}

/** What the button says that stops it. */
export const cancelWords: Readonly<Record<ImportJobKind, string>> = {
  plan: 'Cancel, write nothing',
  commit: 'Cancel, write nothing',
  undo: 'Cancel, undo nothing',
  redo: 'Cancel, bring nothing back',
  reread: 'Cancel, keep it as it was',
}

/** What is said of work that somebody stopped: what it left as it was. */
export const stoppedWords: Readonly<Record<ImportJobKind, string>> = {
  plan: 'Nothing was written.',
  commit: 'Nothing was written.',
  undo: 'Nothing was undone.',
  redo: 'Nothing was brought back.',
  reread: 'The file was not read again. Your answers before that stand.',
}

/** The heading above why some work failed. */
export const failedTitles: Readonly<Record<ImportJobKind, string>> = {
  plan: 'This file could not be read',
  commit: 'That did not work',
  undo: 'That did not work',
  redo: 'That did not work',
  reread: 'The file was not read again',
}

const doneWords: Readonly<Record<ImportJobKind, string>> = {
  plan: 'The file was read.',
  commit: 'The grades are written.',
  undo: 'It was undone.',
  redo: 'What was undone is back.',
  reread: 'The file was read again.',
}

/** How work ended, in a sentence; '' while it runs or when there was none. */
export function endedWords(progress: Pick<ImportProgress, 'kind' | 'state'> | null): string {
  if (progress === null) return ''
  const { kind, state } = progress
  if (state === 'done') return doneWords[kind]
  if (state === 'cancelled') return `Stopped. ${stoppedWords[kind]}`
  return state === 'failed' ? `${failedTitles[kind]}.` : ''
}

/** What the worker does, in words. */
export function phaseWord({ state, phase, cancel }: Pick<ImportProgress, 'state' | 'phase' | 'cancel'>): string {
  if (cancel === 'asked') return 'Stopping'
  if (state === 'queued' || phase === null) return 'Waiting for its turn'
  return phaseWords[phase]
}

/** Whole percent of the phase that is done (0-100), or null where it cannot be counted. */
export function phasePercent({ done, total }: Pick<ImportProgress, 'done' | 'total'>): number | null {
  return total === null || total === 0 ? null : Math.min(100, Math.floor((done / total) * 100))
}

/** A queued import that waits longer than this many seconds may have no worker. */
export const longWaitSeconds = 60
