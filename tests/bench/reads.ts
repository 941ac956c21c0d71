import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '@/lib/db/generated/shard/client'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { interleave, timeEach, timeTurns } from './interleave'

/** Milliseconds a read, one number a round, of each way through the door and around it. */
export type ReadTimes = Readonly<Record<ReadName, readonly number[]>>
type ReadName = `${'raw' | 'tenant'}${'Sql' | 'Prisma'}${'Student' | 'Class'}`

const studentText = `
  select s.id, s.last_name, s.first_name, g.assignment_id, g.score
  from students s
  left join grades g on g.tenant_id = s.tenant_id and g.class_id = $3 and g.student_id = s.id
  where s.tenant_id = $1 and s.id = $2`

const classText = `
  select s.id, s.last_name, s.first_name,
    (select json_object_agg(g.assignment_id, g.score)
     from grades g
     where g.tenant_id = $1 and g.class_id = $2 and g.student_id = s.id) as scores
  from enrolments e
  join students s on s.tenant_id = e.tenant_id and s.id = e.student_id
  where e.tenant_id = $1 and e.class_id = $2 and e.left_at is null
  order by s.last_name, s.first_name`

/**
 * Two reads, the least there is (one student with their grades in a class) and what a page is made of (a class of 30 x 40), through
 * the door and around it. `unguardedUrl` names a role that row-level security does not hold. Everything is prepared on both sides.
 * Single readers take turns read by read: whether the scheduler wakes a process on the same core doubles a read of 40 µs, and
 * changes in the middle of a round. Quote ratios only.
 */
export async function measureReads(options: {
  ctx: TenantContext
  unguardedUrl: string
  studentId: string
  classId: string
  rounds: number
  perRound: number
  /** How many read at the same time; the process's pool must be as large (POOL_MAX). */
  readers: number
}): Promise<ReadTimes> {
  const { unguardedUrl, rounds, perRound, readers } = options
  const pool = new pg.Pool({ connectionString: unguardedUrl, max: readers, options: '-c search_path=app' })
  const prisma = new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: unguardedUrl, max: readers },
      { schema: 'app', statementNameGenerator: ({ sql }) => `bench_${sql.length}` },
    ),
  })
  const reads = readsOf(pool, prisma, options)
  try {
    if (readers === 1) return await timeTurns(reads, { rounds, perRound, warmups: 2 })
    const names = Object.keys(reads) as ReadName[] // the keys of the record above
    const works = Object.fromEntries(
      names.map((name) => [name, () => timeEach(reads[name], { count: perRound, readers })] as const),
    ) as Record<ReadName, () => Promise<number>> // and again
    return await interleave(works, { rounds, warmups: 2 })
  } finally {
    await Promise.all([pool.end(), prisma.$disconnect()])
  }
}

function readsOf(
  pool: pg.Pool,
  prisma: PrismaClient,
  { ctx, studentId, classId }: { ctx: TenantContext; studentId: string; classId: string },
): Record<ReadName, () => Promise<unknown>> {
  const { tenantId } = ctx
  const student = { name: 'bench_student', text: studentText, values: [tenantId, studentId, classId] }
  const wholeClass = { name: 'bench_class', text: classText, values: [tenantId, classId] }
  const oneStudent = { where: { tenantId_id: { tenantId, id: studentId } } }
  const itsGrades = { where: { tenantId, classId } }
  return {
    rawSqlStudent: () => pool.query(student),
    tenantSqlStudent: () => readTenant(ctx, ({ sql }) => sql(student.text, student.values, { name: student.name })),
    rawSqlClass: () => pool.query(wholeClass),
    tenantSqlClass: () => readTenant(ctx, ({ sql }) => sql(wholeClass.text, wholeClass.values, { name: wholeClass.name })),
    rawPrismaStudent: () => prisma.student.findUnique(oneStudent),
    tenantPrismaStudent: () => readTenant(ctx, ({ db }) => db.student.findUnique(oneStudent)),
    rawPrismaClass: () => prisma.grade.findMany(itsGrades),
    tenantPrismaClass: () => readTenant(ctx, ({ db }) => db.grade.findMany(itsGrades)),
  }
}
