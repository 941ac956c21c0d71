import { processWide } from '@/lib/process-wide'
import { cellsPerPacedStatement, cellsPerStatement } from './limits'

/** Cells worked on between two pauses: a few milliseconds. */
export const cellsPerSlice = 20_000

/** Rest for each millisecond of work, and when work began again. None in a process that serves pages: its requests are waited for. */
const pace = processWide('import-pace', () => ({ restPerWork: 0, resumedAt: 0 }))

/**
 * Longest rest. What took long was mostly waiting, for a lock or a database that is busy with others, and would be waited for twice.
 */
const restMaxMs = 250

/**
 * From now on this process works on files at most this share of the time (above 0, at most 1) and rests in between, for good: whatever
 * runs without a break takes a processor, its cache and its memory from the pages of everybody who shares them, at any priority.
 */
export function workAtMost(share: number): void {
  pace.restPerWork = 1 / share - 1
}

/**
 * Lets other requests run: long loops over a file call it between slices, so that an upload never holds the event loop, and after
 * each statement of a long write. Rests where `workAtMost` says so. `workedMs` is how long the work took, since the last pause when not
 * said. Throws the reason of `signal` once it is aborted.
 */
export function pause(signal?: AbortSignal, workedMs = performance.now() - pace.resumedAt): Promise<void> {
  const restMs = Math.min(workedMs * pace.restPerWork, restMaxMs)
  return new Promise((resolve, reject) => {
    const goOn = () => {
      pace.resumedAt = performance.now()
      if (signal?.aborted) reject(signal.reason)
      else resolve()
    }
    if (restMs < 1) setImmediate(goOn)
    else setTimeout(goOn, restMs)
  })
}

/** Cells one statement of a long write takes: fewer where the process rests after each of them. */
export function cellsAtOnce(): number {
  return pace.restPerWork === 0 ? cellsPerStatement : cellsPerPacedStatement
}
