import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { type RosterJob, withIds } from './plan-ids'
import { type SetColumns, writeSet } from './write-set'

/** Students and their identifiers: new, renamed, come back, leaving. What is given up goes before it is given anew. */
export async function writeStudents(tx: TenantWriter, job: RosterJob): Promise<void> {
  const { students } = withIds(job)
  const added = students.filter(({ state }) => state === 'new')
  await writeSet(
    tx,
    {
      id: ['uuid', added.map(({ id }) => id)],
      last_name: ['text', added.map(({ lastName }) => lastName)],
      first_name: ['text', added.map(({ firstName }) => firstName)],
    },
    (asked) => `
      insert into app.students (tenant_id, id, last_name, first_name, import_id)
      select $1, asked.id, asked.last_name, asked.first_name, $2 from ${asked}`,
    [job.rosterId],
  )
  const renamed = students.filter(({ old }) => old !== null)
  await writeSet(
    tx,
    {
      id: ['uuid', renamed.map(({ id }) => id)],
      last_name: ['text', renamed.map(({ lastName }) => lastName)],
      first_name: ['text', renamed.map(({ firstName }) => firstName)],
    },
    (asked) => `
      update app.students as s set last_name = asked.last_name, first_name = asked.first_name from ${asked}
      where s.tenant_id = $1 and s.id = asked.id`,
  )
  const idsOf = (state: string): SetColumns => ({
    id: ['uuid', students.filter((student) => student.state === state).map(({ id }) => id)],
  })
  await writeSet(
    tx,
    idsOf('back'),
    (asked) => `
      update app.students as s set left_at = null from ${asked}
      where s.tenant_id = $1 and s.id = asked.id and s.left_at is not null`,
  )
  await writeSet(
    tx,
    idsOf('leaving'),
    (asked) => `
      update app.students as s set left_at = now() from ${asked}
      where s.tenant_id = $1 and s.id = asked.id and s.left_at is null`,
  )
  await writeIdentifiers(tx, job)
}

async function writeIdentifiers(tx: TenantWriter, job: RosterJob): Promise<void> {
  const steps = withIds(job).students.flatMap(({ id, identifiers }) => identifiers.map((step) => ({ ...step, studentId: id })))
  const columnsOf = (wanted: string): SetColumns => {
    const own = steps.filter(({ step }) => step === wanted)
    return {
      kind: ['text', own.map(({ kind }) => kind)],
      folded: ['text', own.map(({ folded }) => folded)],
      value: ['text', own.map(({ value }) => value)],
      student_id: ['uuid', own.map(({ studentId }) => studentId)],
      holder: ['uuid', own.map((each) => (each.step === 'move' ? each.from : each.studentId))],
    }
  }
  const update = (change: string, isBefore: string) => (asked: string) =>
    `
    update app.student_identifiers as i set ${change} from ${asked}
    where i.tenant_id = $1 and i.kind = asked.kind and i.folded = asked.folded and i.student_id = asked.holder ${isBefore}`
  await writeSet(tx, columnsOf('demote'), update('is_primary = false', 'and i.is_primary'))
  await writeSet(tx, columnsOf('promote'), update('is_primary = true', 'and not i.is_primary'))
  await writeSet(tx, columnsOf('move'), update('student_id = asked.student_id, is_primary = true', ''))
  await writeSet(
    tx,
    columnsOf('add'),
    (asked) => `
      insert into app.student_identifiers (tenant_id, kind, folded, value, student_id)
      select $1, asked.kind, asked.folded, asked.value, asked.student_id from ${asked}`,
  )
}
