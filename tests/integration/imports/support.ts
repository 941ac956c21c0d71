import type { Viewer } from '@/lib/auth/rights'
import { type DirectSql, withDirectConnection } from '@/lib/db/direct'
import { ProblemError } from '@/lib/errors'
import { commitImport } from '@/lib/imports/commit'
import { type PlanAnswers, planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import type { ImportReview } from '@/lib/imports/views'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { PeopledSchool } from '../../support/two-schools'
import type { World } from '../../support/world'

/** A place to import into, and who does it. */
export type Place = Readonly<{ ctx: TenantContext; viewer: Viewer; classId: string; termId: string }>

export const placeOf = (school: PeopledSchool): Place => ({
  ctx: school.ctx,
  viewer: school.teacher.viewer,
  classId: school.classId,
  termId: school.termId,
})

/** Plans a file and returns its review; throws when it was refused. */
export async function plan(
  { ctx, viewer, classId, termId }: Place,
  text: string,
  answers: PlanAnswers = {},
): Promise<ImportReview> {
  const outcome = await planImport(ctx, viewer, {
    classId,
    termId,
    file: { name: 'grades.csv', bytes: new TextEncoder().encode(text) },
    answers,
  })
  if (outcome.kind === 'refused') throw new Error(outcome.problems.map(({ message }) => message).join(' '))
  const review = await loadReview(ctx, viewer, outcome.importId, { rowLimit: 500 })
  if (review === null) throw new Error('no review of what was just planned')
  return review
}

export const commit = (place: Place, review: ImportReview) =>
  commitImport(place.ctx, place.viewer, { importId: review.summary.id, planHash: review.planHash })

/** Plans and commits at once. */
export async function upload(place: Place, text: string, answers: PlanAnswers = {}) {
  const review = await plan(place, text, answers)
  return { review, receipt: await commit(place, review) }
}

/** The code of the ProblemError a call ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof ProblemError) return error.code
    throw error
  }
  return 'no problem'
}

export const asAdmin = <T>(world: World, school: PeopledSchool, fn: (sql: DirectSql) => Promise<T>) =>
  withDirectConnection(world.shard(school.shard).adminUrl, fn)

/** Every row of the school as text, but for what records that something happened. */
export function dump(world: World, school: PeopledSchool): Promise<string> {
  return asAdmin(world, school, async (sql) => {
    const tables = await sql<{ name: string }>(`
      select table_name as name from information_schema.tables
      where table_schema = 'app' and table_type = 'BASE TABLE'
        and table_name not in ('imports', 'import_files', 'import_undos', 'import_mappings', 'import_jobs',
          'grade_changes', 'audit_log', 'idempotency')
      order by table_name`)
    const parts: string[] = []
    for (const { name } of tables) {
      const rows = await sql<{ line: string }>(`select t::text as line from app.${name} t where tenant_id = $1 order by 1`, [
        school.tenantId,
      ])
      parts.push(`${name}\n${rows.map(({ line }) => line).join('\n')}`)
    }
    return parts.join('\n\n')
  })
}

/** The class's grades as 'Last First / title = score status', sorted. */
export function gradesOf(world: World, school: PeopledSchool): Promise<string[]> {
  return asAdmin(world, school, async (sql) => {
    const rows = await sql<{ line: string }>(
      `select s.last_name || ' / ' || a.title || ' = ' || concat_ws(' ', trim_scale(g.score)::text, nullif(g.status, 'graded')) as line
       from app.grades g
       join app.students s on s.tenant_id = g.tenant_id and s.id = g.student_id
       join app.assignments a on a.tenant_id = g.tenant_id and a.class_id = g.class_id and a.id = g.assignment_id
       where g.tenant_id = $1 and g.class_id = $2
       order by 1`,
      [school.tenantId, school.classId],
    )
    return rows.map(({ line }) => line)
  })
}
