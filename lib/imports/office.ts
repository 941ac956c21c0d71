/** Documents of office programs that are archives as well, and no workbook that is read here: each is refused by its name. Pure. */
import type { ArchiveFile } from './archive'
import { problem } from './problems'
import type { ImportProblem } from './views'

const saveAs = 'Open it, choose Save As or Export, "Excel workbook (.xlsx)" or "CSV UTF-8", and upload that file.'

const kinds: readonly Readonly<{ part: RegExp; code: string; label: string }>[] = [
  { part: /^xl\/workbook\.bin$/i, code: 'xlsb', label: 'a binary Excel workbook (.xlsb)' },
  { part: /^word\/document\.xml$/i, code: 'word', label: 'a Word document' },
  { part: /^ppt\/presentation\.xml$/i, code: 'powerpoint', label: 'a PowerPoint presentation' },
  { part: /^META-INF\/manifest\.xml$/i, code: 'opendocument', label: 'an OpenDocument file (.ods)' },
  { part: /^Index\/Document\.iwa$/i, code: 'iwork', label: 'a document of Apple Numbers' },
]

/** The refusal of an archive that is such a document, or null. */
export function refusalOfOffice(files: readonly ArchiveFile[]): ImportProblem | null {
  const kind = kinds.find(({ part }) => files.some(({ name }) => part.test(name)))
  if (kind === undefined) return null
  return problem({ code: kind.code, severity: 'block', message: `This is ${kind.label}, which is not read.`, fix: saveAs })
}
