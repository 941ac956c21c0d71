import { withDirectConnection } from '@/lib/db/direct'
import { newId } from '@/lib/ids'
import { commitImport } from '@/lib/imports/commit'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import type { World } from '../support/open-world'
import type { PeopledSchool } from '../support/two-schools'
import { type ImportSize, makeFile, makeScores } from './imports'

/** A new class of the school's teacher, full of grades by an import; its id. */
export async function addGradedClass(world: World, school: PeopledSchool, size: ImportSize): Promise<string> {
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
  const file = { name: 'bench.csv', bytes: makeFile(size, makeScores(size)) }
  const planned = await planImport(ctx, teacher.viewer, { classId, termId, file })
  if (planned.kind !== 'planned') throw new Error(`the file of the bench was ${planned.kind}`)
  const review = await loadReview(ctx, teacher.viewer, planned.importId, { rowLimit: 1 })
  await commitImport(ctx, teacher.viewer, { importId: planned.importId, planHash: review?.planHash ?? '' })
  return classId
}
