import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { type RosterJob, withIds } from './plan-ids'
import { type SetColumns, writeSet } from './write-set'

/** Classes, enrolments and teachers: new, changed, opened again, closed, ended. */
export async function writeClasses(tx: TenantWriter, job: RosterJob): Promise<void> {
  const { classes } = withIds(job)
  const columnsOf = (isWanted: (planned: (typeof classes)[number]) => boolean): SetColumns => {
    const own = classes.filter(isWanted)
    return {
      id: ['uuid', own.map(({ id }) => id)],
      name: ['text', own.map(({ name }) => name)],
      subject: ['text', own.map(({ subject }) => subject)],
      sis_id: ['text', own.map(({ sisId }) => sisId)],
    }
  }
  await writeSet(
    tx,
    columnsOf(({ state }) => state === 'new'),
    (asked) => `
      insert into app.classes (tenant_id, id, name, subject, sis_id, roster_import_id)
      select $1, asked.id, asked.name, asked.subject, asked.sis_id, $2 from ${asked}`,
    [job.rosterId],
  )
  const update = (change: string, isBefore: string) => (asked: string) =>
    `
    update app.classes as c set ${change} from ${asked}
    where c.tenant_id = $1 and c.id = asked.id ${isBefore}`
  await writeSet(
    tx,
    columnsOf(({ old }) => old !== null),
    update('name = asked.name, subject = asked.subject, sis_id = asked.sis_id', ''),
  )
  await writeSet(
    tx,
    columnsOf(({ state }) => state === 'back'),
    update('archived_at = null', 'and c.archived_at is not null'),
  )
  await writeSet(
    tx,
    columnsOf(({ state }) => state === 'closing'),
    update('archived_at = now()', 'and c.archived_at is null'),
  )
  await writeEnrolments(tx, job)
  await writeTeachers(tx, job)
}

async function writeEnrolments(tx: TenantWriter, job: RosterJob): Promise<void> {
  const { classId, studentId } = withIds(job)
  const columnsOf = (wanted: string): SetColumns => {
    const own = job.plan.enrolments.filter(({ state }) => state === wanted)
    return {
      class_id: ['uuid', own.map((each) => classId(each.class))],
      student_id: ['uuid', own.map((each) => studentId(each.student))],
    }
  }
  await writeSet(
    tx,
    columnsOf('new'),
    (asked) => `
      insert into app.enrolments (tenant_id, class_id, student_id, import_id)
      select $1, asked.class_id, asked.student_id, $2 from ${asked}`,
    [job.rosterId],
  )
  const update = (change: string, isBefore: string) => (asked: string) =>
    `
    update app.enrolments as e set left_at = ${change} from ${asked}
    where e.tenant_id = $1 and e.class_id = asked.class_id and e.student_id = asked.student_id and ${isBefore}`
  await writeSet(tx, columnsOf('back'), update('null', 'e.left_at is not null'))
  await writeSet(tx, columnsOf('ended'), update('now()', 'e.left_at is null'))
}

async function writeTeachers(tx: TenantWriter, job: RosterJob): Promise<void> {
  const { classId } = withIds(job)
  const columnsOf = (wanted: string): SetColumns => {
    const own = job.plan.teachers.filter(({ state }) => state === wanted)
    return {
      class_id: ['uuid', own.map((each) => classId(each.class))],
      member_id: ['uuid', own.map(({ memberId }) => memberId)],
    }
  }
  await writeSet(
    tx,
    columnsOf('new'),
    (asked) => `
      insert into app.class_teachers (tenant_id, class_id, member_id) select $1, asked.class_id, asked.member_id from ${asked}`,
  )
  await writeSet(
    tx,
    columnsOf('ended'),
    (asked) => `
      delete from app.class_teachers as t using ${asked}
      where t.tenant_id = $1 and t.class_id = asked.class_id and t.member_id = asked.member_id`,
  )
}
