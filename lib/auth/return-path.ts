/** A path of our own to go to after signing in, or '/' for anything else: never another origin, never an API. Pure. */
export function returnPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || hasControlCharacter(next)) return '/'
  // Browsers read '\' as '/', and '//host' as another host; the URL parser decides as they do.
  const base = 'http://self.invalid'
  if (!URL.canParse(next, base)) return '/'
  const { origin, pathname, search } = new URL(next, base)
  if (origin !== base || pathname.startsWith('//') || pathname === '/api' || pathname.startsWith('/api/')) return '/'
  return pathname === '/sign-in' ? '/' : pathname + search
}

/** The sign-in page, remembering where the person wanted to go. */
export function signInPath(wanted: string): string {
  const next = returnPath(wanted)
  return next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}
