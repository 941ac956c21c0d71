import fs from 'node:fs'
import { closeAll } from '@/lib/db/close'
import { closeRegistry } from '@/lib/tenancy/registry'
import { startLocalWorker } from '@/lib/ops/local-worker'
import { openWorld, type World } from '../support/open-world'
import { cookieOf } from '../support/sessions'
import { addPeople, type PeopledSchool } from '../support/two-schools'
import type { Bench } from './bench'
import { type BenchApp, buildEmpty, buildProduct, emptyPath, startProduct, startServer } from './built-apps'
import { postLargeImport } from './built-import'
import { addGradedClass } from './graded-class'
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
    const page = `/classes/${await addGradedClass(world, school, { students: 30, assignments: 40 })}`
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
    const work = postLargeImport(app, other, bytes).finally(() => {
      isOver = true
    })
    const [p95] = await Promise.all([readUntil(() => isOver), work])
    return p95
  }
  const alone = async () => {
    const until = performance.now() + 6_000
    return readUntil(() => performance.now() > until)
  }
  // The road of a large file: the application takes it in, and this process does the rest.
  const worker = startLocalWorker({ env: { ...world.env, LOG_LEVEL: 'warn' } })
  world.noteProcess(worker.pid, 'worker')
  try {
    const { work, against } = await interleave({ work: beside, against: alone }, { rounds: isQuick ? 1 : 5 })
    return { work, against }
  } finally {
    await worker.stop()
  }
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
