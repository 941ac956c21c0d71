import { Section } from '@/components/ui/card'
import { DataTable } from '@/components/ui/data-table'
import { countOf, type Format } from '@/components/ui/format'
import { Instant } from '@/components/ui/instant'
import type { ImportUndo } from '@/lib/imports/views'

/** Every undo of an import and every undo of an undo, newest first. Nothing when there was none. */
export function UndoHistory({ undos, format }: Readonly<{ undos: readonly ImportUndo[]; format: Format }>) {
  if (undos.length === 0) return null
  return (
    <Section id="undos" title="Undone and brought back">
      <DataTable
        caption="Undos of this import, newest first"
        items={undos}
        keyOf={({ id }) => id}
        columns={[
          { heading: 'What', cell: (undo) => whatWords(undo, format) },
          {
            heading: 'When',
            cell: ({ at, by }) => (
              <span className="grid">
                <Instant at={at} format={format} />
                <span className="text-sm text-ink-soft">
                  <bdi>{by}</bdi>
                </span>
              </span>
            ),
          },
          { heading: 'Grades', isNumber: true, cell: ({ cells }) => countOf(cells, 'grade', 'grades', format) },
          { heading: 'Kept', isNumber: true, cell: ({ kept }) => countOf(kept, 'grade', 'grades', format) },
        ]}
      />
    </Section>
  )
}

/** Whether it was undone or brought back, and for whom. */
export function whatWords({ kind, only }: Pick<ImportUndo, 'kind' | 'only'>, format: Format): string {
  if (kind === 'redo') return 'Brought back'
  if (only === null) return 'Undone'
  if ('studentIds' in only) return `Undone for ${countOf(only.studentIds.length, 'student', 'students', format)}`
  return `Undone for ${countOf(only.assignmentIds.length, 'assignment', 'assignments', format)}`
}
