import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RequestContext, signContext, verifyContext } from '@/lib/tenancy/context'

const secret = 'a secret of the test that is long enough'
const context: RequestContext = {
  kind: 'school',
  slug: 'northside',
  host: 'northside.localhost:3000',
  requestId: '0190a1b2-0000-7000-8000-000000000001',
  expiresAt: 2_000_000_000,
}
const now = 1_999_999_990

describe('a signed request context', () => {
  it('comes back as it was signed', async () => {
    expect(await verifyContext(await signContext(context, secret), secret, now)).toEqual(context)
    const console = { ...context, kind: 'console', slug: '', host: 'console.localhost:3000' } as const
    expect(await verifyContext(await signContext(console, secret), secret, now)).toEqual(console)
  })

  it('is nothing after its time', async () => {
    const value = await signContext(context, secret)
    expect(await verifyContext(value, secret, context.expiresAt - 1)).not.toBeNull()
    expect(await verifyContext(value, secret, context.expiresAt)).toBeNull()
  })

  it('is nothing under another secret', async () => {
    const value = await signContext(context, secret)
    expect(await verifyContext(value, `${secret}.`, now)).toBeNull()
    expect(await verifyContext(value, secret, now)).not.toBeNull()
  })

  it('is nothing when one character differs', async () => {
    const value = await signContext(context, secret)
    await fc.assert(
      fc.asyncProperty(fc.nat(value.length - 1), fc.string({ minLength: 1, maxLength: 1 }), async (at, character) => {
        fc.pre(value[at] !== character)
        expect(await verifyContext(value.slice(0, at) + character + value.slice(at + 1), secret, now)).toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['absent', null],
    ['empty', ''],
    ['only bars', '|||||'],
    ['without a signature', 'northside|northside.localhost:3000|school|2000000000|r'],
    ['with an empty signature', 'northside|northside.localhost:3000|school|2000000000|r|'],
  ])('is nothing when %s', async (_what, value) => {
    expect(await verifyContext(value, secret, now)).toBeNull()
  })

  it('does not let a slug move into another part', async () => {
    const [slug, host, kind, expiry, requestId, signature] = (await signContext(context, secret)).split('|')
    expect(await verifyContext(`${slug}|${host}|${kind}|${expiry}|${requestId}|${signature}|`, secret, now)).toBeNull()
    expect(await verifyContext(`|${slug}${host}|${kind}|${expiry}|${requestId}|${signature}`, secret, now)).toBeNull()
  })

  it('names a school exactly where the host is one', async () => {
    expect(await verifyContext(await signContext({ ...context, slug: '' }, secret), secret, now)).toBeNull()
    expect(await verifyContext(await signContext({ ...context, kind: 'apex' }, secret), secret, now)).toBeNull()
  })

  it('is not made with a short secret', async () => {
    await expect(signContext(context, 'short')).rejects.toThrow(/32 characters/)
  })
})
