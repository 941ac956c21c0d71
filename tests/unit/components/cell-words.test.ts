import { describe, expect, it } from 'vitest'
import { bandOf, percentOf } from '@/components/gradebook/bands'
import { textOfCell, wordsOfCell } from '@/components/gradebook/cell-words'

const limits = { greenPercent: 80, amberPercent: 60 }
const format = { locale: 'en-GB', timeZone: 'Europe/London' }

describe('bandOf', () => {
  it.each([
    [100.5, 'good'],
    [80, 'good'],
    [79.9, 'watch'],
    [60, 'watch'],
    [59.9, 'bad'],
    [0, 'bad'],
    [-5, 'bad'],
    [null, null],
  ])('%s percent is %s', (percent, band) => {
    expect(bandOf(percent, limits)).toBe(band)
  })

  it('follows the limits of the school', () => {
    expect(bandOf(80, { greenPercent: 85, amberPercent: 70 })).toBe('watch')
  })

  it('gives the limit itself to the better band, whatever the maximum', () => {
    for (const possible of [3, 7, 30, 60, 110]) {
      expect(bandOf(percentOf(String((possible * 8) / 10), String(possible)), limits)).toBe('good')
    }
  })

  it('has no percent of an assignment that is worth nothing', () => {
    expect(percentOf('5', '0')).toBeNull()
    expect(percentOf(null, '10')).toBeNull()
  })
})

describe('wordsOfCell', () => {
  const words = (cell: string) => wordsOfCell(cell, '100', limits, format)

  it('shows an ungraded cell as a dash and never as zero', () => {
    expect(words('')).toEqual({ text: '–', words: 'not graded', band: null, status: null })
    expect(words('0')).toEqual({ text: '0', words: '0 of 100, needs help', band: 'bad', status: null })
  })

  it('says the band in a word beside the colour', () => {
    expect(words('85').words).toBe('85 of 100, on track')
    expect(words('64.5').words).toBe('64.5 of 100, watch')
  })

  it('names each status', () => {
    expect(words('EX')).toMatchObject({ text: 'Excused', band: null, status: 'excused' })
    expect(words('MI')).toMatchObject({ text: 'Missing', words: 'missing', band: null, status: 'missing' })
    expect(words('INC')).toMatchObject({ text: 'Incomplete', status: 'incomplete' })
    expect(words('LATE 85')).toMatchObject({ text: '85 late', words: '85 late of 100, on track', band: 'good', status: 'late' })
  })

  it('writes numbers as the school does', () => {
    expect(textOfCell('8.5', { locale: 'de', timeZone: 'Europe/Berlin' })).toBe('8,5')
  })
})
