import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '@/lib/db/generated/shard/client'
import { readTenant } from '@/lib/db/tenant-db'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { interleave, timeEach, timeMiddle } from './interleave'

/** Milliseconds a read, one number a round. */
export type ReadTimes = Readonly<Record<ReadName, readonly number[]>>
type ReadName = 'rawUnprepared' | 'rawPrepared' | 'tenantSql' | 'tenantSqlPrepared' | 'prisma' | 'prismaPrepared' | 'tenantPrisma'

const text = `
  select s.id, s.last_name, s.first_name, g.assignment_id, g.score
  from students s
  left join grades g on g.tenant_id = s.tenant_id and g.class_id = $3 and g.student_id = s.id
  where s.tenant_id = $1 and s.id = $2`

/**
 * One student with their grades in one class, read through the door and around it. `unguardedUrl` names a role that row-level security does not
 * hold. Rounds are interleaved, so that a busy machine slows all alike: quote ratios only.
 */
export async function measureReads(options: {
  ctx: TenantContext
  unguardedUrl: string
  studentId: string
  classId: string
  rounds?: number
  perRound?: number
  /** How many read at the same time; the process's pool must be as large (POOL_MAX). */
  readers?: number
}): Promise<ReadTimes> {
  const { ctx, studentId, classId, rounds = 15, perRound = 100, readers = 1 } = options
  const values = [ctx.tenantId, studentId, classId]
  const where = { tenantId_id: { tenantId: ctx.tenantId, id: studentId } }
  const pool = new pg.Pool({ connectionString: options.unguardedUrl, max: readers, options: '-c search_path=app' })
  const prisma = () => new PrismaPg({ connectionString: options.unguardedUrl, max: readers }, { schema: 'app' })
  const plain = new PrismaClient({ adapter: prisma() })
  const prepared = new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: options.unguardedUrl, max: readers },
      { schema: 'app', statementNameGenerator: ({ sql }) => `bench_${sql.length}` },
    ),
  })
  const reads: Record<ReadName, () => Promise<unknown>> = {
    rawUnprepared: () => pool.query(text, values),
    rawPrepared: () => pool.query({ name: 'bench', text, values }),
    tenantSql: () => readTenant(ctx, ({ sql }) => sql(text, values)),
    tenantSqlPrepared: () => readTenant(ctx, ({ sql }) => sql(text, values, { name: 'bench_student' })),
    prisma: () => plain.student.findUnique({ where }),
    prismaPrepared: () => prepared.student.findUnique({ where }),
    tenantPrisma: () => readTenant(ctx, ({ db }) => db.student.findUnique({ where })),
  }
  try {
    const measure = (read: () => Promise<unknown>) =>
      readers === 1 ? timeMiddle(read, perRound) : timeEach(read, { count: perRound, readers })
    const timed = (name: ReadName) => [name, () => measure(reads[name])] as const
    const names = Object.keys(reads) as ReadName[] // the keys of the record above
    const works = Object.fromEntries(names.map(timed)) as Record<ReadName, () => Promise<number>>
    return await interleave(works, { rounds, warmups: 2 })
  } finally {
    await Promise.all([pool.end(), plain.$disconnect(), prepared.$disconnect()])
  }
}
