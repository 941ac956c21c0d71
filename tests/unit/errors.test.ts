import { describe, expect, it } from 'vitest'
import { newReference, ProblemError, problemStatus, readDigest } from '@/lib/errors'

describe('what is left of an error in the browser', () => {
  it.each(Object.keys(problemStatus).filter((code) => code in problemStatus))('tells that it was %s', (code) => {
    const problem = new ProblemError(code as keyof typeof problemStatus, 'A sentence about somebody.') // a key of the very table
    // Next sends the digest of what was thrown on the server, and nothing else of it.
    const inBrowser = Object.assign(new Error('An error occurred in the Server Components render.'), { digest: problem.digest })
    expect(readDigest(inBrowser)).toEqual({ code, reference: expect.stringMatching(/^[2-9A-HJ-NP-Z]{6}$/) })
    expect(problem.digest).not.toContain('somebody')
  })

  it('is the bare reference of a surprise', () => {
    expect(readDigest({ digest: '3401237' })).toEqual({ code: null, reference: '3401237' })
    expect(readDigest({ digest: 'problem:made_up:ABCDEF' })).toEqual({ code: null, reference: 'problem:made_up:ABCDEF' })
    expect(readDigest({ digest: 'problem:toString:ABCDEF' })).toEqual({ code: null, reference: 'problem:toString:ABCDEF' })
  })

  it.each([null, undefined, 'unavailable', new Error('boom'), { digest: '' }, { digest: 7 }])('is nothing of %j', (thrown) => {
    expect(readDigest(thrown)).toBeNull()
  })
})

it('references differ and are plain to read aloud', () => {
  const references = Array.from({ length: 500 }, newReference)
  expect(new Set(references).size).toBe(500)
  expect(references.filter((text) => !/^[2-9A-HJ-NP-Z]{6}$/.test(text))).toEqual([])
})
