import { MapColumnCard } from '@/components/imports/map-column'
import { OpenQuestions } from '@/components/imports/open-questions'
import { ProblemList } from '@/components/imports/problem-list'
import { SlicePages } from '@/components/imports/slice-pages'
import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { Alert } from '@/components/ui/alert'
import { Section } from '@/components/ui/card'
import { countOf, type Format } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import type { FixGroup, MapColumn, MapView } from '@/lib/imports/wizard-views'

/** Columns of one page; what is said on one page is kept when another is opened. */
export const columnsPerPage = 50

/** The step Map: what every column is, and where its scores go. */
export function MapStep({
  map,
  questions,
  path,
  from,
  mapping,
  ...common
}: Readonly<{
  map: MapView
  /** Problems that are settled here. */
  questions: readonly FixGroup[]
  /** This step's address, to which a page of the columns is added. */
  path: string
  from: number
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  /** Remember these columns for the next file of this kind, or forget what was remembered. */
  mapping: Readonly<{ save: WizardAction; forget: WizardAction }>
  isReadOnly: boolean
  format: Format
}>) {
  const { action, hidden, isReadOnly, format } = common
  const { columns, isFromSaved } = map
  const problems = map.problems.filter(({ severity }) => severity !== 'block')
  const shown = columns.slice(from, from + columnsPerPage)
  return (
    <>
      <OpenQuestions groups={questions} {...common} />
      <p className="max-w-prose">{summaryOf(columns, format)} Open a column to change what it is.</p>
      {isFromSaved && <SavedMapping forget={mapping.forget} hidden={hidden} isReadOnly={isReadOnly} />}
      <PrivateColumns columns={columns} format={format} />
      {problems.length > 0 && (
        <Section id="map-problems" title="Check these columns">
          <ProblemList problems={problems} format={format} />
        </Section>
      )}
      <WizardForm action={action} hidden={hidden} label="What each column is">
        <fieldset disabled={isReadOnly} className="grid min-w-0 gap-3">
          <legend className="sr-only">Columns of the file</legend>
          <ol className="grid gap-2">
            {shown.map((column) => (
              <MapColumnCard key={column.at} column={column} map={map} format={format} />
            ))}
          </ol>
          <Known id="map-categories" values={map.categories} />
          <Known id="map-tags" values={map.tags} />
          <div>
            <SubmitButton pendingText="Reading the file again…">Use these columns</SubmitButton>
          </div>
        </fieldset>
      </WizardForm>
      <SlicePages
        label="Columns"
        addressOf={(place) => `${path}&from=${place}`}
        from={from}
        shown={shown.length}
        count={columns.length}
        pageSize={columnsPerPage}
        format={format}
      />
      {!isFromSaved && !isReadOnly && (
        <WizardForm action={mapping.save} hidden={hidden} label="Remember these columns" className="grid gap-2">
          <p className="max-w-prose text-sm text-ink-soft">
            Do you get files like this often? We can read the next one with the same columns. Only you use what you save.
          </p>
          <div>
            <SubmitButton look="quiet" pendingText="Saving…">
              Remember these columns
            </SubmitButton>
          </div>
        </WizardForm>
      )}
    </>
  )
}

function summaryOf(columns: readonly MapColumn[], format: Format): string {
  const assignments = columns.filter(({ role }) => role === 'assignment').length
  const identity = columns.filter(({ role }) => role === 'identity').length
  const ignored = columns.length - assignments - identity
  return [
    `${countOf(assignments, 'column holds', 'columns hold', format)} scores,`,
    `${countOf(identity, 'column says', 'columns say', format)} who the student is,`,
    `${countOf(ignored, 'column is', 'columns are', format)} not used.`,
  ].join(' ')
}

function SavedMapping({
  forget,
  hidden,
  isReadOnly,
}: Readonly<{ forget: WizardAction; hidden: Readonly<Record<string, string>>; isReadOnly: boolean }>) {
  return (
    <Alert tone="info" title="Columns as you saved them">
      <p>A file like this was here before, and you said what its columns are. We used that again.</p>
      {!isReadOnly && (
        <WizardForm action={forget} hidden={hidden} label="Saved columns" className="no-print mt-1 grid gap-1">
          <div>
            <SubmitButton look="quiet" pendingText="Forgetting…">
              Forget what I saved
            </SubmitButton>
          </div>
        </WizardForm>
      )}
    </Alert>
  )
}

function PrivateColumns({ columns, format }: Readonly<{ columns: readonly MapColumn[]; format: Format }>) {
  const dropped = columns.filter(({ isPrivate, role }) => isPrivate && role === 'ignored')
  if (dropped.length === 0) return null
  return (
    <Alert tone="watch" title={`${countOf(dropped.length, 'private column was', 'private columns were', format)} left out`}>
      <p>
        {dropped.map(({ at, name, heading }, index) => (
          <span key={at}>
            {index > 0 && ', '}
            {name} (<bdi>{heading}</bdi>)
          </span>
        ))}
        . The cells were not kept. To use one, open it below and say what it is.
      </p>
    </Alert>
  )
}

function Known({ id, values }: Readonly<{ id: string; values: readonly string[] }>) {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  )
}
