/** Answers given one after the other, made into one. Pure. */
import { z } from 'zod'
import { type ImportChoices, importChoicesSchema } from './choices'

type Keyed = 'columns' | 'cells' | 'students' | 'conflictCells'
const keyed: readonly Keyed[] = ['columns', 'cells', 'students', 'conflictCells']

type Patched<Value> = Value extends Readonly<Record<string, infer Item>> ? Readonly<Record<string, Item | null>> : never

/** What changes: a field not said stays, null takes it back; of the fields that hold many, each of them likewise. */
export type ChoicesPatch = {
  readonly [Field in keyof ImportChoices]?: Field extends Keyed
    ? Patched<NonNullable<ImportChoices[Field]>> | null
    : ImportChoices[Field] | null
}

/** A patch as a form or a request gives it. */
export const choicesPatchSchema = z.object(
  Object.fromEntries(
    Object.entries(importChoicesSchema.shape).map(([field, schema]) => [field, nullableParts(schema).nullable().optional()]),
  ),
) as unknown as z.ZodType<ChoicesPatch> // Built field by field from the schema that ImportChoices is inferred from.

function nullableParts(schema: z.ZodType): z.ZodType {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema
  if (!(inner instanceof z.ZodRecord)) return inner as z.ZodType // unwrap() gives the core type of the same schema.
  // Keys and values are the schemas of that very record.
  return z.record(inner.keyType as z.ZodType<string, string>, (inner.valueType as z.ZodType).nullable())
}

/** The choices after a patch; the same ones when nothing in it says otherwise. */
export function mergeChoices(before: ImportChoices, patch: ChoicesPatch): ImportChoices {
  const kept = movesCells(before, patch) ? withoutPlaces(before) : before
  const merged = Object.fromEntries(
    Object.entries({ ...kept, ...said(patch) }).map(([field, value]) => [
      field,
      isKeyed(field) && value !== null ? mergeParts(kept[field], value) : value,
    ]),
  )
  return importChoicesSchema.parse(withoutNulls(merged))
}

/** Columns, cells and rows named under another delimiter or in another sheet are not the ones that stand there now. */
function movesCells(before: ImportChoices, patch: ChoicesPatch): boolean {
  return (['delimiter', 'part'] as const).some((field) => patch[field] !== undefined && patch[field] !== (before[field] ?? null))
}

function withoutPlaces(choices: ImportChoices): ImportChoices {
  return Object.fromEntries(Object.entries(choices).filter(([field]) => !isKeyed(field)))
}

const isKeyed = (field: string): field is Keyed => keyed.some((each) => each === field)

function said(patch: ChoicesPatch): Record<string, unknown> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
}

function mergeParts(before: object | undefined, patch: unknown): unknown {
  const parts = withoutNulls({ ...before, ...(patch as object) }) // The schema of a patch has no other value here.
  return Object.keys(parts).length === 0 ? null : parts
}

function withoutNulls(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
