import { fileResponse } from '@/app/file-response'
import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { receiptFile } from '@/lib/imports/downloads'

type Context = Readonly<{ params: Promise<{ tenant: string; importId: string }> }>

/** What an import did, and every undo and redo of it. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { tenant, importId } = await params
  const { ctx, viewer } = await requireMember('grades.import', { tenant })
  return fileResponse(await seen(receiptFile(ctx, viewer, importId)))
}
