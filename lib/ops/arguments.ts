import 'server-only'
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { ProblemError } from '@/lib/errors'
import { establishTenant } from '@/lib/tenancy/establish'
import { findTenantBySlug } from '@/lib/tenancy/registry'
import type { Actor, TenantContext } from '@/lib/tenancy/tenant'

/** Who stands in history and audit for what a command does. */
export const operator: Actor = { kind: 'system', name: 'ops' }

/** The operator and a new id for one command, for what is written to the control database's audit. */
export function operatorCaller(): Readonly<{ actor: Actor; requestId: string }> {
  return { actor: operator, requestId: `ops-${randomUUID()}` }
}

/**
 * The `--name value` options of a command, checked by a schema with one key an option. Throws `invalid_input` with every
 * wrong option and the usage.
 */
export function readOptions<Schema extends z.ZodObject>(
  args: readonly string[],
  schema: Schema,
  usage: string,
): z.output<Schema> {
  const options = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, { type: 'string' as const }]))
  const parsed = schema.safeParse(stringsOf(args, options, usage))
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`)
  throw new ProblemError('invalid_input', [...wrong, usage].join('\n'))
}

/** The school an operator's command names by its slug. Throws `not_found` with the name that was typed. */
export async function schoolNamed(slug: string): Promise<TenantContext> {
  const record = await findTenantBySlug(slug)
  if (record === null) throw new ProblemError('not_found', `There is no school "${slug}".`)
  return establishTenant(record, `ops-${randomUUID()}`)
}

/** Runs the verb that the first argument names; throws `invalid_input` with the usage for any other. Prints what it answers. */
export async function runVerb(
  [verb = '', ...args]: readonly string[],
  verbs: Readonly<Record<string, (args: readonly string[]) => Promise<string>>>,
  usage: string,
): Promise<void> {
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (run === undefined) throw new ProblemError('invalid_input', usage)
  process.stdout.write(`${await run(args)}\n`)
}

function stringsOf(args: readonly string[], options: Record<string, { type: 'string' }>, usage: string): unknown {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (cause) {
    throw new ProblemError('invalid_input', usage, { cause })
  }
}
