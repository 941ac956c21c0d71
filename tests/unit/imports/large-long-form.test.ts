import { expect, test } from 'vitest'
import { parseFile } from '@/lib/imports/parse'

async function read(text: string) {
  const parsed = await parseFile(new TextEncoder().encode(text), { fileName: 'scores.csv' })
  return parsed.kind === 'refused'
    ? parsed.problems.map(({ code }) => code)
    : [`${parsed.file.students.length} students`, `${parsed.file.assignments.length} assignments`]
}

const rows = (count: number, row: (at: number) => string) =>
  `email,assignment,score\n${Array.from({ length: count }, (_, at) => row(at)).join('\n')}\n`

test('rows are as many as scores, students as many as rows of other files', async () => {
  expect(await read(rows(60_000, (at) => `p${at % 3000}@x.org,Quiz ${at % 20},${at % 7}`))).toEqual([
    '3000 students',
    '20 assignments',
  ])
  expect(await read(rows(20_001, (at) => `p${at}@x.org,Quiz,1`))).toEqual(['too_many_rows'])
  expect(await read(rows(998, (at) => `p${at}@x.org,Quiz ${at},1`))).toEqual(['too_many_columns'])
  expect(await read(rows(20_000, (at) => `p${at}@x.org,Quiz ${at % 98},1`))).toEqual(['too_many_cells'])
})
