import 'server-only'
import { noteReported } from '@/lib/console-lines'
import { ProblemError, readDigest } from '@/lib/errors'
import { log } from '@/lib/log'
import { metrics } from '@/lib/metrics'
import { contextHeader } from '@/lib/tenancy/context'

/** Where something was thrown. `route` is the pattern (`/t/[tenant]/classes/[classId]`), never the address. */
type Thrown = Readonly<{
  method: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  route: string
  kind: string
}>

/**
 * Logs what reached Next unanswered. `reference` is the digest that the error page shows to the person, so that one finds the
 * other. A problem a person can mend is a warning, everything else an error.
 */
export function reportRequestError(error: unknown, { method, headers, route, kind }: Thrown): void {
  const [slug, , , , request] = String(headers[contextHeader] ?? '').split('|')
  const fields = {
    method,
    route,
    kind,
    ...(slug ? { slug } : {}),
    ...(request ? { request } : {}),
    ...referenceOf(error),
  }
  metrics.errors.inc({ kind })
  noteReported(error)
  if (error instanceof ProblemError) log.warn('request_refused', { ...fields, code: error.code }, error)
  else log.error('request_failed', fields, error)
}

function referenceOf(error: unknown): { reference?: string } {
  const read = readDigest(error)
  return read === null ? {} : { reference: read.reference }
}
