import 'server-only'
import type { TenantWriter } from '@/lib/db/tenant-db'
import { withIds } from './plan-ids'
import type { PlannedLink } from './stored-plan'
import { studentNameOf } from './undo-classes'
import { type UndoJob, undoSet } from './undo-set'

/** Links between guardians and students as they were. */
export async function undoLinks(tx: TenantWriter, job: UndoJob): Promise<void> {
  const { memberId, studentId } = withIds(job)
  const guardianOf = (ref: string) => job.plan.names[ref] ?? job.plan.accounts[Number(ref.slice(1))]?.name ?? ''
  const common = (wanted: string) => ({
    items: job.plan.links.filter(({ state }) => state === wanted),
    columns: (items: readonly PlannedLink[]) => ({
      member_id: ['uuid', items.map(({ member }) => memberId(member))] as const,
      student_id: ['uuid', items.map(({ student }) => studentId(student))] as const,
      relationship: ['text', items.map(({ relationship }) => relationship)] as const,
      old_relationship: ['text', items.map(({ old }) => old?.relationship ?? null)] as const,
      revoked_at: ['timestamptz', items.map(({ old }) => old?.revokedAt ?? null)] as const,
      revoked_import_id: ['uuid', items.map(({ old }) => old?.revokedImportId ?? null)] as const,
    }),
    keep: ({ member, student }: PlannedLink) => ({
      ...{ kind: 'guardians' as const, what: `${guardianOf(member)}: ${studentNameOf(job, student)}` },
      reason: 'The link was changed after the roster.',
    }),
  })
  const isOwn = 'g.tenant_id = $1 and g.member_id = asked.member_id and g.student_id = asked.student_id'
  const isWritten = 'g.revoked_at is null and g.relationship = asked.relationship'
  const update = (change: string, isStill: string) => (asked: string) =>
    `update app.guardians as g set ${change} from ${asked} where ${isOwn} and ${isStill}`
  await undoSet(tx, job, {
    ...common('new'),
    statement: (asked) =>
      `delete from app.guardians as g using ${asked} where ${isOwn} and ${isWritten} and g.roster_import_id = $2`,
  })
  await undoSet(tx, job, { ...common('changed'), statement: update('relationship = asked.old_relationship', isWritten) })
  await undoSet(tx, job, {
    ...common('back'),
    statement: update(
      'revoked_at = asked.revoked_at, revoked_import_id = asked.revoked_import_id, relationship = asked.old_relationship',
      isWritten,
    ),
  })
  await undoSet(tx, job, {
    ...common('ended'),
    statement: update('revoked_at = null, revoked_import_id = null', 'g.revoked_import_id = $2'),
  })
}

/** Guardians' accounts as they were; one that was used, or guards somebody else by now, stays. */
export async function undoAccounts(tx: TenantWriter, job: UndoJob): Promise<void> {
  const { accounts } = withIds(job)
  type Own = (typeof accounts)[number]
  const common = (wanted: string, reason: string) => ({
    items: accounts.filter(({ state }) => state === wanted),
    columns: (items: readonly Own[]) => ({
      id: ['uuid', items.map(({ id }) => id)] as const,
      name: ['text', items.map(({ name }) => name)] as const,
      old_name: ['text', items.map(({ old }) => old?.name ?? null)] as const,
      // An array of arrays has to be even, roles are not: they travel as text.
      old_roles: ['text', items.map(({ old }) => old?.roles.join(',') ?? null)] as const,
    }),
    keep: ({ name, email }: Own) => ({ kind: 'guardians' as const, what: `${name} (${email})`, reason }),
  })
  const isOwn = 'm.tenant_id = $1 and m.id = asked.id'
  await undoSet(tx, job, {
    ...common('new', 'The account is in use by now.'),
    statement: (asked) => `
      delete from app.members as m using ${asked}
      where ${isOwn} and m.roster_import_id = $2 and m.display_name = asked.name and m.roles = '{guardian}' and m.version = 1
        and m.password_hash is null and m.student_id is null and m.locale is null and m.disabled_at is null
        and not exists (select from app.guardians g where g.tenant_id = $1 and g.member_id = m.id)
        and not exists (select from app.class_teachers t where t.tenant_id = $1 and t.member_id = m.id)`,
  })
  await undoSet(tx, job, {
    ...common('renamed', 'The name was changed after the roster.'),
    statement: (asked) => `
      update app.members as m set display_name = asked.old_name from ${asked} where ${isOwn} and m.display_name = asked.name`,
  })
  await undoSet(tx, job, {
    ...common('role', 'The roles were changed after the roster, or the guardian has other children by now.'),
    statement: (asked) => `
      update app.members as m set roles = string_to_array(asked.old_roles, ',') from ${asked}
      where ${isOwn} and m.roles = string_to_array(asked.old_roles, ',') || '{guardian}'::text[]
        and not exists (select from app.guardians g where g.tenant_id = $1 and g.member_id = m.id and g.revoked_at is null)`,
  })
}
