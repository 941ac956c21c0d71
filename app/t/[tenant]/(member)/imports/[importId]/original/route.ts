import { fileResponse } from '@/app/file-response'
import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { originalFile } from '@/lib/imports/downloads'

type Context = Readonly<{ params: Promise<{ tenant: string; importId: string }> }>

/** The uploaded file as it is kept: without the values of private columns, for 90 days. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  return fileResponse(await seen(originalFile(ctx, viewer, importId)))
}
