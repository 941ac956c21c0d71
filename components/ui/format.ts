/**
 * Numbers, dates and counts as a person of this school reads them. Pure; the caller gives locale and time zone, so that server and
 * browser write the same text.
 */

/** How a school writes things: a BCP 47 locale and an IANA time zone. */
export type Format = Readonly<{ locale: string; timeZone: string }>

// Making an Intl formatter costs more than a hundred uses of it, so each one is made once.
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function once<Formatter extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => Formatter): Formatter {
  const found = made.get(key)
  // The key names the kind of formatter, so what was stored under it is of that kind.
  if (found !== undefined) return found as Formatter
  const formatter = make()
  made.set(key, formatter)
  return formatter
}

/** '1,234' from 1234, '8.5' from '8.5': the digits the number has, grouped. */
export function formatNumber(value: number | string, { locale }: Format): string {
  return once(`n ${locale}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })).format(Number(value))
}

/** '87.5%' from '87.5'. */
export function formatPercent(percent: string, { locale }: Format): string {
  const formatter = once(
    `p ${locale}`,
    () => new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  )
  return formatter.format(Number(percent) / 100)
}

/** '3 Nov 2026' from '2026-11-03': a school day, the same in every time zone. */
export function formatDay(day: string, { locale }: Format): string {
  const formatter = once(`d ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }))
  return formatter.format(new Date(`${day}T00:00:00Z`))
}

/** '3 Nov' from '2026-11-03', where the year is clear. */
export function formatShortDay(day: string, { locale }: Format): string {
  const formatter = once(
    `s ${locale}`,
    () => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  )
  return formatter.format(new Date(`${day}T00:00:00Z`))
}

/** '3 Nov 2026, 14:05' in the school's time zone from an ISO 8601 instant. */
export function formatInstant(instant: string, { locale, timeZone }: Format): string {
  const formatter = once(
    `i ${locale} ${timeZone}`,
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
  )
  return formatter.format(new Date(instant))
}

/** '1 student', '30 students': the number with the right form of its noun. */
export function countOf(count: number, one: string, many: string, format: Format): string {
  return `${formatNumber(count, format)} ${count === 1 ? one : many}`
}

const rightToLeftScripts = ['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']

/** The direction in which pages of this locale run; left to right for a locale nobody knows. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  try {
    return rightToLeftScripts.includes(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr'
  } catch {
    return 'ltr'
  }
}
