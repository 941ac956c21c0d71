/**
 * The headers every answer carries. Pure and edge-safe. Nothing of a page may come from another host; scripts run only with
 * the nonce of their own response.
 */

/** The Content-Security-Policy of one response. `isDevelopment` adds what `next dev` needs (eval for stack traces, injected styles). */
export function contentSecurityPolicy({
  nonce,
  isHttps,
  isDevelopment,
}: {
  nonce: string
  isHttps: boolean
  isDevelopment: boolean
}): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? ` 'unsafe-eval'` : ''}`,
    isDevelopment ? `style-src 'self' 'unsafe-inline'` : `style-src 'self' 'nonce-${nonce}'`,
    // Style attributes only: the windowed grid's positions are part of the server's markup and cannot carry a nonce.
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `object-src 'none'`,
    `frame-src 'none'`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `frame-ancestors 'none'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    ...(isHttps ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}

/** The other headers of every document and handler. What is a school's is never stored by anything between us and the browser. */
export function fixedHeaders(isHttps: boolean): readonly (readonly [string, string])[] {
  return [
    ['cache-control', 'private, no-store'],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ...(isHttps ? ([['strict-transport-security', 'max-age=63072000; includeSubDomains']] as const) : []),
  ]
}
