import type { ReactNode } from 'react'
import { ActionForm, type FormProblem } from '@/components/imports/action-form'
import { SlicePages } from '@/components/imports/slice-pages'
import { Badge } from '@/components/ui/badge'
import { Section } from '@/components/ui/card'
import { countOf, type Format, formatInstant } from '@/components/ui/format'
import type { ImportSummary, UndoParts } from '@/lib/imports/views'

type FormAction = (state: FormProblem, form: FormData) => Promise<FormProblem>

/** The ways back of an import: the whole, some students, some assignments; and from an undo forward again. */
export type UndoActions = Readonly<{ undo: FormAction; undoPart: FormAction; redo: FormAction }>

/** Boxes of one page. Chosen ones of another page are sent with that page's own button. */
export const partsPerPage = 200

/** What can be undone of an import, and brought back again. Nothing when neither can be. */
export function UndoSection({
  summary,
  parts,
  from,
  path,
  actions,
  idempotencyKey,
  format,
}: Readonly<{
  summary: ImportSummary
  parts: UndoParts
  /** First student shown, from 0. */
  from: number
  path: string
  actions: UndoActions
  idempotencyKey: string
  format: Format
}>) {
  const { id, canUndo, canRedo, undoUntil } = summary
  if (!canUndo && !canRedo) return null
  const until = undoUntil === null ? '' : ` Possible until ${formatInstant(undoUntil, format)}.`
  return (
    <Section id="undo" title={canUndo ? 'Undo' : 'Bring it back'}>
      <div className="no-print grid gap-3">
        <p className="max-w-prose">
          {canUndo
            ? `Puts grades back as they were before. Grades somebody changed since then stay, and are listed.${until}`
            : 'Writes again what the undo took back. Grades somebody changed since then stay, and are listed.'}
        </p>
        <div className="flex flex-wrap items-start gap-3">
          {canUndo && (
            <ActionForm action={actions.undo} hidden={{ importId: id, idempotencyKey }} look="danger" pendingText="Undoing…">
              Undo this import
            </ActionForm>
          )}
          {canRedo && (
            <ActionForm action={actions.redo} hidden={{ importId: id }} look="quiet" pendingText="Bringing back…">
              Bring back what was undone
            </ActionForm>
          )}
        </div>
        {canUndo && <Parts summary={summary} parts={parts} from={from} path={path} action={actions.undoPart} format={format} />}
      </div>
    </Section>
  )
}

type PartsProps = Readonly<{
  summary: ImportSummary
  parts: UndoParts
  from: number
  path: string
  action: FormAction
  format: Format
}>

function Parts({ summary, parts: { students, assignments }, from, path, action, format }: PartsProps) {
  const shown = students.slice(from, from + partsPerPage)
  const common = { importId: summary.id, action, format }
  return (
    <div className="grid items-start gap-3 md:grid-cols-2">
      <PartForm {...common} name="studentIds" noun="students" items={shown} isOpen={from > 0}>
        <SlicePages
          label="Students"
          addressOf={(place) => `${path}?undo=${place}#undo`}
          from={from}
          shown={shown.length}
          count={students.length}
          pageSize={partsPerPage}
          format={format}
        />
      </PartForm>
      <PartForm
        {...common}
        name="assignmentIds"
        noun="assignments"
        items={assignments.map(({ title, ...rest }) => ({ ...rest, name: title }))}
      />
    </div>
  )
}

function PartForm({
  importId,
  action,
  name,
  noun,
  items,
  isOpen = false,
  format,
  children,
}: Readonly<{
  importId: string
  action: FormAction
  name: 'studentIds' | 'assignmentIds'
  noun: string
  items: readonly Readonly<{ id: string; name: string; cells: number; isUndone: boolean }>[]
  isOpen?: boolean
  format: Format
  children?: ReactNode
}>) {
  if (items.length === 0) return null
  return (
    <details open={isOpen || undefined} className="group rounded-lg border border-line bg-surface">
      <summary className="flex min-h-11 items-center gap-2 px-4 py-2 font-medium">
        <span
          aria-hidden="true"
          className="inline-block transition-transform group-open:rotate-90 rtl:not-group-open:-scale-x-100"
        >
          ▸
        </span>
        Undo only for some {noun}
      </summary>
      <div className="grid gap-3 border-t border-line p-4">
        <ActionForm
          action={action}
          hidden={{ importId }}
          look="danger"
          pendingText="Undoing…"
          fields={
            <fieldset className="grid min-w-0 gap-1">
              <legend className="sr-only">Which {noun}</legend>
              {items.map((item) => (
                <PartBox key={item.id} name={name} item={item} format={format} />
              ))}
            </fieldset>
          }
        >
          Undo for the chosen {noun}
        </ActionForm>
        {children}
      </div>
    </details>
  )
}

function PartBox({
  name,
  item: { id, name: title, cells, isUndone },
  format,
}: Readonly<{
  name: string
  item: Readonly<{ id: string; name: string; cells: number; isUndone: boolean }>
  format: Format
}>) {
  return (
    <label className="flex min-h-8 items-baseline gap-2.5">
      <input
        type="checkbox"
        name={name}
        value={id}
        disabled={isUndone}
        className="size-4 flex-none translate-y-0.5 accent-accent"
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <bdi>{title}</bdi> <span className="text-sm text-ink-soft">{countOf(cells, 'grade', 'grades', format)}</span>{' '}
        {isUndone && <Badge>Undone</Badge>}
      </span>
    </label>
  )
}
