import { closeAll } from '@/lib/db/close'
import { readTenant } from '@/lib/db/tenant-db'
import { readGradebook } from '@/lib/gradebook/gradebook'
import { listStudents } from '@/lib/people/students'
import { applyEnv, openWorld, type World } from '../support/open-world'
import { addPeople } from '../support/two-schools'
import type { Bench } from './bench'
import { addGradedClass } from './graded-class'
import { timeTurns } from './interleave'
import { analyseShard, type CrowdedSchool, fillShard } from './many-schools'
import { measureReads } from './reads'
import type { Measurement, Measurements } from './verdict'

/** What isolation costs a read, and what other schools in the same tables cost it. */
export async function measureReadsPart(bench: Bench): Promise<void> {
  const world = await openWorld(bench.servers, { shards: 4 })
  applyEnv({ ...world.env, POOL_MAX: '16' })
  try {
    bench.note(await measureIsolation(world, bench))
    bench.note(await measureCrowds(world, bench))
  } finally {
    await closeAll()
    await world.close()
  }
}

async function measureIsolation(world: World, { isQuick }: Bench): Promise<Measurements> {
  const school = await addPeople(world, await world.addSchool({ shard: 'shard_4' }))
  const classId = await addGradedClass(world, school, { students: 30, assignments: 40 })
  const measured: Record<string, Measurement> = {}
  for (const readers of [1, 16]) {
    const times = await measureReads({
      ctx: school.ctx,
      unguardedUrl: world.shard('shard_4').adminUrl,
      studentId: school.students[0].id,
      classId,
      rounds: isQuick ? 5 : 31,
      perRound: readers === 1 ? 40 : 200,
      readers,
    })
    measured[`prisma-${readers}`] = { work: times.tenantPrismaStudent, against: times.rawPrismaStudent }
    measured[`sql-${readers}`] = { work: times.tenantSqlStudent, against: times.rawSqlStudent }
    measured[`prisma-class-${readers}`] = { work: times.tenantPrismaClass, against: times.rawPrismaClass }
    measured[`sql-class-${readers}`] = { work: times.tenantSqlClass, against: times.rawSqlClass }
  }
  return measured
}

type Read = 'gradebook' | 'students' | 'student'
const reads: Readonly<Record<Read, (school: CrowdedSchool) => Promise<unknown>>> = {
  gradebook: ({ ctx, viewer, classId }) => readGradebook(ctx, viewer, { classId, termId: null }),
  students: ({ ctx, viewer }) => listStudents(ctx, viewer, { query: 'family 1' }),
  student: ({ ctx, classId, studentId }) =>
    readTenant(ctx, ({ sql }) =>
      sql(
        `select assignment_id, score, status from app.grades
         where tenant_id = $1 and class_id = $2 and student_id = $3`,
        [ctx.tenantId, classId, studentId],
        { name: 'bench_student_grades' },
      ),
    ),
}

async function measureCrowds(world: World, { isQuick }: Bench): Promise<Measurements> {
  const alone = await fillShard(world, 'shard_1', 1)
  const some = await fillShard(world, 'shard_2', 100)
  const many = await fillShard(world, 'shard_3', isQuick ? 500 : 5_000)
  await analyseShard(world, 'shard_1')
  await analyseShard(world, 'shard_2')
  const rounds = isQuick ? 5 : 15
  const blind = await compare({ alone, many }, rounds)
  await analyseShard(world, 'shard_3')
  const seeing = await compare({ alone, some, many }, rounds)
  const measured: Record<string, Measurement> = {}
  for (const read of Object.keys(reads)) {
    measured[`scale-blind-${read}`] = pick(blind, `many ${read}`, `alone ${read}`)
    measured[`scale-some-${read}`] = pick(seeing, `some ${read}`, `alone ${read}`)
    measured[`scale-many-${read}`] = pick(seeing, `many ${read}`, `alone ${read}`)
  }
  return measured
}

/** Every read at every school, turn by turn. */
function compare(schools: Readonly<Record<string, CrowdedSchool>>, rounds: number) {
  const works = Object.entries(reads).flatMap(([read, work]) =>
    Object.entries(schools).map(([name, school]) => [`${name} ${read}`, () => work(school)] as const),
  )
  return timeTurns(Object.fromEntries(works), { rounds, perRound: 40, warmups: 2 })
}

function pick(times: Readonly<Record<string, readonly number[]>>, work: string, against: string): Measurement {
  return { work: times[work] ?? [], against: times[against] ?? [] }
}
