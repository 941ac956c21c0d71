import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { type RosterJob, withIds } from './plan-ids'
import { type SetColumns, writeSet } from './write-set'

/** Guardians: accounts nobody can sign in to before an invitation, and links to students. */
export async function writeGuardians(tx: TenantWriter, job: RosterJob): Promise<void> {
  const { accounts } = withIds(job)
  const columnsOf = (wanted: string): SetColumns => {
    const own = accounts.filter(({ state }) => state === wanted)
    return {
      id: ['uuid', own.map(({ id }) => id)],
      email: ['text', own.map(({ email }) => email)],
      name: ['text', own.map(({ name }) => name)],
    }
  }
  await writeSet(
    tx,
    columnsOf('new'),
    (asked) => `
      insert into app.members (tenant_id, id, email, display_name, roles, roster_import_id)
      select $1, asked.id, asked.email, asked.name, '{guardian}', $2 from ${asked}`,
    [job.rosterId],
  )
  const update = (change: string) => (asked: string) =>
    `
    update app.members as m set ${change} from ${asked}
    where m.tenant_id = $1 and m.id = asked.id and m.disabled_at is null`
  await writeSet(tx, columnsOf('renamed'), update('display_name = asked.name'))
  // Roles are read anew with every request, so no session has to end for one more.
  await writeSet(tx, columnsOf('role'), update(`roles = m.roles || '{guardian}'::text[]`))
  await writeLinks(tx, job)
}

async function writeLinks(tx: TenantWriter, job: RosterJob): Promise<void> {
  const { memberId, studentId } = withIds(job)
  const columnsOf = (wanted: string): SetColumns => {
    const own = job.plan.links.filter(({ state }) => state === wanted)
    return {
      member_id: ['uuid', own.map(({ member }) => memberId(member))],
      student_id: ['uuid', own.map(({ student }) => studentId(student))],
      relationship: ['text', own.map(({ relationship }) => relationship)],
    }
  }
  await writeSet(
    tx,
    columnsOf('new'),
    (asked) => `
      insert into app.guardians (tenant_id, member_id, student_id, relationship, roster_import_id)
      select $1, asked.member_id, asked.student_id, asked.relationship, $2 from ${asked}`,
    [job.rosterId],
  )
  const update = (change: string, isBefore: string) => (asked: string) =>
    `
    update app.guardians as g set ${change} from ${asked}
    where g.tenant_id = $1 and g.member_id = asked.member_id and g.student_id = asked.student_id and ${isBefore}`
  await writeSet(tx, columnsOf('changed'), update('relationship = asked.relationship', 'g.revoked_at is null'))
  await writeSet(
    tx,
    columnsOf('back'),
    update('revoked_at = null, revoked_import_id = null, relationship = asked.relationship', 'g.revoked_import_id is not null'),
  )
  await writeSet(tx, columnsOf('ended'), update('revoked_at = now(), revoked_import_id = $2', 'g.revoked_at is null'), [
    job.rosterId,
  ])
}
