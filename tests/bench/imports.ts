import pg from 'pg'
import { withDirectConnection } from '@/lib/db/direct'
import { newId } from '@/lib/ids'
import { commitImport } from '@/lib/imports/commit'
import { parseFile } from '@/lib/imports/parse'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import { undoImport } from '@/lib/imports/undo'
import { addPeople, type PeopledSchool } from '../support/two-schools'
import type { World } from '../support/open-world'
import { time } from './interleave'
import { median } from './verdict'

export type ImportSize = Readonly<{ students: number; assignments: number }>

type Upload = 'first' | 'again' | 'onePercent' | 'allChanged'
/** What one round measures; see `measureImports`. */
type Step = 'copy' | 'parse' | Upload | `${Upload}-${'plan' | 'commit'}` | 'undo'
/** Milliseconds, one number a round; `copy` is the limit the others are measured against. */
export type ImportTimes = Readonly<Record<Step, readonly number[]>>

export const importSizes = [
  // A server that runs has long compiled what a small import runs through; the first thirty times here it has not.
  { students: 30, assignments: 20, rounds: 31, warmups: 30 },
  { students: 500, assignments: 60, rounds: 5, warmups: 1 },
  { students: 5_000, assignments: 100, rounds: 3, warmups: 1 },
] as const

const filledShare = 0.98

/**
 * The whole road of an upload, from the bytes of the file to the receipt, beside COPY of the same scores on the same server:
 * a first upload, the same once more, its undo, and files in which one score of a hundred and every score is another. Every
 * round has a school of its own and times COPY at its begin, middle and end, so that a busy machine slows both alike.
 */
export async function measureImports(
  world: World,
  { size, rounds, warmups }: { size: ImportSize; rounds: number; warmups: number },
): Promise<ImportTimes> {
  const measured: Record<Step, number>[] = []
  // The first rounds warm code and caches and do not count.
  for (let round = -warmups; round < rounds; round++) {
    const times = await measureRound(world, size)
    if (round >= 0) measured.push(times)
  }
  const steps = Object.keys(measured[0] ?? {}) as Step[] // the keys of that record
  const columns = steps.map((step) => [step, measured.map((times) => times[step])] as const)
  return Object.fromEntries(columns) as Record<Step, number[]> // computed keys lose their names
}

async function measureRound(world: World, size: ImportSize): Promise<Record<Step, number>> {
  const school = await addPeople(world, await world.addSchool({ shard: 'shard_1' }))
  const matrix = makeScores(size)
  const { count: scores } = changeOneIn(matrix, 1)
  const original = makeFile(size, matrix)
  const copies = [await timeCopy(world, school, matrix)]
  const parse = await time(() => parseFile(original, { fileName: 'bench.csv' }))
  const first = await timeUpload(school, original, scores)
  const again = await timeUpload(school, original, 0)
  const undo = await time(() => undoImport(school.ctx, school.teacher.viewer, { importId: first.importId }))
  copies.push(await timeCopy(world, school, matrix))
  await timeUpload(school, original, scores)
  const one = changeOneIn(matrix, 100)
  const onePercent = await timeUpload(school, makeFile(size, one.changed), one.count)
  const all = changeOneIn(one.changed, 1)
  const allChanged = await timeUpload(school, makeFile(size, all.changed), all.count)
  copies.push(await timeCopy(world, school, matrix))
  return {
    copy: median(copies),
    parse: parse.milliseconds,
    ...timesOf('first', first),
    ...timesOf('again', again),
    ...timesOf('onePercent', onePercent),
    ...timesOf('allChanged', allChanged),
    undo: undo.milliseconds,
  }
}

type UploadTime = Readonly<{ importId: string; plan: number; commit: number }>
type UploadTimes<Name extends Upload> = Record<Name | `${Name}-${'plan' | 'commit'}`, number>

function timesOf<Name extends Upload>(name: Name, { plan, commit }: UploadTime): UploadTimes<Name> {
  const times = { [name]: plan + commit, [`${name}-plan`]: plan, [`${name}-commit`]: commit }
  return times as UploadTimes<Name> // computed keys lose their names
}

export type Scores = readonly (readonly string[])[]

/** A class full of scores, the same every time; '' where a cell is empty. */
export function makeScores({ students, assignments }: ImportSize): Scores {
  return Array.from({ length: students }, (_, row) =>
    Array.from({ length: assignments }, (_, column) => {
      const seed = ((row * 7919 + column * 104_729) % 1000) / 1000
      return seed > filledShare ? '' : String(Math.round(seed * 200) / 2)
    }),
  )
}

function changeOneIn(matrix: Scores, every: number): { changed: Scores; count: number } {
  let at = 0
  let count = 0
  const changed = matrix.map((row) =>
    row.map((score) => {
      if (score === '' || ++at % every !== 0) return score
      count++
      return score === '99.25' ? '98.25' : '99.25'
    }),
  )
  return { changed, count }
}

/** The scores as a file of our own template. */
export function makeFile({ assignments }: ImportSize, matrix: Scores): Uint8Array<ArrayBuffer> {
  const titles = Array.from({ length: assignments }, (_, column) => `Task ${column + 1}`)
  const lines = [
    `last_name,first_name,email,${titles.join(',')}`,
    `DATE,-,-,${titles.map((_, column) => `2026-10-${String((column % 28) + 1).padStart(2, '0')}`).join(',')}`,
    `POINTS,-,-,${titles.map(() => '100').join(',')}`,
    ...matrix.map((row, at) => `Family${at},Given${at},pupil${at}@bench.example,${row.join(',')}`),
  ]
  return new TextEncoder().encode(`${lines.join('\n')}\n`)
}

async function timeUpload(school: PeopledSchool, bytes: Uint8Array, expected: number): Promise<UploadTime> {
  const { ctx, classId, termId } = school
  const { viewer } = school.teacher
  const planned = await time(() => planImport(ctx, viewer, { classId, termId, file: { name: 'bench.csv', bytes } }))
  if (planned.value.kind !== 'planned') throw new Error(`the file of the bench was ${planned.value.kind}`)
  const { importId } = planned.value
  // What a person looks at between plan and commit is not part of the road.
  const review = await loadReview(ctx, viewer, importId, { rowLimit: 1 })
  if (review === null) throw new Error('no review')
  const committed = await time(() => commitImport(ctx, viewer, { importId, planHash: review.planHash }))
  const { cellsNew, cellsChanged } = committed.value.counts
  if (cellsNew + cellsChanged !== expected)
    throw new Error(`${cellsNew} new and ${cellsChanged} changed cells instead of ${expected}`)
  return { importId, plan: planned.milliseconds, commit: committed.milliseconds }
}

async function timeCopy(world: World, school: PeopledSchool, matrix: Scores): Promise<number> {
  const url = world.shard(school.shard).adminUrl
  const students = matrix.map(() => newId())
  const assignments = (matrix[0] ?? []).map(() => newId())
  const lines = matrix.flatMap((row, at) =>
    row.flatMap((score, column) =>
      score === ''
        ? []
        : [[school.tenantId, school.classId, students[at], assignments[column], score, 'graded', '\\N'].join('\t')],
    ),
  )
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  await withDirectConnection(url, async (sql) => {
    await sql('drop table if exists public.bench_bare')
    await sql('create table public.bench_bare as select * from app.grades with no data')
  })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await time(() => copyIn(client, 'copy public.bench_bare from stdin', bytes))).milliseconds
  } finally {
    await client.end()
  }
}

/** COPY FROM STDIN of bytes that are ready, over node-postgres's own connection. */
function copyIn(client: pg.Client, text: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const copy = {
      submit: (connection: CopyConnection) => connection.query(text),
      handleCopyInResponse: (connection: CopyConnection) => {
        connection.sendCopyFromChunk(bytes)
        connection.endCopyFrom()
      },
      handleCommandComplete: () => {},
      handleError: reject,
      handleReadyForQuery: () => resolve(),
    }
    // node-postgres calls these on whatever is submitted, but types only `submit`.
    client.query(copy as unknown as pg.Submittable)
  })
}

type CopyConnection = Readonly<{
  query: (text: string) => void
  sendCopyFromChunk: (chunk: Buffer) => void
  endCopyFrom: () => void
}>
