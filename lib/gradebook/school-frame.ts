import 'server-only'
import { z } from 'zod'
import { ProblemError } from '@/lib/errors'
import type { LetterScale } from './totals'
import type { TermView } from './views'

/** What every page about grades needs of the school: its terms, its letters and its two colours. */
export type SchoolFrame = Readonly<{
  terms: readonly TermView[]
  letters: LetterScale
  colours: Readonly<{ greenPercent: number; amberPercent: number }>
}>

/** Columns of `SchoolFrameRow` for a query that has `app.schools` as `school`. */
export const schoolFrameColumns = `
  school.letter_scale as "letterScale",
  school.green_percent::float8 as "greenPercent",
  school.amber_percent::float8 as "amberPercent",
  (select coalesce(json_agg(json_build_object(
      'id', term.id, 'name', term.name, 'startsOn', term.starts_on, 'endsOn', term.ends_on, 'isLocked', term.is_locked,
      'hasBegun', term.starts_on <= (now() at time zone school.time_zone)::date
    ) order by term.starts_on, term.name), '[]')
   from app.terms term
   where term.tenant_id = school.tenant_id) as terms`

/**
 * The term to show, as a sub-select on `school`: the one asked for, else the one that began last, else the first to come.
 * The school's own day decides, not the server's.
 */
export function chosenTermId(wanted: string): string {
  return `(
    select term.id
    from app.terms term
    where term.tenant_id = school.tenant_id and (${wanted}::uuid is null or term.id = ${wanted}::uuid)
    order by
      term.starts_on <= (now() at time zone school.time_zone)::date desc,
      abs(term.starts_on - (now() at time zone school.time_zone)::date),
      term.name
    limit 1)`
}

type TermRow = Omit<TermView, 'isCurrent'> & Readonly<{ hasBegun: boolean }>
export type SchoolFrameRow = Readonly<{
  letterScale: unknown
  greenPercent: number
  amberPercent: number
  terms: readonly TermRow[]
}>

const letterScaleSchema = z.array(
  z.object({ letter: z.string(), fromPercent: z.union([z.string(), z.number()]).transform(String) }),
)

/** A school's letters as its settings hold them, highest first. Throws ZodError when the settings are not a scale. */
export function parseLetterScale(settings: unknown): LetterScale {
  return letterScaleSchema.parse(settings).sort((a, b) => Number(b.fromPercent) - Number(a.fromPercent))
}

/** The frame out of its row. The current term is the one that began last, or the first to come when none has begun. */
export function schoolFrame({ letterScale, greenPercent, amberPercent, terms }: SchoolFrameRow): SchoolFrame {
  const [first, ...begun] = terms.filter((term) => term.hasBegun)
  const current = begun.reduce((latest, term) => (latest && term.startsOn <= latest.startsOn ? latest : term), first) ?? terms[0]
  return {
    terms: terms.map(({ hasBegun, ...term }) => ({ ...term, isCurrent: term.id === current?.id })),
    letters: parseLetterScale(letterScale),
    colours: { greenPercent, amberPercent },
  }
}

/** The term of this id; without one the school has no term at all, which an admin can mend. */
export function requireTerm(terms: readonly TermView[], termId: string | null): TermView {
  const term = terms.find(({ id }) => id === termId)
  if (term === undefined)
    throw new ProblemError('conflict', 'This school has no term yet. A school admin adds one before there can be grades.')
  return term
}
