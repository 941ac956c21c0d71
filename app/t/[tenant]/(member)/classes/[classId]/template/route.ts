import { fileResponse } from '@/app/file-response'
import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { exportTemplate } from '@/lib/gradebook/export'

type Context = Readonly<{ params: Promise<{ tenant: string; classId: string }> }>

/** The class as a file in our own template: an empty one to fill in, or with `?grades=1` the grades as they are now. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { tenant, classId } = await params
  const { ctx, viewer } = await requireMember('grades.export', { tenant })
  const query = new URL(request.url).searchParams
  const withGrades = query.get('grades') === '1'
  return fileResponse(await seen(exportTemplate(ctx, viewer, { classId, termId: query.get('term'), withGrades })))
}
