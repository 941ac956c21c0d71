import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { parseFile } from '@/lib/imports/parse'
import type { ParsedFile } from '@/lib/imports/parsed'
import type { ParseOptions } from '@/lib/imports/read-table'
import { keptOf } from '@/lib/imports/keep'
import { zipOf } from '../../support/xlsx'

async function read(bytes: Uint8Array, options: Partial<ParseOptions> = {}): Promise<ParsedFile> {
  const parsed = await parseFile(bytes, { fileName: 'x.csv', ...options })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join())
  return parsed.file
}

/** What is kept of the upload, as text and read again with its private columns left out, as the steps of an import do. */
async function keep(bytes: Uint8Array) {
  const file = await read(bytes)
  const kept = await keptOf(bytes, file)
  expect(kept.isRedacted).toBe(true)
  const columns = Object.fromEntries(kept.privateColumns.map((at) => [String(at), { use: 'ignore' as const }]))
  return { file, kept: kept.bytes, text: new TextDecoder().decode(kept.bytes), again: await read(kept.bytes, { columns }) }
}

const shown = ({ students, assignments, cells, rejectedRows }: ParsedFile) => ({
  students: students.map(({ row, lastName, firstName, identifiers }) => [
    row,
    lastName,
    firstName,
    identifiers.map(({ value }) => value),
  ]),
  assignments: assignments.map(({ title, maxPoints, dueOn, columns }) => [title, maxPoints, dueOn, columns]),
  cells,
  rejectedRows,
})

describe('what is kept of a file with personal data is read as the upload was', () => {
  test('with one row a score', async () => {
    const { file, text, again } = await keep(
      new TextEncoder().encode(
        'Scores of 5b\nemail,SSN,assignment,score,max points,date\na@x.org,123-45-6789,Quiz,7,10,2025-06-01\nb@x.org,987-65-4321,Quiz,9O,10,2025-06-01\na@x.org,123-45-6789,Lab,8,20,2025-06-02\n',
      ),
    )
    expect(text).toContain('email,SSN,assignment,score')
    expect(text).not.toMatch(/\d{3}-\d{2}-\d{4}/)
    expect(again.source).toBe('long-form')
    expect(shown(again)).toEqual(shown(file))
    expect(again.problems).toEqual(file.problems)
  })

  test('of OneRoster', async () => {
    const { file, kept, again } = await keep(
      zipOf({
        'users.csv':
          'sourcedId,status,dateLastModified,givenName,familyName,email,password\nu1,,,Alice,Smith,a@x.org,hunter2\nu2,,,Bob,Brown,b@x.org,\n',
        'lineItems.csv':
          'sourcedId,status,dateLastModified,title,dueDate,classSourcedId,resultValueMax\nl1,,,Quiz,2025-06-01,c1,10\n',
        'results.csv':
          'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score\nr1,,,l1,u2,fully graded,7\nr2,,,l1,u1,exempt,\n',
      }),
    )
    expect(new TextDecoder().decode(unzipSync(kept)['users.csv'])).not.toContain('hunter2')
    expect(again.source).toBe(file.source)
    expect(shown(again)).toEqual(shown(file))
  })

  test('with lines above its table', async () => {
    const { file, text, again } = await keep(
      new TextEncoder().encode(
        'Assignment Name:,Quiz 3\nPoints Possible:,20\nStudent Num,Student Name,Phone,Score\n0042,"Smith, Alice",555-123-4567,18\n0043,"Brown, Bob",555-123-4568,17\n',
      ),
    )
    expect(text).not.toContain('555')
    expect(again.source).toBe('powerteacher')
    expect(shown(again)).toEqual(shown(file))
  })
})
