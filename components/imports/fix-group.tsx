import { FileAgain } from '@/components/imports/file-again'
import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { countOf, type Format, formatNumber } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ImportProblem } from '@/lib/imports/views'
import type { FixGroup } from '@/lib/imports/wizard-views'

type Common = Readonly<{ action: WizardAction; hidden: Readonly<Record<string, string>>; isReadOnly: boolean; format: Format }>

const severityWords: Readonly<Record<ImportProblem['severity'], { word: string; tone: 'bad' | 'watch' | 'plain' }>> = {
  block: { word: 'Answer this first', tone: 'bad' },
  reject: { word: 'Left out until mended', tone: 'watch' },
  warn: { word: 'Used, please check', tone: 'plain' },
}

/** Problems that one repair settles: what is wrong, an answer for all of them, and each cell to mend by hand. */
export function FixGroupCard({ group, id, ...common }: Common & Readonly<{ group: FixGroup; id: string }>) {
  const { title, fix, severity, count, cells, problems, bulk } = group
  const { word, tone } = severityWords[severity]
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-3 rounded-lg border border-line bg-surface p-4">
      <div className="grid gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h3 id={id} className="text-base font-semibold">
            <bdi>{title}</bdi>
          </h3>
          <Badge tone={tone}>{word}</Badge>
          <span className="text-sm text-ink-soft">
            <bdi>{countOf(count, 'place', 'places', common.format)}</bdi>
          </span>
        </div>
        <p className="max-w-prose">
          <bdi>{fix}</bdi>
        </p>
      </div>
      {group.code === 'values_not_kept' && <FileAgain id={id} {...common} />}
      {bulk.length > 0 && <BulkAnswers group={group} id={id} {...common} />}
      {cells.length > 0 ? <CellEdits group={group} {...common} /> : <Places problems={problems} format={common.format} />}
    </section>
  )
}

function BulkAnswers({ group, id, action, hidden, isReadOnly, format }: Common & Readonly<{ group: FixGroup; id: string }>) {
  if (isReadOnly) return null
  const { bulk, cells, problems, title } = group
  const isOf = (wanted: 'cells' | 'students') => bulk.some(({ field }) => field === wanted)
  const rows = [...new Set(problems.flatMap(({ row }) => row ?? []))]
  return (
    <WizardForm action={action} hidden={hidden} label={`Answer for all: ${title}`} className="grid gap-2">
      {isOf('cells') &&
        cells.map(({ row, column }) => <input key={`${row}:${column}`} type="hidden" name={`cell.${row}:${column}`} value="" />)}
      {isOf('students') && rows.map((row) => <input key={row} type="hidden" name={`row.${row}`} value="" />)}
      <p id={`${id}-bulk`} className="text-sm font-medium">
        {bulkWords(group, format)}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that repeats the words above */}
      <div role="group" aria-labelledby={`${id}-bulk`} className="flex flex-wrap gap-2">
        {bulk.map(({ field, value, label }) => (
          <Button key={`${field} ${value}`} type="submit" name={bulkName(field)} value={value}>
            {label}
          </Button>
        ))}
      </div>
    </WizardForm>
  )
}

/** What one press settles: a question of the whole file, or as many places as are listed. */
function bulkWords({ bulk, cells, problems, count }: FixGroup, format: Format): string {
  const isOfPlaces = bulk.some(({ field }) => field === 'cells' || field === 'students')
  if (!isOfPlaces || count < 2) return 'Choose an answer:'
  const listed = bulk.some(({ field }) => field === 'cells') ? cells.length : problems.length
  if (listed >= count) return `One answer for all ${formatNumber(count, format)}:`
  return `One answer for the first ${formatNumber(listed, format)} of ${formatNumber(count, format)}:`
}

function bulkName(field: FixGroup['bulk'][number]['field']): string {
  return field === 'cells' || field === 'students' ? `all.${field}` : `set.${field}`
}

function CellEdits({
  group: { cells, count, title, bulk },
  action,
  hidden,
  isReadOnly,
  format,
}: Common & Readonly<{ group: FixGroup }>) {
  const more = count - cells.length
  return (
    <WizardForm action={action} hidden={hidden} label={`Mend by hand: ${title}`} className="grid gap-3">
      <fieldset disabled={isReadOnly} className="grid min-w-0 gap-3">
        <legend className="mb-2 text-sm font-medium">{bulk.length > 0 ? 'Or mend' : 'Mend'} them one by one:</legend>
        <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
          {cells.map((cell) => (
            <CellEdit key={`${cell.row}:${cell.column}`} {...cell} />
          ))}
        </ul>
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton look="quiet" pendingText="Reading the file again…">
            Use what I typed
          </SubmitButton>
          {more > 0 && (
            <p className="text-sm text-ink-soft">
              {countOf(more, 'more place comes', 'more places come', format)} when these are mended.
            </p>
          )}
        </div>
      </fieldset>
    </WizardForm>
  )
}

function CellEdit({ row, column, where, student, value, edited }: FixGroup['cells'][number]) {
  const id = `cell-${row}-${column}`
  return (
    <li className="grid content-start gap-1 rounded-md border border-line p-3">
      <label htmlFor={id} className="grid">
        <span className="font-medium">
          <bdi>{student}</bdi>
        </span>
        <span className="text-sm text-ink-soft">
          <bdi>{where}</bdi>
        </span>
      </label>
      <p id={`${id}-was`} className="text-sm">
        In the file:{' '}
        {value === '' ? (
          <span className="text-ink-soft">empty</span>
        ) : (
          <q>
            <bdi>{value}</bdi>
          </q>
        )}
      </p>
      <input type="hidden" name={`was.cell.${row}:${column}`} value={value} />
      <input
        key={edited ?? value}
        id={id}
        name={`cell.${row}:${column}`}
        defaultValue={edited ?? value}
        maxLength={200}
        dir="auto"
        autoComplete="off"
        aria-describedby={`${id}-was`}
        className="block min-h-10 w-full rounded-md bg-surface px-3 py-2 shadow-[inset_0_0_0_1px_var(--line-strong)]"
      />
    </li>
  )
}

/** Places that are mended in the spreadsheet, or settled by one answer. */
function Places({ problems, format }: Readonly<{ problems: readonly ImportProblem[]; format: Format }>) {
  const [first, ...rest] = problems
  if (first === undefined) return null
  const line = (problem: ImportProblem) => (
    <li key={`${problem.row} ${problem.column} ${problem.message}`}>
      <bdi>{problem.message}</bdi>
    </li>
  )
  const some = problems.slice(0, 5)
  const others = rest.slice(4)
  return (
    <div className="grid gap-1 text-sm">
      <ul className="grid gap-1">{some.map(line)}</ul>
      {others.length > 0 && (
        <details>
          <summary className="min-h-8 text-accent underline">
            {countOf(others.length, 'more place', 'more places', format)}
          </summary>
          <ul className="grid gap-1">{others.map(line)}</ul>
        </details>
      )}
    </div>
  )
}
