import type { Table } from './columns'
import { cleanDigits } from './text'

/**
 * When the other system wrote the file, as an ISO instant, or null when no column says it. Every row names the time in Unix
 * seconds; where they differ (rows of two exports), the earliest counts, so that nothing newer is taken for older. Pure.
 */
export function readExportTime({ rows, roles, layout }: Table): string | null {
  const column = layout.columns.findIndex((role) => role.kind === 'exportedAt')
  if (column < 0) return null
  const times = rows.flatMap((row, at) => {
    const text = roles[at] === 'student' ? cleanDigits(row[column] ?? '') : ''
    return /^[1-9]\d{8,9}$/.test(text) ? [Number(text)] : []
  })
  const earliest = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
  return Number.isFinite(earliest) ? new Date(earliest * 1000).toISOString() : null
}
