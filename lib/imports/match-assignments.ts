/** Which assignment of the class a column means. Pure. */
import type { ImportChoices } from './choices'
import type { ClassAssignment, ClassState } from './class-state'
import { defaultMaxPoints } from './limits'
import type { ParsedAssignment, ParsedFile } from './parsed'
import type { Noted } from './problems'
import type { PlannedAssignment } from './stored-plan'
import { foldTag, foldTitle } from './text'

export type MatchedAssignments = Readonly<{ found: readonly PlannedAssignment[]; problems: readonly Noted[] }>

/**
 * An assignment for every column. The teacher's word goes first, then the id by which the source is known to call it, then the title;
 * among several of one title the date decides, and else it is asked. What `columns` (the teacher's word) say of category and tags goes
 * to assignments of the class as well; what only the file says of them labels new ones alone.
 */
export function matchAssignments(
  file: ParsedFile,
  state: ClassState,
  columns: ImportChoices['columns'] = {},
): MatchedAssignments {
  const problems: Noted[] = []
  const find = finderIn(state, file, problems)
  const hits = file.assignments.map((assignment) => find(assignment))
  refuseShared(file, hits, problems)
  const found = file.assignments.map((assignment, at) => {
    const hit = hits[at]
    if (hit === undefined) return planNew(assignment)
    const matched = planMatched(assignment, hit, isLinked(file.source, assignment, state))
    return withLabels(matched, hit, labelsOf(assignment, columns), state)
  })
  return { found, problems }
}

type Find = (assignment: ParsedAssignment) => ClassAssignment | undefined

function finderIn(state: ClassState, file: ParsedFile, problems: Noted[]): Find {
  const byId = new Map(state.assignments.map((assignment) => [assignment.id, assignment]))
  const byTitle = new Map<string, ClassAssignment[]>()
  for (const assignment of state.assignments) {
    const title = foldTitle(assignment.title)
    byTitle.set(title, [...(byTitle.get(title) ?? []), assignment])
  }
  const columnsOf = new Map<string, number>()
  for (const { title } of file.assignments) columnsOf.set(foldTitle(title), (columnsOf.get(foldTitle(title)) ?? 0) + 1)
  return (assignment) => {
    if (assignment.assignmentId === null) return undefined
    if (assignment.assignmentId !== undefined) return chosen(assignment, byId.get(assignment.assignmentId), problems)
    const linked = byId.get(state.links.get(linkKey(file.source, assignment)) ?? '')
    if (linked !== undefined) return linked
    const candidates = byTitle.get(foldTitle(assignment.title)) ?? datedTwin(assignment.title, byTitle)
    const dated = candidates.filter(({ dueOn }) => dueOn === assignment.dueOn)
    const isAlone = candidates.length === 1 && columnsOf.get(foldTitle(assignment.title)) === 1
    const hit = isAlone ? candidates[0] : dated.length === 1 ? dated[0] : undefined
    if (hit === undefined && candidates.length > 1) noteAmbiguous(assignment, candidates, problems)
    return hit
  }
}

/** Our exports tell assignments of one title apart by their dates: `Essay [2026-10-01]`, `Essay [no date]`. */
function datedTwin(title: string, byTitle: ReadonlyMap<string, readonly ClassAssignment[]>): readonly ClassAssignment[] {
  const [, own = '', date] = /(.+) \[(\d{4}-\d{2}-\d{2}|no date)\]$/.exec(foldTitle(title)) ?? []
  const dated = (byTitle.get(own) ?? []).filter(({ dueOn }) => (dueOn ?? 'no date') === date)
  return dated.length === 1 ? dated : []
}

const linkKey = (source: string, { vendorId }: ParsedAssignment) => `${source}\t${vendorId ?? ''}`

function isLinked(source: string, assignment: ParsedAssignment, { links }: ClassState): boolean {
  return links.has(linkKey(source, assignment))
}

function chosen({ title }: ParsedAssignment, hit: ClassAssignment | undefined, problems: Noted[]): ClassAssignment | undefined {
  if (hit === undefined)
    problems.push({
      column: title,
      code: 'chosen_assignment_gone',
      severity: 'block',
      message: `'${title}': the assignment you chose for this column is no longer in the class and term.`,
      fix: 'Choose another assignment for the column, or make it a new one.',
    })
  return hit
}

function noteAmbiguous(assignment: ParsedAssignment, candidates: readonly ClassAssignment[], problems: Noted[]): void {
  problems.push({
    column: assignment.title,
    value: assignment.dueOn,
    code: 'ambiguous_assignment',
    severity: 'block',
    message: `The class has ${candidates.length} assignments called '${assignment.title}', and the date in the file does not say which is meant.`,
    fix: `Choose the assignment, or give the column one of these dates: ${candidates.map(({ dueOn }) => dueOn ?? 'no date').join(', ')}.`,
  })
}

/** A score has one place: two columns cannot both go to one assignment. */
function refuseShared(file: ParsedFile, hits: readonly (ClassAssignment | undefined)[], problems: Noted[]): void {
  const goingTo = new Map<ClassAssignment, string[]>()
  for (const [at, { title }] of file.assignments.entries()) {
    const hit = hits[at]
    if (hit !== undefined) goingTo.set(hit, [...(goingTo.get(hit) ?? []), title])
  }
  for (const [{ title }, titles] of goingTo) {
    if (titles.length < 2) continue
    problems.push({
      column: titles[0] ?? null,
      value: titles.join(', '),
      code: 'same_assignment',
      severity: 'block',
      message: `The columns ${titles.map((each) => `'${each}'`).join(' and ')} both go to the assignment '${title}'.`,
      fix: 'Choose another assignment for one of them, make it a new one, or leave it out.',
    })
  }
}

function planNew(assignment: ParsedAssignment): PlannedAssignment {
  const { columns, title, maxPoints, dueOn, category, tags, vendorId } = assignment
  const isChosenNew = assignment.assignmentId === null ? { isChosenNew: true as const } : {}
  const labels = { columns, category, tags, vendorId, ...isChosenNew }
  return { id: null, state: 'new', title, old: null, maxPoints: maxPoints ?? defaultMaxPoints, dueOn, ...labels }
}

function planMatched(
  { columns, maxPoints, dueOn, vendorId }: ParsedAssignment,
  hit: ClassAssignment,
  isKnown: boolean,
): PlannedAssignment {
  const next = { maxPoints: maxPoints ?? hit.maxPoints, dueOn: dueOn ?? hit.dueOn }
  const isChanged = next.maxPoints !== hit.maxPoints || next.dueOn !== hit.dueOn
  return {
    id: hit.id,
    state: isChanged ? 'changed' : 'matched',
    title: hit.title,
    old: { maxPoints: hit.maxPoints, dueOn: hit.dueOn },
    ...next,
    columns,
    vendorId: isKnown ? null : vendorId,
  }
}

type Labels = Readonly<{ category: string | null; tags: readonly string[] }>

/** What the teacher said of the columns an assignment is read from. */
function labelsOf({ columns: own }: ParsedAssignment, columns: NonNullable<ImportChoices['columns']>): Labels {
  const said = own.flatMap((at) => {
    const choice = columns[String(at)]
    return choice?.use === 'assignment' ? [choice] : []
  })
  return {
    category: said.flatMap(({ category }) => category || [])[0] ?? null,
    tags: said.flatMap(({ tags = [] }) => tags),
  }
}

/** Another category, and tags it does not have yet; a blank category keeps its own, and no tag is taken away. */
function withLabels(
  planned: PlannedAssignment,
  hit: ClassAssignment,
  labels: Labels,
  { categories, tags: known }: Pick<ClassState, 'categories' | 'tags'>,
): PlannedAssignment {
  const own = new Set(known.get(hit.id))
  const tags = labels.tags.filter((tag) => !own.has(foldTag(tag)))
  const current = categories.find(({ id }) => id === hit.categoryId)
  const isMoved = labels.category !== null && labels.category !== current?.name
  if (!isMoved && tags.length === 0) return planned
  const old = { maxPoints: hit.maxPoints, dueOn: hit.dueOn }
  return {
    ...planned,
    state: 'changed',
    ...(isMoved
      ? {
          old: { ...old, category: current === undefined ? null : { id: current.id, name: current.name } },
          category: labels.category,
        }
      : {}),
    ...(tags.length === 0 ? {} : { tags }),
  }
}
