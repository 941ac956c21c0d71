import 'server-only'
import { randomInt } from 'node:crypto'
import { type LogFields, log } from '@/lib/log'

// Without the letters and digits that are misread aloud.
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Logs a failure that is ours under a short reference, and gives the words for the person: they can tell the reference to
 * support, and the log line with it holds the rest.
 */
export function reportSurprise(
  event: string,
  error: unknown,
  fields: LogFields,
): Readonly<{ reference: string; message: string }> {
  const reference = Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('')
  log.error(event, { ...fields, reference }, error)
  return { reference, message: `Something broke on our side. Nothing was saved. Reference ${reference}.` }
}
