import { commitRoster } from '@/lib/rosters/commit-roster'
import { planRoster } from '@/lib/rosters/plan-roster'
import { loadRosterReview } from '@/lib/rosters/review-roster'
import type { Coverage } from '@/lib/rosters/roster-file'
import type { RosterReview } from '@/lib/rosters/views'
import type { PeopledSchool } from '../../support/two-schools'
import type { World } from '../../support/world'
import { asAdmin } from '../imports/support'

type Upload = Readonly<{ name: string; bytes: Uint8Array }>

/** Plans a file as the school's admin and returns its review; throws when it was refused. */
export async function planned(school: PeopledSchool, file: Upload, coverage: Coverage = 'file'): Promise<RosterReview> {
  const outcome = await planRoster(school.ctx, school.admin.viewer, { file, coverage })
  if (outcome.kind === 'refused') throw new Error(outcome.problems.map(({ message }) => message).join(' '))
  return loadRosterReview(school.ctx, school.admin.viewer, outcome.rosterId, { limit: 500 })
}

export const commit = (school: PeopledSchool, review: RosterReview, repeated: number | null = review.numberToRepeat) =>
  commitRoster(school.ctx, school.admin.viewer, { rosterId: review.summary.id, planHash: review.planHash, repeated })

/** Plans and commits at once. */
export async function take(school: PeopledSchool, file: Upload, coverage: Coverage = 'file'): Promise<RosterReview> {
  const review = await planned(school, file, coverage)
  await commit(school, review)
  return review
}

/** Every row of the school as text, but for what records that something happened. */
export function dump(world: World, school: PeopledSchool): Promise<string> {
  return asAdmin(world, school, async (sql) => {
    const tables = await sql<{ name: string }>(`
      select table_name as name from information_schema.tables
      where table_schema = 'app' and table_type = 'BASE TABLE'
        and table_name not in ('roster_imports', 'audit_log', 'idempotency')
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
