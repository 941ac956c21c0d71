import 'server-only'
import { z } from 'zod'
import { verifyChain } from '@/lib/audit/verify'
import { ProblemError } from '@/lib/errors'
import { readOptions, runVerb, schoolNamed } from './arguments'

const usage = 'audit verify --tenant SLUG'

/** `ops audit verify`: recomputes a school's audit chain; ends with an error when it is broken. */
export const auditCommand = {
  name: 'audit',
  summary: "verify a school's audit chain",
  run: (args: readonly string[]) => runVerb(args, { verify }, usage),
}

async function verify(args: readonly string[]): Promise<string> {
  const { tenant } = readOptions(args, z.object({ tenant: z.string() }), usage)
  const { entries, brokenAt, lastSeq, lastHash } = await verifyChain(await schoolNamed(tenant))
  if (brokenAt !== null) {
    throw new ProblemError(
      'conflict',
      `The audit of ${tenant} is broken at entry ${brokenAt}: it, or the one before, was changed.`,
    )
  }
  return `The audit of ${tenant} is whole: ${entries} entries. Note the last, ${lastSeq} ${lastHash}, to notice a cut end later.`
}
