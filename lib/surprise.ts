import 'server-only'
import { newReference } from '@/lib/errors'
import { type LogFields, log } from '@/lib/log'

/**
 * Logs a failure that is ours under a short reference, and gives the words for the person: they can tell the reference to
 * support, and the log line with it holds the rest.
 */
export function reportSurprise(
  event: string,
  error: unknown,
  fields: LogFields,
): Readonly<{ reference: string; message: string }> {
  const reference = newReference()
  log.error(event, { ...fields, reference }, error)
  return { reference, message: `Something broke on our side. Nothing was saved. Reference ${reference}.` }
}
