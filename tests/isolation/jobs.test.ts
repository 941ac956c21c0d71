import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createToken, revokeToken } from '@/lib/api/tokens'
import type { Viewer } from '@/lib/auth/rights'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import type { ImportJobKind } from '@/lib/imports/progress'
import { loadUndoParts, loadUndos } from '@/lib/imports/undo-history'
import { runImportJob } from '@/lib/jobs/import-job'
import { loadProgress } from '@/lib/jobs/load-progress'
import { cancelImport, startCommit, startPlan, startRedo, startReread, startUndo } from '@/lib/jobs/start'
import { closeRegistry } from '@/lib/tenancy/registry'
import { codeOf, dump, placeOf } from '../integration/imports/support'
import { largeFile, reviewOf } from '../integration/jobs/support'
import { addPeople, addTwoSchools, type PeopledSchool } from '../support/two-schools'
import { createWorld, type World } from '../support/world'

/** Work that runs after its request, without one: what it may touch is proven as for requests. The jobs are run here, one by one. */

let world: World
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld({ shards: 2 })
  ;({ northside, riverside } = await addTwoSchools(world))
})
afterAll(async () => {
  await closeRegistry()
  await closeAll()
  await world?.close()
})

const noShutdown = new AbortController().signal
const run = (payload: unknown) => runImportJob(payload, { isLast: true, shutdown: noShutdown })
const jobOf = (school: PeopledSchool, importId: string, kind: ImportJobKind) => ({
  tenantId: school.tenantId,
  importId,
  kind,
  requestId: 'test',
})
const asAdmin = (school: PeopledSchool, text: string, values: readonly unknown[] = []) =>
  withDirectConnection(world.shard(school.shard).adminUrl, (sql) => sql(text, values))
const inControl = (text: string, values: readonly unknown[]) => withDirectConnection(world.adminUrl, (sql) => sql(text, values))

let round = 0

/** A large upload that waits for a worker. */
async function waitingUpload(school: PeopledSchool, viewer: Viewer = school.teacher.viewer): Promise<string> {
  const file = largeFile(school, { rows: 900, columns: 70, round: ++round })
  const started = await startPlan(school.ctx, viewer, { classId: school.classId, termId: school.termId, file })
  if (started.kind !== 'queued') throw new Error(`it was ${started.kind}`)
  return started.importId
}

/** A large plan whose commit waits for a worker. */
async function waitingCommit(school: PeopledSchool): Promise<string> {
  const importId = await waitingUpload(school)
  expect(await run(jobOf(school, importId, 'plan'))).toBe('done')
  const { planHash } = await reviewOf(placeOf(school), importId)
  expect((await startCommit(school.ctx, school.teacher.viewer, { importId, planHash })).kind).toBe('queued')
  return importId
}

/** A large import that stands, or was undone. */
async function written(school: PeopledSchool, isUndone: boolean): Promise<string> {
  const importId = await waitingCommit(school)
  expect(await run(jobOf(school, importId, 'commit'))).toBe('done')
  if (!isUndone) return importId
  await startUndo(school.ctx, school.teacher.viewer, { importId })
  expect(await run(jobOf(school, importId, 'undo'))).toBe('done')
  return importId
}

type LaterKind = 'undo' | 'redo' | 'reread'

/** What is asked for after a plan or a commit, waiting for a worker: the undo of a part, the redo, the reading with the file sent again. */
async function waitingLater(school: PeopledSchool, kind: LaterKind): Promise<string> {
  const [{ ctx }, { viewer }] = [school, school.teacher]
  if (kind !== 'reread') {
    const importId = await written(school, kind === 'redo')
    const parts = await loadUndoParts(ctx, viewer, importId)
    const only = { studentIds: parts?.students.slice(0, 1).map(({ id }) => id) ?? [] }
    const started =
      kind === 'undo' ? await startUndo(ctx, viewer, { importId, only }) : await startRedo(ctx, viewer, { importId })
    expect(started.kind).toBe('queued')
    return importId
  }
  const importId = await waitingUpload(school)
  expect(await run(jobOf(school, importId, 'plan'))).toBe('done')
  const file = largeFile(school, { rows: 900, columns: 70, round })
  expect((await startReread(ctx, viewer, { importId, choices: { numbers: '.' }, file })).kind).toBe('queued')
  return importId
}

const laterKinds = ['undo', 'redo', 'reread'] as const

/** What is kept of an import's plan and file. */
const readingOf = (school: PeopledSchool, importId: string) =>
  asAdmin(
    school,
    `select i.state, i.plan_hash, i.choices, md5(kept.sealed) as file
     from app.imports i left join app.import_files kept on kept.tenant_id = i.tenant_id and kept.import_id = i.id where i.id = $1`,
    [importId],
  )

describe('a forged job', () => {
  let waiting: string
  beforeAll(async () => {
    waiting = await waitingCommit(riverside)
  }, 60_000)

  it.each([
    ['of Northside that names an import of Riverside', () => jobOf(northside, waiting, 'commit')],
    ['of a school that does not exist', () => ({ ...jobOf(riverside, waiting, 'commit'), tenantId: randomUUID() })],
    ['for an import that nobody made', () => jobOf(riverside, randomUUID(), 'commit')],
    ['of another kind than was asked for', () => jobOf(riverside, waiting, 'undo')],
  ])('%s does nothing to anybody', async (_, payload) => {
    const before = [await dump(world, northside), await dump(world, riverside)]
    expect(await run(payload())).toBe('dropped')
    expect([await dump(world, northside), await dump(world, riverside)]).toEqual(before)
    expect(await loadProgress(riverside.ctx, riverside.teacher.viewer, waiting)).toMatchObject({
      state: 'planned',
      progress: { state: 'queued' },
    })
  })

  it('that is none is not run', async () => {
    await expect(run({ tenantId: northside.tenantId, importId: 'all' })).rejects.toThrow()
  })

  it('was worth forging: the real one writes', async () => {
    expect(await run(jobOf(riverside, waiting, 'commit'))).toBe('done')
    expect(await loadProgress(riverside.ctx, riverside.teacher.viewer, waiting)).toMatchObject({ state: 'committed' })
  })

  it('run once more does nothing more', async () => {
    const before = await dump(world, riverside)
    expect(await run(jobOf(riverside, waiting, 'commit'))).toBe('dropped')
    expect(await dump(world, riverside)).toBe(before)
  })
})

describe('somebody of another school, or of another class', () => {
  let waiting: string
  beforeAll(async () => {
    waiting = await waitingCommit(northside)
  }, 60_000)

  it.each([
    ['a teacher of Riverside in their own school', () => [riverside.ctx, riverside.teacher.viewer] as const],
    ['a teacher of Riverside with Northside’s context', () => [northside.ctx, riverside.teacher.viewer] as const],
    ['a teacher of another class', () => [northside.ctx, northside.otherTeacher.viewer] as const],
    ['a student', () => [northside.ctx, northside.student.viewer] as const],
  ])('%s neither sees, starts nor stops it', async (_, who) => {
    const [ctx, viewer] = who()
    const seen = await loadProgress(ctx, viewer, waiting).catch((error: unknown) => codeOf(Promise.reject(error)))
    expect(['not_found', null]).toContain(seen)
    const target = { importId: waiting, planHash: 'x'.repeat(64) }
    expect(await codeOf(startCommit(ctx, viewer, target))).toBe('not_found')
    expect(await codeOf(startUndo(ctx, viewer, target))).toBe('not_found')
    expect(await codeOf(cancelImport(ctx, viewer, target))).toBe('not_found')
    expect(await loadProgress(northside.ctx, northside.teacher.viewer, waiting)).toMatchObject({
      progress: { state: 'queued', cancel: 'none' },
    })
  })
})

describe.each(laterKinds)('what waits after a plan or a commit (%s)', (kind) => {
  let waiting: string
  beforeAll(async () => {
    waiting = await waitingLater(riverside, kind)
  }, 60_000)

  it('is not done for another school that names it, nor for another kind of job', async () => {
    const seen = async () => [await dump(world, northside), await dump(world, riverside), await readingOf(riverside, waiting)]
    const before = await seen()
    expect(await run(jobOf(northside, waiting, kind))).toBe('dropped')
    for (const other of laterKinds) if (other !== kind) expect(await run(jobOf(riverside, waiting, other))).toBe('dropped')
    expect(await seen()).toEqual(before)
  })

  it.each([
    ['a teacher of Northside in their own school', () => [northside.ctx, northside.teacher.viewer] as const],
    ['a teacher of Northside with Riverside’s context', () => [riverside.ctx, northside.teacher.viewer] as const],
    ['a teacher of another class', () => [riverside.ctx, riverside.otherTeacher.viewer] as const],
    ['a guardian', () => [riverside.ctx, riverside.guardian.viewer] as const],
  ])('is neither started nor stopped by %s', async (_, who) => {
    const [ctx, viewer] = who()
    const target = { importId: waiting }
    const only = { studentIds: [riverside.students[0].id] }
    const file = largeFile(riverside, { rows: 900, columns: 70, round })
    expect(await codeOf(startUndo(ctx, viewer, { ...target, only }))).toBe('not_found')
    expect(await codeOf(startRedo(ctx, viewer, target))).toBe('not_found')
    expect(await codeOf(startReread(ctx, viewer, { ...target, choices: {} }))).toBe('not_found')
    expect(await codeOf(startReread(ctx, viewer, { ...target, choices: {}, file }))).toBe('not_found')
    expect(await codeOf(cancelImport(ctx, viewer, target))).toBe('not_found')
    expect(await loadProgress(riverside.ctx, riverside.teacher.viewer, waiting)).toMatchObject({
      progress: { kind, state: 'queued', cancel: 'none' },
    })
  })

  it('is refused when who asked no longer teaches the class; nothing is written and nothing sent is kept', async () => {
    const slug = `${kind}-revoked`
    const school = await addPeople(world, await world.addSchool({ slug, name: slug }))
    const importId = await waitingLater(school, kind)
    await asAdmin(school, 'delete from app.class_teachers where tenant_id = $1 and member_id = $2', [
      school.tenantId,
      school.teacher.member.id,
    ])
    const seen = async () => [await dump(world, school), await readingOf(school, importId)]
    const before = await seen()
    expect(await run(jobOf(school, importId, kind))).toBe('failed')
    const { progress } = (await loadProgress(school.ctx, school.admin.viewer, importId)) ?? {}
    expect(progress).toMatchObject({
      kind,
      state: 'failed',
      problem: { message: expect.stringContaining('may no longer import') },
    })
    expect(await seen()).toEqual(before)
    expect(
      await asAdmin(school, 'select from app.import_jobs where import_id = $1 and sent_sealed is not null', [importId]),
    ).toEqual([])
  }, 60_000)

  it('was worth all that: the real one is done, and Northside has nothing of it', async () => {
    const before = [await dump(world, northside), await readingOf(riverside, waiting), await dump(world, riverside)]
    expect(await run(jobOf(riverside, waiting, kind))).toBe('done')
    const after = [await dump(world, northside), await readingOf(riverside, waiting), await dump(world, riverside)]
    expect(after[0]).toBe(before[0])
    expect(after.slice(1)).not.toEqual(before.slice(1))
  })
})

it('the undo of a part that names students of another school takes nothing back there or here', { timeout: 60_000 }, async () => {
  const importId = await written(northside, false)
  const only = { studentIds: riverside.students.map(({ id }) => id) }
  expect((await startUndo(northside.ctx, northside.teacher.viewer, { importId, only })).kind).toBe('queued')
  const seen = async () => [await dump(world, northside), await dump(world, riverside)]
  const before = await seen()
  expect(await run(jobOf(northside, importId, 'undo'))).toBe('done')
  expect(await seen()).toEqual(before)
  const undos = await loadUndos(northside.ctx, northside.teacher.viewer, importId)
  expect(undos).toEqual([expect.objectContaining({ cells: 0 })])
})

it('a file sent again that was put beside another school’s job does not open there', { timeout: 60_000 }, async () => {
  const [theirs, ours] = [await waitingLater(riverside, 'reread'), await waitingLater(northside, 'reread')]
  const [sent] = await asAdmin(
    riverside,
    'select sent_key_id, sent_nonce, sent_sealed from app.import_jobs where import_id = $1',
    [theirs],
  )
  const before = await readingOf(northside, ours)
  await asAdmin(
    northside,
    'update app.import_jobs set sent_key_id = $2, sent_nonce = $3, sent_sealed = $4 where import_id = $1',
    [ours, ...Object.values(sent as object)],
  )
  expect(await run(jobOf(northside, ours, 'reread'))).toBe('failed')
  expect(await readingOf(northside, ours)).toEqual(before)
  expect(await run(jobOf(riverside, theirs, 'reread'))).toBe('done')
})

describe('who asked and may no longer', () => {
  let school: PeopledSchool
  let waiting: string
  let before: string
  beforeEach(async () => {
    const slug = `revoked-${++round}`
    school = await addPeople(world, await world.addSchool({ slug, name: slug }))
    waiting = await waitingCommit(school)
    before = await dump(world, school)
  }, 60_000)

  it.each([
    ['was shut out', 'update app.members set disabled_at = now() where tenant_id = $1 and id = $2'],
    ['is a teacher no more', "update app.members set roles = '{guardian}' where tenant_id = $1 and id = $2"],
    ['no longer teaches the class', 'delete from app.class_teachers where tenant_id = $1 and member_id = $2'],
  ])('%s: refused when it runs, said so, and nothing is written', async (_, change) => {
    await asAdmin(school, change, [school.tenantId, school.teacher.member.id])
    const changed = await dump(world, school)
    expect(changed).not.toBe(before)
    expect(await run(jobOf(school, waiting, 'commit'))).toBe('failed')
    const { progress } = (await loadProgress(school.ctx, school.admin.viewer, waiting)) ?? {}
    expect(progress).toMatchObject({ state: 'failed', problem: { message: expect.stringContaining('may no longer import') } })
    expect(await dump(world, school)).toBe(changed)
  })
})

it('a token that was revoked between the wish and the work is refused', { timeout: 60_000 }, async () => {
  const actor = { kind: 'system', name: 'test' } as const
  const made = await createToken([northside.ctx], actor, { name: 'test', scopes: ['imports:write'], days: 1 })
  const viewer: Viewer = {
    tenantId: northside.tenantId,
    actor: { kind: 'token', id: made.id },
    rights: new Set(['classes.read', 'grades.import']),
    scope: { kind: 'school' },
  }
  const [kept, revoked] = [await waitingUpload(northside, viewer), await waitingUpload(northside, viewer)]
  expect(await run(jobOf(northside, kept, 'plan'))).toBe('done')
  await revokeToken(northside.ctx, actor, made.id)
  expect(await run(jobOf(northside, revoked, 'plan'))).toBe('failed')
})

describe('a school whose state changed meanwhile', () => {
  it.each(['suspended', 'read_only'] as const)(
    'and is %s: nothing is done, and it is done when it opens again',
    async (state) => {
      const school = await addPeople(world, await world.addSchool({ slug: `is-${state.replace('_', '-')}`, name: state }))
      const waiting = await waitingCommit(school)
      const before = await dump(world, school)
      const set = (to: string) =>
        asAdmin(school, 'update guard.tenant_home set state = $2 where tenant_id = $1', [school.tenantId, to])
      await set(state)
      expect(await run(jobOf(school, waiting, 'commit'))).toBe('dropped')
      expect(await dump(world, school)).toBe(before)
      await set('active')
      expect(await run(jobOf(school, waiting, 'commit'))).toBe('done')
    },
    60_000,
  )

  it('and lives under a later epoch: the route is asked for anew', { timeout: 60_000 }, async () => {
    const school = await addPeople(world, await world.addSchool({ slug: 'later-epoch', name: 'Later' }))
    const waiting = await waitingCommit(school)
    await inControl('update control.tenants set epoch = 2 where id = $1', [school.tenantId])
    await asAdmin(school, 'update guard.tenant_home set epoch = 2 where tenant_id = $1', [school.tenantId])
    expect(await run(jobOf(school, waiting, 'commit'))).toBe('done')
  })

  it('and has moved to another shard: nothing is done where it was', { timeout: 60_000 }, async () => {
    const school = await addPeople(world, await world.addSchool({ slug: 'moved-away', name: 'Moved' }))
    const waiting = await waitingCommit(school)
    const before = await dump(world, school)
    await asAdmin(school, "update guard.tenant_home set state = 'moved' where tenant_id = $1", [school.tenantId])
    await expect(run(jobOf(school, waiting, 'commit'))).rejects.toThrow()
    expect(await dump(world, school)).toBe(before)
  })
})
