import Link from 'next/link'
import type { ReactNode } from 'react'
import { type BandLimits, bandOf, bandWords } from '@/components/gradebook/bands'
import { statusWord, wordsOfGrade } from '@/components/gradebook/cell-words'
import { Trend } from '@/components/students/trend'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { countOf, type Format, formatDay, formatNumber, formatPercent } from '@/components/ui/format'
import type { StudentClassView, StudentItem, StudentView, TotalView } from '@/lib/gradebook/views'

/** A student's record for one term: what is missing and where to begin, then each class. `linksClasses`: for staff. */
export function StudentRecord({
  student,
  linksClasses,
  format,
}: Readonly<{ student: StudentView; linksClasses: boolean; format: Format }>) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <MissingFirst student={student} format={format} />
      {student.classes.map((taken) => (
        <ClassPart
          key={taken.classId}
          taken={taken}
          heading={
            linksClasses ? (
              <Link href={`/classes/${taken.classId}?term=${student.term.id}`} prefetch={false} className="text-ink">
                <bdi>{taken.className}</bdi>
              </Link>
            ) : (
              <bdi>{taken.className}</bdi>
            )
          }
          colours={student.colours}
          format={format}
        />
      ))}
    </div>
  )
}

const namedAtOnce = 4

/** The first screen on a phone: what is missing, oldest first, and which one to do first. */
export function MissingFirst({
  student,
  headingLevel: Heading = 'h2',
  format,
}: Readonly<{ student: StudentView; headingLevel?: 'h2' | 'h3'; format: Format }>) {
  const missing = student.classes
    .flatMap(({ className, items }) => items.filter(({ status }) => status === 'missing').map((item) => ({ className, item })))
    .sort((a, b) => (a.item.dueOn ?? '9999').localeCompare(b.item.dueOn ?? '9999'))
  const [first] = missing
  const headingId = `missing-${student.id}`
  if (first === undefined) {
    return (
      <section aria-labelledby={headingId} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
        <Heading id={headingId} className="text-lg">
          Nothing is missing
        </Heading>
        <p className="text-ink-soft">No work is marked as missing in {student.term.name}.</p>
      </section>
    )
  }
  return (
    <section
      aria-labelledby={headingId}
      className="grid gap-3 rounded-lg border border-s-4 border-line border-s-bad bg-surface p-4 sm:p-5"
    >
      <div>
        <Heading id={headingId} className="text-lg">
          {countOf(missing.length, 'piece of work is missing', 'pieces of work are missing', format)}
        </Heading>
        <p>
          Start with{' '}
          <strong>
            <bdi>{first.item.title}</bdi>
          </strong>
          {missing.length > 1 && ': it has waited longest'}. Ask the teacher of <bdi>{first.className}</bdi> if it can still be
          handed in.
        </p>
      </div>
      <ul className="divide-y divide-line">
        {missing.slice(0, namedAtOnce).map(({ className, item }) => (
          <li key={item.assignmentId} className="flex flex-wrap justify-between gap-x-4 py-1.5">
            <span className="font-medium">
              <bdi>{item.title}</bdi>
            </span>
            <span className="text-sm text-ink-soft">
              <bdi>{className}</bdi>
              {item.dueOn !== null && ` · due ${formatDay(item.dueOn, format)}`} · {formatNumber(item.maxPoints, format)} points
            </span>
          </li>
        ))}
      </ul>
      {missing.length > namedAtOnce && (
        <p className="text-sm text-ink-soft">
          And {formatNumber(missing.length - namedAtOnce, format)} more, listed with their classes below.
        </p>
      )}
    </section>
  )
}

function ClassPart({
  taken,
  heading,
  colours,
  format,
}: Readonly<{ taken: StudentClassView; heading: ReactNode; colours: BandLimits; format: Format }>) {
  const headingId = `class-${taken.classId}`
  return (
    <section aria-labelledby={headingId}>
      <Card className="grid gap-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h2 id={headingId} className="text-lg">
            {heading}
          </h2>
          <p className="text-sm text-ink-soft">
            <bdi>{taken.teachers.join(', ')}</bdi>
          </p>
        </div>
        <div className="grid gap-4 sm:grid-cols-[auto_auto_minmax(0,1fr)] sm:gap-8">
          <Total
            label="Current grade"
            meaning={`from ${countOf(taken.totals.current.countedItems, 'graded piece of work', 'graded pieces of work', format)}`}
            total={taken.totals.current}
            colours={colours}
            format={format}
          />
          <Total
            label="Grade if missing work counts as zero"
            meaning={
              taken.missingCount === 0 ? 'nothing is missing' : `with ${formatNumber(taken.missingCount, format)} missing as zero`
            }
            total={taken.totals.ifMissingIsZero}
            colours={colours}
            format={format}
          />
          <Trend
            label={`Current grade in ${taken.className}`}
            points={taken.trend}
            amberPercent={colours.amberPercent}
            format={format}
          />
        </div>
        {taken.items.length === 0 ? (
          <p className="text-ink-soft">No assignments in this term yet.</p>
        ) : (
          <ItemTable label={`Work in ${taken.className}`} items={taken.items} colours={colours} format={format} />
        )}
      </Card>
    </section>
  )
}

function Total({
  label,
  meaning,
  total,
  colours,
  format,
}: Readonly<{ label: string; meaning: string; total: TotalView; colours: BandLimits; format: Format }>) {
  const band = bandOf(total.percent === null ? null : Number(total.percent), colours)
  return (
    <dl className="max-w-52">
      <dt className="text-sm text-ink-soft">{label}</dt>
      <dd className="figures">
        {total.percent === null ? (
          <span className="text-2xl font-semibold text-ink-soft">–</span>
        ) : (
          <>
            <span className="text-2xl font-semibold">{formatPercent(total.percent, format)}</span>
            {total.letter !== null && (
              <span className="ms-2 text-xl">
                <bdi>{total.letter}</bdi>
              </span>
            )}
          </>
        )}
        {band !== null && (
          <span className={`band-${band} ms-2 rounded px-1.5 py-0.5 align-[0.2em] text-[0.8125rem]`}>{bandWords[band]}</span>
        )}
        <span className="block text-sm text-ink-soft">{total.percent === null ? 'nothing graded yet' : meaning}</span>
      </dd>
    </dl>
  )
}

function ItemTable({
  label,
  items,
  colours,
  format,
}: Readonly<{ label: string; items: readonly StudentItem[]; colours: BandLimits; format: Format }>) {
  return (
    <table className="figures w-full border-collapse">
      <caption className="sr-only">{label}</caption>
      <thead>
        <tr className="border-b border-line text-sm text-ink-soft">
          <th scope="col" className="py-1.5 pe-3 text-start font-medium">
            Work
          </th>
          <th scope="col" className="hidden py-1.5 pe-3 text-start font-medium sm:table-cell">
            Due
          </th>
          <th scope="col" className="py-1.5 text-end font-medium">
            Grade
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.assignmentId} className="border-b border-line last:border-b-0">
            <th scope="row" className="py-2 pe-3 text-start font-normal">
              <bdi>{item.title}</bdi>
              {item.category !== null && <span className="ms-2 text-sm text-ink-soft">{item.category}</span>}
              {item.dueOn !== null && (
                <span className="block text-sm text-ink-soft sm:hidden">due {formatDay(item.dueOn, format)}</span>
              )}
            </th>
            <td className="hidden whitespace-nowrap py-2 pe-3 text-ink-soft sm:table-cell">
              {item.dueOn === null ? 'no date' : formatDay(item.dueOn, format)}
            </td>
            <td className="py-2 text-end">
              <ItemGrade item={item} colours={colours} format={format} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ItemGrade({ item, colours, format }: Readonly<{ item: StudentItem; colours: BandLimits; format: Format }>) {
  if (item.status === 'missing') return <Badge tone="bad">Missing</Badge>
  const grade = item.status === null ? null : { score: item.score, status: item.status }
  const { text, band, words } = wordsOfGrade(grade, item.maxPoints, colours, format)
  if (grade === null) return <span className="text-sm text-ink-soft">not graded</span>
  if (item.score === null) return <Badge>{text}</Badge>
  return (
    <>
      <span aria-hidden="true" className={`${band === null ? '' : `band-${band}`} rounded px-1.5 py-0.5`}>
        {formatNumber(item.score, format)} / {formatNumber(item.maxPoints, format)}
        {item.status !== null && item.status !== 'graded' && ` ${statusWord(item.status).toLowerCase()}`}
      </span>
      <span className="sr-only">{words}</span>
    </>
  )
}
