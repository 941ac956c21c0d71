/** What stands in an import's receipt column: what was done, and what an undo needs that history does not hold. */
import type { ImportReceipt, RedoReceipt, UndoReceipt, UndoScope } from './views'

/** What an import may change of an assignment; `categoryId` only where it put it into another category. */
export type WorkDetails = Readonly<{ maxPoints: string; dueOn: string | null; categoryId?: string | null }>

export type CommitReceipt = Omit<ImportReceipt, 'importId' | 'wasAlreadyDone'> &
  Readonly<{
    made: Readonly<{
      identifiers: readonly Readonly<{ kind: string; folded: string; studentId: string }>[]
      /** Students who had left the class and are back: since when they had been away, as Postgres writes it. */
      returned: readonly Readonly<{ studentId: string; leftAt: string }>[]
      /** Matched assignments whose points, date or category changed. */
      assignments: readonly Readonly<{ id: string; old: WorkDetails; new: WorkDetails }>[]
      /** Categories and tags that did not exist before, and the tags assignments were given. */
      categories?: readonly string[]
      tags?: readonly string[]
      tied?: readonly Readonly<{ assignmentId: string; tagId: string }>[]
      /** Comments of grades that were cleared. */
      comments: readonly Readonly<{ studentId: string; assignmentId: string; comment: string }>[]
    }>
  }>

export type UndoneReceipt = Omit<UndoReceipt, 'importId' | 'wasAlreadyDone'>
export type RedoneReceipt = Omit<RedoReceipt, 'importId' | 'wasAlreadyDone'>

/** What stands in the row of one undo or redo; `only` null: the whole import. */
export type StoredUndo = Readonly<{ only: UndoScope | null } & Partial<UndoneReceipt> & Partial<RedoneReceipt>>

/** What an import was undone of in part, while the rest of it stands. */
export type UndoneParts = Readonly<{ studentIds: readonly string[]; assignmentIds: readonly string[] }>
