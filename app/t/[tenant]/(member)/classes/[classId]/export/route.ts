import { notFound } from 'next/navigation'
import { fileResponse } from '@/app/file-response'
import { seen } from '@/app/seen'
import { requireMember } from '@/lib/auth/session'
import { exportClass } from '@/lib/gradebook/export'
import { exportFormatOf } from '@/lib/gradebook/exports/format'

type Context = Readonly<{ params: Promise<{ tenant: string; classId: string }> }>

/** The grades of a class and term as a file: `?format=` one of those the class page lists, `&term=` the current one when left out. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { tenant, classId } = await params
  const { ctx, viewer } = await requireMember('grades.export', { tenant })
  const query = new URL(request.url).searchParams
  const format = exportFormatOf(query.get('format') ?? '') ?? notFound()
  return fileResponse(await seen(exportClass(ctx, viewer, { classId, termId: query.get('term'), format })))
}
