import 'server-only'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { env } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import { contextHeader, type RequestContext, verifyContext } from '@/lib/tenancy/context'
import { establishTenant } from '@/lib/tenancy/establish'
import type { HostKind } from '@/lib/tenancy/host'
import { findTenantBySlug } from '@/lib/tenancy/registry'
import type { TenantContext, TenantRecord } from '@/lib/tenancy/tenant'

/**
 * The server's end of the road that middleware began: nothing is believed but the signed context, so a request that went
 * round the middleware is a 404, whatever path, parameter or header it brings.
 */

/** A school as its pages meet it. Only an `open` one has a context; a `suspended` one has a name to show and nothing else. */
export type SchoolDoor =
  | Readonly<{ kind: 'open'; ctx: TenantContext }>
  | Readonly<{ kind: 'suspended'; name: string; locale: string }>

/**
 * The school of this request. The host's slug, the route's parameter (when given) and the registry must name the same school,
 * else the request ends as a 404. Throws `ProblemError('school_suspended')` for a suspended school: the layout asks
 * `knockAtSchool` first and shows its page. Read-only schools pass; the database refuses their writes.
 */
export async function requireTenant(slugParam?: string): Promise<TenantContext> {
  const door = await knockAtSchool(slugParam)
  if (door.kind === 'open') return door.ctx
  throw new ProblemError('school_suspended', `${door.name} is closed for now. Nothing was lost. Ask your school's office.`)
}

/** As `requireTenant`, with a suspended school as an answer instead of an error. For the layout. */
export async function knockAtSchool(slugParam?: string): Promise<SchoolDoor> {
  const context = await requireContext('school')
  if (slugParam !== undefined && slugParam !== context.slug) notFound()
  const record = await findTenantBySlug(context.slug)
  if (record === null || record.slug !== context.slug) notFound()
  return doorOf(record, context.requestId)
}

/** The locale of the school whose host was asked, for the direction of the page; null elsewhere, and when the registry cannot say. */
export async function findSchoolLocale(): Promise<string | null> {
  const context = await signedContext()
  if (context?.kind !== 'school') return null
  // The page asks as well, and says what failed; the document around it must stand in any case.
  return (await findTenantBySlug(context.slug).catch(() => null))?.locale ?? null
}

/** The signed context of this request when it came to a host of this kind; else the request ends as a 404. */
export async function requireHostKind(kind: Exclude<HostKind['kind'], 'unknown'>): Promise<RequestContext> {
  return requireContext(kind)
}

/** The id that joins this request's log lines and audit entries, or null when it did not pass the middleware. */
export async function findRequestId(): Promise<string | null> {
  return (await signedContext())?.requestId ?? null
}

/** What a log line says of where this request goes: its id and, on a school's host, the school. Empty outside the middleware. */
export async function requestFields(): Promise<Readonly<{ request?: string; slug?: string }>> {
  const context = await signedContext()
  if (context === null) return {}
  return { request: context.requestId, ...(context.slug === '' ? {} : { slug: context.slug }) }
}

/** The nonce that inline scripts of this response must carry, or undefined outside the middleware. */
export async function cspNonce(): Promise<string | undefined> {
  return (await headers()).get('x-nonce') ?? undefined
}

async function requireContext(kind: RequestContext['kind']): Promise<RequestContext> {
  const context = await signedContext()
  if (context?.kind !== kind) notFound()
  return context
}

// Verified once a request, however many parts of a page ask.
const signedContext = cache(
  async (): Promise<RequestContext | null> => verifyContext((await headers()).get(contextHeader), env().CONTEXT_SECRET),
)

function doorOf(record: TenantRecord, requestId: string): SchoolDoor {
  if (record.status === 'suspended') return { kind: 'suspended', name: record.name, locale: record.locale }
  // A school that is not made yet, or that has left, is nothing to a visitor.
  if (record.status === 'provisioning' || record.status === 'offboarded') notFound()
  return { kind: 'open', ctx: tenantContext(record, requestId) }
}

// One object a request, so that what is cached by it (a member's session) is found again.
const tenantContext = cache((record: TenantRecord, requestId: string): TenantContext => establishTenant(record, requestId))
