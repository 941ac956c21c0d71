import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuditEntry, audit, auditRead } from '@/lib/audit/audit'
import { auditActions } from '@/lib/audit/actions'
import { listAudit } from '@/lib/audit/list'
import { verifyChain } from '@/lib/audit/verify'
import { withDirectConnection } from '@/lib/db/direct'
import { writeTenant } from '@/lib/db/tenant-db'
import { newId } from '@/lib/ids'
import type { SchoolFixture } from '../../support/schools'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
})
afterAll(() => world?.close())

describe('the audit chain', () => {
  test('of a new school is whole and empty', async () => {
    const school = await world.addSchool()
    expect(await verifyChain(school.ctx)).toEqual({ entries: 0, brokenAt: null, lastSeq: '0', lastHash: '00'.repeat(32) })
  })

  test('is whole after many writers at once, and numbers without a gap', async () => {
    const school = await world.addSchool()
    await Promise.all(Array.from({ length: 40 }, (_, index) => append(school, { detail: { index } })))
    const report = await verifyChain(school.ctx)
    expect(report).toMatchObject({ entries: 40, brokenAt: null, lastSeq: '40' })
    const [last] = await asSuperuser<{ hash: string }>(
      school,
      `select encode(hash, 'hex') as hash from app.audit_log where tenant_id = $1 and seq = 40`,
    )
    expect(report.lastHash).toBe(last?.hash)
  })

  test('is whole over more entries than one batch takes', async () => {
    const school = await world.addSchool()
    await asSuperuser(
      school,
      `insert into app.audit_log (tenant_id, actor, action, detail)
       select $1::uuid, 'system:test', 'student.read', jsonb_build_object('n', n) from generate_series(1, 10001) n`,
    )
    expect(await verifyChain(school.ctx)).toMatchObject({ entries: 10_001, brokenAt: null, lastSeq: '10001' })
    await asSuperuser(school, `update app.audit_log set detail = '{}' where tenant_id = $1 and seq = 5001`)
    expect(await verifyChain(school.ctx)).toMatchObject({ brokenAt: '5001' })
  })

  test.each([
    ['another action', `update app.audit_log set action = 'student.read' where tenant_id = $1 and seq = 4`, '4'],
    ['another actor', `update app.audit_log set actor = 'member:nobody' where tenant_id = $1 and seq = 4`, '4'],
    ['another time', `update app.audit_log set at = at + interval '1 microsecond' where tenant_id = $1 and seq = 4`, '4'],
    ['another subject', `update app.audit_log set subject_id = null where tenant_id = $1 and seq = 4`, '4'],
    ['another detail', `update app.audit_log set detail = '{"x": 1}' where tenant_id = $1 and seq = 4`, '4'],
    ['a removed entry', 'delete from app.audit_log where tenant_id = $1 and seq = 4', '5'],
    ['a removed beginning', 'delete from app.audit_log where tenant_id = $1 and seq = 1', '2'],
    [
      'two entries that changed places',
      'update app.audit_log set seq = case seq when 4 then 5000 else 4 end where tenant_id = $1 and seq in (4, 5);' +
        'update app.audit_log set seq = 5 where tenant_id = $1 and seq = 5000',
      '4',
    ],
    [
      'a changed entry with a hash made anew',
      `update app.audit_log set action = 'student.read' where tenant_id = $1 and seq = 4;
       update app.audit_log entry set hash = app.audit_hash(entry) where tenant_id = $1 and seq = 4`,
      '5',
    ],
    ['an entry renumbered', 'update app.audit_log set seq = 5000 where tenant_id = $1 and seq = 8', '5000'],
  ])('finds %s', async (_, tampering, brokenAt) => {
    const school = await world.addSchool()
    for (let entry = 1; entry <= 8; entry++) await append(school, { subjectKind: 'student', subjectId: newId() })
    expect(await verifyChain(school.ctx)).toMatchObject({ entries: 8, brokenAt: null })
    for (const statement of tampering.split(';')) await asSuperuser(school, statement)
    expect(await verifyChain(school.ctx)).toMatchObject({ brokenAt })
  })

  test('shows a cut end by its last number and hash', async () => {
    const school = await world.addSchool()
    for (let entry = 1; entry <= 3; entry++) await append(school, {})
    const noted = await verifyChain(school.ctx)
    await asSuperuser(school, 'delete from app.audit_log where tenant_id = $1 and seq = 3')
    const cut = await verifyChain(school.ctx)
    expect(cut).toMatchObject({ brokenAt: null, lastSeq: '2' })
    expect(cut.lastHash).not.toBe(noted.lastHash)
  })

  test('the app itself can neither change nor remove an entry, nor choose its number, time or hash', async () => {
    const school = await world.addSchool()
    await append(school, {})
    const attempts = [
      `update app.audit_log set action = 'x' where tenant_id = $1`,
      'delete from app.audit_log where tenant_id = $1',
      'truncate app.audit_log',
    ]
    for (const attempt of attempts) {
      const values = attempt.includes('$1') ? [school.tenantId] : []
      await expect(
        writeTenant(school.ctx, ({ sql }) => sql(attempt, values)),
        attempt,
      ).rejects.toMatchObject({ code: '42501' })
    }
    await writeTenant(school.ctx, ({ sql, tenantId }) =>
      sql(
        `insert into app.audit_log (tenant_id, seq, at, actor, action, detail, prev_hash, hash)
         values ($1, 77, '2001-01-01', 'system:test', 'x', '{}', '\\x00', '\\x00')`,
        [tenantId],
      ),
    )
    expect(await verifyChain(school.ctx)).toMatchObject({ entries: 2, brokenAt: null, lastSeq: '2' })
  })

  test('an entry goes with the write it speaks of: when that fails, neither stands', async () => {
    const school = await world.addSchool()
    const failing = writeTenant(school.ctx, async (tx) => {
      await audit(tx, entry({}))
      throw new Error('the write failed after all')
    })
    await expect(failing).rejects.toThrow('the write failed')
    expect(await verifyChain(school.ctx)).toMatchObject({ entries: 0 })
  })

  test('of one school is nothing to another: each has its own numbers', async () => {
    const [one, other] = [await world.addSchool(), await world.addSchool()]
    await append(one, {})
    await append(other, {})
    await append(one, {})
    expect(await verifyChain(one.ctx)).toMatchObject({ entries: 2, lastSeq: '2' })
    expect(await verifyChain(other.ctx)).toMatchObject({ entries: 1, lastSeq: '1' })
  })

  test('a read in a read-only school is shown although it cannot be written down; in a suspended one it is not', async () => {
    const school = await world.addSchool()
    await asSuperuser(school, `update guard.tenant_home set state = 'read_only' where tenant_id = $1`)
    await expect(auditRead(school.ctx, entry({}))).resolves.toBeUndefined()
    await asSuperuser(school, `update guard.tenant_home set state = 'suspended' where tenant_id = $1`)
    await expect(auditRead(school.ctx, entry({}))).rejects.toMatchObject({ code: 'school_suspended' })
  })
})

describe('the audit page', () => {
  test('shows every entry once, newest first, page by page, also while more are written', async () => {
    const school = await world.addSchool()
    for (let index = 1; index <= 120; index++) await append(school, { detail: { index } })
    const admin = { ...northside.admin.viewer, tenantId: school.tenantId }
    const seen: string[] = []
    for (let cursor: string | null = null; ; ) {
      const page = await listAudit(school.ctx, admin, cursor)
      seen.push(...page.items.map(({ seq }) => seq))
      await append(school, {})
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => String(120 - index)))
  })

  test('names who did it and what, in words', async () => {
    const { teacher, admin, ctx } = northside
    await append(northside, {
      actor: teacher.viewer.actor,
      action: 'student.read',
      subjectKind: 'student',
      subjectId: northside.students[0].id,
    })
    const { items } = await listAudit(ctx, admin.viewer, null)
    expect(items[0]).toMatchObject({
      actorName: 'Olena Hrytsenko',
      action: 'student.read',
      actionLabel: 'Opened a student record',
      subjectId: northside.students[0].id,
      requestId: 'r-test',
    })
    expect(items[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
  })

  test('is not there for anybody but a school admin', async () => {
    for (const { viewer } of [northside.teacher, northside.student, northside.guardian]) {
      await expect(listAudit(northside.ctx, viewer, null)).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  test('of Northside never shows in Riverside, and Riverside’s members have no name in Northside', async () => {
    await append(northside, { actor: riverside.teacher.viewer.actor, detail: { mark: 'northside only' } })
    const { items } = await listAudit(northside.ctx, northside.admin.viewer, null)
    expect(items[0]?.actorName).toBe(`member:${riverside.teacher.member.id}`)
    const other = await listAudit(riverside.ctx, riverside.admin.viewer, null)
    expect(JSON.stringify(other)).not.toContain('northside only')
  })

  test.each(['0', '-1', 'x', '1e3', '99999999999999999999', "1'"])('refuses the cursor %j', async (cursor) => {
    await expect(listAudit(northside.ctx, northside.admin.viewer, cursor)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('has words for every action', () => {
    for (const label of Object.values(auditActions)) expect(label).toMatch(/^[A-Z][a-zA-Z -]+$/)
    expect(new Set(Object.values(auditActions)).size).toBe(Object.keys(auditActions).length)
  })
})

function entry(more: Partial<AuditEntry>): AuditEntry {
  return { actor: { kind: 'system', name: 'test' }, action: 'gradebook.read', requestId: 'r-test', ...more }
}

function append({ ctx }: SchoolFixture, more: Partial<AuditEntry>): Promise<void> {
  return writeTenant(ctx, (tx) => audit(tx, entry(more)))
}

/** Behind everybody's back, as somebody with the superuser's password would. */
function asSuperuser<Row extends object>({ shard, tenantId }: SchoolFixture, text: string): Promise<Row[]> {
  return withDirectConnection(world.shard(shard).adminUrl, (sql) => sql<Row>(text, [tenantId]))
}
