import 'server-only'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { log } from '@/lib/log'
import { processWide } from '@/lib/process-wide'

// A browser with an old cookie asks often, and a flood of made-up ones must not fill the log: so many lines a minute a school.
const lines = processWide('refused-session-lines', () => new RateLimiterMemory({ points: 30, duration: 60 }))

/**
 * Leaves a trace of a session cookie that was not taken: `token` when it does not open here (another school's, the console's,
 * altered, over), `membership` when it does and the person is gone, shut out, or ended it. The person sees the sign-in page in
 * either case. Nothing of the token is written, and no more than 30 lines a minute for one school in one process.
 */
export async function noteRefusedSession(
  where: Readonly<{ tenant?: string; slug: string; request?: string }>,
  reason: 'token' | 'membership',
): Promise<void> {
  // A refusal of the limiter is its answer, not a failure.
  const mayWrite = await lines.consume(where.slug).then(
    () => true,
    () => false,
  )
  if (mayWrite) log.warn('session_refused', { ...where, reason })
}
