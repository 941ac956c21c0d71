import 'server-only'
import { viewerOf } from '@/lib/auth/member'
import { memberToSignIn } from '@/lib/auth/members'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant } from '@/lib/db/tenant-db'
import { formatCell } from '@/lib/gradebook/cell'
import { readClassSheet } from '@/lib/gradebook/class-sheet-read'
import { listClasses } from '@/lib/gradebook/classes'
import { csvBytes, guardText } from '@/lib/gradebook/csv-cells'
import type { ClassSheet } from '@/lib/gradebook/exports/class-sheet'
import { commitImport } from '@/lib/imports/commit'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { addDays } from './demo-calendar'
import { drawGrade, drawPupil } from './demo-scores'

/** A file that a demo teacher uploads: one new column for a class of theirs. `typo` stands in the first student's cell. */
export type DemoUpload = Readonly<{
  email: string
  className: string
  fileName: string
  title: string
  maxPoints: number
  isCommitted: boolean
  typo?: string
}>

/**
 * Uploads files as their teachers would, through the functions of the page, so that the history of imports, a receipt and a
 * review have something to show. Does nothing in a school that has seen an import.
 */
export async function loadDemoImports(ctx: TenantContext, today: string, uploads: readonly DemoUpload[]): Promise<void> {
  const known = await readTenant(ctx, ({ sql, tenantId }) =>
    sql('select id from app.imports where tenant_id = $1 limit 1', [tenantId]),
  )
  if (known.length > 0) return
  for (const upload of uploads) await uploadOne(ctx, today, upload)
}

async function uploadOne(ctx: TenantContext, today: string, upload: DemoUpload): Promise<void> {
  const viewer = await viewerNamed(ctx, upload.email)
  const { items } = await listClasses(ctx, viewer)
  const classId = items.find(({ name }) => name === upload.className)?.id ?? ''
  const sheet = await readClassSheet(ctx, viewer, { classId, termId: null })
  if (sheet === null) throw new Error(`demo class ${upload.className} is not there`)
  const file = { name: upload.fileName, bytes: csvBytes(fileRows(sheet, today, upload)) }
  const outcome = await planImport(ctx, viewer, { classId, file })
  if (!upload.isCommitted) return
  const review = outcome.kind === 'planned' ? await loadReview(ctx, viewer, outcome.importId) : null
  if (review === null) throw new Error(`demo file ${upload.fileName} was ${outcome.kind}`)
  await commitImport(ctx, viewer, { importId: review.summary.id, planHash: review.planHash })
}

async function viewerNamed(ctx: TenantContext, email: string): Promise<Viewer> {
  const found = await memberToSignIn(ctx, email)
  if (found === null) throw new Error('a demo teacher is not there')
  return viewerOf(found.member)
}

function fileRows(sheet: ClassSheet, today: string, { title, maxPoints, typo }: DemoUpload): string[][] {
  const threeDaysAgo = addDays(today, -3)
  const dueOn = threeDaysAgo < sheet.term.startsOn ? sheet.term.startsOn : threeDaysAgo
  const work = { maxPoints, isExtraCredit: false, place: 0.8, progress: 'graded' } as const
  return [
    ['last_name', 'first_name', 'email', guardText(title)],
    ['DATE', '-', '-', dueOn],
    ['POINTS', '-', '-', String(maxPoints)],
    ...sheet.students.map(({ lastName, firstName, email }, index) => {
      const seed = `${sheet.class.name} ${title} ${index}`
      const cell = formatCell(drawGrade(seed, title, drawPupil(seed), work))
      return [...[lastName, firstName, email ?? ''].map(guardText), index === 0 && typo !== undefined ? typo : cell]
    }),
  ]
}
