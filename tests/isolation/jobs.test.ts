import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createToken, revokeToken } from '@/lib/api/tokens'
import type { Viewer } from '@/lib/auth/rights'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { runImportJob } from '@/lib/jobs/import-job'
import { loadProgress } from '@/lib/jobs/load-progress'
import { cancelImport, startCommit, startPlan, startUndo } from '@/lib/jobs/start'
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
const jobOf = (school: PeopledSchool, importId: string, kind: 'plan' | 'commit' | 'undo') => ({
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
