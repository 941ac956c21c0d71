import pg from 'pg'
import { newId } from '@/lib/ids'

/** One connection that a test holds, so that it can stand inside a transaction while another goes on. */
export type Session = Readonly<{
  query: <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  /** begin, and into the school. */
  enter: (tenantId: string, options?: { write?: boolean; epoch?: number; isolation?: string }) => Promise<void>
  commit: () => Promise<void>
  rollback: () => Promise<void>
  /** Resolves when this session waits for another's lock. Fails after five seconds. */
  waits: () => Promise<void>
  end: () => Promise<void>
}>

export async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url })
  const watcher = new pg.Client({ connectionString: url })
  // A world that closes after a failed test ends our connections: that must not hide the failure.
  for (const each of [client, watcher]) each.on('error', () => {})
  await Promise.all([client.connect(), watcher.connect()])
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid
  return {
    query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...values])).rows,
    enter: async (tenantId, { write = true, epoch = 1, isolation = 'read committed' } = {}) => {
      await client.query(`begin isolation level ${isolation}`)
      await client.query('select guard.enter($1, $2, $3)', [tenantId, epoch, write])
    },
    commit: async () => void (await client.query('commit')),
    rollback: async () => void (await client.query('rollback')),
    waits: async () => {
      const deadline = Date.now() + 5_000
      while (Date.now() < deadline) {
        const found = await watcher.query<{ blocked: boolean }>('select cardinality(pg_blocking_pids($1)) > 0 as blocked', [pid])
        if (found.rows[0]?.blocked) return
      }
      throw new Error('the session does not wait for anyone')
    },
    end: async () => void (await Promise.all([client.end(), watcher.end()])),
  }
}

/** A class with students enrolled in it and assignments, in the session's own school. */
export type SampleClass = Readonly<{
  classId: string
  termId: string
  students: readonly string[]
  assignments: readonly string[]
}>

/** Writes a class of `students` by `assignments` in the session's transaction. No grades yet. */
export async function writeClass(
  session: Session,
  tenantId: string,
  size = { students: 2, assignments: 2 },
): Promise<SampleClass> {
  const ids = (count: number) => Array.from({ length: count }, () => newId())
  const [classId, termId] = [newId(), newId()]
  const students = ids(size.students)
  const assignments = ids(size.assignments)
  await session.query('insert into classes (tenant_id, id, name) values ($1, $2, $3)', [tenantId, classId, 'Physics'])
  await session.query('insert into terms (tenant_id, id, name, starts_on, ends_on) values ($1, $2, $3, $4, $5)', [
    tenantId,
    termId,
    `Term ${termId}`,
    '2026-09-01',
    '2026-12-24',
  ])
  await session.query(
    `insert into students (tenant_id, id, last_name, first_name)
     select $1, id, 'Kovalenko', 'Student ' || place from unnest($2::uuid[]) with ordinality as student(id, place)`,
    [tenantId, students],
  )
  await session.query('insert into enrolments (tenant_id, class_id, student_id) select $1, $2, unnest($3::uuid[])', [
    tenantId,
    classId,
    students,
  ])
  await session.query(
    `insert into assignments (tenant_id, class_id, id, term_id, title, title_folded, max_points)
     select $1, $2, id, $4, 'Quiz ' || place, 'quiz ' || place, 100
     from unnest($3::uuid[]) with ordinality as assignment(id, place)`,
    [tenantId, classId, assignments, termId],
  )
  return { classId, termId, students, assignments }
}

/** Writes a grade of 90 for every pair. */
export async function writeGrades(
  session: Session,
  tenantId: string,
  classId: string,
  students: readonly string[],
  assignments: readonly string[],
): Promise<void> {
  await session.query(
    `insert into grades (tenant_id, class_id, student_id, assignment_id, score)
     select $1, $2, student_id, assignment_id, 90
     from unnest($3::uuid[]) as student_id cross join unnest($4::uuid[]) as assignment_id`,
    [tenantId, classId, students, assignments],
  )
}
