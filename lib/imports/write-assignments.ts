/**
 * A plan's assignments written: new ones, changed points and dates, categories and tags of both, and what other systems call them.
 */
import type { TenantWriter } from '@/lib/db/tenant-db'
import { newId } from '@/lib/ids'
import type { PlannedAssignment, StoredPlan } from './stored-plan'
import type { CommitReceipt } from './stored-receipt'
import { cleanText, foldTag, foldTitle } from './text'

type Made = CommitReceipt['made']

export type WrittenAssignments = Readonly<{
  /** In the plan's order. */
  ids: readonly string[]
  changed: Made['assignments']
  labels: Pick<Made, 'categories' | 'tags' | 'tied'>
}>

type Source = Readonly<{ importId: string; source: string }>
type Written = PlannedAssignment & Readonly<{ id: string }>

/** Part of a commit's transaction. What nobody has to wait for travels with the merge of the grades. */
export async function writeAssignments(
  tx: TenantWriter,
  plan: StoredPlan,
  { importId, source }: Source,
): Promise<WrittenAssignments> {
  const assignments = plan.assignments.map((assignment) => ({ ...assignment, id: assignment.id ?? newId() }))
  const added = assignments.filter(({ state }) => state === 'new')
  const labelled = assignments.filter(({ state }) => state !== 'matched')
  const categories = await writeCategories(tx, plan.classId, labelled)
  await addAssignments(tx, plan, { importId, added, categoryOf: categories.idOf })
  const tags = await writeTags(tx, plan.classId, labelled)
  const changed = await changeAssignments(tx, plan.classId, { assignments, categoryOf: categories.idOf })
  await writeLinks(tx, plan.classId, { importId, source, assignments })
  return {
    ids: assignments.map(({ id }) => id),
    changed,
    labels: labelled.length === 0 ? {} : { categories: categories.made, ...tags },
  }
}

async function addAssignments(
  tx: TenantWriter,
  plan: StoredPlan,
  { importId, added, categoryOf }: { importId: string; added: readonly Written[]; categoryOf: ReadonlyMap<string, string> },
): Promise<void> {
  if (added.length === 0) return
  await tx.later(
    `insert into app.assignments (
       tenant_id, class_id, id, term_id, title, title_folded, max_points, due_on, category_id, import_id, position)
     select $1, $2, new.id, $3, new.title, new.title_folded, new.max_points, new.due_on, new.category_id, $4, last.position + new.place
     from unnest($5::uuid[], $6::text[], $7::text[], $8::numeric[], $9::date[], $10::uuid[])
       with ordinality as new(id, title, title_folded, max_points, due_on, category_id, place)
     cross join (
       select coalesce(max(a.position), 0) as position from app.assignments a
       where a.tenant_id = $1 and a.class_id = $2 and a.term_id = $3) as last`,
    [
      ...[tx.tenantId, plan.classId, plan.termId, importId, added.map(({ id }) => id), added.map(({ title }) => title)],
      ...[added.map(({ title }) => foldTitle(title)), added.map(({ maxPoints }) => maxPoints), added.map(({ dueOn }) => dueOn)],
      added.map(({ category }) => categoryOf.get(category ?? '') ?? null),
    ],
    { name: 'add_assignments' },
  )
}

async function changeAssignments(
  tx: TenantWriter,
  classId: string,
  { assignments, categoryOf }: Readonly<{ assignments: readonly Written[]; categoryOf: ReadonlyMap<string, string> }>,
): Promise<Made['assignments']> {
  const changed = assignments.flatMap(({ id, state, old, maxPoints, dueOn, category }): Made['assignments'] => {
    if (state !== 'changed' || old === null) return []
    const was = { maxPoints: old.maxPoints, dueOn: old.dueOn }
    if (old.category === undefined) return [{ id, old: was, new: { maxPoints, dueOn } }]
    const categoryId = categoryOf.get(category ?? '') ?? null
    return [{ id, old: { ...was, categoryId: old.category?.id ?? null }, new: { maxPoints, dueOn, categoryId } }]
  })
  if (changed.length === 0) return []
  await tx.later(
    `update app.assignments as a
     set max_points = new.max_points, due_on = new.due_on,
         category_id = case when new.is_moved then new.category_id else a.category_id end
     from unnest($3::uuid[], $4::numeric[], $5::date[], $6::boolean[], $7::uuid[])
       as new(id, max_points, due_on, is_moved, category_id)
     where a.tenant_id = $1 and a.class_id = $2 and a.id = new.id`,
    [
      ...[tx.tenantId, classId, changed.map(({ id }) => id)],
      ...[changed.map((change) => change.new.maxPoints), changed.map((change) => change.new.dueOn)],
      ...[changed.map((change) => change.new.categoryId !== undefined), changed.map((change) => change.new.categoryId ?? null)],
    ],
  )
  return changed
}

type Categories = Readonly<{ idOf: ReadonlyMap<string, string>; made: readonly string[] }>

async function writeCategories(tx: TenantWriter, classId: string, labelled: readonly Written[]): Promise<Categories> {
  const names = [...new Set(labelled.flatMap(({ category }) => category || []))]
  if (names.length === 0) return { idOf: new Map(), made: [] }
  const rows = await tx.sql<{ id: string; name: string; isMade: boolean }>(
    `with made as (
       insert into app.categories (tenant_id, class_id, id, name, position)
       select $1, $2, new.id, new.name, last.position + new.place
       from unnest($3::uuid[], $4::text[]) with ordinality as new(id, name, place)
       cross join (
         select coalesce(max(k.position), 0) as position from app.categories k
         where k.tenant_id = $1 and k.class_id = $2) as last
       on conflict (tenant_id, class_id, name) do nothing
       returning id, name
     )
     select id, name, true as "isMade" from made
     union all
     select k.id, k.name, false from app.categories k
     where k.tenant_id = $1 and k.class_id = $2 and k.name = any($4)`,
    [tx.tenantId, classId, names.map(() => newId()), names],
  )
  return {
    idOf: new Map(rows.map(({ id, name }) => [name, id])),
    made: rows.flatMap(({ id, isMade }) => (isMade ? [id] : [])),
  }
}

async function writeTags(tx: TenantWriter, classId: string, labelled: readonly Written[]): Promise<Pick<Made, 'tags' | 'tied'>> {
  const ties = labelled.flatMap(({ id, tags = [] }) => [...new Set(tags.map(foldTag))].map((folded) => ({ id, folded })))
  if (ties.length === 0) return {}
  const nameOf = new Map(labelled.flatMap(({ tags = [] }) => tags.map((tag) => [foldTag(tag), cleanText(tag)] as const)))
  const [written] = await tx.sql<{ tags: string[]; tied: NonNullable<Made['tied']> }>(
    `with made as (
       insert into app.tags (tenant_id, id, name, name_folded)
       select $1, new.id, new.name, new.folded
       from unnest($3::uuid[], $4::text[], $5::text[]) as new(id, name, folded)
       on conflict (tenant_id, name_folded) do nothing
       returning id, name_folded
     ),
     known as (
       select id, name_folded from made
       union all
       select t.id, t.name_folded from app.tags t where t.tenant_id = $1 and t.name_folded = any($5)
     ),
     tied as (
       insert into app.assignment_tags (tenant_id, class_id, assignment_id, tag_id)
       select $1, $2, tie.assignment_id, known.id
       from unnest($6::uuid[], $7::text[]) as tie(assignment_id, folded)
       join known on known.name_folded = tie.folded
       on conflict do nothing
       returning assignment_id, tag_id
     )
     select
       (select coalesce(json_agg(made.id), '[]') from made) as tags,
       (select json_agg(json_build_object('assignmentId', tied.assignment_id, 'tagId', tied.tag_id)) from tied) as tied`,
    [
      ...[tx.tenantId, classId, [...nameOf].map(() => newId()), [...nameOf.values()], [...nameOf.keys()]],
      ...[ties.map(({ id }) => id), ties.map(({ folded }) => folded)],
    ],
  )
  return written ?? {}
}

/** An id that is known already keeps its assignment: it is the teacher's next word that would change it, not a file. */
async function writeLinks(
  tx: TenantWriter,
  classId: string,
  { importId, source, assignments }: Source & Readonly<{ assignments: readonly Written[] }>,
): Promise<void> {
  const links = assignments.flatMap(({ id, vendorId }) => (vendorId ? [{ id, vendorId }] : []))
  if (links.length === 0) return
  await tx.later(
    `insert into app.assignment_links (tenant_id, class_id, source, external_id, assignment_id, import_id)
     select $1, $2, $3, new.external_id, new.assignment_id, $4
     from unnest($5::text[], $6::uuid[]) as new(external_id, assignment_id)
     on conflict (tenant_id, class_id, source, external_id) do nothing`,
    [tx.tenantId, classId, source, importId, links.map(({ vendorId }) => vendorId), links.map(({ id }) => id)],
  )
}
