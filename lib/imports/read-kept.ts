/**
 * A kept file read again from which private values were taken out: the columns are known to be private although nothing in them says so
 * any more, and the way of reading is the one that was found when the values were still there. Pure but for pausing.
 */
import { isArchive } from './archive'
import { type ImportChoices, importChoicesSchema } from './choices'
import type { ClassState } from './class-state'
import type { Original } from './original'
import type { ParsedFile } from './parsed'
import { problem } from './problems'
import { readUpload, type Upload } from './read-upload'
import type { StoredPlan } from './stored-plan'
import type { StoredReading } from './stored-reading'
import type { ImportProblem } from './views'
import type { ImportWatch } from './watch'

type Kept = Readonly<{
  name: string
  bytes: Uint8Array
  original: Pick<Original, 'privateColumns'>
  /** The plan that stands, which knows how the file was read when nothing of it was missing. */
  plan: StoredPlan | null
}>

/** As `readUpload`. A private column that the choices map on purpose blocks: its values have to be uploaded again. */
export async function readKept(
  { name, bytes, original, plan }: Kept,
  state: ClassState,
  { choices, watch }: Readonly<{ choices: ImportChoices; watch: ImportWatch }>,
): Promise<Upload | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>> {
  const reading = plan?.reading
  if (isOtherPart(reading, bytes, choices)) return { kind: 'refused', problems: [partNotKept(reading?.part ?? '')] }
  const wanted = original.privateColumns.filter((at) => isMapped(choices, at))
  const hidden = original.privateColumns.filter((at) => !isMapped(choices, at))
  const left = Object.fromEntries(hidden.map((at) => [String(at), { use: 'ignore' as const }]))
  const said = { ...foundBefore(reading), ...choices, columns: { ...choices.columns, ...left } }
  const read = await readUpload({ name, bytes }, state, { choices: said, usesSaved: false, watch })
  if (read.kind === 'refused') return read
  const file = asking(asPrivate(asPart(read.file, plan, { bytes, choices }), hidden, reading), wanted)
  return { ...read, file, choices, kept: { bytes, isRedacted: true, privateColumns: original.privateColumns } }
}

/** Of a workbook or archive only the part that was read is kept, as a CSV. */
function isPart(reading: StoredReading | undefined, bytes: Uint8Array): boolean {
  return (reading?.part ?? null) !== null && !isArchive(bytes)
}

function isOtherPart(reading: StoredReading | undefined, bytes: Uint8Array, { part }: ImportChoices): boolean {
  return isPart(reading, bytes) && part !== undefined && part !== reading?.part
}

function partNotKept(part: string): ImportProblem {
  return problem({
    code: 'part_not_kept',
    severity: 'block',
    message: `Only '${part}' of this file was kept, because the file holds private data.`,
    fix: 'To read another part, discard this import and upload that part alone.',
  })
}

const partCodes = new Set(['ask_part', 'other_sheets'])

/** The part again as the one of several that it was, with the question which one is meant until it is answered. */
function asPart(
  file: ParsedFile,
  plan: StoredPlan | null,
  { bytes, choices }: Readonly<{ bytes: Uint8Array; choices: ImportChoices }>,
): ParsedFile {
  const reading = plan?.reading
  if (plan === null || reading === undefined || !isPart(reading, bytes)) return file
  const asked = choices.part === undefined ? plan.problems.filter(({ code }) => partCodes.has(code)) : []
  return {
    ...file,
    ...{ parts: reading.parts, part: reading.part },
    problems: [...asked, ...file.problems],
    isBlocked: file.isBlocked || asked.some(({ severity }) => severity === 'block'),
    ignored: [...plan.ignored.filter(({ kind }) => kind === 'part'), ...file.ignored],
  }
}

function isMapped({ columns }: ImportChoices, at: number): boolean {
  const use = columns?.[String(at)]?.use
  return use === 'identity' || use === 'assignment'
}

function foundBefore(reading: StoredReading | undefined): ImportChoices {
  const found = { encoding: reading?.encoding ?? undefined, delimiter: reading?.delimiter ?? undefined }
  const known = importChoicesSchema.safeParse(found)
  return known.success ? known.data : {}
}

function asPrivate(file: ParsedFile, hidden: readonly number[], reading: StoredReading | undefined): ParsedFile {
  const before = new Map((reading?.columns ?? []).map((column) => [column.at, column]))
  const isHidden = new Set(hidden)
  const reasonOf = (at: number) => before.get(at)?.reason ?? 'Personal data that no gradebook needs; it is not stored.'
  const names = new Map(
    file.columns.flatMap(({ at, heading, title, name }) =>
      isHidden.has(at) ? [heading, title, name].filter(Boolean).map((where) => [where, reasonOf(at)] as const) : [],
    ),
  )
  return {
    ...file,
    columns: file.columns.map((column) =>
      isHidden.has(column.at)
        ? { ...column, role: 'ignored', identity: null, reason: reasonOf(column.at), isPrivate: true, samples: [] }
        : column,
    ),
    privateColumns: [...new Set([...file.privateColumns, ...hidden])].sort((a, b) => a - b),
    ignored: file.ignored.map((part) =>
      part.kind === 'column' ? { ...part, reason: names.get(part.where) ?? part.reason } : part,
    ),
  }
}

function asking(file: ParsedFile, wanted: readonly number[]): ParsedFile {
  if (wanted.length === 0) return file
  const asked = wanted.map((at) => {
    const name = file.columns.find((column) => column.at === at)?.heading ?? ''
    return problem({
      column: name,
      code: 'values_not_kept',
      severity: 'block',
      message: `The values of '${name}' were not kept, because they look like private data.`,
      fix: 'Choose the file once more to use them, or leave the column out.',
    })
  })
  return { ...file, problems: [...file.problems, ...asked], isBlocked: true }
}
