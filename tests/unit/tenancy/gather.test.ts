import { describe, expect, it } from 'vitest'
import { gather } from '@/lib/tenancy/gather'

describe('look-ups that wait together', () => {
  it('share one question, and each gets its own answer', async () => {
    const questions: (readonly string[])[] = []
    const ask = async (keys: readonly string[]) => {
      questions.push(keys)
      return new Map(keys.filter((key) => key !== 'nowhere').map((key) => [key, key.toUpperCase()]))
    }
    const find = gather({ ask, keysMax: 500, waitingMax: 5_000, pauseMs: 0 })
    expect(await Promise.all([find('north'), find('river'), find('north'), find('nowhere')])).toEqual([
      'NORTH',
      'RIVER',
      'NORTH',
      null,
    ])
    expect(questions).toEqual([['north', 'river', 'nowhere']])
  })

  it('stay within a bounded number of questions, however many names are tried', async () => {
    let questions = 0
    let running = 0
    const ask = async (keys: readonly number[]) => {
      questions++
      running++
      expect(running).toBe(1)
      expect(keys.length).toBeLessThanOrEqual(500)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return new Map(keys.map((key) => [key, key]))
    }
    const find = gather({ ask, keysMax: 500, waitingMax: 5_000, pauseMs: 0 })
    const found = await Promise.all(Array.from({ length: 5_000 }, (_, index) => find(index)))
    expect(found).toEqual(Array.from({ length: 5_000 }, (_, index) => index))
    expect(questions).toBe(10)
  })

  it('are refused when too many wait', async () => {
    const find = gather({ ask: async () => new Map<number, number>(), keysMax: 1, waitingMax: 10, pauseMs: 0 })
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => find(index)))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2)
  })

  it('fail together and work again afterwards', async () => {
    let isAway = true
    const ask = async (keys: readonly string[]) => {
      if (isAway) throw new Error('away')
      return new Map(keys.map((key) => [key, key]))
    }
    const find = gather({ ask, keysMax: 500, waitingMax: 5_000, pauseMs: 0 })
    await expect(Promise.all([find('north'), find('river')])).rejects.toThrow('away')
    isAway = false
    expect(await find('north')).toBe('north')
  })
})
