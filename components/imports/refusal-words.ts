import { columnName } from '@/components/imports/preview-table'
import type { ActionFailure } from '@/lib/action-result'

/** Why an answer of the wizard was not taken: what is wrong in a column or cell comes with its name. */
export function refusalWords({ message, fields }: Pick<ActionFailure, 'message' | 'fields'>): string {
  const named = Object.entries(fields).map(([path, words]) => {
    const place = placeOf(path)
    return place === null ? words : `${place}: ${words}`
  })
  return named.length === 0 ? message : [...new Set(named)].join(' ')
}

function placeOf(path: string): string | null {
  const [, column] = /^choices\.columns\.(\d+)\./.exec(path) ?? []
  if (column !== undefined) return `Column ${columnName(Number(column))}`
  const [, row, at] = /^choices\.cells\.(\d+):(\d+)/.exec(path) ?? []
  return row === undefined ? null : `Row ${row}, column ${columnName(Number(at))}`
}
