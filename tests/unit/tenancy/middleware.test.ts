import { NextRequest } from 'next/server'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { contextHeader, signContext, verifyContext } from '@/lib/tenancy/context'
import { middleware } from '@/middleware'

const secret = 'a context secret of the test, long enough'

beforeEach(() => {
  vi.stubEnv('ROOT_DOMAIN', 'localhost:3000')
  vi.stubEnv('CONTEXT_SECRET', secret)
  vi.stubEnv('PORT', '3000')
  vi.stubEnv('APP_PROTO', 'http')
})

/** What came of a request: where it goes inside the app, and with which headers. */
async function sent(host: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await middleware(new NextRequest(`http://localhost:3000${path}`, { method, headers: { host, ...headers } }))
  const rewritten = response.headers.get('x-middleware-rewrite')
  const kept = (response.headers.get('x-middleware-override-headers') ?? '').split(',')
  return {
    response,
    status: response.status,
    path: rewritten === null ? null : new URL(rewritten).pathname + new URL(rewritten).search,
    header: (name: string) => (kept.includes(name) ? response.headers.get(`x-middleware-request-${name}`) : null),
  }
}

describe('each host leads into its own folder', () => {
  it.each([
    ['northside.localhost:3000', '/', '/t/northside'],
    ['northside.localhost:3000', '/classes/7?term=2', '/t/northside/classes/7?term=2'],
    ['NORTHSIDE.localhost.:3000', '/imports', '/t/northside/imports'],
    ['northside.localhost:3000', '/t/riverside/classes', '/t/northside/t/riverside/classes'],
    ['northside.localhost:3000', '/t/[tenant]/classes', '/t/northside/t/[tenant]/classes'],
    ['northside.localhost:3000', '/%74/riverside', '/t/northside/%74/riverside'],
    ['northside.localhost:3000', '/console', '/t/northside/console'],
    ['northside.localhost:3000', '/api/v1/classes', '/t/northside/api/v1/classes'],
    ['northside.localhost:3000', '/api/auth/session', '/api/auth/session'],
    ['northside.localhost:3000', '/api/authors', '/t/northside/api/authors'],
    ['console.localhost:3000', '/', '/console'],
    ['console.localhost:3000', '/sign-in', '/console/sign-in'],
    ['console.localhost:3000', '/api/auth/csrf', '/api/auth/csrf'],
    ['console.localhost:3000', '/t/northside', '/console/t/northside'],
    ['localhost:3000', '/', '/apex'],
    ['www.localhost:3000', '/', '/apex'],
    ['localhost:3000', '/t/northside', '/apex/t/northside'],
    ['localhost:3000', '/api/auth/session', '/apex/api/auth/session'],
    ['api.localhost:3000', '/api/v1/classes', '/api/v1/classes'],
    ['api.localhost:3000', '/v1/classes', '/api/v1/classes'],
  ])('%s%s', async (host, path, inside) => {
    expect((await sent(host, path)).path).toBe(inside)
  })

  it.each(['/', '/classes', '/t/northside', '/api/auth/session', '/api/v10', '/console'])(
    'the API host has nothing at %s',
    async (path) => {
      const { status, path: inside, response } = await sent('api.localhost:3000', path)
      expect({ status, inside }).toEqual({ status: 404, inside: null })
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    },
  )

  it.each([
    '',
    'example.com',
    'a.northside.localhost:3000',
    'northside.localhost:3001',
    'admin.localhost:3000',
    'north_side.localhost:3000',
  ])('host %j gets a plain 404 that repeats nothing of the request', async (host) => {
    const { status, path, response } = await sent(host, '/secret-path')
    expect({ status, path }).toEqual({ status: 404, path: null })
    const html = await response.text()
    expect(html).toContain('There is no school at this address')
    expect(html).not.toMatch(/secret-path|example/)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('what goes on to the app', () => {
  it('is a context signed for this host, whatever the client sent as one', async () => {
    const forged = await signContext(
      { kind: 'school', slug: 'riverside', host: 'riverside.localhost:3000', requestId: 'r', expiresAt: 4_000_000_000 },
      'another secret that is long enough as well',
    )
    const { header } = await sent('northside.localhost:3000', '/classes', { [contextHeader]: forged })
    expect(await verifyContext(header(contextHeader), secret)).toMatchObject({
      kind: 'school',
      slug: 'northside',
      host: 'northside.localhost:3000',
    })
  })

  it('holds nothing that only we may say', async () => {
    const spoofed = {
      'x-gi-tenant': 'riverside',
      'x-gi-path': '/evil',
      'x-middleware-rewrite': '/t/riverside',
      'x-middleware-subrequest': 'middleware',
      'x-matched-path': '/t/riverside',
      'x-now-route-matches': 'nxtPtenant=riverside',
      'x-invoke-path': '/t/riverside',
      'x-original-url': '/t/riverside',
      'x-action-forwarded': '1',
      'x-nonce': 'evil',
      'x-tenant-id': 'riverside',
      forwarded: 'host=riverside.localhost:3000',
    }
    const { header, path } = await sent('northside.localhost:3000', '/classes', spoofed)
    expect(path).toBe('/t/northside/classes')
    for (const name of Object.keys(spoofed)) expect(String(header(name)), name).not.toMatch(/riverside|evil|^1$/)
    expect(header('x-gi-path')).toBe('/classes')
  })

  it('names the canonical host and our own protocol, for next-auth and the check of Origin', async () => {
    const { header } = await sent('Northside.localhost.:3000', '/', { 'x-forwarded-proto': 'https', 'x-forwarded-port': '1' })
    expect(header('x-forwarded-host')).toBe('northside.localhost:3000')
    expect(header('x-forwarded-proto')).toBe('http')
    expect(header('x-forwarded-port')).toBeNull()
  })

  it('keeps X-Tenant-ID on the API host only', async () => {
    expect((await sent('api.localhost:3000', '/v1/classes', { 'x-tenant-id': 'northside' })).header('x-tenant-id')).toBe(
      'northside',
    )
  })
})

describe('two hosts in one request', () => {
  it.each([
    ['another school', 'northside.localhost:3000', 'riverside.localhost:3000'],
    ['a foreign host', 'northside.localhost:3000', 'example.com'],
    ['a list', 'northside.localhost:3000', 'northside.localhost:3000, riverside.localhost:3000'],
    ['our own address without a context', 'localhost:3000', 'northside.localhost:3000'],
    ['nothing', 'northside.localhost:3000', ''],
  ])('are refused: %s', async (_what, host, forwarded) => {
    const { status, path } = await sent(host, '/classes', { 'x-forwarded-host': forwarded })
    expect({ status, path }).toEqual({ status: 400, path: null })
  })

  it('are one when only the spelling differs', async () => {
    const { path } = await sent('northside.localhost:3000', '/', { 'x-forwarded-host': 'NORTHSIDE.localhost:3000' })
    expect(path).toBe('/t/northside')
  })
})

describe('Next asking itself', () => {
  const northside = { kind: 'school', slug: 'northside', host: 'northside.localhost:3000', requestId: 'r1' } as const
  const context = (seconds = 60, more = {}) =>
    signContext({ ...northside, expiresAt: Math.floor(Date.now() / 1000) + seconds, ...more }, secret)
  const own = { 'x-forwarded-host': 'northside.localhost:3000' }

  it('after redirect() in an action, finds the school it came from and keeps the request id', async () => {
    const { path, header } = await sent('localhost:3000', '/imports/7', { ...own, [contextHeader]: await context() })
    expect(path).toBe('/t/northside/imports/7')
    expect(await verifyContext(header(contextHeader), secret)).toMatchObject({ slug: 'northside', requestId: 'r1' })
  })

  it.each([
    ['/t/[tenant]/imports/new', '/t/northside/imports/new'],
    ['/t/%5Btenant%5D/imports/new', '/t/northside/imports/new'],
    ['/t/[tenant]', '/t/northside'],
  ])('with a forwarded action at %s, has the school put in', async (path, inside) => {
    const headers = { ...own, [contextHeader]: await context(), 'x-action-forwarded': '1', 'next-action': 'a' }
    expect((await sent('localhost:3000', path, headers, 'POST')).path).toBe(inside)
  })

  it.each(['/t/riverside/imports/new', '/console', '/imports/new', '/t/[tenant]x'])(
    'with a forwarded action, gets nothing at %s',
    async (path) => {
      const headers = { ...own, [contextHeader]: await context(), 'x-action-forwarded': '1', 'next-action': 'a' }
      expect((await sent('localhost:3000', path, headers, 'POST')).status).toBe(404)
    },
  )

  it('for the page a forwarded action redirects to, gets the ordinary page', async () => {
    const headers = { ...own, [contextHeader]: await context(), 'x-action-forwarded': '1' }
    expect((await sent('localhost:3000', '/imports/7', headers)).path).toBe('/t/northside/imports/7')
  })

  it('is told that an action of another site is not there, so that nobody takes it for done', async () => {
    const headers = { ...own, [contextHeader]: await context(), 'x-action-forwarded': '1', 'next-action': 'a' }
    const { status, response } = await sent('localhost:3000', '/console', headers, 'POST')
    expect([status, response.headers.get('x-nextjs-action-not-found')]).toEqual([404, '1'])
  })

  it('is not believed with a context of another host, an expired one, or at a public address', async () => {
    const refused = [
      await sent('localhost:3000', '/classes', {
        'x-forwarded-host': 'riverside.localhost:3000',
        [contextHeader]: await context(),
      }),
      await sent('localhost:3000', '/classes', { ...own, [contextHeader]: await context(-1) }),
      await sent('console.localhost:3000', '/classes', { ...own, [contextHeader]: await context() }),
      await sent('localhost:4000', '/classes', { ...own, [contextHeader]: await context() }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400])
  })
})

describe('every answer', () => {
  it('runs scripts with its own nonce only, and is stored nowhere', async () => {
    const [first, second] = [await sent('northside.localhost:3000', '/'), await sent('northside.localhost:3000', '/')]
    const csp = first.response.headers.get('content-security-policy') ?? ''
    expect(csp).toContain(`'nonce-${first.header('x-nonce')}'`)
    expect(first.header('content-security-policy')).toBe(csp)
    expect(first.header('x-nonce')).not.toBe(second.header('x-nonce'))
    expect(csp).toMatch(/default-src 'self'; script-src 'self' 'nonce-[A-Za-z0-9+/=]+' 'strict-dynamic';/)
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).not.toMatch(/script-src[^;]*unsafe|https?:\/\/|\*/)
    expect(first.response.headers.get('cache-control')).toBe('private, no-store')
    expect(first.response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(first.response.headers.get('strict-transport-security')).toBeNull()
  })

  it('asks for https for two years once it came by https', async () => {
    vi.stubEnv('APP_PROTO', 'https')
    const { response, header } = await sent('northside.localhost:3000', '/')
    expect(response.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
    expect(header('x-forwarded-proto')).toBe('https')
  })

  it('never carries the signed context out', async () => {
    const { response } = await sent('northside.localhost:3000', '/')
    expect(response.headers.get(contextHeader)).toBeNull()
  })
})
