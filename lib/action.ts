import 'server-only'
import { headers } from 'next/headers'
import { unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import { originOf } from '@/lib/auth/audience'
import { type MemberView, viewerOf } from '@/lib/auth/member'
import type { ConsoleMemberView, ConsoleViewer } from '@/lib/auth/members'
import { consoleViewerOf } from '@/lib/auth/members'
import { takePermit } from '@/lib/auth/permits'
import type { Right, Viewer } from '@/lib/auth/rights'
import { findConsoleMember, findMember } from '@/lib/auth/session'
import { notFound, ProblemError } from '@/lib/errors'
import { once, requestDigest } from '@/lib/idempotency'
import { reportSurprise } from '@/lib/surprise'
import { requestFields, requireHostKind, requireTenant } from '@/lib/tenancy/request'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { ActionFailure, ActionResult } from './action-result'

/** Who calls an action in which school, and their checked input. */
export type ActionCall<Input> = Readonly<{ ctx: TenantContext; viewer: Viewer; member: MemberView; input: Input }>

/** What `useActionState` calls: the state before (never trusted) and the form, or the same fields as an object. */
export type Action<Data> = (
  previous: ActionResult<Data> | null,
  form: FormData | Readonly<Record<string, unknown>>,
) => Promise<ActionResult<Data>>

type TenantActionOptions<Schema extends z.ZodType> = Readonly<{
  right: Right
  input: Schema
  /** Calls a minute for one member; an upload asks for fewer than an edit. */
  perMinute?: number
}>

/**
 * The one way to write a server action of a school: origin, school, member, right, permit, input, then `run`, once a key.
 * The school comes from the host and the member from the session, neither from the form. What a person can mend comes
 * back as `{ ok: false }`; surprises are logged under a reference. `redirect()` and `notFound()` of Next pass through.
 */
export function tenantAction<Schema extends z.ZodType, Data>(
  options: TenantActionOptions<Schema>,
  run: (call: ActionCall<z.output<Schema>>) => Promise<Data>,
): Action<Data> {
  return (_previous, form) =>
    answered('action_failed', async () => {
      const ctx = await requireTenant()
      await requireOwnOrigin(ctx.slug)
      const member = await findMember(ctx)
      if (member === null) throw signInRequired()
      const viewer = viewerOf(member)
      if (!viewer.rights.has(options.right)) throw notFound(`right ${options.right} missing`)
      await takePermit('action', `${ctx.tenantId}:${member.id}:${options.right}`, options.perMinute)

      const { idempotencyKey, ...fields } = fieldsOf(form)
      const input = parseInput(options.input, fields)
      const work = () => run({ ctx, viewer, member, input })
      if (typeof idempotencyKey !== 'string' || idempotencyKey === '') return work()
      const request = await requestDigest({ right: options.right, fields })
      return (await once(ctx, { actor: viewer.actor, key: checkedKey(idempotencyKey), request }, work)).answer
    })
}

/** As `tenantAction`, on the console's host; its few actions are safe to repeat, so it knows no keys. */
export function consoleAction<Schema extends z.ZodType, Data>(
  options: Readonly<{ right: Right; input: Schema }>,
  run: (call: Readonly<{ member: ConsoleMemberView; viewer: ConsoleViewer; input: z.output<Schema> }>) => Promise<Data>,
): Action<Data> {
  return (_previous, form) =>
    answered('console_action_failed', async () => {
      await requireHostKind('console')
      await requireOwnOrigin('console')
      const member = await findConsoleMember()
      if (member === null) throw signInRequired()
      const viewer = consoleViewerOf(member)
      if (!viewer.rights.has(options.right)) throw notFound(`right ${options.right} missing`)
      await takePermit('action', `console:${member.id}:${options.right}`)
      return run({ member, viewer, input: parseInput(options.input, fieldsOf(form)) })
    })
}

/**
 * Refuses a call that a page of another origin, or no page at all, has made. Subdomains are the same site to a browser, so
 * the cookie comes along from a sibling school's page; Next itself lets a missing Origin pass.
 */
export async function requireOwnOrigin(subdomain: string): Promise<void> {
  const origin = (await headers()).get('origin')
  if (origin === originOf(subdomain)) return
  throw new ProblemError(
    'forbidden',
    'This request did not come from a page of your school. Open the page again and repeat it.',
    {
      internal: origin === null ? 'origin missing' : 'origin foreign',
    },
  )
}

/** Runs `work` and says how it ended. For actions that have no member yet (signing in) as well. */
export async function answered<Data>(event: string, work: () => Promise<Data>): Promise<ActionResult<Data>> {
  try {
    return { ok: true, data: await work() }
  } catch (error) {
    unstable_rethrow(error)
    return await failureOf(error, event)
  }
}

/** Parses with zod; a failure names each field once, in the words of the schema. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, fields: unknown): z.output<Schema> {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return parsed.data
  const messages = parsed.error.issues.map((issue) => [issue.path.join('.') || 'form', issue.message] as const)
  // The first message of a field is the one to mend first.
  const byField = Object.fromEntries(messages.toReversed())
  throw new ProblemError(
    'invalid_input',
    'Something in the form is missing or wrong. Mend the marked fields and send it again.',
    {
      fields: byField,
    },
  )
}

async function failureOf(error: unknown, event: string): Promise<ActionFailure> {
  if (error instanceof ProblemError) return { ok: false, code: error.code, message: error.message, fields: error.fields }
  return { ok: false, code: 'internal', message: reportSurprise(event, error, await requestFields()).message, fields: {} }
}

function signInRequired(): ProblemError {
  return new ProblemError('sign_in_required', 'Your session has ended. Sign in again; what you typed is still here.')
}

/** A form's fields as an object: one value as it is, several as an array, Next's own `$ACTION` fields left out. */
function fieldsOf(form: FormData | Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!(form instanceof FormData)) return form
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith('$'))
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
}

function checkedKey(key: string): string {
  if (/^[\x21-\x7e]{8,200}$/.test(key)) return key
  throw new ProblemError('invalid_input', 'The page sent an unusable key. Load the page again and repeat it.')
}
