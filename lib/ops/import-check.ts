import 'server-only'
import fs from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ProblemError } from '@/lib/errors'
import { checkFile, type FileCheck, refusedCheck } from '@/lib/imports/check'
import { type ImportChoices, importChoicesSchema } from '@/lib/imports/choices'
import { refusalOfSize } from '@/lib/imports/decode'
import { problem } from '@/lib/imports/problems'
import type { ImportProblem } from '@/lib/imports/views'
import type { AnsweringCommand } from '@/lib/ops/command'
import { checkText } from '@/lib/ops/import-check-text'

const usage = `import check FILE [--json] [--class-file ROSTER] [answers]

  --json                one JSON object instead of text
  --class-file ROSTER   a table of the class's students (names, e-mails, numbers) to match the file's with
  --part NAME           the sheet of a workbook or the file of an archive
  --heading-row ROW     the row of headings, from 1
  --encoding, --delimiter, --numbers . or ,, --dates dmy or mdy, --negatives take or leave_out, --same-titles same or different

Exit code 0: can be imported, perhaps with warnings; 1: a question is to be answered first; 2: refused.`

/** `ops import check ...`: what an upload would say of a file, without a database. */
export const importCommand: AnsweringCommand = {
  name: 'import',
  summary: 'say what an upload of a file would bring, without a database',
  answer: ([verb = '', ...args]) => {
    if (verb !== 'check') throw new ProblemError('invalid_input', usage)
    return runImportCheck(args)
  },
}

const exitCodes: Readonly<Record<FileCheck['outcome'], number>> = { ok: 0, warn: 0, ask: 1, refuse: 2 }

async function runImportCheck(args: readonly string[]): Promise<number> {
  const { file, classFile, isJson, answers } = readArguments(args)
  const check = await checkSafely(file, classFile, answers)
  process.stdout.write(isJson ? `${JSON.stringify(check, null, 2)}\n` : checkText(check, path.basename(file)))
  return exitCodes[check.outcome]
}

/** A file never ends the command in another way than with an answer, whatever is in it. */
async function checkSafely(file: string, classFile: string | undefined, answers: ImportChoices): Promise<FileCheck> {
  try {
    const upload = await readUpload(file, 'file')
    if (upload.kind === 'refused') return refusedCheck([upload.problem])
    const roster = classFile === undefined ? null : await readUpload(classFile, 'class file')
    if (roster?.kind === 'refused') return refusedCheck([roster.problem])
    return await checkFile(upload, roster, answers)
  } catch (error) {
    if (process.env.OPS_DEBUG === '1') process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return refusedCheck([broken(error)])
  }
}

type Upload = Readonly<{ kind: 'upload'; name: string; bytes: Uint8Array }>

async function readUpload(file: string, what: string): Promise<Upload | Readonly<{ kind: 'refused'; problem: ImportProblem }>> {
  const name = path.basename(file)
  // npm runs in the project's folder and says where it was called.
  const place = path.resolve(process.env.INIT_CWD ?? '.', file)
  try {
    const { size, ...found } = await statOf(place)
    if (found.isDirectory) return refuse('is_directory', `The ${what} ${name} is a folder.`, 'Name a file in it.')
    if (!found.isFile)
      return refuse('not_a_file', `The ${what} ${name} is no file on a disk.`, 'Save its content as a file first.')
    const tooLarge = refusalOfSize(size)
    if (tooLarge) return { kind: 'refused', problem: tooLarge }
    return { kind: 'upload', name, bytes: await fs.readFile(place) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return refuse('no_file', `There is no ${what} ${name}.`, 'Check the path and the spelling.')
    return refuse(
      'unreadable_file',
      `The ${what} ${name} cannot be read (${String(code ?? 'unknown reason')}).`,
      'Check who may read it.',
    )
  }
}

async function statOf(file: string) {
  const stat = await fs.stat(file)
  return { size: stat.size, isDirectory: stat.isDirectory(), isFile: stat.isFile() }
}

function refuse(code: string, message: string, fix: string): Readonly<{ kind: 'refused'; problem: ImportProblem }> {
  return { kind: 'refused', problem: problem({ code, message, fix, severity: 'block' }) }
}

function broken(error: unknown): ImportProblem {
  return problem({
    code: 'broken',
    severity: 'block',
    message: `Something broke on our side while the file was read (${error instanceof Error ? error.name : typeof error}).`,
    fix: 'Tell us, with the file if you may; OPS_DEBUG=1 shows where it broke.',
  })
}

type Arguments = Readonly<{ file: string; classFile: string | undefined; isJson: boolean; answers: ImportChoices }>

const options = {
  json: { type: 'boolean' },
  'class-file': { type: 'string' },
  part: { type: 'string' },
  'heading-row': { type: 'string' },
  encoding: { type: 'string' },
  delimiter: { type: 'string' },
  numbers: { type: 'string' },
  dates: { type: 'string' },
  negatives: { type: 'string' },
  'same-titles': { type: 'string' },
} as const

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args)
  const [file, other] = positionals
  if (file === undefined || other !== undefined) throw new ProblemError('invalid_input', usage)
  const { json, 'class-file': classFile, 'heading-row': headingRow, 'same-titles': sameTitles, ...said } = values
  const answers = { ...said, sameTitles, headingRow: headingRow === undefined ? undefined : Number(headingRow) }
  const parsed = importChoicesSchema.safeParse(answers)
  if (parsed.success) return { file, classFile, isJson: json === true, answers: parsed.data }
  const wrong = parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`)
  throw new ProblemError('invalid_input', [...wrong, usage].join('\n'))
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new ProblemError('invalid_input', usage, { cause })
  }
}
