import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '@/lib/ids'
import { createWorld, type World } from '../../support/world'
import { openSession, type Session } from './session'

let world: World
let tenantId: string
let app: Session

beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  app = await openSession(world.shard('shard_1').url)
})
afterAll(async () => {
  await app.end()
  await world.close()
})
beforeEach(async () => {
  tenantId = (await world.addSchool()).tenantId
})

const insert = `insert into audit_log (tenant_id, seq, at, actor, action, subject_kind, subject_id, detail, prev_hash, hash)
  values ($1, 7, '2001-01-01', 'system:test', $2, 'student', $3, $4, '\\x01', '\\x02')`

type Entry = Readonly<{
  seq: string
  at: Date
  actor: string
  action: string
  subject_kind: string | null
  subject_id: string | null
  request_id: string | null
  detail: string
  prev_hash: Buffer
  hash: Buffer
  at_text: string
}>

async function readChain(): Promise<Entry[]> {
  await app.enter(tenantId, { write: false })
  const entries = await app.query<Entry>(
    `select *, detail::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at_text
     from audit_log where tenant_id = $1 order by seq`,
    [tenantId],
  )
  await app.commit()
  return entries
}

/** The canonical form, written a second time from its description in the migration. */
function hashOf(entry: Entry): Buffer {
  const fields = [
    tenantId,
    entry.seq,
    entry.at_text,
    entry.actor,
    entry.action,
    entry.subject_kind,
    entry.subject_id,
    entry.request_id,
    entry.detail,
  ]
  const text = fields.map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`)).join('')
  return createHash('sha256').update(entry.prev_hash).update(text).digest()
}

function expectWhole(entries: readonly Entry[]): void {
  let before: Buffer = Buffer.alloc(32)
  for (const [place, entry] of entries.entries()) {
    expect(entry.seq).toBe(String(place + 1))
    expect(entry.prev_hash).toEqual(before)
    expect(entry.hash).toEqual(hashOf(entry))
    before = entry.hash
  }
}

describe('the audit chain', () => {
  it('overwrites what a writer forges', async () => {
    const started = Date.now()
    await app.enter(tenantId)
    await app.query(insert, [tenantId, 'grades.import', newId(), { count: 3 }])
    await app.commit()
    const entries = await readChain()
    expect(entries).toHaveLength(1)
    expectWhole(entries)
    expect(entries[0]?.at.getTime()).toBeGreaterThan(started - 60_000)
  })

  it('stays whole when twenty write at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(world.shard('shard_1').url)))
    await Promise.all(
      sessions.map(async (session, place) => {
        await session.enter(tenantId)
        await session.query(insert, [tenantId, `test.${place}`, newId(), {}])
        await session.query(insert, [tenantId, `test.${place}.again`, newId(), { 'Ünï"\\': 'ї' }])
        await session.commit()
        await session.end()
      }),
    )
    const entries = await readChain()
    expect(entries).toHaveLength(40)
    expectWhole(entries)
  })

  it('leaves no gap when a writer gives up', async () => {
    for (const end of [app.commit, app.rollback, app.commit]) {
      await app.enter(tenantId)
      await app.query(insert, [tenantId, 'test', newId(), {}])
      await end()
    }
    const entries = await readChain()
    expect(entries).toHaveLength(2)
    expectWhole(entries)
  })

  it('numbers several rows of one statement', async () => {
    await app.enter(tenantId)
    await app.query(
      `insert into audit_log (tenant_id, seq, actor, action, detail, prev_hash, hash)
       select $1, 0, 'system:test', 'test.' || place, '{}', '', '' from generate_series(1, 5) as place`,
      [tenantId],
    )
    await app.commit()
    const entries = await readChain()
    expect(entries).toHaveLength(5)
    expectWhole(entries)
  })

  it('two schools write beside each other', async () => {
    const riverside = (await world.addSchool()).tenantId
    const other = await openSession(world.shard('shard_1').url)
    await app.enter(tenantId)
    await app.query(insert, [tenantId, 'test', newId(), {}])
    await other.enter(riverside)
    await other.query(insert, [riverside, 'test', newId(), {}])
    await other.commit()
    await app.commit()
    await other.end()
  })

  it('an old snapshot cannot fork it', async () => {
    const other = await openSession(world.shard('shard_1').url)
    await app.enter(tenantId, { isolation: 'repeatable read' })
    await app.query('select from audit_log')
    await other.enter(tenantId)
    await other.query(insert, [tenantId, 'test', newId(), {}])
    await other.commit()
    await other.end()
    await expect(app.query(insert, [tenantId, 'test', newId(), {}])).rejects.toMatchObject({ code: '23505' })
    await app.rollback()
  })

  it.each(['audit_log', 'grade_changes'])('%s takes no update and no delete from the app', async (table) => {
    await app.enter(tenantId)
    await app.query('savepoint a')
    for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`]) {
      await expect(app.query(sql)).rejects.toMatchObject({ code: '42501' })
      await app.query('rollback to a')
    }
    await app.rollback()
  })

  it('a row that was changed behind its back no longer fits its hash', async () => {
    await app.enter(tenantId)
    for (const action of ['a', 'b', 'c']) await app.query(insert, [tenantId, action, newId(), {}])
    await app.commit()
    const admin = await openSession(world.shard('shard_1').adminUrl)
    await admin.query("update app.audit_log set action = 'x' where tenant_id = $1 and seq = 2", [tenantId])
    const broken = await admin.query(
      'select seq from app.audit_log as entry where tenant_id = $1 and hash <> app.audit_hash(entry)',
      [tenantId],
    )
    await admin.end()
    expect(broken).toEqual([{ seq: '2' }])
  })
})
