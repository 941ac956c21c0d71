import { isRefusedByWall, sqlState } from '@/lib/db/failures'
import { readTenant, type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import type { TenantContext } from '@/lib/tenancy/tenant'

/**
 * What the fuzz does to schools. Every student's last name is the id of the school it was written for, so a row that reaches the
 * wrong school shows itself; and each school keeps a model of what it must hold in the end.
 */
export type FuzzSchool = Readonly<{
  ctx: TenantContext
  /** Students that are saved for sure, and how many identifiers each has. */
  saved: Map<string, number>
  /** Written with an unknown end: the connection broke at COMMIT. */
  perhaps: Map<string, number>
  /** Deleted with an unknown end. */
  perhapsGone: Set<string>
}>

/** Seeded choices, so that a run can be repeated. */
export type Choice = Readonly<{ below: (limit: number) => number; of: <T>(list: readonly T[]) => T }>

type Outcome = { operations: number }
type Operation = (outcome: Outcome, own: FuzzSchool, other: FuzzSchool, choice: Choice) => Promise<void>

/** A row of another school was seen, or something happened that must not. */
export class Leak extends Error {}

const unnamedOperations: Record<string, Operation> = {
  async 'findUnique of two schools in one tick'(outcome, own, other, choice) {
    const [mine, theirs] = [choice.of(known(own)), choice.of(known(other))]
    outcome.operations += 4
    const found = await Promise.all([
      readTenant(own.ctx, ({ db }) => db.student.findUnique({ where: key(own, mine) })),
      readTenant(own.ctx, ({ db }) => db.student.findUnique({ where: key(other, theirs) })),
      readTenant(other.ctx, ({ db }) => db.student.findUnique({ where: key(other, theirs) })),
      readTenant(other.ctx, ({ db }) => db.student.findUnique({ where: key(own, mine) })),
    ])
    if (found[1] || found[3]) throw new Leak('a foreign student was found by its id')
    inspect(own, [found[0]])
    inspect(other, [found[2]])
  },

  async 'find without naming the school'(outcome, own) {
    outcome.operations++
    const rows = await readTenant(own.ctx, ({ db }) => db.student.findMany({ take: 10, include: { identifiers: true } }))
    inspect(own, rows)
    inspect(
      own,
      rows.flatMap((row) => row.identifiers),
    )
  },

  async 'typed SQL, prepared, without naming the school'(outcome, own, other) {
    outcome.operations += 12
    const text = 'select tenant_id as "tenantId", last_name as "lastName" from students order by id desc limit 5'
    for (let round = 0; round < 6; round++)
      await Promise.all(
        [own, other].map(async (school) =>
          inspect(school, await readTenant(school.ctx, ({ sql }) => sql(text, [], { name: 'fuzz_students' }))),
        ),
      )
  },

  async 'raw Prisma reads side by side'(outcome, own, other) {
    outcome.operations += 3
    const [rows, count, foreign] = await readTenant(own.ctx, ({ db }) =>
      Promise.all([
        db.$queryRaw<Row[]>`select tenant_id as "tenantId", last_name as "lastName" from students limit 10`,
        db.student.groupBy({ by: ['tenantId'], _count: true }),
        db.student.count({ where: { tenantId: other.ctx.tenantId } }),
      ]),
    )
    inspect(own, rows)
    inspect(own, count)
    if (foreign > 0) throw new Leak('foreign students were counted')
  },

  async 'a batch and an interactive transaction for reading'(outcome, own) {
    outcome.operations += 3
    await readTenant(own.ctx, async ({ db }) => {
      const [first, identifiers] = await db.$transaction([db.student.findFirst(), db.studentIdentifier.findMany({ take: 5 })])
      inspect(own, [first, ...identifiers])
      inspect(own, await db.$transaction((tx) => tx.student.findMany({ take: 5 })))
    })
  },

  async 'a promise made in one school and awaited in another'(outcome, own, other) {
    outcome.operations += 2
    const late: { rows?: PromiseLike<Row[]> } = {}
    await readTenant(own.ctx, async ({ db }) => {
      late.rows = db.student.findMany({ take: 5 })
      return (await db.student.findFirst())?.id
    })
    await readTenant(other.ctx, async ({ db }) => {
      const [rows, here] = await Promise.all([late.rows ?? [], db.student.findMany({ take: 5 })])
      inspect(own, rows)
      inspect(other, here)
    })
  },

  async 'nested create'(outcome, own) {
    outcome.operations++
    const row = student(own)
    await write(own, [[row.id, 2]], ({ db }) =>
      db.student.create({
        data: {
          ...row,
          identifiers: {
            create: [
              { kind: 'sis', folded: row.id, value: row.lastName },
              { kind: 'number', folded: row.id, value: row.lastName },
            ],
          },
        },
      }),
    )
  },

  async 'Prisma and typed SQL in one write'(outcome, own, _, choice) {
    outcome.operations += 4
    const [a, b, c] = [student(own), student(own), student(own)]
    const ids: [string, number][] = [a, b, c].map(({ id }) => [id, 0])
    await write(own, ids, async (tx) => {
      await insert(tx, a)
      await tx.db.student.createMany({ data: [b] })
      await tx.db.$executeRaw`insert into students (tenant_id, id, last_name, first_name)
        values (${tx.tenantId}::uuid, ${c.id}::uuid, ${c.lastName}, 'raw')`
      if (choice.below(2) === 0)
        inspect(own, await tx.sql('select tenant_id as "tenantId", last_name as "lastName" from students limit 5'))
      else await tx.db.student.updateMany({ where: { tenantId: tx.tenantId, id: a.id }, data: { firstName: 'updated' } })
    })
  },

  async 'upsert and delete'(outcome, own, _, choice) {
    outcome.operations += 2
    const row = student(own)
    await write(own, [[row.id, 0]], ({ db }) =>
      db.student.upsert({ where: key(own, row.id), create: row, update: { firstName: 'again' } }),
    )
    const victim = choice.of(known(own))
    await erase(own, victim, ({ db }) => db.student.deleteMany({ where: { tenantId: own.ctx.tenantId, id: victim } }))
  },

  async rollback(outcome, own) {
    outcome.operations += 3
    const error = await caught(
      writeTenant(own.ctx, async (tx) => {
        await insert(tx, student(own))
        await tx.db.student.create({ data: student(own) })
        throw new Error('on second thoughts')
      }),
    )
    if (!isExpected(error, () => error instanceof Error && error.message === 'on second thoughts')) throw error
  },

  async 'a write for another school'(outcome, own, other, choice) {
    outcome.operations += 2
    const foreign = student(other)
    const error = await caught(
      writeTenant(own.ctx, async (tx) => {
        await insert(tx, student(own))
        if (choice.below(2) === 0) await tx.db.student.create({ data: foreign })
        else await insert(tx, foreign)
      }),
    )
    if (error === null) throw new Leak('a foreign row was written')
    if (!isExpected(error, () => isRefusedByWall(error))) throw error
  },

  async 'changing and deleting in another school'(outcome, own, other, choice) {
    outcome.operations += 2
    const victim = choice.of(known(other))
    const [changed, deleted] = await writeTenant(own.ctx, async ({ db, sql }) => [
      (await db.student.updateMany({ where: { id: victim }, data: { lastName: own.ctx.tenantId } })).count,
      (await sql('delete from students where id = $1 returning id', [victim])).length,
    ])
    if (changed || deleted) throw new Leak('a foreign row was changed')
  },

  async 'a statement that runs out of time'(outcome, own) {
    outcome.operations += 2
    const error = await caught(
      writeTenant(own.ctx, async (tx) => {
        await insert(tx, student(own))
        await tx.sql('set local statement_timeout = 1')
        await tx.sql('select pg_sleep(1)')
      }),
    )
    if (!isExpected(error, () => sqlState(error) === '57014')) throw error
  },

  async 'a query that fails'(outcome, own) {
    outcome.operations += 2
    for (const failing of [
      () => readTenant(own.ctx, ({ sql }) => sql('select 1 / 0')),
      () => readTenant(own.ctx, ({ db }) => db.$queryRaw`select 1 / 0`),
    ]) {
      const error = await caught(failing())
      if (!isExpected(error, () => sqlState(error) === '22012')) throw error
    }
  },

  async 'a route of yesterday'(outcome, own) {
    outcome.operations += 2
    const stale = { ...own.ctx, epoch: own.ctx.epoch + 1000 }
    inspect(own, await readTenant(stale, ({ db }) => db.student.findMany({ take: 3 })))
    const row = student(own)
    await write({ ...own, ctx: stale }, [[row.id, 0]], (tx) => insert(tx, row))
  },
}

/** The kinds of operation, each with its name, as often as they shall come: reading is most of what a school does. */
export const operations = Object.entries(unnamedOperations).flatMap((entry) =>
  entry[0].startsWith('typed SQL') ? [entry, entry] : [entry],
)

/** Whether a failure is what a broken connection looks like from outside. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'unavailable'
}

type Row = Readonly<{ tenantId: string; lastName?: string; value?: string }>

/** Throws when a row is not the school's, by its key or by its mark. */
function inspect(school: FuzzSchool, rows: readonly (Row | null)[]): void {
  const { tenantId } = school.ctx
  for (const row of rows) {
    if (!row) continue
    const mark = row.lastName ?? row.value ?? tenantId
    if (row.tenantId !== tenantId || mark !== tenantId) throw new Leak(`a row of ${row.tenantId} marked ${mark} in ${tenantId}`)
  }
}

async function write(
  school: FuzzSchool,
  ids: readonly [string, number][],
  fn: (tx: TenantWriter) => Promise<unknown>,
): Promise<void> {
  const error = await caught(writeTenant(school.ctx, fn))
  const target = error === null ? school.saved : isCommitUnknown(error) ? school.perhaps : null
  for (const [id, identifiers] of ids) target?.set(id, identifiers)
  if (error !== null) throw error
}

async function erase(school: FuzzSchool, id: string, fn: (tx: TenantWriter) => Promise<unknown>): Promise<void> {
  // Taken out first: another worker may be reading it, and deleting twice is no failure.
  const identifiers = school.saved.get(id)
  if (identifiers === undefined) return
  school.saved.delete(id)
  const error = await caught(writeTenant(school.ctx, fn))
  if (error === null) return
  if (isCommitUnknown(error)) school.perhapsGone.add(id)
  else school.saved.set(id, identifiers)
  throw error
}

function isCommitUnknown(error: unknown): boolean {
  return error instanceof ProblemError && (error.internal ?? '').startsWith('commit_unknown')
}

function isExpected(error: unknown, test: () => boolean): boolean {
  return test() || isUnavailable(error)
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return null
  } catch (error) {
    return error
  }
}

function student({ ctx: { tenantId } }: FuzzSchool) {
  return { tenantId, id: newId(), lastName: tenantId, firstName: 'F' }
}

function insert({ sql }: TenantWriter, row: ReturnType<typeof student>) {
  return sql('insert into students (tenant_id, id, last_name, first_name) values ($1, $2, $3, $4)', Object.values(row))
}

function key({ ctx: { tenantId } }: FuzzSchool, id: string) {
  return { tenantId_id: { tenantId, id } }
}

function known({ saved }: FuzzSchool): string[] {
  return saved.size > 0 ? [...saved.keys()].slice(0, 50) : [newId()]
}
