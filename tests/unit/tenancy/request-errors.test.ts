import { expect, it, vi } from 'vitest'
import { ProblemError, readDigest } from '@/lib/errors'
import { log } from '@/lib/log'
import { metrics } from '@/lib/metrics'
import { reportRequestError } from '@/lib/request-errors'

const thrown = {
  method: 'GET',
  route: '/t/[tenant]/students/[studentId]',
  kind: 'render',
  headers: { 'x-gi-context': 'northside|northside.localhost:3000|school|2000000000|request-1|signature', cookie: 'secret' },
}

it('a surprise is an error under the reference that the page shows', async () => {
  const error = vi.spyOn(log, 'error').mockImplementation(() => {})
  const surprise = Object.assign(new Error('boom'), { digest: '1234567' })
  reportRequestError(surprise, thrown)
  expect(error).toHaveBeenCalledWith(
    'request_failed',
    { method: 'GET', route: thrown.route, kind: 'render', slug: 'northside', request: 'request-1', reference: '1234567' },
    surprise,
  )
  expect((await metrics.errors.get()).values).toEqual([expect.objectContaining({ labels: { kind: 'render' }, value: 1 })])
})

it('what a person can mend is a warning with its code, also without a context', () => {
  const warn = vi.spyOn(log, 'warn').mockImplementation(() => {})
  const problem = new ProblemError('unavailable', 'Try again.')
  reportRequestError(problem, { ...thrown, headers: {} })
  expect(warn).toHaveBeenCalledWith(
    'request_refused',
    { method: 'GET', route: thrown.route, kind: 'render', code: 'unavailable', reference: readDigest(problem)?.reference },
    problem,
  )
})
