import 'server-only'
import { log } from '@/lib/log'
import { processWide } from '@/lib/process-wide'

/**
 * Next writes each unanswered error to the console as it is, with its message, cause and stack over many lines, and then reports it
 * to us. What a database or parser says quotes values, so in production the console's errors go through the log's masking, and what
 * was reported with its request is not written again.
 */

const reported = processWide('reported-errors', () => new WeakSet<object>())

/** Tells that an error stands in the log already, with its request. */
export function noteReported(error: unknown): void {
  if (typeof error === 'object' && error !== null) reported.add(error)
}

/** Sends what is written to `console.error` and `console.warn` to the log from now on, an error once it is clear that nobody reports it. */
export function keepConsoleInLog(waitMilliseconds = 250): void {
  Object.assign(console, {
    error: (...parts: readonly unknown[]) => say('error', parts, waitMilliseconds),
    warn: (...parts: readonly unknown[]) => say('warn', parts, waitMilliseconds),
  })
}

function say(level: 'error' | 'warn', parts: readonly unknown[], waitMilliseconds: number): void {
  const error = parts.find((part) => part instanceof Error)
  const reason = parts.filter((part) => typeof part === 'string').join(' ')
  const write = () => log[level]('console', reason === '' ? {} : { reason }, error)
  if (error === undefined) write()
  // Next writes first and reports after.
  else setTimeout(() => reported.has(error) || write(), waitMilliseconds).unref()
}
