import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepConsoleInLog } from '@/lib/console-lines'
import { log } from '@/lib/log'
import { reportRequestError } from '@/lib/request-errors'

// As Next has it: a name of the process, whose methods are looked up at each call.
const terminal = globalThis.console
const before = { error: terminal.error, warn: terminal.warn }
const thrown = {
  method: 'GET',
  route: '/t/[tenant]',
  kind: 'render',
  headers: { 'x-gi-context': 'northside|h|school|9|request-1|s' },
}

beforeEach(() => {
  vi.useFakeTimers()
  keepConsoleInLog(250)
})
afterEach(() => {
  Object.assign(terminal, before)
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('what Next writes to the console in production', () => {
  it('is not written again when the error was reported with its request', () => {
    const error = vi.spyOn(log, 'error').mockImplementation(() => {})
    const boom = new Error('boom')
    terminal.error(boom)
    reportRequestError(boom, thrown)
    vi.advanceTimersByTime(1_000)
    expect(error.mock.calls.map(([event]) => event)).toEqual(['request_failed'])
  })

  it('is a line of the log when nobody reports it', () => {
    const error = vi.spyOn(log, 'error').mockImplementation(() => {})
    const boom = new Error('boom')
    terminal.error('Failed to handle', boom)
    expect(error).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(error).toHaveBeenCalledWith('console', { reason: 'Failed to handle' }, boom)
  })

  it('keeps a warning a warning, and a text a text', () => {
    const warn = vi.spyOn(log, 'warn').mockImplementation(() => {})
    terminal.warn('Deprecated:', 'x')
    expect(warn).toHaveBeenCalledWith('console', { reason: 'Deprecated: x' }, undefined)
  })
})
