import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameOrigin } from '@/lib/auth/config'
import { returnPath, signInPath } from '@/lib/auth/return-path'

const here = 'https://northside.gradeinsight.com'

describe('where a person lands after signing in', () => {
  test.each([
    ['/classes/1?term=2', '/classes/1?term=2'],
    ['/', '/'],
    ['', '/'],
    [null, '/'],
    [42, '/'],
    ['classes', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/\n/evil.example', '/'],
    ['/./\\evil.example/x', '/'],
    ['/.//evil.example', '/'],
    ['/x/..//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['https:evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/api/auth/signout', '/'],
    ['/x/../api/auth/signout', '/'],
    ['/sign-in?next=/sign-in', '/'],
    ['/classes#grades', '/classes'],
    [`${here}/classes`, '/'],
  ])('%j leads to %s', (next, expected) => {
    expect(returnPath(next)).toBe(expected)
  })

  test('whatever is asked for, the browser stays on the school’s own origin', () => {
    const evil = fc.constantFrom(
      '/',
      '\\',
      '//',
      '@',
      ':',
      'evil.example',
      '.',
      '..',
      '\t',
      '\r',
      '%2f',
      '%5c',
      'https:',
      '?',
      '#',
      ' ',
      'api',
    )
    const paths = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.array(evil, { maxLength: 8 }).map((parts) => `/${parts.join('')}`),
    )
    fc.assert(
      fc.property(paths, (next) => {
        const path = returnPath(next)
        expect(path.startsWith('/')).toBe(true)
        expect(new URL(path, here).origin).toBe(here)
        expect(returnPath(path)).toBe(path)
      }),
      { numRuns: 2000 },
    )
  })

  test('next-auth’s redirects keep to the same origin', () => {
    expect(sameOrigin('/classes', here)).toBe(`${here}/classes`)
    expect(sameOrigin(`${here}/classes?x=1`, here)).toBe(`${here}/classes?x=1`)
    expect(sameOrigin('https://riverside.gradeinsight.com/classes', here)).toBe(`${here}/`)
    expect(sameOrigin(`${here}.evil.example/`, here)).toBe(`${here}/`)
    expect(sameOrigin(`${here}@evil.example/`, here)).toBe(`${here}/`)
  })

  test('the sign-in page remembers the wanted page', () => {
    expect(signInPath('/classes/1?term=2')).toBe('/sign-in?next=%2Fclasses%2F1%3Fterm%3D2')
    expect(signInPath('/')).toBe('/sign-in')
  })
})
