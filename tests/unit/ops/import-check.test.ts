import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runOps } from '@/lib/ops/cli'
import { rowsXml, workbookOf, zipOf } from '../../support/xlsx'

let folder = ''
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-check-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, content)
  return file
}

/** Runs the command in this process: exit code, stdout and stderr. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.out += String(text)
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.err += String(text)
    return true
  })
  try {
    return { code: await runOps(['import', ...args]), ...said }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

async function check(file: string, ...args: string[]) {
  const { code, out, err } = await run('check', file, '--json', ...args)
  expect(err).toBe('')
  return { code, ...JSON.parse(out) }
}

const template = `last_name,first_name,email,Math Test,Essay 1
DATE,-,-,2025-06-01,2025-06-03
POINTS,-,-,100,98
Smith,Alice,alice@x.org,85,90
Brown,Bob,bob@x.org,EX,
`

describe('import check --json', () => {
  test('prints one object with everything a file says, and exits 0', async () => {
    expect(await check(fileOf('ok.csv', template))).toEqual({
      code: 0,
      outcome: 'ok',
      source: 'grade-insight',
      encoding: 'utf-8',
      delimiter: ',',
      headerRow: 1,
      numbers: '.',
      dates: 'mdy',
      students: 2,
      assignments: [
        { title: 'Math Test', points: '100', date: '2025-06-01' },
        { title: 'Essay 1', points: '98', date: '2025-06-03' },
      ],
      cells: { scores: 2, blanks: 1, excused: 1, missing: 0, late: 0, incomplete: 0, cleared: 0, rejected: 0 },
      parts: [],
      questions: [],
      problems: [],
      ignored: [],
      class: null,
    })
  })

  test('counts cells by kind', async () => {
    const file = fileOf(
      'kinds.csv',
      template.replace('85,90', 'LATE 85,INC').replace('EX,', 'CLEAR,MI').concat('Li,Cy,c@x.org,9O,\n'),
    )
    expect(await check(file)).toMatchObject({
      code: 0,
      outcome: 'warn',
      cells: { scores: 0, blanks: 1, excused: 0, missing: 1, late: 1, incomplete: 1, cleared: 1, rejected: 1 },
      problems: [
        {
          row: 6,
          column: 'Math Test',
          value: '9O',
          code: 'not_a_number',
          message: "Row 6, Math Test: '9O' is not a score.",
          fix: expect.stringContaining('EX'),
        },
      ],
    })
  })

  test('exits 1 with the question of a file that leaves one open, and 0 once it is answered', async () => {
    const file = fileOf('ask.csv', template.replace('2025-06-01,2025-06-03', '01/06/2025,03/06/2025'))
    expect(await check(file)).toMatchObject({
      code: 1,
      outcome: 'ask',
      questions: [{ code: 'ask_dates', message: expect.any(String), fix: expect.any(String) }],
      problems: [{ code: 'ask_dates' }],
    })
    expect(await check(file, '--dates', 'dmy')).toMatchObject({
      code: 0,
      outcome: 'ok',
      dates: 'dmy',
      assignments: [{ date: '2025-06-01' }, { date: '2025-06-03' }],
    })
  })

  test('takes every answer that reading needs', async () => {
    const sheets = [template, template.replaceAll('Math Test', 'Other')].map((text, at) => ({
      name: `S${at}`,
      rows: rowsXml(
        text
          .trim()
          .split('\n')
          .map((line) => line.split(',')),
      ),
    }))
    expect(await check(fileOf('book.xlsx', workbookOf({ sheets })), '--part', 'S1')).toMatchObject({
      parts: ['S0', 'S1'],
      assignments: [{ title: 'Other' }, {}],
      encoding: null,
      delimiter: null,
    })
    expect(await check(fileOf('heading.csv', `email,Old\n${template}`), '--heading-row', '2')).toMatchObject({ headerRow: 2 })
    expect(await check(fileOf('negative.csv', template.replace('85', '-5')), '--negatives', 'take')).toMatchObject({
      outcome: 'ok',
    })
    expect(
      await check(fileOf('numbers.csv', template.replace('85', '"1,234"').replace('100', '2000')), '--numbers', '.'),
    ).toMatchObject({ numbers: '.', outcome: 'ok' })
    expect(
      await check(
        fileOf(
          'mac.csv',
          Buffer.concat([
            Buffer.from(template.replaceAll('\n', '\r')),
            Buffer.from([0x4d, 0x96, 0x2c, 0x41, 0x2c, 0x61, 0x40, 0x62, 0x2e, 0x63, 0x2c, 0x31, 0x2c, 0x31, 0x0d]),
          ]),
        ),
        '--encoding',
        'macintosh',
      ),
    ).toMatchObject({ outcome: 'ok', encoding: 'macintosh' })
    expect(await check(fileOf('bars.csv', template.replaceAll(',', '|')), '--delimiter', '|')).toMatchObject({ delimiter: '|' })
  })

  test('exits 2 for a file of which no row can be imported', async () => {
    const twice = 'email,Quiz\nPOINTS,10\na@x.org,1\nA@x.org,2\n'
    expect(await check(fileOf('twice.csv', twice))).toMatchObject({
      code: 2,
      outcome: 'refuse',
      problems: [{ code: 'same_student' }, { code: 'same_student' }],
    })
  })

  test.each([
    ['an empty file', () => fileOf('empty.csv', ''), 'empty'],
    ['a web page', () => fileOf('page.csv', '<!doctype html><p>'), 'html'],
    ['an archive of pictures', () => fileOf('a.zip', zipOf({ 'a.png': 'x' })), 'zip'],
    ['a file that is not there', () => path.join(folder, 'nothing.csv'), 'no_file'],
    ['a file in a file', () => path.join(fileOf('plain.csv', 'x'), 'inside.csv'), 'no_file'],
    ['a folder', () => folder, 'is_directory'],
    ['a device', () => '/dev/null', 'not_a_file'],
    ['a file with a broken name', () => `${folder}/a\0b`, 'unreadable_file'],
    ['a file over 20 MB', () => fileOf('large.csv', new Uint8Array(20 * 1024 * 1024 + 1)), 'file_too_large'],
  ])('exits 2 with a sentence for %s', async (_, file, code) => {
    const found = await check(file())
    expect(found).toMatchObject({
      code: 2,
      outcome: 'refuse',
      source: null,
      students: 0,
      assignments: [],
      questions: [],
      ignored: [],
    })
    expect(found.problems).toHaveLength(1)
    expect(found.problems[0]).toMatchObject({ code, message: expect.stringMatching(/\.$/), fix: expect.stringMatching(/\.$/) })
  })
})

describe('--class-file', () => {
  const roster =
    'last_name,first_name,email,student_number,Homeroom\nSmith,Alice,ALICE@x.org,0042,5b\nLi,Cy,cy@x.org,0043,5b\nBrown,Bob,,,5b\nSame,Name,s1@x.org,,5b\nSame,Name,s2@x.org,,5b\n'

  test('matches students as an import does: by address, by number, by a name that is one alone', async () => {
    const file = fileOf(
      'class.csv',
      'last_name,first_name,email,student_number,Quiz\nPOINTS,,,,10\nS.,A.,alice@x.org,,1\nL,C,,0043,2\nBrown,Bob,bob@x.org,,3\n',
    )
    expect(await check(file, '--class-file', fileOf('roster.csv', roster))).toMatchObject({
      code: 0,
      outcome: 'warn',
      class: { matched: 3, unmatched: 0, absent: 2 },
      problems: [{ row: 5, code: 'matched_by_name' }],
    })
  })

  test('says who is not in the class, who is in it twice, and who cannot be told apart', async () => {
    const file = fileOf(
      'class.csv',
      'last_name,first_name,email,student_number,Quiz\nPOINTS,,,,10\nSmith,Alice,alice@x.org,,1\nSmith,A.,,0042,2\nNew,Nina,nina@x.org,,3\nSame,Name,,,4\n',
    )
    expect(await check(file, '--class-file', fileOf('roster.csv', roster))).toMatchObject({
      outcome: 'warn',
      class: { matched: 0, unmatched: 1, absent: 5 },
      problems: [
        { row: 3, code: 'same_student' },
        { row: 4, code: 'same_student' },
        {
          row: 5,
          code: 'unmatched_student',
          value: 'New, Nina',
          message: 'Row 5: the class has no student Nina New. An import would add one.',
        },
        { row: 6, code: 'ambiguous_name' },
      ],
    })
  })

  test('refuses when no student can be imported', async () => {
    const file = fileOf('class.csv', 'email,Quiz\nPOINTS,10\nnobody@x.org,1\n')
    expect(await check(file, '--class-file', fileOf('roster.csv', roster))).toMatchObject({
      code: 2,
      outcome: 'refuse',
      problems: [{ row: 3, code: 'unknown_student' }],
    })
  })

  test.each([
    ['that is not there', () => path.join(folder, 'none.csv'), 'no_file', /class file none\.csv/],
    ['that is no table', () => fileOf('r.csv', '<html>'), 'class_file_html', /^The class file cannot be read\. /],
    ['without students', () => fileOf('r.csv', 'last_name,first_name,email\n'), 'class_file_no_students', /names no student/],
  ])('%s is refused as such', async (_, roster, code, message) => {
    expect(await check(fileOf('ok.csv', template), '--class-file', roster())).toMatchObject({
      code: 2,
      outcome: 'refuse',
      problems: [{ code, message: expect.stringMatching(message) }],
    })
  })
})

describe('import check', () => {
  test('says the same in words', async () => {
    const file = fileOf(
      'words.csv',
      template
        .replace('85', '9O')
        .replace('Essay 1', 'Essay 1,SSN')
        .replaceAll(/(?<=,90|98|06-03|EX,)$/gm, ',x'),
    )
    const { code, out } = await run('check', file, '--class-file', fileOf('roster.csv', 'email\nalice@x.org\n'))
    expect(code).toBe(0)
    expect(out).toContain('words.csv can be imported, but look at what is said below.\n')
    for (const line of [
      '  source       grade-insight',
      '  students     2',
      '  class file   1 matched, 1 not found, 0 without a row',
      '  cells        1 scores, 1 blanks, 1 excused, 1 rejected',
    ])
      expect(out).toContain(`${line}\n`)
    expect(out).toContain("Row 4, Math Test: '9O' is not a score.\n  Type the points")
    expect(out).toContain('Not used:\n  SSN: ')
  })

  test.each([
    [template, 'can be imported.'],
    ['', 'cannot be imported.'],
    [template.replace('2025-06-01,2025-06-03', '01/06/2025,03/06/2025'), 'can be imported once what is asked is answered.'],
  ])('begins with its verdict', async (content, verdict) => {
    expect((await run('check', fileOf('x.csv', content))).out.split('\n')[0]).toBe(`x.csv ${verdict}`)
  })

  test('lists the first twenty problems, and says how many more there are', async () => {
    const rows = Array.from({ length: 25 }, (_, at) => `S,A${at},a${at}@x.org,x,1\n`).join('')
    const { out } = await run('check', fileOf('many.csv', template + rows))
    expect(out.match(/is not a score/g)).toHaveLength(20)
    expect(out).toContain('  and 5 more problems; --json lists all\n')
  })

  test.each([
    [[]],
    [['check']],
    [['look', 'x.csv']],
    [['check', 'a.csv', 'b.csv']],
    [['check', 'a.csv', '--jsn']],
    [['check', 'a.csv', '--numbers', 'x']],
    [['check', 'a.csv', '--heading-row', 'two']],
  ])('%j says how it is used', async (args) => {
    const { code, out, err } = await run(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('import check FILE [--json]')
  })
})

describe('in a process of its own', () => {
  const note = `data:text/javascript,process.on('exit',()=>process.stderr.write('[peak '+process.resourceUsage().maxRSS+']'))`

  /** Runs the whole command without any environment of ours; `peak` in MB. */
  function start(...args: string[]) {
    return runThrough('lib/ops/start.mjs', ...args)
  }

  function runThrough(
    entry: string,
    ...args: string[]
  ): Promise<{ code: number | null; out: string; err: string; peak: number }> {
    const child = spawn(process.execPath, [entry, 'ops', 'import', 'check', ...args], {
      env: { PATH: process.env.PATH, NODE_ENV: 'test', NODE_OPTIONS: `--import "${note}"` },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (text) => (out += text))
    child.stderr.on('data', (text) => (err += text))
    return new Promise((resolve) => {
      child.once('close', (code) => {
        const peaks = [...err.matchAll(/\[peak (\d+)\]/g)].map(([, kilobytes]) => Number(kilobytes) / 1024)
        resolve({ code, out, err: err.replace(/\[peak \d+\]/g, ''), peak: Math.max(...peaks) })
      })
    })
  }

  test('needs no database and no environment, and prints nothing but the object', async () => {
    const { code, out, err } = await start(fileOf('ok.csv', template), '--json')
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({ outcome: 'ok', students: 2 })
    expect(out).toMatch(/^\{[\s\S]*\}\n$/)
  })

  test('a file of 50 MB takes less than 300 MB', async () => {
    const row = `Smith,Alice,alice@x.org,${'85,'.repeat(30)}\n`
    const file = fileOf('fifty.csv', `last_name,first_name,email\n${row.repeat(Math.ceil((50 * 1024 * 1024) / row.length))}`)
    const { code, out, peak } = await start(file, '--json')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'refuse',
      problems: [{ code: 'file_too_large', message: 'The file has 51 MB; at most 20 MB can be read.' }],
    })
    expect(peak).toBeGreaterThan(30)
    expect(peak).toBeLessThan(300)
  })

  /** The image as the Dockerfile lays it out: the entry, and below it the files of the commands. */
  function asInImage(): string {
    const image = fs.mkdtempSync(path.join(folder, 'image-'))
    fs.copyFileSync('lib/ops/entry.mjs', path.join(image, 'entry.mjs'))
    fs.symlinkSync(process.cwd(), path.join(image, 'ops'))
    return path.join(image, 'entry.mjs')
  }

  test.each([
    ['npm run ops', () => 'lib/ops/start.mjs'],
    ['the image', asInImage],
  ])('the largest file that is read takes less than 300 MB through %s', async (_what, entry) => {
    const titles = Array.from({ length: 97 }, (_, at) => `Task ${at}`)
    const scores = (row: number) => titles.map((_, at) => (((row * 31 + at * 17) % 1000) / 8 + 1 / 64).toFixed(6)).join(',')
    const rows = Array.from({ length: 19_900 }, (_, row) => `Name${row},Given,p${row}@x.org,${scores(row)}`)
    const file = fileOf('largest.csv', `last_name,first_name,email,${titles.join(',')}\n${rows.join('\n')}\n`)
    expect(fs.statSync(file).size).toBeGreaterThan(18 * 1024 * 1024)
    const { code, out, peak } = await runThrough(entry(), file, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ students: 19_900, cells: { scores: 19_900 * 97 } })
    expect(peak).toBeGreaterThan(100)
    expect(peak).toBeLessThan(300)
  })
})
