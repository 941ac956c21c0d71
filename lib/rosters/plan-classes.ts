/** What a roster does to the school's classes. Pure. */
import { foldName } from '@/lib/imports/text'
import { groupBy } from './group-by'
import type { ClassRef, FileClass, RosterFile } from './roster-file'
import type { RosterProblemList } from './roster-problems'
import type { SchoolState, StateClass } from './school-state'
import { type PlannedClass, type PlanRef, refTo } from './stored-plan'

export type ClassesPlan = Readonly<{
  planned: readonly PlannedClass[]
  same: number
  find: (ref: ClassRef) => PlanRef | null
  closing: ReadonlySet<string>
  /** Whether a class of the school is open once the plan is done. */
  isOpen: (id: string) => boolean
  /** Rows about these were refused: nothing of them ends. */
  held: ReadonlySet<string>
}>

/** New, changed, opened again, closing. Without a table of classes, those that enrolments name are taken as they are named. */
export function planClasses(file: RosterFile, state: SchoolState, problems: RosterProblemList): ClassesPlan {
  const rows = mergeSame(file.classes.length > 0 ? file.classes : namedByEnrolments(file, state))
  const find = classFinder(state)
  const refused = refuseSame(rows, problems)
  const hits = rows.map(({ ref, name }) => find({ ...ref, name: ref.name ?? (name || null) }))
  const byHit = groupBy(
    rows.flatMap((_, at) => hits[at] ?? []),
    ({ id }) => id,
  )
  const planned: PlannedClass[] = []
  const present = new Set<string>()
  const held = new Set<string>()
  const closing = new Map<string, StateClass>()
  const refs: { ref: ClassRef; name: string; place: PlanRef }[] = []
  for (const [at, row] of rows.entries()) {
    const hit = hits[at] ?? null
    if (refused.has(at) || (hit !== null && (byHit.get(hit.id)?.length ?? 0) > 1)) {
      if (hit !== null) held.add(hit.id)
      if (!refused.has(at)) addSame(row, problems)
      continue
    }
    if (row.isRemoved) {
      if (hit !== null && hit.archivedAt === null) closing.set(hit.id, hit)
      continue
    }
    const next = hit === null ? newClass(row, problems) : knownClass(row, hit)
    if (next === null && hit === null) continue
    if (hit !== null) present.add(hit.id)
    refs.push({ ref: row.ref, name: row.name, place: hit === null ? refTo(planned.length) : hit.id })
    if (next !== null) planned.push(next)
  }
  if (file.whole.includes('classes')) {
    for (const each of state.classes) {
      if (each.archivedAt === null && !present.has(each.id) && !held.has(each.id)) closing.set(each.id, each)
    }
  }
  const changed = planned.filter(({ id }) => id !== null).length
  const openNow = new Set(state.classes.flatMap(({ id, archivedAt }) => (archivedAt === null ? [id] : [])))
  return {
    planned: [...planned, ...[...closing.values()].map(closingClass)],
    same: present.size - changed,
    find: refFinder(refs, find),
    closing: new Set(closing.keys()),
    isOpen: (id) => !closing.has(id) && (present.has(id) || openNow.has(id)),
    held,
  }
}

function mergeSame(rows: readonly FileClass[]): readonly FileClass[] {
  const seen = new Map<string, FileClass>()
  for (const row of rows) {
    const { file: _file, row: _row, ...said } = row
    const key = JSON.stringify(said)
    if (!seen.has(key)) seen.set(key, row)
  }
  return [...seen.values()]
}

function namedByEnrolments({ enrolments }: RosterFile, state: SchoolState): readonly FileClass[] {
  const find = classFinder(state)
  return enrolments.flatMap(({ file, row, class: ref, isRemoved }) =>
    isRemoved || (ref.name === null && find(ref) === null)
      ? []
      : [{ file, row, ref, name: ref.name ?? find(ref)?.name ?? '', subject: null, isRemoved: false }],
  )
}

/** Internal id, SIS id, then the exact name that one open class alone has. */
function classFinder({ classes }: SchoolState): (ref: ClassRef) => StateClass | null {
  const byId = new Map(classes.map((each) => [each.id, each]))
  const bySis = new Map(classes.flatMap((each) => (each.sisId === null ? [] : [[each.sisId, each] as const])))
  const byName = groupBy(
    classes.filter(({ archivedAt }) => archivedAt === null),
    ({ name }) => foldName(name),
  )
  return ({ internalId, sisId, name }) => {
    const known = (internalId !== null ? byId.get(internalId) : undefined) ?? (sisId !== null ? bySis.get(sisId) : undefined)
    if (known !== undefined) return known
    const [named, ...others] = name === null ? [] : (byName.get(foldName(name)) ?? [])
    if (named === undefined || others.length > 0) return null
    return sisId !== null && named.sisId !== null ? null : named
  }
}

function refFinder(
  refs: readonly Readonly<{ ref: ClassRef; name: string; place: PlanRef }>[],
  find: (ref: ClassRef) => StateClass | null,
): ClassesPlan['find'] {
  const bySis = new Map(refs.flatMap(({ ref, place }) => (ref.sisId === null ? [] : [[ref.sisId, place] as const])))
  const byName = groupBy(refs, ({ name }) => foldName(name))
  return (wanted) => {
    const bySisId = wanted.sisId === null ? undefined : bySis.get(wanted.sisId)
    if (bySisId !== undefined) return bySisId
    const [named, ...others] = wanted.name === null ? [] : (byName.get(foldName(wanted.name)) ?? [])
    if (wanted.sisId === null && named !== undefined && others.length === 0) return named.place
    return find(wanted)?.id ?? null
  }
}

function refuseSame(rows: readonly FileClass[], problems: RosterProblemList): Set<number> {
  const bySis = groupBy(
    rows.flatMap(({ ref }, at) => (ref.sisId === null ? [] : [{ sisId: ref.sisId, at }])),
    ({ sisId }) => sisId,
  )
  const refused = new Set([...bySis.values()].flatMap((group) => (group.length > 1 ? group.map(({ at }) => at) : [])))
  for (const at of refused) {
    const row = rows[at]
    if (row !== undefined) addSame(row, problems)
  }
  return refused
}

function addSame(row: FileClass, problems: RosterProblemList): void {
  problems.add(row.file, {
    ...{ row: row.row, column: 'class', value: row.name || row.ref.sisId, code: 'same_class', severity: 'reject' },
    message: `Row ${row.row}: ${row.name || 'this class'} is the same class as another row's, with other words. Neither row was taken, and the class was left as it is.`,
    fix: 'Keep the right row, delete the other, and upload the file again.',
  })
}

function newClass({ file, row, ref, name, subject }: FileClass, problems: RosterProblemList): PlannedClass | null {
  if (name !== '') return { id: null, state: 'new', name, subject, sisId: ref.sisId, old: null, archivedAt: null }
  problems.add(file, {
    ...{ row, column: 'class', value: ref.sisId, code: 'class_without_name', severity: 'reject' },
    message: `Row ${row} is of a class the school does not know, and has no name.`,
    fix: 'Write the name of the class, and upload the file again.',
  })
  return null
}

function knownClass(row: FileClass, hit: StateClass): PlannedClass | null {
  const next = { name: row.name || hit.name, subject: row.subject ?? hit.subject, sisId: row.ref.sisId ?? hit.sisId }
  const isChanged = next.name !== hit.name || next.subject !== hit.subject || next.sisId !== hit.sisId
  if (!isChanged && hit.archivedAt === null) return null
  const old = isChanged ? { name: hit.name, subject: hit.subject, sisId: hit.sisId } : null
  return { id: hit.id, state: hit.archivedAt === null ? 'changed' : 'back', ...next, old, archivedAt: hit.archivedAt }
}

function closingClass({ id, name, subject, sisId }: StateClass): PlannedClass {
  return { id, state: 'closing', name, subject, sisId, old: null, archivedAt: null }
}
