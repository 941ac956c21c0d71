import { Alert } from '@/components/ui/alert'
import { textOfCell } from '@/components/gradebook/cell-words'
import { countOf, type Format, formatInstant } from '@/components/ui/format'
import type { UndoReceipt } from '@/lib/imports/views'

/** What an undo restored, and what stayed because somebody changed it after the import. `undoneAt`: when, or null when unknown. */
export function UndoReceiptView({
  receipt,
  undoneAt,
  format,
}: Readonly<{ receipt: UndoReceipt; undoneAt: string | null; format: Format }>) {
  const { cellsRestored, assignmentsRemoved, studentsRemoved, kept } = receipt
  const said = [
    `${countOf(cellsRestored, 'grade is', 'grades are', format)} as before the import`,
    ...(assignmentsRemoved > 0 ? [`${countOf(assignmentsRemoved, 'assignment was', 'assignments were', format)} removed`] : []),
    ...(studentsRemoved > 0 ? [`${countOf(studentsRemoved, 'student was', 'students were', format)} removed`] : []),
  ]
  return (
    <Alert tone="good" title={undoneAt === null ? 'Undone' : `Undone on ${formatInstant(undoneAt, format)}`}>
      <p>{said.join(', ')}.</p>
      {kept.length > 0 && (
        <>
          <p>{countOf(kept.length, 'grade was', 'grades were', format)} changed after the import and stayed:</p>
          <ul className="list-disc ps-5">
            {kept.map(({ studentName, assignmentTitle, now }) => (
              <li key={`${studentName} ${assignmentTitle}`}>
                <bdi>{studentName}</bdi>, <bdi>{assignmentTitle}</bdi>: {now === '' ? 'no grade' : textOfCell(now, format)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Alert>
  )
}
