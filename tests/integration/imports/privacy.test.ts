import { createHash } from 'node:crypto'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { forgetEnv } from '@/lib/env'
import { commitImport } from '@/lib/imports/commit'
import { loadOriginalState, originalFile, planFile, receiptFile } from '@/lib/imports/downloads'
import { openOriginal, purgeExpiredFiles } from '@/lib/imports/original'
import { planImport } from '@/lib/imports/plan'
import { rejectedRowsFile } from '@/lib/imports/rejects'
import { rereadImport } from '@/lib/imports/reread'
import { openFile, sealFile } from '@/lib/imports/seal'
import { loadWizard } from '@/lib/imports/wizard'
import { log } from '@/lib/log'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, codeOf, gradesOf, type Place, placeOf } from './support'

let world: World
let school: PeopledSchool
let place: Place

beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  school = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  place = placeOf(school)
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const secrets = { ssn: '078-05-1120', born: '2011-03-04', street: 'Baker Street 221B', illness: 'asthma-and-hayfever' }

// One column is known by its heading, one only by what stands in it.
const text = () =>
  [
    'last_name,first_name,email,Birth date,Quiz 1,Tax code,Home address,Essay,Medical notes',
    `Koval,Mariya,mariya.koval@${school.slug}.example,${secrets.born},18,${secrets.ssn},"${secrets.street}, London",x1,${secrets.illness}`,
    `Lee,Sam,sam.lee@${school.slug}.example,${secrets.born},9,078-05-1121,"${secrets.street}, London",40,${secrets.illness}`,
    `Nobody,,wrong@@mail,${secrets.born},9,078-05-1122,"${secrets.street}, London",40,${secrets.illness}`,
  ].join('\r\n')

async function drop(content: string | Uint8Array, at = place): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const outcome = await planImport(at.ctx, at.viewer, { ...at, file: { name: 'grades.csv', bytes } })
  if (outcome.kind === 'refused') throw new Error(outcome.problems.map(({ message }) => message).join(' '))
  return outcome.importId
}

const kept = async (importId: string, at = place) => {
  const original = await readTenant(at.ctx, (read) => openOriginal(read, importId))
  return original && { ...original, text: new TextDecoder().decode(original.bytes) }
}

async function everythingOfTheShard(): Promise<string> {
  return asAdmin(world, school, async (sql) => {
    const tables = await sql<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')`,
    )
    const parts: string[] = []
    for (const { name } of tables) {
      const rows = await sql<{ line: string }>(`select t::text as line from app.${name} t`)
      parts.push(...rows.map(({ line }) => line))
    }
    return parts.join('\n')
  })
}

test('values of private columns are nowhere: not in a table, not in the kept file, not in what is downloaded, not in the log', async () => {
  const written: string[] = []
  const spies = (['info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(log, level).mockImplementation((...line) => void written.push(JSON.stringify(line))),
  )
  const importId = await drop(text())
  const view = await loadWizard(place.ctx, place.viewer, importId)
  await rereadImport(place.ctx, place.viewer, { importId, choices: { cells: { '2:7': '81' } } })
  const { planHash } = (await loadWizard(place.ctx, place.viewer, importId)) ?? { planHash: '' }
  await commitImport(place.ctx, place.viewer, { importId, planHash })
  const downloads = [originalFile, planFile, receiptFile, rejectedRowsFile]
  const files = await Promise.all(downloads.map(async (load) => (await load(place.ctx, place.viewer, importId)).bytes))
  const all = [
    await everythingOfTheShard(),
    (await kept(importId))?.text ?? '',
    JSON.stringify(view),
    JSON.stringify(await loadWizard(place.ctx, place.viewer, importId)),
    ...files.map((bytes) => new TextDecoder().decode(bytes)),
    ...written,
  ].join('\n')
  // Proof that the search can find what is there.
  expect(all).toContain('Medical notes')
  expect(all).toContain('Koval')
  for (const value of [...Object.values(secrets), '078-05-1121', '078-05-1122']) expect(all).not.toContain(value)
  for (const spy of spies) spy.mockRestore()
  expect(await gradesOf(world, school)).toContain('Koval / Essay = 81')
})

test('the kept file has the same rows and headings, with the private cells blank', async () => {
  const importId = await drop(text())
  const original = await kept(importId)
  expect(original?.isRedacted).toBe(true)
  expect(original?.privateColumns).toEqual([3, 5, 6, 8])
  expect(original?.text.replace('\ufeff', '').split('\r\n').slice(0, 2)).toEqual([
    'last_name,first_name,email,Birth date,Quiz 1,Tax code,Home address,Essay,Medical notes',
    `Koval,Mariya,mariya.koval@${school.slug}.example,,18,,,x1,`,
  ])
})

test('a file read again from what was kept is read as it was, private columns and all', async () => {
  const importId = await drop(text())
  const before = await loadWizard(place.ctx, place.viewer, importId)
  await rereadImport(place.ctx, place.viewer, { importId, choices: {} })
  const after = await loadWizard(place.ctx, place.viewer, importId)
  const columns = (view: typeof before) =>
    view?.map.columns.map(({ heading, role, isPrivate, reason }) => [heading, role, isPrivate, reason])
  expect(columns(after)).toEqual(columns(before))
  expect(
    columns(before)
      ?.filter(([, , isPrivate]) => isPrivate)
      .map(([heading]) => heading),
  ).toEqual(['Birth date', 'Tax code', 'Home address', 'Medical notes'])
  expect(after?.fix).toEqual(before?.fix)
})

test('a private column that is mapped on purpose asks for the file once more, and then its values count', async () => {
  const content = text().replace('Home address', 'Address')
  const importId = await drop(content.replaceAll(`"${secrets.street}, London"`, '7'))
  const column = '6'
  const choices = { columns: { [column]: { use: 'assignment' as const, title: 'Address quiz', maxPoints: '10' } } }
  await rereadImport(place.ctx, place.viewer, { importId, choices })
  const asked = await loadWizard(place.ctx, place.viewer, importId)
  expect(asked?.summary.state).toBe('blocked')
  expect(asked?.map.problems.map(({ code }) => code)).toContain('values_not_kept')
  const other = new TextEncoder().encode('last_name,first_name,Quiz 1\nLee,Sam,3\n')
  expect(await codeOf(rereadImport(place.ctx, place.viewer, { importId, choices: {}, file: { bytes: other } }))).toBe('conflict')
  const bytes = new TextEncoder().encode(content.replaceAll(`"${secrets.street}, London"`, '7'))
  await rereadImport(place.ctx, place.viewer, { importId, choices: {}, file: { bytes } })
  expect((await loadWizard(place.ctx, place.viewer, importId))?.summary.state).toBe('planned')
  const original = await kept(importId)
  expect(original?.privateColumns).toEqual([3, 5, 8])
  expect(original?.text).not.toContain(secrets.ssn)
})

test('a file without private columns is kept byte for byte', async () => {
  const bytes = new Uint8Array(Buffer.from('\ufefflast_name;first_name;Quiz 1\r\nLee;Sam;"9,5"\r\n', 'utf16le'))
  const importId = await drop(bytes)
  const original = await kept(importId)
  expect(original?.isRedacted).toBe(false)
  expect(Buffer.from(original?.bytes ?? [])).toEqual(Buffer.from(bytes))
  const file = await originalFile(place.ctx, place.viewer, importId)
  expect(file).toMatchObject({ fileName: 'grades.csv', mediaType: 'application/octet-stream' })
  const plan = await planFile(place.ctx, place.viewer, importId)
  const { planHash } = (await loadWizard(place.ctx, place.viewer, importId)) ?? {}
  expect(createHash('sha256').update(plan.bytes).digest('hex')).toBe(planHash)
})

test('of an archive with private data only the part that was read is kept, and another part is never taken for it', async () => {
  const table = (score: string, more = '') =>
    new TextEncoder().encode(`last_name,first_name,Quiz 1${more && ',Home address'}\nLee,Sam,${score}${more}\n`)
  const zip = zipSync({ 'spring.csv': table('5'), 'autumn.csv': table('6', `,${secrets.street}`) })
  const importId = await drop(zip)
  const original = await kept(importId)
  expect(original?.isRedacted).toBe(true)
  expect(original?.text).not.toContain(secrets.street)
  await expect(rereadImport(place.ctx, place.viewer, { importId, choices: { part: 'autumn.csv' } })).rejects.toThrow(
    /Only 'spring.csv' of this file was kept/,
  )
  await rereadImport(place.ctx, place.viewer, { importId, choices: { numbers: '.' } })
  const open = await loadWizard(place.ctx, place.viewer, importId)
  expect([open?.summary.state, open?.shape.part?.options.map(({ value }) => value)]).toEqual([
    'blocked',
    ['spring.csv', 'autumn.csv'],
  ])
  await rereadImport(place.ctx, place.viewer, { importId, choices: { part: 'spring.csv' } })
  const view = await loadWizard(place.ctx, place.viewer, importId)
  expect([view?.summary.state, view?.shape.part?.value]).toEqual(['planned', 'spring.csv'])
})

test('at rest a file is not readable, and one moved to another import or school does not open', async () => {
  const content = `last_name,first_name,Quiz 1\nLee,Sam,9\nVery-Seldom-Name,Kid,3\n`
  const [first, second] = [await drop(content), await drop(content.replace('9', '8'))]
  const [raw] = await asAdmin(world, school, (sql) =>
    sql<{ sealed: Buffer }>('select sealed from app.import_files where import_id = $1', [first]),
  )
  expect(raw?.sealed.toString('latin1')).not.toContain('Very-Seldom-Name')
  await asAdmin(world, school, (sql) =>
    sql(
      `update app.import_files f set sealed = other.sealed, nonce = other.nonce
       from app.import_files other where f.import_id = $1 and other.import_id = $2`,
      [second, first],
    ),
  )
  expect((await kept(first))?.text).toContain('Very-Seldom-Name')
  await expect(kept(second)).rejects.toThrow()

  const owner = { tenantId: school.tenantId, importId: first }
  const sealed = await sealFile(owner, new TextEncoder().encode('grades'))
  expect(new TextDecoder().decode((await openFile(owner, sealed)) ?? undefined)).toBe('grades')
  const riverside = await addPeople(world, await world.addSchool({ shard: 'shard_2' }))
  await expect(openFile({ ...owner, tenantId: riverside.tenantId }, sealed)).rejects.toThrow()
  const touched = Buffer.from(sealed.sealed)
  touched[0] = (touched[0] ?? 0) ^ 1
  await expect(openFile(owner, { ...sealed, sealed: touched })).rejects.toThrow()
})

test('the secret can be changed: the previous one still opens, and without it the file is gone but nothing else', async () => {
  const importId = await drop('last_name,first_name,Quiz 1\nLee,Sam,9\n')
  const old = process.env.FILES_SECRET ?? ''
  try {
    process.env.FILES_SECRET = 'n'.repeat(40)
    process.env.FILES_SECRET_PREVIOUS = old
    forgetEnv()
    expect((await kept(importId))?.text).toContain('Lee')
    delete process.env.FILES_SECRET_PREVIOUS
    forgetEnv()
    expect(await kept(importId)).toBeNull()
    expect((await loadWizard(place.ctx, place.viewer, importId))?.summary.state).toBe('planned')
  } finally {
    process.env.FILES_SECRET = old
    delete process.env.FILES_SECRET_PREVIOUS
    forgetEnv()
  }
})

test('after 90 days the original is deleted, of this school only, and the import says so', async () => {
  const riverside = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  const [mine, fresh] = [
    await drop('last_name,first_name,Quiz 1\nLee,Sam,9\n'),
    await drop('last_name,first_name,Quiz 1\nLee,Sam,8\n'),
  ]
  const theirs = await drop('last_name,first_name,Quiz 1\nLee,Sam,9\n', placeOf(riverside))
  expect((await loadOriginalState(place.ctx, place.viewer, mine))?.isKept).toBe(true)
  await asAdmin(world, school, (sql) =>
    sql(
      `update app.import_files set created_at = created_at - interval '91 days', expires_at = expires_at - interval '91 days'
       where import_id = any($1)`,
      [[mine, theirs]],
    ),
  )
  expect(await loadOriginalState(place.ctx, place.viewer, mine)).toEqual({
    isKept: false,
    isRedacted: false,
    expiresAt: null,
    byteLength: null,
  })
  expect(await codeOf(originalFile(place.ctx, place.viewer, mine))).toBe('not_found')
  await expect(rereadImport(place.ctx, place.viewer, { importId: mine, choices: { numbers: '.' } })).rejects.toThrow(
    /deleted after 90 days/,
  )
  expect(await purgeExpiredFiles(place.ctx)).toBe(1)
  expect(await purgeExpiredFiles(place.ctx)).toBe(0)
  const left = await asAdmin(world, school, (sql) =>
    sql<{ id: string }>('select import_id as id from app.import_files where import_id = any($1)', [[mine, fresh, theirs]]),
  )
  expect(left.map(({ id }) => id).sort()).toEqual([fresh, theirs].sort())
})

test('originals, plans, receipts and mappings of one school are nothing in another, nor for who does not teach the class', async () => {
  const riverside = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  const importId = await drop(text())
  for (const load of [originalFile, planFile, receiptFile]) {
    expect(await codeOf(load(riverside.ctx, riverside.admin.viewer, importId))).toBe('not_found')
    for (const { viewer } of [school.otherTeacher, school.student, school.guardian])
      expect(await codeOf(load(place.ctx, viewer, importId))).toBe('not_found')
  }
  expect(await loadWizard(riverside.ctx, riverside.admin.viewer, importId)).toBeNull()
  expect(await loadOriginalState(riverside.ctx, riverside.admin.viewer, importId)).toBeNull()
  expect(await codeOf(rereadImport(riverside.ctx, riverside.admin.viewer, { importId, choices: {} }))).toBe('not_found')
  expect(await codeOf(rereadImport(place.ctx, school.otherTeacher.viewer, { importId, choices: {} }))).toBe('not_found')
  // Even a statement that names the other school's row finds nothing behind the wall.
  for (const table of ['import_files', 'import_undos', 'import_mappings', 'assignment_links']) {
    const seen = await readTenant(riverside.ctx, ({ sql }) =>
      sql(`select from app.${table} where tenant_id = $1`, [school.tenantId]),
    )
    expect(seen).toEqual([])
  }
  const stolen = await writeTenant(riverside.ctx, ({ sql }) =>
    sql('delete from app.import_files where tenant_id = $1 and import_id = $2 returning import_id', [school.tenantId, importId]),
  )
  expect(stolen).toEqual([])
  expect(await kept(importId)).not.toBeNull()
})
