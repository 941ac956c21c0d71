import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { nameOf } from './match-students'
import { type RosterJob, withIds } from './plan-ids'
import type { PlannedEnrolment, PlannedTeacher } from './stored-plan'
import { type UndoJob, undoSet } from './undo-set'

/** Teachers of classes as they were. */
export async function undoTeachers(tx: TenantWriter, job: UndoJob): Promise<void> {
  const { classId } = withIds(job)
  const common = (wanted: string, reason: string) => ({
    items: job.plan.teachers.filter(({ state }) => state === wanted),
    columns: (items: readonly PlannedTeacher[]) => ({
      class_id: ['uuid', items.map((each) => classId(each.class))] as const,
      member_id: ['uuid', items.map(({ memberId }) => memberId)] as const,
    }),
    keep: (each: PlannedTeacher) => ({
      ...{ kind: 'teachers' as const, what: `${job.plan.names[each.memberId] ?? ''}: ${classNameOf(job, each.class)}`, reason },
    }),
  })
  await undoSet(tx, job, {
    ...common('new', 'The teacher was taken off the class after the roster.'),
    statement: (asked) => `
      delete from app.class_teachers as t using ${asked}
      where t.tenant_id = $1 and t.class_id = asked.class_id and t.member_id = asked.member_id`,
  })
  await undoSet(tx, job, {
    ...common('ended', 'The teacher was put back after the roster.'),
    statement: (asked) => `
      merge into app.class_teachers as t using ${asked}
      on t.tenant_id = $1 and t.class_id = asked.class_id and t.member_id = asked.member_id
      when not matched then insert (tenant_id, class_id, member_id) values ($1, asked.class_id, asked.member_id)`,
  })
}

/** Enrolments as they were; one with grades by now stays. */
export async function undoEnrolments(tx: TenantWriter, job: UndoJob): Promise<void> {
  const { classId, studentId } = withIds(job)
  const common = (wanted: string, reason: string) => ({
    items: job.plan.enrolments.filter(({ state }) => state === wanted),
    columns: (items: readonly PlannedEnrolment[]) => ({
      class_id: ['uuid', items.map((each) => classId(each.class))] as const,
      student_id: ['uuid', items.map((each) => studentId(each.student))] as const,
      left_at: ['timestamptz', items.map(({ leftAt }) => leftAt)] as const,
    }),
    keep: (each: PlannedEnrolment) => ({
      ...{ kind: 'enrolments' as const, what: `${studentNameOf(job, each.student)}: ${classNameOf(job, each.class)}`, reason },
    }),
  })
  const isOwn = 'e.tenant_id = $1 and e.class_id = asked.class_id and e.student_id = asked.student_id'
  const update = (change: string, isWritten: string) => (asked: string) =>
    `update app.enrolments as e set left_at = ${change} from ${asked} where ${isOwn} and ${isWritten}`
  await undoSet(tx, job, {
    ...common('new', 'There are grades by now, or the enrolment was changed.'),
    statement: (asked) => `
      delete from app.enrolments as e using ${asked}
      where ${isOwn} and e.import_id = $2 and e.left_at is null and e.section_id is null
        and not exists (
          select from app.grades g where g.tenant_id = $1 and g.class_id = e.class_id and g.student_id = e.student_id)`,
  })
  await undoSet(tx, job, {
    ...common('back', 'It was ended again after the roster.'),
    statement: update('asked.left_at', 'e.left_at is null'),
  })
  await undoSet(tx, job, {
    ...common('ended', 'The student was enrolled again after the roster.'),
    statement: update('null', 'e.left_at = (select committed from own)'),
  })
}

/** Classes as they were; one the roster made goes when nothing else hangs on it. */
export async function undoClasses(tx: TenantWriter, job: UndoJob): Promise<void> {
  const { classes } = withIds(job)
  type Own = (typeof classes)[number]
  const common = (isWanted: (planned: Own) => boolean, reason: string) => ({
    items: classes.filter(isWanted),
    columns: (items: readonly Own[]) => ({
      id: ['uuid', items.map(({ id }) => id)] as const,
      name: ['text', items.map(({ name }) => name)] as const,
      subject: ['text', items.map(({ subject }) => subject)] as const,
      sis_id: ['text', items.map(({ sisId }) => sisId)] as const,
      old_name: ['text', items.map(({ old }) => old?.name ?? null)] as const,
      old_subject: ['text', items.map(({ old }) => old?.subject ?? null)] as const,
      old_sis_id: ['text', items.map(({ old }) => old?.sisId ?? null)] as const,
      archived_at: ['timestamptz', items.map(({ archivedAt }) => archivedAt)] as const,
    }),
    keep: ({ name }: Own) => ({ kind: 'classes' as const, what: name, reason }),
  })
  const isOwn = 'c.tenant_id = $1 and c.id = asked.id'
  const isWritten =
    'c.name = asked.name and c.subject is not distinct from asked.subject and c.sis_id is not distinct from asked.sis_id'
  const update = (change: string, isStill: string) => (asked: string) =>
    `update app.classes as c set ${change} from ${asked} where ${isOwn} and ${isStill}`
  const hangOnIt = ['assignments', 'enrolments', 'class_teachers', 'sections', 'categories', 'imports']
    .map((table) => `and not exists (select from app.${table} x where x.tenant_id = $1 and x.class_id = c.id)`)
    .join('\n')
  await undoSet(tx, job, {
    ...common(({ state }) => state === 'new', 'The class has assignments, students or uploads by now, or was changed.'),
    statement: (asked) => `
      delete from app.classes as c using ${asked}
      where ${isOwn} and ${isWritten} and c.roster_import_id = $2 and c.archived_at is null
      ${hangOnIt}`,
  })
  await undoSet(tx, job, {
    ...common(({ old }) => old !== null, 'The class was changed after the roster.'),
    statement: update('name = asked.old_name, subject = asked.old_subject, sis_id = asked.old_sis_id', isWritten),
  })
  await undoSet(tx, job, {
    ...common(({ state }) => state === 'back', 'The class was closed again after the roster.'),
    statement: update('archived_at = asked.archived_at', 'c.archived_at is null'),
  })
  await undoSet(tx, job, {
    ...common(({ state }) => state === 'closing', 'The class was opened again after the roster.'),
    statement: update('archived_at = null', 'c.archived_at = (select committed from own)'),
  })
}

function classNameOf({ plan }: RosterJob, ref: string): string {
  return plan.names[ref] ?? plan.classes[Number(ref.slice(1))]?.name ?? ''
}

/** The name of a student a plan points at. */
export function studentNameOf({ plan }: RosterJob, ref: string): string {
  const planned = plan.students[Number(ref.slice(1))]
  return plan.names[ref] ?? (planned === undefined ? '' : nameOf(planned))
}
