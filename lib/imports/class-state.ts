import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { classReach, visibleClasses } from '@/lib/auth/scope'
import type { TenantReader } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import { parseLetterScale } from '@/lib/gradebook/school-frame'
import type { CategoryRule, LetterScale } from '@/lib/gradebook/totals'
import { isId } from '@/lib/ids'
import { actorKey } from '@/lib/tenancy/tenant'
import { cellText, nameForFew } from './grade-sql'
import type { SavedMapping } from './mapping'

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
  /** Assignment -> its tags, folded. */
  tags: ReadonlyMap<string, readonly string[]>
  /** `source\tid` of another system -> the assignment of the class it is known to mean. */
  links: ReadonlyMap<string, string>
  /** How the viewer once mapped files, newest first. */
  mappings: readonly SavedMapping[]
  /** Who asks, as history writes it. */
  actor: string
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

type StateRow = Omit<ClassState, 'letters' | 'grades' | 'tags' | 'links' | 'actor'> &
  Readonly<{
    letterScale: unknown
    isArchived: boolean
    isLocked: boolean | null
    /** Student -> `place text` of each grade, by tabs; places count from 1 in the order of ids, where the server finds them by halves. */
    grades: Readonly<Record<string, string>> | null
    tags: Readonly<Record<string, readonly string[]>>
    links: Readonly<Record<string, string>>
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
  const values: unknown[] = [read.tenantId, classId, termId, viewer.actor.kind === 'member' ? viewer.actor.id : null]
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
            string_agg(width_bucket(g.assignment_id, term_work.ids) || ' ' || ${cellText('g.score', 'g.status')}, E'\\t') as cells
          from app.grades g
          where g.tenant_id = $1 and g.class_id = $2 and g.assignment_id = term_work.ids[width_bucket(g.assignment_id, term_work.ids)]
          group by g.student_id
        ) as own) as grades,
       (select coalesce(json_object_agg(own.assignment_id, own.tags), '{}')
        from (
          select tie.assignment_id, array_agg(t.name_folded) as tags
          from app.assignment_tags tie
          join app.tags t on t.tenant_id = tie.tenant_id and t.id = tie.tag_id
          where tie.tenant_id = $1 and tie.class_id = $2
          group by tie.assignment_id
        ) as own) as tags,
       (select coalesce(json_object_agg(link.source || E'\\t' || link.external_id, link.assignment_id), '{}')
        from app.assignment_links link
        where link.tenant_id = $1 and link.class_id = c.id) as links,
       (select coalesce(json_agg(json_build_object(
           'source', saved.source, 'fingerprint', saved.fingerprint, 'columns', saved.columns) order by saved.saved_at desc), '[]')
        from app.import_mappings saved
        where saved.tenant_id = $1 and saved.member_id = $4::uuid) as mappings
     from app.classes c
     join app.schools school on school.tenant_id = c.tenant_id
     join app.terms term on term.tenant_id = c.tenant_id and term.id = $3
     cross join (
       select array_agg(a.id order by a.id) as ids
       from app.assignments a
       where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3
     ) as term_work
     where c.tenant_id = $1 and c.id = $2 and ${visibleClasses(viewer, 'c.id', values)}`,
    values,
    { name: `import_class_${classReach(viewer)}` },
  )
  if (row === undefined) throw notFound(`class=${classId} term=${termId}`)
  refuseClosed(row)
  const { letterScale, isArchived: _archived, isLocked: _locked, grades, tags, links, ...state } = row
  return {
    ...state,
    letters: parseLetterScale(letterScale),
    grades: gradesOf(grades ?? {}, state.assignments),
    tags: new Map(Object.entries(tags)),
    links: new Map(Object.entries(links)),
    actor: actorKey(viewer.actor),
  }
}

function gradesOf(cellsOf: Readonly<Record<string, string>>, assignments: readonly ClassAssignment[]): ClassState['grades'] {
  const places = assignments
    .map(({ id }, place) => ({ id, place }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ place }) => place)
  const grades = new Map<string, readonly string[]>()
  for (const [id, cells] of Object.entries(cellsOf)) {
    const texts = new Array<string>(assignments.length).fill('')
    for (const cell of cells.split('\t')) {
      const space = cell.indexOf(' ')
      const place = places[Number(cell.slice(0, space)) - 1]
      if (place !== undefined) texts[place] = cell.slice(space + 1)
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

type ChangeKind = 'import' | 'undo' | 'redo' | 'edit'

/**
 * What became of one cell: the texts it was given, oldest first, and how the last one came about. `isSince`: somebody else changed
 * it after the moment that was asked about.
 */
export type CellPast = Readonly<{ texts: readonly string[]; lastKind: ChangeKind; isSince: boolean }>

/** Cells to ask for: per student the places (from 1) of assignments, by tabs; `count` in all. */
export type AskedCells = Readonly<{
  studentIds: readonly string[]
  assignmentIds: readonly string[]
  places: readonly string[]
  count: number
  /** A moment (ISO): cells that an import of somebody else changed later count as well. Null: none asked about. */
  since: string | null
}>

/**
 * The past of some cells: `row\tplace` (row as given, from 0) -> past. What an import wrote and an undo took back does not count: it
 * is as if it never was. Cells that one import wrote once, as nearly all are, have no past worth the telling and are left out.
 */
export async function readPast(
  read: TenantReader,
  { classId, actor }: Pick<ClassState, 'classId' | 'actor'>,
  wanted: AskedCells,
): Promise<Map<string, CellPast>> {
  if (wanted.count === 0) return new Map()
  // `offset 0` keeps the planner from turning the loops round: student by student, each finds their changes by the key. Undone imports
  // come as a list and not as a join, through which a planner with statistics went over the whole class for every student.
  // A student whose cells one import wrote has no past to tell, and nothing of theirs is unpacked. Places come out of an object and
  // the wanted ones out of a bit each, so that the cost is that of the cells and not of cells times columns.
  const rows = await read.sql<PastRow>(
    `select
       s.row::int, spot.at + 1 as place,
       array_agg(${cellText('cell.score', 'cell.status')} order by change.at, change.id) as texts,
       array_agg(change.kind order by change.at, change.id) as kinds,
       array_agg(change.import_id order by change.at, change.id) as "importIds",
       bool_or(change.is_since) as "isSince"
     from (
       select coalesce(array_agg(i.id), '{}') as ids
       from app.imports i
       where i.tenant_id = $1 and i.class_id = $2 and i.state = 'undone'
     ) as undone
     cross join unnest($3::uuid[], $5::bytea[]) with ordinality as s(id, places, row)
     cross join lateral (
       select own.id, own.kind, own.at, own.import_id, own.assignment_ids, own.new_scores, own.new_statuses,
         coalesce(own.at > $6::timestamptz and own.actor <> $7, false) as is_since,
         count(*) over () as changes,
         bool_or(own.kind = 'edit' or coalesce(own.at > $6::timestamptz and own.actor <> $7, false)) over () as edited
       from app.grade_changes own
       where own.tenant_id = $1 and own.class_id = $2 and own.student_id = s.id
         and (own.import_id is null or own.import_id <> all (undone.ids))
       offset 0
     ) as change
     cross join lateral unnest(change.assignment_ids, change.new_scores, change.new_statuses) as cell(assignment_id, score, status)
     cross join lateral (select ($4::jsonb ->> cell.assignment_id::text)::int as at) as spot
     where (change.changes > 1 or change.edited) and spot.at is not null and get_bit(s.places, spot.at) = 1
     group by s.row, spot.at
     having count(*) > 1 or bool_or(change.kind = 'edit' or change.is_since)`,
    [
      read.tenantId,
      classId,
      wanted.studentIds,
      JSON.stringify(Object.fromEntries(wanted.assignmentIds.map((id, at) => [id, at]))),
      wanted.places.map((places) => bitsOf(places, wanted.assignmentIds.length)),
      wanted.since,
      actor,
    ],
    nameForFew('import_past', wanted.count),
  )
  return new Map(
    rows.flatMap((row) => {
      const past = pastOf(row)
      return past === null ? [] : [[`${row.row - 1}\t${row.place}`, past] as const]
    }),
  )
}

type PastRow = Readonly<{
  row: number
  place: number
  texts: readonly string[]
  kinds: readonly ChangeKind[]
  importIds: readonly (string | null)[]
  isSince: boolean
}>

/** The past without what was taken back; null when nothing worth telling is left. */
function pastOf({ texts, kinds, importIds, isSince }: PastRow): CellPast | null {
  const lastOf = new Map(importIds.map((id, at) => [id, kinds[at]]))
  const stands = kinds.map((kind, at) => kind === 'edit' || lastOf.get(importIds[at] ?? null) !== 'undo')
  const left = texts.filter((_, at) => stands[at])
  const lastKind = kinds.filter((_, at) => stands[at]).at(-1)
  if (lastKind === undefined || (left.length < 2 && lastKind !== 'edit' && !isSince)) return null
  return { texts: left, lastKind, isSince }
}

/** Places from 1, by tabs, as a bit each, lowest first within a byte, as `get_bit` counts them. */
function bitsOf(places: string, count: number): Buffer {
  const bits = Buffer.alloc(Math.ceil(count / 8))
  for (const place of places.split('\t')) {
    const at = Number(place) - 1
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
  }
  return bits
}
