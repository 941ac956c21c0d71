import { describe, expect, it } from 'vitest'
import { scoreHeading } from '@/lib/imports/detect'
import { dropBlankEnd, tokenize } from '@/lib/imports/tokenize'

const read = (text: string, options: Partial<Parameters<typeof tokenize>[1]> = {}) => tokenize(text, { scoreHeading, ...options })

async function rowsOf(text: string, options: Partial<Parameters<typeof tokenize>[1]> = {}) {
  const tokens = await read(text, options)
  if (tokens.kind === 'refused') throw new Error(tokens.problem.code)
  return tokens
}

describe('the delimiter is', () => {
  it.each([
    ['a comma', 'a,b\n1,2\n', ','],
    ['a semicolon', 'a;b\n1;2\n', ';'],
    ['a tab', 'a\tb\n1\t2\n', '\t'],
    ['a bar', 'a|b\n1|2\n', '|'],
    ['that of known headings, whatever else is even', 'email;Quiz, one;x\na;1, 2;y\nb;1, 2\n', ';'],
    ['that of the evener rows', 'a,b;c\nd,e;f;g\nh,i\n', ','],
    ['that of more cells among even ones', 'a,b;c;d\ne,f;g;h\n', ';'],
    ['a comma when nothing tells', 'one\ntwo\n', ','],
    ['never a colon by times and titles alone', 'at:8:00\nat:9:00\n', ','],
    ['never a colon by two known headings', 'email:number\na@x.org:7\n', ','],
    ['a colon under a whole row of known headings', 'last_name:first_name:email:Quiz\nLee:Sam:s@x.org:7\n', ':'],
    ['found past blank lines and lines of blanks', '\n \n;;\na,b\n1,2\n3,4\n', ','],
    ['found in a file of one line', 'a;b', ';'],
    ['that of the width most rows have, whatever the first one has', 'a,b;c,d\na,b;c\na,b\na,b\n', ','],
    ['that of the larger of two widths that are as common', 'a,b\na,b,c\na,b,c,d;e\nx;y\n', ';'],
    ['that of rows with blank cells too', 'a,b;c\n,d;e\nf,;g\n,h\n', ','],
    ['found past rows of blanks under another', 'a;b\n , , \n , , \n1;2\n', ';'],
    ['said by the teacher, whatever the file looks like', 'a,b;c\n', ';', ';'],
  ])('%s', async (_what, text, delimiter, said?: string) => {
    expect((await rowsOf(text, said === undefined ? {} : { delimiter: said })).delimiter).toBe(delimiter)
  })

  it('that of the first 25 rows, not of what comes after', async () => {
    const text = `${'a,b\n'.repeat(25)}${'last_name;first_name;email\n'.repeat(50)}`
    expect((await rowsOf(text)).delimiter).toBe(',')
    expect((await rowsOf(`${'a,b\n'.repeat(24)}last_name;first_name;email\n`)).delimiter).toBe(';')
  })

  it('found without the half row at the end of what is looked at', async () => {
    // Without that, commas would seem less even than semicolons.
    const row = ['a;b', ...new Array<string>(7).fill('x'.repeat(600))].join(',')
    expect((await rowsOf(`${row}\n`.repeat(20))).delimiter).toBe(',')
  })
})

describe('rows are', () => {
  it('cells as they stand, with quotation marks undone', async () => {
    expect((await rowsOf('a,"b, c"\n"d\ne","f""g"\n')).rows).toEqual([
      ['a', 'b, c'],
      ['d\ne', 'f"g'],
    ])
  })

  it('read as well as they can be where a quotation mark stands too early', async () => {
    expect((await rowsOf('a,"b"c",d\n1,2,3\n', { delimiter: ',' })).rows).toEqual([
      ['a', 'b"c', 'd'],
      ['1', '2', '3'],
    ])
  })

  it('counted as a spreadsheet does: blank ones too, but for those at the end', async () => {
    expect((await rowsOf('a,b\n\nc,d\n\n , \n\n')).rows).toEqual([['a', 'b'], [''], ['c', 'd']])
    expect((await rowsOf('a,b')).rows).toEqual([['a', 'b']])
    expect(await rowsOf('')).toEqual({ kind: 'rows', rows: [], delimiter: ',' })
  })

  it('the same where a file is worked in slices, whatever stands on the edge', async () => {
    const row = (at: number) => [`${at}`, `"${at}\n`.repeat(3), 'x'.repeat(150 + (at % 50))]
    const rows = Array.from({ length: 3_200 }, (_, at) => row(at))
    const text = rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
    expect(text.length).toBeGreaterThan(2 * 256 * 1024)
    expect((await rowsOf(`${text}\n`, { delimiter: ',' })).rows).toEqual(rows)
  })

  it('read where one is longer than a slice', async () => {
    const wide = Array.from({ length: 90 }, () => 'x'.repeat(9_000))
    const rows = [['a', 'b'], wide, ['c', 'd']]
    const text = rows.map((cells) => cells.join(',')).join('\n')
    expect((await rowsOf(`${text}\n`, { delimiter: ',' })).rows).toEqual(rows)
  })

  it('held to limits, those of another kind of table where they are said', async () => {
    expect(await read('a,b\nc,d\ne,f\n', { limits: { rows: 2, cells: 10 } })).toMatchObject({
      kind: 'refused',
      problem: { code: 'too_many_rows', message: 'The file has more than 2 rows, which is the limit.' },
    })
    expect(await read(`a,b\nc,${'x'.repeat(10_001)}\n`)).toMatchObject({ problem: { code: 'cell_too_long', row: 2 } })
  })
})

describe('a quotation mark that is never closed', () => {
  it.each([
    ['a,"b\n', 1, 'b\n'],
    ['\na,"b', 2, 'b'],
    ['a,b\nc,"d\ne,f\n', 2, 'd\ne,f\n'],
    ['a,"b\nc"\nd,e\nf,"g', 4, 'g'],
    [`a,b\nc,"${'d'.repeat(60)}`, 2, 'd'.repeat(40)],
  ])('%j is refused with its line and what follows', async (text, row, value) => {
    expect(await read(text, { delimiter: ',' })).toEqual({
      kind: 'refused',
      problem: {
        ...{ row, column: null, value, code: 'unclosed_quote', severity: 'block' },
        message: `Line ${row} opens a quotation mark that is never closed, so the rest of the file cannot be told apart.`,
        fix: `Close or delete the quotation mark in line ${row} and upload the file again.`,
      },
    })
  })

  it('is found in a later slice too', async () => {
    const text = `${`${'x'.repeat(99)}\n`.repeat(3000)}a,"b`
    expect(await read(text, { delimiter: ',' })).toMatchObject({ problem: { row: 3001, value: 'b' } })
  })
})

it('a table’s end without text is taken off', () => {
  const rows = [['a'], [''], ['b', ''], ['', ' '], []]
  dropBlankEnd(rows)
  expect(rows).toEqual([['a'], [''], ['b', '']])
  const blank = [[''], []]
  dropBlankEnd(blank)
  expect(blank).toEqual([])
})
