/**
 * The signed request context: what middleware found out about a request's host, in one header that only this deployment can
 * write. Pages, actions and handlers believe it and nothing else, so a request that did not pass middleware has no tenant.
 * Edge-safe: WebCrypto only. The header never leaves the server.
 */
import type { HostKind } from '@/lib/tenancy/host'

/** The request header that carries the context. */
export const contextHeader = 'x-gi-context'

/**
 * Long enough for a slow upload: middleware signs when the headers arrive, the action runs after the last byte.
 */
export const contextLifetimeSeconds = 600

/** What a signed context says. `slug` is '' where the host is not a school's. `expiresAt` is in seconds since 1970. */
export type RequestContext = Readonly<{
  kind: Exclude<HostKind['kind'], 'unknown'>
  slug: string
  host: string
  requestId: string
  expiresAt: number
}>

/** The header's value: `slug|host|kind|expiry|requestId|signature`. None of the parts can hold a bar. */
export async function signContext(context: RequestContext, secret: string): Promise<string> {
  const text = [context.slug, context.host, context.kind, context.expiresAt, context.requestId].join('|')
  const signature = await crypto.subtle.sign('HMAC', await keyFor(secret), encoder.encode(text))
  return `${text}|${base64url(signature)}`
}

/** The context of a header's value, or null when it is absent, altered, signed with another secret or expired. `now` is in seconds. */
export async function verifyContext(
  value: string | null | undefined,
  secret: string,
  now: number = Math.floor(Date.now() / 1000),
): Promise<RequestContext | null> {
  const [slug, host, kind, expiry, requestId, signature, ...rest] = (value ?? '').split('|')
  if (slug === undefined || !host || !kind || !expiry || !requestId || !signature || rest.length > 0) return null
  const bytes = fromBase64url(signature)
  if (bytes === null || !/^\d{1,12}$/.test(expiry)) return null
  const text = [slug, host, kind, expiry, requestId].join('|')
  // `verify` compares in constant time.
  const isOurs = await crypto.subtle.verify('HMAC', await keyFor(secret), bytes, encoder.encode(text))
  if (!isOurs || Number(expiry) <= now || !isKind(kind) || (kind === 'school') !== (slug !== '')) return null
  return { kind, slug, host, requestId, expiresAt: Number(expiry) }
}

const encoder = new TextEncoder()
let cachedKey: { secret: string; key: Promise<CryptoKey> } | undefined

function keyFor(secret: string): Promise<CryptoKey> {
  if (secret.length < 32) throw new Error('CONTEXT_SECRET must have at least 32 characters')
  if (cachedKey?.secret !== secret) {
    const key = crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
      'verify',
    ])
    cachedKey = { secret, key }
  }
  return cachedKey.key
}

function isKind(kind: string): kind is RequestContext['kind'] {
  return kind === 'school' || kind === 'console' || kind === 'api' || kind === 'apex'
}

function base64url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  // 43 characters are the 32 bytes of SHA-256; only the canonical spelling of the last one is accepted.
  if (!/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text)) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
