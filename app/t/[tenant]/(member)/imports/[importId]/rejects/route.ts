import { fileResponse } from '@/app/file-response'
import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { rejectedRowsFile } from '@/lib/imports/rejects'

type Context = Readonly<{ params: Promise<{ tenant: string; importId: string }> }>

/** The rows an import left out, as a file to mend and upload again. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  return fileResponse(await seen(rejectedRowsFile(ctx, viewer, importId)))
}
