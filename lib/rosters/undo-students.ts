import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { nameOf } from './match-students'
import { withIds } from './plan-ids'
import { identifierNames } from './roster-file'
import { type UndoJob, undoSet } from './undo-set'

/** Identifiers as they were; those of students the roster made go with them. */
export async function undoIdentifiers(tx: TenantWriter, job: UndoJob): Promise<void> {
  const steps = withIds(job).students.flatMap(({ id, state, identifiers, ...name }) =>
    identifiers.map((step) => ({ step, studentId: id, isNew: state === 'new', name: nameOf(name) })),
  )
  type Own = (typeof steps)[number]
  const common = (wanted: string) => ({
    items: steps.filter(({ step, isNew }) => step.step === wanted && !(isNew && wanted === 'add')),
    columns: (items: readonly Own[]) => ({
      kind: ['text', items.map(({ step }) => step.kind)] as const,
      folded: ['text', items.map(({ step }) => step.folded)] as const,
      student_id: ['uuid', items.map(({ studentId }) => studentId)] as const,
      holder: ['uuid', items.map(({ step, studentId }) => (step.step === 'move' ? step.from : studentId))] as const,
      was_primary: ['boolean', items.map(({ step }) => step.step === 'move' && step.wasPrimary)] as const,
    }),
    keep: ({ step, name }: Own) => ({
      ...{ kind: 'students' as const, what: `${name}: ${identifierNames[step.kind]} ${step.value}` },
      reason: 'It was changed after the roster.',
    }),
  })
  const isOwn = `i.tenant_id = $1 and i.kind = asked.kind and i.folded = asked.folded and i.student_id = asked.student_id`
  const update = (change: string, isWritten: string) => (asked: string) =>
    `update app.student_identifiers as i set ${change} from ${asked} where ${isOwn} and ${isWritten}`
  await undoSet(tx, job, {
    ...common('add'),
    statement: (asked) => `delete from app.student_identifiers as i using ${asked} where ${isOwn} and i.is_primary`,
  })
  await undoSet(tx, job, {
    ...common('move'),
    statement: update('student_id = asked.holder, is_primary = asked.was_primary', 'i.is_primary'),
  })
  await undoSet(tx, job, { ...common('promote'), statement: update('is_primary = false', 'i.is_primary') })
  await undoSet(tx, job, { ...common('demote'), statement: update('is_primary = true', 'not i.is_primary') })
}

/** Students as they were; one the roster made goes when nothing else hangs on them. */
export async function undoStudents(tx: TenantWriter, job: UndoJob): Promise<void> {
  const { students } = withIds(job)
  type Own = (typeof students)[number]
  const common = (isWanted: (student: Own) => boolean, reason: string) => ({
    items: students.filter(isWanted),
    columns: (items: readonly Own[]) => ({
      id: ['uuid', items.map(({ id }) => id)] as const,
      last_name: ['text', items.map(({ lastName }) => lastName)] as const,
      first_name: ['text', items.map(({ firstName }) => firstName)] as const,
      old_last: ['text', items.map(({ old }) => old?.lastName ?? null)] as const,
      old_first: ['text', items.map(({ old }) => old?.firstName ?? null)] as const,
      left_at: ['timestamptz', items.map(({ leftAt }) => leftAt)] as const,
    }),
    keep: (student: Own) => ({ kind: 'students' as const, what: nameOf(student), reason }),
  })
  const isOwn = 's.tenant_id = $1 and s.id = asked.id'
  const isNamed = 's.last_name = asked.last_name and s.first_name = asked.first_name'
  const update = (change: string, isWritten: string) => (asked: string) =>
    `update app.students as s set ${change} from ${asked} where ${isOwn} and ${isWritten}`
  await undoSet(tx, job, {
    ...common(({ state }) => state === 'new', 'The student has grades, an account or other data by now, or was changed.'),
    statement: (asked) => `
      delete from app.students as s using ${asked}
      where ${isOwn} and ${isNamed} and s.import_id = $2 and s.left_at is null
        and not exists (select from app.enrolments e where e.tenant_id = $1 and e.student_id = s.id)
        and not exists (select from app.guardians g where g.tenant_id = $1 and g.student_id = s.id)
        and not exists (select from app.members m where m.tenant_id = $1 and m.student_id = s.id)
        and not exists (
          select from app.student_identifiers i
          where i.tenant_id = $1 and i.student_id = s.id and i.created_at > (select committed from own))`,
  })
  await undoSet(tx, job, {
    ...common(({ old }) => old !== null, 'The name was changed after the roster.'),
    statement: update('last_name = asked.old_last, first_name = asked.old_first', isNamed),
  })
  await undoSet(tx, job, {
    ...common(({ state }) => state === 'back', 'The student left again after the roster.'),
    statement: update('left_at = asked.left_at', 's.left_at is null'),
  })
  await undoSet(tx, job, {
    ...common(({ state }) => state === 'leaving', 'The student came back after the roster.'),
    statement: update('left_at = null', 's.left_at = (select committed from own)'),
  })
}
