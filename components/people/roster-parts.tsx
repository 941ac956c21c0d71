import { RosterProblems } from '@/components/people/roster-problems'
import { sourceWords, wholeText } from '@/components/people/roster-words'
import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { countOf, type Format } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import type { RosterReview, RosterSummary } from '@/lib/rosters/views'

/** Which file, of what kind, by whom and when. */
export function RosterFacts({ summary, format }: Readonly<{ summary: RosterSummary; format: Format }>) {
  return (
    <>
      <bdi>{summary.fileName}</bdi> ({sourceWords[summary.source]}), uploaded by <bdi>{summary.actorName}</bdi> on{' '}
      <Instant at={summary.createdAt} format={format} />
    </>
  )
}

/** Teachers of the file who have no account: named with what to do, because nobody makes accounts of staff out of a file. */
export function UnknownTeachers({ review, format }: Readonly<{ review: RosterReview; format: Format }>) {
  const teachers = review.unknownTeachers
  if (teachers.length === 0) return null
  return (
    <Section
      id="unknown-teachers"
      title={countOf(teachers.length, 'teacher without an account here', 'teachers without an account here', format)}
    >
      <p className="max-w-prose text-ink-soft">A file never makes accounts of teachers. Their classes come in without them.</p>
      <DataTable
        caption="Teachers of the file without an account"
        items={teachers}
        keyOf={({ who, email }) => `${who} ${email}`}
        columns={[
          { heading: 'Teacher', cell: ({ who }) => <bdi>{who}</bdi> },
          { heading: 'E-mail', cell: ({ email }) => email ?? 'not in the file' },
          { heading: 'Classes', cell: ({ classNames }) => <bdi>{classNames.join('; ')}</bdi> },
          { heading: 'What to do', cell: ({ reason }) => reason },
        ]}
      />
    </Section>
  )
}

/** What could not be taken, and what was left out on purpose. */
export function RosterLeftOut({ review, format }: Readonly<{ review: RosterReview; format: Format }>) {
  const { problems, whole } = review
  const ignored = review.ignored.filter(({ isPrivate }) => !isPrivate)
  const hidden = review.ignored.filter(({ isPrivate }) => isPrivate)
  return (
    <>
      {problems.length > 0 && (
        <Section id="problems" title={countOf(problems.length, 'row needs a look', 'rows need a look', format)}>
          <RosterProblems problems={problems} format={format} />
        </Section>
      )}
      <Section id="ignored" title="How the file was read">
        <p className="max-w-prose">{wholeText(whole)}</p>
        {hidden.length > 0 && (
          <p className="max-w-prose">
            Personal columns whose values were not read:{' '}
            <bdi>{hidden.map(({ file, where }) => `${where} (${file})`).join(', ')}</bdi>
          </p>
        )}
        {ignored.length > 0 && (
          <details className="rounded-lg border border-line bg-surface p-4">
            <summary className="cursor-pointer font-medium">
              {countOf(ignored.length, 'column or file was not needed', 'columns or files were not needed', format)}
            </summary>
            <ul className="mt-2 grid gap-1 text-sm">
              {ignored.map(({ file, where, reason }) => (
                <li key={`${file} ${where}`}>
                  <bdi className="font-medium">
                    {file}, {where}
                  </bdi>
                  : {reason}
                </li>
              ))}
            </ul>
          </details>
        )}
      </Section>
    </>
  )
}
