import { describe, expect, it } from 'vitest'
import { problem } from '@/lib/imports/problems'
import { nextStep, stepOf, stepsOf } from '@/lib/imports/wizard-steps'

const said = (code: string, severity: 'block' | 'reject' | 'warn' = 'warn') => problem({ code, severity, message: '', fix: '' })
const words = (problems: ReturnType<typeof said>[]) =>
  stepsOf(problems).map(({ step, state, count }) => `${step} ${state} ${count}`)

describe('the steps', () => {
  it('are all done when nothing is open, and count what they mention', () => {
    expect(
      words([said('encoding_doubt'), said('not_a_number', 'reject'), said('too_big', 'reject'), said('older_value')]),
    ).toEqual(['shape done 1', 'map done 0', 'fix done 2', 'review done 1'])
    expect(nextStep([said('not_a_number', 'reject')])).toBe('review')
  })

  it('begin with the first open question; what follows comes later and says how much waits there', () => {
    const problems = [
      said('negative_score', 'block'),
      said('same_title', 'block'),
      said('negative_score', 'block'),
      said('points_assumed'),
    ]
    expect(words(problems)).toEqual(['shape done 0', 'map open 1', 'fix later 2', 'review later 0'])
    expect(nextStep(problems)).toBe('map')
  })

  it.each([
    ['ask_numbers', 'shape'],
    ['ask_identity', 'map'],
    ['graded_since_export', 'review'],
    ['more_not_a_number', 'fix'],
    ['more_older_value', 'review'],
    ['something_new', 'fix'],
  ])('%s belongs to %s', (code, step) => {
    expect(stepOf({ code })).toBe(step)
  })
})
