/** The step Map: what each column is and where it goes. Pure. */
import type { ImportChoices } from './choices'
import type { StoredPlan } from './stored-plan'
import type { StoredReading } from './stored-reading'
import { stepOf } from './wizard-steps'
import type { MapColumn, MapView } from './wizard-views'

/** What the class has to choose from. */
export type MapTargets = Pick<MapView, 'assignments' | 'categories' | 'tags'>

const problemsMax = 100

/** The columns as they were read and as they are planned. */
export function mapOf(
  plan: StoredPlan,
  reading: StoredReading,
  { choices, targets, isFromSaved }: Readonly<{ choices: ImportChoices; targets: MapTargets; isFromSaved: boolean }>,
): MapView {
  const categoryOf = new Map(targets.assignments.map(({ id, category }) => [id, category]))
  const targetOf = new Map(
    plan.assignments.flatMap(({ id, title, columns = [] }) =>
      id === null ? [] : columns.map((column) => [column, { id, title, category: categoryOf.get(id) ?? null }] as const),
    ),
  )
  return {
    columns: reading.columns.map(
      (column): MapColumn => ({
        ...column,
        choice: choices.columns?.[String(column.at)] ?? null,
        target: targetOf.get(column.at) ?? null,
      }),
    ),
    ...targets,
    isFromSaved,
    problems: plan.problems.filter((problem) => stepOf(problem) === 'map').slice(0, problemsMax),
  }
}
