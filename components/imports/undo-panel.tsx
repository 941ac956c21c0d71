'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Alert } from '@/components/ui/alert'
import { countOf, type Format } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import type { UndoReceipt } from '@/lib/imports/views'

/** What came of an undo; null before it was asked for. */
export type UndoState = Readonly<{ kind: 'undone'; receipt: UndoReceipt }> | Readonly<{ kind: 'failed'; message: string }> | null

/** Offers to take an import back, and then says what was restored and what stayed. `until`: how long it can be undone, in words. */
export function UndoPanel({
  action,
  importId,
  idempotencyKey,
  canUndo,
  until,
  format,
}: Readonly<{
  action: (state: UndoState, form: FormData) => Promise<UndoState>
  importId: string
  idempotencyKey: string
  canUndo: boolean
  until: string | null
  format: Format
}>) {
  const [state, submit, isPending] = useActionState(action, null)
  const result = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (state?.kind === 'undone') result.current?.focus()
  }, [state])

  if (state?.kind === 'undone') {
    return (
      <div ref={result} tabIndex={-1} className="outline-none">
        <Undone receipt={state.receipt} format={format} />
      </div>
    )
  }
  return (
    <div className="grid gap-3">
      {state?.kind === 'failed' && (
        <Alert tone="bad" title="The import was not undone" isLive>
          <p>{state.message}</p>
        </Alert>
      )}
      {canUndo && (
        <form action={submit} className="no-print flex flex-wrap items-center gap-x-4 gap-y-2">
          <input type="hidden" name="importId" value={importId} />
          <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
          <SubmitButton look="danger" pendingText="Undoing…" isPending={isPending}>
            Undo this import
          </SubmitButton>
          <p className="text-sm text-ink-soft">
            Puts every grade back as it was before. Grades somebody changed since then stay
            {until === null ? '.' : `. Possible until ${until}.`}
          </p>
        </form>
      )}
    </div>
  )
}

function Undone({ receipt, format }: Readonly<{ receipt: UndoReceipt; format: Format }>) {
  const { cellsRestored, assignmentsRemoved, studentsRemoved, kept } = receipt
  const said = [
    `${countOf(cellsRestored, 'grade is', 'grades are', format)} as before the import`,
    ...(assignmentsRemoved > 0 ? [`${countOf(assignmentsRemoved, 'assignment was', 'assignments were', format)} removed`] : []),
    ...(studentsRemoved > 0 ? [`${countOf(studentsRemoved, 'student was', 'students were', format)} removed`] : []),
  ]
  return (
    <Alert tone="good" title="This import is undone" isLive>
      <p>{said.join(', ')}.</p>
      {kept.length > 0 && (
        <>
          <p>{countOf(kept.length, 'grade was', 'grades were', format)} changed after the import and stayed:</p>
          <ul className="list-disc ps-5">
            {kept.map(({ studentName, assignmentTitle, now }) => (
              <li key={`${studentName} ${assignmentTitle}`}>
                <bdi>{studentName}</bdi>, <bdi>{assignmentTitle}</bdi>: {now === '' ? 'no grade' : now}
              </li>
            ))}
          </ul>
        </>
      )}
    </Alert>
  )
}
