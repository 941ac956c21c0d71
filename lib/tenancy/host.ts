/**
 * Which of our sites a Host header means. Pure and edge-safe: syntax only, no look-up. Whether a school with that slug
 * exists is for the registry; here a name is only allowed or not.
 */

/** A site of the deployment. `unknown` is nothing of ours, or a spelling we do not accept. */
export type HostKind =
  | Readonly<{ kind: 'school'; slug: string }>
  | Readonly<{ kind: 'console' }>
  | Readonly<{ kind: 'api' }>
  | Readonly<{ kind: 'apex' }>
  | Readonly<{ kind: 'unknown' }>

/** Names that no school may have: ours, those with a meaning in DNS or mail, and those a visitor would take for us. */
export const reservedSlugs: ReadonlySet<string> = new Set([
  ...[
    'www',
    'api',
    'console',
    'admin',
    'administrator',
    'root',
    'auth',
    'login',
    'signin',
    'sign-in',
    'sso',
    'oauth',
    'account',
    'accounts',
  ],
  ...['app', 'apps', 'assets', 'static', 'cdn', 'media', 'files', 'img', 'images', 'download', 'downloads', 'public', 'private'],
  ...[
    'mail',
    'email',
    'smtp',
    'imap',
    'pop',
    'pop3',
    'mx',
    'webmail',
    'autoconfig',
    'autodiscover',
    'postmaster',
    'hostmaster',
    'webmaster',
  ],
  ...['dns', 'ns', 'ns1', 'ns2', 'ns3', 'ns4', 'ftp', 'sftp', 'ssh', 'vpn', 'proxy', 'gateway', 'wpad', 'isatap', 'localhost'],
  ...['status', 'health', 'metrics', 'monitor', 'monitoring', 'grafana', 'prometheus', 'logs', 'internal', 'intranet', 'system'],
  ...[
    'support',
    'help',
    'docs',
    'blog',
    'about',
    'legal',
    'privacy',
    'security',
    'abuse',
    'billing',
    'pay',
    'payments',
    'shop',
    'store',
  ],
  ...['dev', 'test', 'testing', 'stage', 'staging', 'preview', 'beta', 'demo', 'sandbox', 'prod', 'production'],
  ...['district', 'districts', 'school', 'schools', 'tenant', 'tenants', 'gradeinsight', 'grade-insight', 'null', 'undefined'],
])

// One DNS label. A hyphen in the third and fourth place is how xn-- and its future relatives look: no IDN, no look-alikes.
const slugPattern = /^(?![a-z0-9-]{2}--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** True for a name a school may have: one lower-case DNS label of at most 63 characters that is not reserved. */
export function isSchoolSlug(slug: string): boolean {
  return slugPattern.test(slug) && !reservedSlugs.has(slug)
}

/**
 * The one spelling of a Host header: lower case, without a trailing dot or the default port. Null when it holds anything
 * that a plain host with an optional port does not (`@`, a comma, a blank, an underscore, another alphabet, an IPv6 literal).
 */
export function canonicalHost(host: string | null | undefined): string | null {
  const match = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(?::(\d{1,5}))?$/.exec((host ?? '').toLowerCase())
  if (!match?.[1] || match[1].length > 253) return null
  const port = match[2]
  return port === undefined || port === '80' || port === '443' ? match[1] : `${match[1]}:${port}`
}

/**
 * The site a Host header means, below `rootDomain` (host and optional port of the apex, as in ROOT_DOMAIN). The port has to
 * be the apex's own, so that an address built from the host cannot be pointed at another server on the same machine.
 */
export function classifyHost(host: string | null | undefined, rootDomain: string): HostKind {
  const canonical = canonicalHost(host)
  const root = canonicalHost(rootDomain)
  if (canonical === null || root === null) return { kind: 'unknown' }
  if (canonical === root || canonical === `www.${root}`) return { kind: 'apex' }
  if (!canonical.endsWith(`.${root}`)) return { kind: 'unknown' }
  const label = canonical.slice(0, -root.length - 1)
  if (label === 'console' || label === 'api') return { kind: label }
  return isSchoolSlug(label) ? { kind: 'school', slug: label } : { kind: 'unknown' }
}
