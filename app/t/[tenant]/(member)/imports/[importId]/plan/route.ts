import { fileResponse } from '@/app/file-response'
import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { planFile } from '@/lib/imports/downloads'

type Context = Readonly<{ params: Promise<{ tenant: string; importId: string }> }>

/** The plan of an import, byte for byte as its hash covers it. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  return fileResponse(await seen(planFile(ctx, viewer, importId)))
}
