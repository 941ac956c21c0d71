/** An upload read for one class: under what the teacher said, or else as they once mapped files of its shape. Pure but for pausing. */
import type { ImportChoices } from './choices'
import type { ClassState } from './class-state'
import { type Kept, keptOf } from './keep'
import { findMapping } from './mapping'
import { parseFile } from './parse'
import type { ParsedFile } from './parsed'
import { foldTitle } from './text'
import type { ImportProblem } from './views'
import type { ImportWatch } from './watch'

export type Upload = Readonly<{
  kind: 'read'
  file: ParsedFile
  choices: ImportChoices
  isFromSaved: boolean
  /** What may be kept of the file. */
  kept: Kept
}>

type Options = Readonly<{
  choices: ImportChoices
  /** Look for a saved mapping when no column was spoken of. */
  usesSaved: boolean
  watch: ImportWatch
}>

/** `refused`: it holds nothing that can be imported, and says why. */
export async function readUpload(
  { name, bytes }: Readonly<{ name: string; bytes: Uint8Array }>,
  state: ClassState,
  { choices, usesSaved, watch }: Options,
): Promise<Upload | Readonly<{ kind: 'refused'; problems: readonly ImportProblem[] }>> {
  const knownPoints = new Map(
    state.assignments.flatMap(({ id, title, maxPoints }) => [[id, maxPoints] as const, [foldTitle(title), maxPoints] as const]),
  )
  const read = (said: ImportChoices) =>
    parseFile(bytes, { ...said, signal: watch.signal, fileName: name, knownPoints, letters: state.letters })
  const plain = await read(choices)
  if (plain.kind === 'refused') return plain
  const ids = new Set(state.assignments.map(({ id }) => id))
  const columns = usesSaved && choices.columns === undefined ? findMapping(state.mappings, plain.file, ids) : null
  const saved = columns === null ? null : await read({ ...choices, columns })
  // What was saved helps, and never stands in the way of a file that can be read without it.
  const isFromSaved = saved?.kind === 'parsed'
  const { file } = isFromSaved ? saved : plain
  const said = isFromSaved && columns !== null ? { ...choices, columns } : choices
  return { kind: 'read', file, choices: said, isFromSaved, kept: await keptOf(bytes, file) }
}
