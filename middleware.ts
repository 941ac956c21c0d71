import { type NextRequest, NextResponse } from 'next/server'
import { contextHeader, contextLifetimeSeconds, type RequestContext, signContext, verifyContext } from '@/lib/tenancy/context'
import { canonicalHost, classifyHost, type HostKind } from '@/lib/tenancy/host'
import { plainPage } from '@/lib/tenancy/plain-page'
import { contentSecurityPolicy, fixedHeaders } from '@/lib/tenancy/security-headers'

/**
 * The beginning of every request's road: which site was asked for, by the Host header alone, and from there into that site's
 * own folder of app/. It always rewrites, so a typed /t/riverside is looked up below the host's own school and is nothing. What
 * it found out goes on in a signed header; whether such a school exists is answered further down, because nothing here does I/O.
 * (Next names this file `proxy` now; `proxy` runs on Node, this runs on the edge.)
 */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const nonce = btoa(crypto.randomUUID())
  const road = await findRoad(request.headers)
  if (road === 'refused') return plain(400, 'This request contradicts itself', 'It names two different hosts.', nonce)
  const pathname = internalPath(request.nextUrl.pathname, road)
  if (pathname === null && road.isForwardedAction) return noSuchAction(nonce)
  if (pathname === null) return road.site.kind === 'api' ? nothingForApi(nonce) : noSuchHost(nonce)

  const headers = ownHeaders(request.headers, road)
  headers.set(contextHeader, await signContext(contextOf(road), contextSecret()))
  headers.set('x-gi-path', `${request.nextUrl.pathname}${request.nextUrl.search}`)
  headers.set('x-nonce', nonce)
  // Next reads the nonce for its own scripts from here.
  headers.set('content-security-policy', policy(nonce))

  // A clone of nextUrl: an address built from the Host header would make the rewrite an outgoing request.
  const url = request.nextUrl.clone()
  url.pathname = pathname
  return secured(NextResponse.rewrite(url, { request: { headers } }), nonce, road.requestId)
}

/**
 * Left out are files that are the same for everybody and the probes of the machine itself, which come without a host of ours.
 * Nothing of a school may be added here; tests/unit/static holds the list.
 */
export const config = {
  matcher: [
    '/((?!_next/static/|(?:favicon\\.ico|icon\\.svg|robots\\.txt|gradebook-template\\.csv|api/health/live|api/health/ready|api/metrics)$).*)',
  ],
}

type Road = Readonly<{
  site: HostKind
  /** The canonical host, or '' where the header holds none. */
  host: string
  requestId: string
  /** True when Next asks itself, in the middle of answering a request that passed here before. */
  isSelfFetch: boolean
  /** True when that is a server action on its way to the page that holds its code. */
  isForwardedAction: boolean
}>

/**
 * Where the request is going. A client that names two hosts is refused. Next itself does so rightly: after `redirect()` in a server
 * action, and to forward an action, it asks its own listening address and keeps the real host in X-Forwarded-Host. That is believed
 * only with the context we signed for this very host, which no client ever sees.
 */
async function findRoad(headers: Headers): Promise<Road | 'refused'> {
  const host = canonicalHost(headers.get('host'))
  const forwarded = headers.get('x-forwarded-host')
  // Asked first: where the apex is this server's own address, Next's own requests for it look like a visitor's.
  const before = isOwnAddress(host) ? await verifyContext(headers.get(contextHeader), contextSecret()) : null
  if (before !== null && before.host === canonicalHost(forwarded)) {
    return {
      site: classifyHost(before.host, rootDomain()),
      host: before.host,
      requestId: before.requestId,
      isSelfFetch: true,
      // What such an action redirects to is asked for with the same mark, but is an ordinary page and no action.
      isForwardedAction: headers.get('x-action-forwarded') === '1' && headers.has('next-action'),
    }
  }
  if (forwarded !== null && forwarded !== headers.get('host') && (host === null || canonicalHost(forwarded) !== host))
    return 'refused'
  const site = classifyHost(host, rootDomain())
  return { site, host: host ?? '', requestId: crypto.randomUUID(), isSelfFetch: false, isForwardedAction: false }
}

/** The path inside app/ that answers, or null when the host has nothing there. */
function internalPath(path: string, { site, isForwardedAction }: Road): string | null {
  if (site.kind === 'unknown') return null
  if (site.kind === 'api') return apiPath(path)
  const folder = site.kind === 'school' ? `/t/${site.slug}` : `/${site.kind}`
  if (isForwardedAction) return forwardedPath(path, site, folder)
  if (site.kind !== 'apex' && /^\/api\/auth(\/|$)/.test(path)) return path
  return path === '/' ? folder : `${folder}${path}`
}

function apiPath(path: string): string | null {
  if (/^\/api\/v1(\/|$)/.test(path)) return path
  return /^\/v1(\/|$)/.test(path) ? `/api${path}` : null
}

/** Next forwards an action to the name of its page's folder, with the literal `[tenant]` where the school belongs. */
function forwardedPath(path: string, site: HostKind, folder: string): string | null {
  const decoded = path.replace(/^\/t\/%5Btenant%5D(?=\/|$)/i, '/t/[tenant]')
  const literal = site.kind === 'school' ? '/t/[tenant]' : folder
  return decoded === literal || decoded.startsWith(`${literal}/`) ? `${folder}${decoded.slice(literal.length)}` : null
}

// What a client may not say: our own headers, Next's inner ones, other names for the host, and what middleware writes itself.
const refusedPrefixes = ['x-gi-', 'x-middleware-', 'x-invoke-', 'x-forwarded-', 'x-nextjs-rewritten-']
const refusedHeaders = [
  ...['forwarded', 'x-host', 'x-original-host', 'x-original-url', 'x-rewrite-url', 'x-http-method-override'],
  ...['x-matched-path', 'x-now-route-matches', 'x-nonce', 'content-security-policy', 'content-security-policy-report-only'],
]

/** The request's headers without those, and with the host that next-auth and Next's check of Origin shall see. */
function ownHeaders(sent: Headers, road: Road): Headers {
  const headers = new Headers(sent)
  for (const name of sent.keys()) {
    // The address of the client is the ingress's to write; everything else about forwarding is ours.
    const isRefused = refusedPrefixes.some((prefix) => name.startsWith(prefix)) && name !== 'x-forwarded-for'
    if (isRefused || refusedHeaders.includes(name)) headers.delete(name)
  }
  if (!road.isSelfFetch) headers.delete('x-action-forwarded')
  // A browser's school is its host. Only the API host lets a token choose among its schools.
  if (road.site.kind !== 'api') headers.delete('x-tenant-id')
  headers.set('x-forwarded-host', road.host)
  headers.set('x-forwarded-proto', isHttps() ? 'https' : 'http')
  return headers
}

function contextOf({ site, host, requestId }: Road): RequestContext {
  if (site.kind === 'unknown') throw new Error('an unknown host has no context')
  const expiresAt = Math.floor(Date.now() / 1000) + contextLifetimeSeconds
  return { kind: site.kind, slug: site.kind === 'school' ? site.slug : '', host, requestId, expiresAt }
}

function noSuchHost(nonce: string): NextResponse {
  const text = 'There is no school at this address. Check how it is spelled, or ask your school for its address.'
  return plain(404, 'Nothing lives here', text, nonce)
}

/** Another site's action. By this header Next tells the caller so; without it, it would answer 200 as if the action had run. */
function noSuchAction(nonce: string): NextResponse {
  return secured(new NextResponse(null, { status: 404, headers: { 'x-nextjs-action-not-found': '1' } }), nonce)
}

function nothingForApi(nonce: string): NextResponse {
  const problem = {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'The API lives below /api/v1/.',
  }
  const response = NextResponse.json(problem, { status: 404, headers: { 'content-type': 'application/problem+json' } })
  return secured(response, nonce)
}

function plain(status: number, title: string, text: string, nonce: string): NextResponse {
  const html = plainPage({ title, text, nonce })
  return secured(new NextResponse(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } }), nonce)
}

function secured(response: NextResponse, nonce: string, requestId?: string): NextResponse {
  for (const [name, value] of fixedHeaders(isHttps())) response.headers.set(name, value)
  response.headers.set('content-security-policy', policy(nonce))
  if (requestId !== undefined) response.headers.set('x-request-id', requestId)
  return response
}

function policy(nonce: string): string {
  return contentSecurityPolicy({ nonce, isHttps: isHttps(), isDevelopment: process.env.NODE_ENV === 'development' })
}

/** The addresses at which Next finds itself. The port is the listening one, which ROOT_DOMAIN need not show. */
function isOwnAddress(host: string | null): boolean {
  const port = process.env.PORT ?? '3000'
  return ['localhost', '127.0.0.1', '0.0.0.0'].some((name) => host === canonicalHost(`${name}:${port}`))
}

function rootDomain(): string {
  return process.env.ROOT_DOMAIN ?? 'localhost:3000'
}

function contextSecret(): string {
  return process.env.CONTEXT_SECRET ?? ''
}

function isHttps(): boolean {
  return process.env.APP_PROTO === 'https'
}
