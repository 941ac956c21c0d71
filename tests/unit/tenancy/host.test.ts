import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalHost, classifyHost, isSchoolSlug, reservedSlugs } from '@/lib/tenancy/host'

const root = 'localhost:3000'
const label63 = 'a'.repeat(63)

describe('a Host header means one site', () => {
  it.each([
    ['northside.localhost:3000', { kind: 'school', slug: 'northside' }],
    ['NorthSide.LocalHost:3000', { kind: 'school', slug: 'northside' }],
    ['northside.localhost.:3000', { kind: 'school', slug: 'northside' }],
    ['ps-118.localhost:3000', { kind: 'school', slug: 'ps-118' }],
    ['7.localhost:3000', { kind: 'school', slug: '7' }],
    [`${label63}.localhost:3000`, { kind: 'school', slug: label63 }],
    ['localhost:3000', { kind: 'apex' }],
    ['LOCALHOST:3000', { kind: 'apex' }],
    ['www.localhost:3000', { kind: 'apex' }],
    ['console.localhost:3000', { kind: 'console' }],
    ['Console.localhost:3000', { kind: 'console' }],
    ['api.localhost:3000', { kind: 'api' }],
  ])('%s', (host, site) => {
    expect(classifyHost(host, root)).toEqual(site)
  })

  it.each([
    ['nothing', null],
    ['an empty header', ''],
    ['another domain', 'northside.example.com:3000'],
    ['our domain as a prefix', 'northside.localhost:3000.example.com'],
    ['our domain without its dot', 'northsidelocalhost:3000'],
    ['another port', 'northside.localhost:3001'],
    ['no port where the apex has one', 'northside.localhost'],
    ['a nested label', 'a.northside.localhost:3000'],
    ['www of a school', 'www.northside.localhost:3000'],
    ['an empty label', '.localhost:3000'],
    ['two trailing dots', 'northside.localhost..:3000'],
    ['a dot after the port', 'northside.localhost:3000.'],
    ['user info', 'northside@localhost:3000'],
    ['user info with a school', 'riverside.localhost:3000@northside.localhost:3000'],
    ['two hosts', 'northside.localhost:3000,riverside.localhost:3000'],
    ['two hosts with a blank', 'northside.localhost:3000, riverside.localhost:3000'],
    ['a leading blank', ' northside.localhost:3000'],
    ['a path', 'northside.localhost:3000/t/riverside'],
    ['an encoded dot', 'northside%2elocalhost:3000'],
    ['an underscore', 'north_side.localhost:3000'],
    ['_dmarc', '_dmarc.localhost:3000'],
    ['another alphabet', 'nоrthside.localhost:3000'],
    ['punycode', 'xn--nrthside-3ih.localhost:3000'],
    ['any tagged label', 'zz--north.localhost:3000'],
    ['a leading hyphen', '-northside.localhost:3000'],
    ['a trailing hyphen', 'northside-.localhost:3000'],
    ['a label of 64', `${label63}a.localhost:3000`],
    ['a bar', 'north|side.localhost:3000'],
    ['a NUL', 'north\0side.localhost:3000'],
    ['a line end', 'northside.localhost:3000\n'],
    ['an IPv4 literal', '127.0.0.1:3000'],
    ['an IPv6 literal', '[::1]:3000'],
    ['a port of letters', 'northside.localhost:http'],
    ['an empty port', 'northside.localhost:'],
    ['a reserved name', 'admin.localhost:3000'],
    ['auth', 'auth.localhost:3000'],
    ['mail', 'MAIL.localhost:3000'],
  ])('%s is unknown', (_what, host) => {
    expect(classifyHost(host, root)).toEqual({ kind: 'unknown' })
  })

  it('leaves the default port out', () => {
    expect(classifyHost('northside.gradeinsight.com', 'gradeinsight.com')).toEqual({ kind: 'school', slug: 'northside' })
    expect(classifyHost('northside.gradeinsight.com:443', 'gradeinsight.com')).toEqual({ kind: 'school', slug: 'northside' })
    expect(classifyHost('northside.gradeinsight.com:8443', 'gradeinsight.com')).toEqual({ kind: 'unknown' })
    expect(canonicalHost('Northside.GradeInsight.com.:80')).toBe('northside.gradeinsight.com')
  })

  it('never finds a slug that a school could not have, whatever is sent', () => {
    const characters = fc.constantFrom(...'abz019-._:@,%/\\[]| \t\u0000оÄ'.split(''))
    const sent = fc.string({ unit: characters, maxLength: 80 })
    fc.assert(
      fc.property(sent, fc.boolean(), (text, isBelow) => {
        const site = classifyHost(isBelow ? `${text}.${root}` : text, root)
        if (site.kind === 'school') expect(site.slug).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a slug', () => {
  it('is refused when it is reserved', () => {
    for (const slug of reservedSlugs) expect(isSchoolSlug(slug), slug).toBe(false)
  })

  it.each(['', 'Northside', 'north.side', 'north side', '-n', 'n-', 'a'.repeat(64), 'xn--a', 'ab--c'])('cannot be %j', (slug) => {
    expect(isSchoolSlug(slug)).toBe(false)
  })

  it.each(['northside', 'a', '1', 'ps-118-bronx', 'a'.repeat(63), 'a--b'])('may be %j', (slug) => {
    expect(isSchoolSlug(slug)).toBe(true)
  })
})
