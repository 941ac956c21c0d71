/** How a review is looked at: all of it in its address, so that it works without scripts and Back returns to it. Pure. */
export type ReviewLook = Readonly<{
  by: 'students' | 'assignments'
  /** Place of the one assignment that is shown, when `by` is assignments. */
  column: number | null
  /** Also what stays the same. */
  showsAll: boolean
  /** First student, first assignment and first conflict shown, from 0. */
  from: number
  columnsFrom: number
  conflictsFrom: number
}>

export const plainLook: ReviewLook = {
  ...{ by: 'students', column: null, showsAll: false },
  ...{ from: 0, columnsFrom: 0, conflictsFrom: 0 },
}

type Query = Readonly<Record<string, string | string[] | undefined>>

/** The look an address asks for; what it does not say, or says wrongly, is as in the plain look. */
export function readLook(query: Query): ReviewLook {
  return {
    by: query.by === 'assignments' ? 'assignments' : 'students',
    column: readPlace(query.column),
    showsAll: query.all === '1',
    from: readPlace(query.from) ?? 0,
    columnsFrom: readPlace(query.columns) ?? 0,
    conflictsFrom: readPlace(query.conflicts) ?? 0,
  }
}

/** A count from 0 out of an address, or null. */
export function readPlace(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : null
}

/** The address of a look below `path`, which may have a query already. */
export function lookAddress(path: string, look: Partial<ReviewLook>): string {
  const { by, column, showsAll, from, columnsFrom, conflictsFrom } = { ...plainLook, ...look }
  const parts: readonly (readonly [string, string | number | null])[] = [
    ['by', by === 'students' ? null : by],
    ['column', column],
    ['all', showsAll ? 1 : null],
    ['from', from || null],
    ['columns', columnsFrom || null],
    ['conflicts', conflictsFrom || null],
  ]
  const query = parts.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])).join('&')
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
}
