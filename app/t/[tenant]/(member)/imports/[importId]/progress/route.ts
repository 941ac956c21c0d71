import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { loadProgress } from '@/lib/jobs/load-progress'

type Context = Readonly<{ params: Promise<{ tenant: string; importId: string }> }>

/** How far the worker is with an import, for the page that waits: an `ImportProgressView`. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  const progress = await seen(loadProgress(ctx, viewer, importId))
  return Response.json(progress, { headers: { 'cache-control': 'private, no-store' } })
}
