import 'server-only'
import fs from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ProblemError } from '@/lib/errors'
import { importBytesMax } from '@/lib/imports/limits'
import type { AnsweringCommand } from '@/lib/ops/command'
import { readRoster } from '@/lib/rosters/read-roster'
import { type Coverage, coverages, type RosterFile } from '@/lib/rosters/roster-file'

const usage = `roster check FILE [--coverage file|whole|additions] [--school NAME] [--today YYYY-MM-DD]

Prints one JSON object: what the file holds, of what it is the whole list, every problem and everything ignored. No database is asked.
Exit code 0: can be compared with a school, perhaps with warnings; 1: a question is to be answered first; 2: refused.`

/** `ops roster check`: what an upload would read from a roster file, without a database. */
export const rosterCommand: AnsweringCommand = {
  name: 'roster',
  summary: 'say what a roster file holds, without a database',
  answer: async ([verb = '', ...args]) => {
    if (verb !== 'check') throw new ProblemError('invalid_input', usage)
    const { file, coverage, schoolName, today } = readArguments(args)
    const roster = await readRoster({ name: path.basename(file), bytes: await bytesOf(file) }, { coverage, schoolName, today })
    process.stdout.write(`${JSON.stringify(answerOf(roster), null, 2)}\n`)
    return exitCodes[outcomeOf(roster)]
  },
}

const exitCodes = { ok: 0, warn: 0, ask: 1, refuse: 2 } as const

function readArguments(args: readonly string[]) {
  const text = { type: 'string' as const }
  try {
    const { values, positionals } = parseArgs({
      ...{ args: [...args], allowPositionals: true, strict: true },
      options: { coverage: text, school: text, today: text },
    })
    const [file, ...others] = positionals
    const coverage: Coverage | undefined = coverages.find((each) => each === (values.coverage ?? 'file'))
    if (file === undefined || others.length > 0 || coverage === undefined) throw new Error('one file, and a known coverage')
    const today = values.today ?? new Date().toISOString().slice(0, 10)
    return { file, coverage, schoolName: values.school ?? '', today }
  } catch (cause) {
    throw new ProblemError('invalid_input', usage, { cause })
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const name = path.basename(file)
  // npm runs in the project's folder and says where it was called.
  const place = path.resolve(process.env.INIT_CWD ?? '.', file)
  const found = await fs.stat(place).catch(() => null)
  if (!found?.isFile()) throw new ProblemError('invalid_input', `There is no file ${name}. Check the path and the spelling.`)
  if (found.size > importBytesMax) {
    const message = `The file ${name} is larger than ${importBytesMax / 1024 / 1024} MB. Pack the tables as a ZIP archive.`
    throw new ProblemError('invalid_input', message)
  }
  return fs.readFile(place)
}

function outcomeOf({ problems }: RosterFile): keyof typeof exitCodes {
  const blocks = problems.filter(({ severity }) => severity === 'block')
  if (blocks.length === 0) return problems.length === 0 ? 'ok' : 'warn'
  return blocks.every(({ code }) => code === 'ask_coverage') ? 'ask' : 'refuse'
}

/** Counts and problems; of the people only what a problem has to show. */
function answerOf(roster: RosterFile) {
  const { source, whole, students, classes, enrolments, guardians, teachings, problems, ignored } = roster
  return {
    ...{ outcome: outcomeOf(roster), source, whole, students: students.length, classes: classes.length },
    ...{ enrolments: enrolments.length, guardians: guardians.length, teachers: teachings.length, problems, ignored },
  }
}
