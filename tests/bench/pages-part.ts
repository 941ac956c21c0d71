import fs from 'node:fs'
import { closeAll } from '@/lib/db/close'
import { commitImport } from '@/lib/imports/commit'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import { newId } from '@/lib/ids'
import { withDirectConnection } from '@/lib/db/direct'
import { closeRegistry } from '@/lib/tenancy/registry'
import { openWorld, type World } from '../support/open-world'
import { cookieOf } from '../support/sessions'
import { addPeople, type PeopledSchool } from '../support/two-schools'
import type { Bench } from './bench'
import { type BenchApp, buildEmpty, buildProduct, emptyPath, startProduct, startServer } from './built-apps'
import { postImport } from './built-import'
import { makeFile, makeScores } from './imports'
import { interleave } from './interleave'
import { median, percentile, type Measurement, type Measurements } from './verdict'

const perRound = 40

/** Pages of the built application, beside an empty one and beside somebody's import; and how long it takes to start. */
export async function measurePagesPart(bench: Bench): Promise<void> {
  const world = await openWorld(bench.servers, { shards: 1 })
  const app = await startProduct(world)
  try {
    const school = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
    const page = await addGradebook(world, school)
    bench.note(await measureGradebookPage(app, school, page, bench))
    bench.note({ 'cold-start': await measureColdStart(world, school, bench) })
    bench.note({ 'page-quiet': await measureQuietSchool(world, app, { school, page }, bench) })
  } finally {
    await app.stop()
    await closeRegistry()
    await closeAll()
    await world.close()
  }
}

/** A class of 30 with 40 assignments, in a class of its own; the path of its page. */
async function addGradebook(world: World, school: PeopledSchool): Promise<string> {
  const { ctx, teacher, termId } = school
  const classId = newId()
  await withDirectConnection(world.shard(school.shard).adminUrl, async (sql) => {
    await sql('insert into app.classes (tenant_id, id, name) values ($1, $2, $3)', [ctx.tenantId, classId, 'Chemistry 9A'])
    await sql('insert into app.class_teachers (tenant_id, class_id, member_id) values ($1, $2, $3)', [
      ctx.tenantId,
      classId,
      teacher.member.id,
    ])
  })
  const size = { students: 30, assignments: 40 }
  const file = { name: 'bench.csv', bytes: makeFile(size, makeScores(size)) }
  const planned = await planImport(ctx, teacher.viewer, { classId, termId, file })
  if (planned.kind !== 'planned') throw new Error(`the file of the bench was ${planned.kind}`)
  const review = await loadReview(ctx, teacher.viewer, planned.importId, { rowLimit: 1 })
  await commitImport(ctx, teacher.viewer, { importId: planned.importId, planHash: review?.planHash ?? '' })
  return `/classes/${classId}`
}

async function measureGradebookPage(
  app: BenchApp,
  school: PeopledSchool,
  page: string,
  { isQuick }: Bench,
): Promise<Measurements> {
  const cookie = await cookieOf(school, school.teacher)
  const cpu: Record<'gradebook' | 'empty', number[]> = { gradebook: [], empty: [] }
  const batch = (name: 'gradebook' | 'empty', path: string) => async () => {
    const times: number[] = []
    const before = cpuMilliseconds(app.pid)
    for (let count = 0; count < perRound; count++) times.push(await app.timePage(app.hostOf(school.slug), path, cookie))
    cpu[name].push((cpuMilliseconds(app.pid) - before) / perRound)
    return median(times)
  }
  const [rounds, warmups] = [isQuick ? 3 : 11, 3]
  const measured = await interleave(
    { gradebook: batch('gradebook', page), empty: batch('empty', emptyPath) },
    { rounds, warmups },
  )
  return {
    'page-p50': { work: measured.gradebook, against: measured.empty },
    'page-cpu': { work: cpu.gradebook.slice(warmups), against: cpu.empty.slice(warmups) },
  }
}

/** CPU time a process has used so far, all threads together. NaN where the system does not tell in /proc. */
function cpuMilliseconds(pid: number): number {
  const folder = `/proc/${pid}/task`
  if (!fs.existsSync(folder)) return Number.NaN
  // schedstat begins with the nanoseconds on a CPU; a thread that ended meanwhile is nobody's request.
  const spent = fs
    .readdirSync(folder)
    .map((thread) => Number(fs.readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]))
  return spent.reduce((sum, each) => sum + each, 0) / 1e6
}

async function measureQuietSchool(
  world: World,
  app: BenchApp,
  { school, page }: { school: PeopledSchool; page: string },
  { isQuick }: Bench,
): Promise<Measurement> {
  const size = { students: 5_000, assignments: 100 }
  const bytes = makeFile(size, makeScores(size))
  const cookie = await cookieOf(school, school.teacher)
  const readUntil = async (isOver: () => boolean) => {
    const times: number[] = []
    while (!isOver() || times.length < perRound) times.push(await app.timePage(app.hostOf(school.slug), page, cookie))
    return percentile(times, 0.95)
  }
  const beside = async () => {
    const other = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
    let isOver = false
    const work = postImport(app, other, bytes).finally(() => {
      isOver = true
    })
    const [p95] = await Promise.all([readUntil(() => isOver), work])
    return p95
  }
  const alone = async () => {
    const until = performance.now() + 3_000
    return readUntil(() => performance.now() > until)
  }
  const { work, against } = await interleave({ work: beside, against: alone }, { rounds: isQuick ? 1 : 5 })
  return { work, against }
}

async function measureColdStart(world: World, school: PeopledSchool, { isQuick }: Bench): Promise<Measurement> {
  const [product, empty] = [await buildProduct(), await buildEmpty()]
  const start = async (server: string, env: Readonly<Record<string, string>>, path: string) => {
    const started = performance.now()
    const app = await startServer(server, env)
    try {
      await app.timePage(app.hostOf(school.slug), path)
      return performance.now() - started
    } finally {
      await app.stop()
    }
  }
  const { work, against } = await interleave(
    {
      work: () => start(product, { ...world.env, LOG_LEVEL: 'warn' }, '/sign-in'),
      against: () => start(empty, {}, '/'),
    },
    { rounds: isQuick ? 2 : 7 },
  )
  return { work, against }
}
