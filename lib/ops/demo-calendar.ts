/** The demo's terms, laid round the day it is loaded, so that one is running or just over and one is finished. Pure. */
import type { Season } from './demo-classes'

export type DemoTerm = Readonly<{ season: Season; name: string; startsOn: string; endsOn: string; isLocked: boolean }>

/** The term before, locked, and the one that began last. `today` is 'YYYY-MM-DD'. */
export function demoTerms(today: string): readonly [previous: DemoTerm, current: DemoTerm] {
  const year = Number(today.slice(0, 4))
  const all = [year - 2, year - 1, year].flatMap((each) => [spring(each), autumn(each)])
  const begun = all.filter(({ startsOn }) => startsOn <= today)
  const [previous, current] = begun.slice(-2)
  if (previous === undefined || current === undefined) throw new RangeError('no terms before this day')
  return [{ ...previous, isLocked: true }, current]
}

/** School days spread over a term: the nth of `count`, never on a weekend. */
export function dueDay({ startsOn, endsOn }: DemoTerm, index: number, count: number): string {
  const [start, end] = [Date.parse(startsOn), Date.parse(endsOn)]
  const day = new Date(start + ((end - start) * (index + 1)) / (count + 1))
  const weekday = day.getUTCDay()
  return addDays(day.toISOString().slice(0, 10), weekday === 0 ? 1 : weekday === 6 ? -1 : 0)
}

/** 'YYYY-MM-DD' and so many days. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

function spring(year: number): DemoTerm {
  return { season: 'spring', name: `Spring ${year}`, startsOn: `${year}-01-12`, endsOn: `${year}-06-12`, isLocked: false }
}

function autumn(year: number): DemoTerm {
  return { season: 'autumn', name: `Autumn ${year}`, startsOn: `${year}-09-01`, endsOn: `${year}-12-18`, isLocked: false }
}
