import { describe, expect, it, vi } from 'vitest'
import { RequestProblem } from '@/lib/api/problem'
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

describe('instanceof ProblemError', () => {
  it('knows a problem that another copy of the module made', async () => {
    vi.resetModules()
    const other = await import('@/lib/errors')
    expect(other.ProblemError).not.toBe(ProblemError)
    expect(new other.ProblemError('unavailable', 'Later.') instanceof ProblemError).toBe(true)
  })

  it('knows nothing else', () => {
    const surprise = Object.assign(new Error('boom'), { digest: '3401237' })
    for (const thrown of [surprise, { digest: new ProblemError('conflict', 'x').digest }, null, 'conflict']) {
      expect(thrown instanceof ProblemError).toBe(false)
    }
  })

  it('does not take every problem for one of a narrower kind', () => {
    expect(new ProblemError('invalid_input', 'x') instanceof RequestProblem).toBe(false)
    expect(new RequestProblem('invalid_input', 'x', []) instanceof RequestProblem).toBe(true)
    expect(new RequestProblem('invalid_input', 'x', []) instanceof ProblemError).toBe(true)
  })
})

it('references differ and are plain to read aloud', () => {
  const references = Array.from({ length: 500 }, newReference)
  expect(new Set(references).size).toBe(500)
  expect(references.filter((text) => !/^[2-9A-HJ-NP-Z]{6}$/.test(text))).toEqual([])
})
