import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { classReach, visibleClasses } from '@/lib/auth/scope'
import type { TenantReader } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { parseLetterScale } from '@/lib/gradebook/school-frame'
import type { CategoryRule, LetterScale } from '@/lib/gradebook/totals'
import { isId } from '@/lib/ids'
import { cellText, fewCells, nameForFew } from './grade-sql'
import type { ParsedIdentifier } from './parsed'

/** What a plan compares a file with: one class and term as it is. */
export type ClassState = Readonly<{
  classId: string
  className: string
  termId: string
  termName: string
  letters: LetterScale
  categories: readonly CategoryRule[]
  assignments: readonly ClassAssignment[]
  students: readonly ClassStudent[]
  /** Student -> the texts of their grades, in the order of the assignments. */
  grades: ReadonlyMap<string, readonly string[]>
}>
export type ClassAssignment = Readonly<{
  id: string
  title: string
  maxPoints: string
  dueOn: string | null
  categoryId: string | null
  isExtraCredit: boolean
  isPublished: boolean
}>
export type ClassStudent = Readonly<{ id: string; lastName: string; firstName: string }>

type StateRow = Omit<ClassState, 'letters' | 'grades'> &
  Readonly<{
    letterScale: unknown
    isArchived: boolean
    isLocked: boolean | null
    /** Student -> `place text` of each grade, by tabs; places count from 1. Null without any. */
    grades: Readonly<Record<string, string>> | null
  }>

/**
 * The class and term a file is for. Throws `not_found` when either does not exist or the viewer may not see the class,
 * `term_locked`, and `conflict` for a class that was put away.
 */
export async function readClassState(
  read: TenantReader,
  viewer: Viewer,
  { classId, termId }: { classId: string; termId: string },
): Promise<ClassState> {
  if (!viewer.rights.has('grades.import') || !isId(classId) || !isId(termId)) throw notFound('right=grades.import')
  const values: unknown[] = [read.tenantId, classId, termId]
  const [row] = await read.sql<StateRow>(
    `select
       c.id as "classId", c.name as "className", c.archived_at is not null as "isArchived",
       term.id as "termId", term.name as "termName", term.is_locked as "isLocked",
       school.letter_scale as "letterScale",
       (select coalesce(json_agg(json_build_object(
           'id', k.id, 'name', k.name, 'weight', trim_scale(k.weight)::text, 'dropLowest', k.drop_lowest
         ) order by k.position, k.name), '[]')
        from app.categories k
        where k.tenant_id = $1 and k.class_id = c.id) as categories,
       (select coalesce(json_agg(json_build_object(
           'id', a.id, 'title', a.title, 'maxPoints', trim_scale(a.max_points)::text, 'dueOn', a.due_on,
           'categoryId', a.category_id, 'isExtraCredit', a.is_extra_credit, 'isPublished', a.is_published
         ) order by a.position, a.id), '[]')
        from app.assignments a
        where a.tenant_id = $1 and a.class_id = c.id and a.term_id = term.id) as assignments,
       (select coalesce(json_agg(json_build_object(
           'id', s.id, 'lastName', s.last_name, 'firstName', s.first_name) order by s.id), '[]')
        from app.enrolments e
        join app.students s on s.tenant_id = e.tenant_id and s.id = e.student_id
        where e.tenant_id = $1 and e.class_id = c.id and e.left_at is null) as students,
       (select json_object_agg(own.student_id, own.cells)
        from (
          select g.student_id,
            string_agg(array_position(term_work.ids, g.assignment_id) || ' ' || ${cellText('g.score', 'g.status')}, E'\\t') as cells
          from app.grades g
          where g.tenant_id = $1 and g.class_id = $2 and array_position(term_work.ids, g.assignment_id) is not null
          group by g.student_id
        ) as own) as grades
     from app.classes c
     join app.schools school on school.tenant_id = c.tenant_id
     join app.terms term on term.tenant_id = c.tenant_id and term.id = $3
     cross join (
       select array_agg(a.id order by a.position, a.id) as ids
       from app.assignments a
       where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3
     ) as term_work
     where c.tenant_id = $1 and c.id = $2 and ${visibleClasses(viewer, 'c.id', values)}`,
    values,
    { name: `import_class_${classReach(viewer)}` },
  )
  if (row === undefined) throw notFound(`class=${classId} term=${termId}`)
  refuseClosed(row)
  const { letterScale, isArchived: _archived, isLocked: _locked, grades, ...state } = row
  return { ...state, letters: parseLetterScale(letterScale), grades: gradesOf(grades ?? {}, state.assignments.length) }
}

function gradesOf(cellsOf: Readonly<Record<string, string>>, assignments: number): ClassState['grades'] {
  const grades = new Map<string, readonly string[]>()
  for (const [id, cells] of Object.entries(cellsOf)) {
    const texts = new Array<string>(assignments).fill('')
    for (const cell of cells.split('\t')) {
      const space = cell.indexOf(' ')
      texts[Number(cell.slice(0, space)) - 1] = cell.slice(space + 1)
    }
    grades.set(id, texts)
  }
  return grades
}

/** Throws when a class or term takes no grades any more. */
export function refuseClosed({
  isArchived,
  isLocked,
  termName,
}: {
  isArchived: boolean
  isLocked: boolean | null
  termName: string
}): void {
  if (isArchived) throw new ProblemError('conflict', 'This class was put away. Take it back out before importing grades.')
  if (isLocked)
    throw new ProblemError('term_locked', `The term ${termName} is locked and takes no new grades. A school admin can unlock it.`)
}

/** Which student of the school has each of these identifiers: `kind\tfolded` -> student. */
export async function readIdentifiers(
  read: TenantReader,
  identifiers: readonly ParsedIdentifier[],
): Promise<Map<string, ClassStudent>> {
  if (identifiers.length === 0) return new Map()
  const rows = await read.sql<ClassStudent & Readonly<{ kind: string; folded: string }>>(
    `select i.kind, i.folded, s.id, s.last_name as "lastName", s.first_name as "firstName"
     from app.student_identifiers i
     join app.students s on s.tenant_id = i.tenant_id and s.id = i.student_id
     where i.tenant_id = $1 and i.kind = any($2) and i.folded = any($3)`,
    [read.tenantId, [...new Set(identifiers.map(({ kind }) => kind))], identifiers.map(({ folded }) => folded)],
    nameForFew('import_identifiers', identifiers.length),
  )
  return new Map(rows.map(({ kind, folded, ...student }) => [`${kind}\t${folded}`, student]))
}

/** What became of one cell: the texts it was given, oldest first, and how the last one came about. */
export type CellPast = Readonly<{ texts: readonly string[]; lastKind: 'import' | 'undo' | 'edit' }>

/** Cells to ask for: per student the places (from 1) of assignments, by tabs; `count` in all. */
export type AskedCells = Readonly<{
  studentIds: readonly string[]
  assignmentIds: readonly string[]
  places: readonly string[]
  count: number
}>

/**
 * The past of some cells: `row\tplace` (row as given, from 0) -> past. What an undone import wrote does not count: it is as
 * if it never was.
 */
export async function readPast(read: TenantReader, classId: string, wanted: AskedCells): Promise<Map<string, CellPast>> {
  if (wanted.count === 0) return new Map()
  // Few cells are looked up in each change; for many, it is cheaper to lay all changes out once.
  const written =
    wanted.count < fewCells
      ? `select asked.row, asked.place, change.id, change.kind, change.at, change.new_scores[spot.at] as score, change.new_statuses[spot.at] as status
         from asked
         join changes change on change.student_id = asked.student_id
         cross join lateral (select array_position(change.assignment_ids, asked.assignment_id) as at) as spot
         where spot.at is not null`
      : `select asked.row, asked.place, change.id, change.kind, change.at, cell.score, cell.status
         from changes change
         cross join lateral unnest(change.assignment_ids, change.new_scores, change.new_statuses) as cell(assignment_id, score, status)
         join asked on asked.student_id = change.student_id and asked.assignment_id = cell.assignment_id`
  const rows = await read.sql<{ row: number; place: number; texts: string[]; lastKind: CellPast['lastKind'] }>(
    `with asked as materialized (
       select s.id as student_id, s.row, c.place::int as place, ($4::uuid[])[c.place::int] as assignment_id
       from unnest($3::uuid[], $5::text[]) with ordinality as s(id, places, row)
       cross join lateral unnest(string_to_array(s.places, E'\\t')) as c(place)
     ),
     changes as (
       select change.*
       from app.grade_changes change
       left join app.imports i on i.tenant_id = change.tenant_id and i.id = change.import_id
       where change.tenant_id = $1 and change.class_id = $2 and change.student_id = any($3) and i.state is distinct from 'undone'
     ),
     written as (${written})
     select
       written.row::int, written.place,
       array_agg(${cellText('written.score', 'written.status')} order by written.at, written.id) as texts,
       (array_agg(written.kind order by written.at desc, written.id desc))[1] as "lastKind"
     from written
     group by written.row, written.place`,
    [read.tenantId, classId, wanted.studentIds, wanted.assignmentIds, wanted.places],
    nameForFew('import_past', wanted.count),
  )
  return new Map(rows.map(({ row, place, texts, lastKind }) => [`${row - 1}\t${place}`, { texts, lastKind }]))
}
