import { describe, expect, it } from 'vitest'
import { countOf, directionOf, formatDay, formatInstant, formatNumber, formatPercent } from '@/components/ui/format'

const london = { locale: 'en-GB', timeZone: 'Europe/London' }

describe('formats', () => {
  it('write a school day the same in every time zone', () => {
    for (const timeZone of ['Pacific/Auckland', 'America/Los_Angeles', 'UTC']) {
      expect(formatDay('2026-11-03', { locale: 'en-GB', timeZone })).toBe('3 Nov 2026')
    }
  })

  it('write an instant in the time of the school', () => {
    expect(formatInstant('2026-07-01T23:30:00Z', london)).toBe('2 Jul 2026, 00:30')
    expect(formatInstant('2026-07-01T23:30:00Z', { ...london, timeZone: 'America/New_York' })).toBe('1 Jul 2026, 19:30')
  })

  it('write numbers and percents by locale, each locale its own', () => {
    expect(formatPercent('87.5', london)).toBe('87.5%')
    expect(formatPercent('87.5', { ...london, locale: 'de' })).toBe('87,5\u00a0%')
    expect(formatNumber('8.50', london)).toBe('8.5')
    expect(formatNumber(1_234, london)).toBe('1,234')
  })

  it('count with the right form of the noun', () => {
    expect(countOf(1, 'student', 'students', london)).toBe('1 student')
    expect(countOf(0, 'student', 'students', london)).toBe('0 students')
  })
})

it.each([
  ['ar', 'rtl'],
  ['he-IL', 'rtl'],
  ['uz-Arab', 'rtl'],
  ['uz', 'ltr'],
  ['en-US', 'ltr'],
  ['not a locale', 'ltr'],
])('a school of the locale %s reads %s', (locale, direction) => {
  expect(directionOf(locale)).toBe(direction)
})
