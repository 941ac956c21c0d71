import 'server-only'
import { audit } from '@/lib/audit/audit'
import type { Viewer } from '@/lib/auth/rights'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { notFound } from '@/lib/errors'
import type { TenantContext } from '@/lib/tenancy/tenant'
import { findWithPlan } from './import-row'
import { decodePlan } from './stored-plan'

/**
 * The rows an import left out, whole or in part, as a CSV of the same shape with the reason as its last column: mend it and
 * upload it. Columns of personal data stay empty. Throws `not_found` when the import may not be seen or left nothing out.
 */
export async function rejectedRowsFile(
  ctx: TenantContext,
  viewer: Viewer,
  importId: string,
): Promise<{ fileName: string; bytes: Uint8Array }> {
  const row = await readTenant(ctx, (read) => findWithPlan(read, viewer, importId))
  const rejects = row && decodePlan(row.plan, row.planHash).rejects
  if (!row || !rejects || rejects.rows.length === 0) throw notFound(`import=${importId} rejects`)
  await writeTenant(ctx, (tx) =>
    audit(tx, {
      actor: viewer.actor,
      action: 'import.rejects',
      subjectKind: 'import',
      subjectId: importId,
      requestId: ctx.requestId,
      detail: { rows: rejects.rows.length },
    }),
  )
  const width = Math.max(...[...rejects.describing, ...rejects.rows.map(({ cells }) => cells)].map((cells) => cells.length))
  const line = (cells: readonly string[], reason: string) =>
    [...cells, ...new Array<string>(width - cells.length).fill(''), reason]
      .map((cell) => quote(cell, rejects.delimiter))
      .join(rejects.delimiter)
  const lines = [
    ...rejects.describing.map((cells, at) => line(cells, at === 0 ? 'Notes' : '')),
    ...rejects.rows.map(({ cells, reason }) => line(cells, reason)),
  ]
  return {
    fileName: `${row.fileName.replace(/\.[a-z0-9]{1,5}$/i, '')}-left-out.csv`,
    bytes: new TextEncoder().encode(`\ufeff${lines.join('\r\n')}\r\n`),
  }
}

/** One cell, guarded so that no spreadsheet runs it; numbers, also negative ones, stay numbers. */
function quote(text: string, delimiter: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+%?$/.test(text) && !/^-+$/.test(text)
  const guarded = isFormula ? `'${text}` : text
  return guarded.includes(delimiter) || /["\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
