import { classGradesPage } from '@/lib/api/grades'
import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { found } from '@/lib/errors'
import { loadGradebook } from '@/lib/gradebook/gradebook'

export const GET = apiRoute(operations.readGrades, async ({ ctx, viewer, params, query }) => {
  const wanted = { classId: params.id, ...(query.term === undefined ? {} : { termId: query.term }) }
  return classGradesPage(found(await loadGradebook(ctx, viewer, wanted)), query)
})
