import { expect, test } from 'vitest'
import { parseFile } from '@/lib/imports/parse'
import type { ParseOptions } from '@/lib/imports/read-table'
import { rowsXml, workbookOf, zipOf } from '../../support/xlsx'

type Outcome = 'ok' | 'warn' | 'ask' | 'refuse'
const utf8 = (text: string) => new TextEncoder().encode(text)
const bytesOf = (...parts: (string | readonly number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const utf16 = (text: string, isBig = false) => {
  const little = Buffer.from(text, 'utf16le')
  return isBig ? little.swap16() : little
}

async function outcomeOf(bytes: Uint8Array, options: Partial<ParseOptions> = {}) {
  const parsed = await parseFile(bytes, { fileName: 'grades.csv', ...options })
  if (parsed.kind === 'refused')
    return { outcome: 'refuse' as Outcome, codes: parsed.problems.map(({ code }) => code), file: null }
  const { file } = parsed
  const outcome: Outcome = file.isBlocked ? 'ask' : file.problems.length > 0 ? 'warn' : 'ok'
  return { outcome, codes: file.problems.map(({ code }) => code), file }
}

const template = `last_name,first_name,email,Math Test,Essay 1,Science Lab
DATE,-,-,2025-06-01,2025-06-03,2025-06-05
POINTS,-,-,100,98,10
Smith,Alice,alice.smith@example.com,85,90,7
Núñez,José,jose@example.com,70.5,,EX
`
const simple = (rows: string) => `last_name,first_name,email,Quiz\nDATE,-,-,2025-06-01\nPOINTS,-,-,10\n${rows}`
const dates = (first: string, second: string) =>
  `last_name,first_name,email,A,B\nDATE,-,-,${first},${second}\nPOINTS,-,-,10,10\nS,A,a@x.org,1,2\n`
const ofScores = (scores: readonly string[], delimiter = ',') =>
  ['last_name', 'first_name', 'email', 'Quiz'].join(delimiter) +
  `\n${['POINTS', '', '', '2000'].join(delimiter)}\n${scores.map((score, at) => ['S', `A${at}`, `a${at}@x.org`, /[,;]/.test(score) ? `"${score}"` : score].join(delimiter)).join('\n')}\n`

const xlsx = workbookOf({
  sheets: [
    {
      name: 'S',
      rows: rowsXml(
        template
          .trim()
          .split('\n')
          .map((line) => line.split(',')),
      ),
    },
  ],
})
const ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

const cases: readonly (readonly [
  name: string,
  bytes: Uint8Array,
  outcome: Outcome,
  code: string | readonly string[] | null,
  options?: Partial<ParseOptions>,
])[] = [
  ['UTF-8', utf8(template), 'ok', null],
  ['UTF-8 with BOM', utf8(`\ufeff${template}`), 'ok', null],
  ['UTF-16 little-endian with BOM', utf16(`\ufeff${template}`), 'ok', null],
  ['UTF-16 big-endian with BOM', utf16(`\ufeff${template}`, true), 'ok', null],
  ['UTF-16 little-endian without BOM', utf16(template), 'ok', null],
  ['UTF-16 big-endian without BOM', utf16(template, true), 'ok', null],
  ['Windows-1252', Buffer.from(template, 'latin1'), 'ok', null],
  [
    'MacRoman with CR line ends',
    bytesOf(simple('Mu').replaceAll('\n', '\r'), [0x96], 'oz,Ana,ana@x.org,7\r'),
    'warn',
    'encoding_doubt',
  ],
  ['Big5', bytesOf(simple(''), [0xb3, 0xaf, 0xa4, 0x6a], ',', [0xa4, 0xe5], ',chen@x.org,7\n'), 'warn', 'encoding_doubt'],
  ['CRLF line ends', utf8(template.replaceAll('\n', '\r\n')), 'ok', null],
  [
    'BOM before a quoted heading with a newline',
    utf8('\ufeff"last\nname",first_name,email,"Quiz, one"\nPOINTS,,,10\nS,A,a@x.org,7\n'),
    'ok',
    null,
  ],
  ['sep= line', utf8(`sep=;\n${simple('S,A,a@x.org,7\n').replaceAll(',', ';')}`), 'ok', null],
  ['sep= line with BOM', utf8(`\ufeffsep=;\n${simple('S,A,a@x.org,7\n').replaceAll(',', ';')}`), 'ok', null],
  ['semicolons and decimal commas', utf8(ofScores(['8,5', '1.090,25'], ';').replaceAll('"', '')), 'ok', null],
  ['tabs', utf8(simple('S,A,a@x.org,7\n').replaceAll(',', '\t')), 'ok', null],
  ['bars', utf8(simple('S,A,a@x.org,7\n').replaceAll(',', '|')), 'ok', null],
  ['1,234 alone', utf8(ofScores(['1,234', '7'])), 'ask', 'ask_numbers'],
  ['1,234 alone, answered', utf8(ofScores(['1,234', '7'])), 'ok', null, { numbers: '.' }],
  ['1.234 under semicolons', utf8(ofScores(['1.234', '7'], ';')), 'ask', 'ask_numbers'],
  ['1.234 under commas is a decimal', utf8(ofScores(['1.234', '7'])), 'ok', null],
  ['both decimal marks', utf8(ofScores(['8,5', '8.5'])), 'ask', ['ask_numbers', 'not_a_number']],
  ['all days at most 12', utf8(dates('01/06/2025', '03/06/2025')), 'ask', 'ask_dates'],
  ['all days at most 12, answered', utf8(dates('01/06/2025', '03/06/2025')), 'ok', null, { dates: 'dmy' }],
  ['13/06 among the dates', utf8(dates('01/06/2025', '13/06/2025')), 'ok', null],
  ['06/13 among the dates', utf8(dates('01/06/2025', '06/13/2025')), 'ok', null],
  ['Excel serials', utf8(dates('45809', '45811')), 'ok', null],
  ['written dates', utf8(dates('"Nov 1, 2024"', '2-Jul-25')), 'ok', null],
  ['Ukrainian, Spanish and Arabic months', utf8(dates('29 вер. 2025 р.', '1 de noviembre de 2024')), 'ok', null],
  ['an unknown month', utf8(dates('3 Brumaire 2025', '2025-06-01')), 'warn', 'unknown_month'],
  ['an impossible date', utf8(dates('2025-02-30', '2025-06-01')), 'warn', 'bad_date'],
  [
    'a student twice, by case and spaces',
    utf8(simple('S,A,a@x.org,7\nS,A, A@X.org ,8\nT,B,b@x.org,9\n')),
    'warn',
    'same_student',
  ],
  ['an assignment twice', utf8('last_name,first_name,email,Quiz,Quiz\nPOINTS,,,10,10\nS,A,a@x.org,7,8\n'), 'ask', 'same_title'],
  [
    'an assignment twice on two days, said to be different',
    utf8('last_name,first_name,email,Quiz,Quiz\nDATE,,,2025-06-01,2025-06-02\nPOINTS,,,10,10\nS,A,a@x.org,7,8\n'),
    'ok',
    null,
    { sameTitles: 'different' },
  ],
  ['two heading rows', utf8(simple('last_name,first_name,email,Quiz\nS,A,a@x.org,7\n')), 'ok', null],
  ['title rows above', utf8(`Grades of 5b\n\n${simple('S,A,a@x.org,7\n')}`), 'ok', null],
  ['blank leading columns', utf8(simple('S,A,a@x.org,7\n').replaceAll(/^(?=.)/gm, ',')), 'ok', null],
  [
    'totals rows and the test student',
    utf8(simple('S,A,a@x.org,7\nClass Average,,,7\nMedian,,,7\nPoints Possible,,,10\nStudent,Test,,1\n')),
    'ok',
    null,
  ],
  ['short rows', utf8(simple('S,A,a@x.org\n')), 'ok', null],
  ['trailing commas', utf8(simple('S,A,a@x.org,7,,,\n')), 'ok', null],
  ['a row too long', utf8(simple('S,A,a@x.org,7,8\nT,B,b@x.org,9\n')), 'warn', 'row_too_long'],
  ['an unclosed quote', utf8(simple('S,A,a@x.org,7\nT,"B,b@x.org,9\nU,C,c@x.org,1\n')), 'refuse', 'unclosed_quote'],
  ['empty', utf8(''), 'refuse', 'empty'],
  ['white space only', utf8(' \n\t\r\n '), 'refuse', 'empty'],
  ['heading only', utf8('last_name,first_name,email,Quiz\n'), 'refuse', 'no_students'],
  ['no assignment', utf8('last_name,first_name,email\nS,A,a@x.org\n'), 'refuse', 'no_assignment_column'],
  ['no identity column', utf8('Quiz,Essay\n1,2\n'), 'ask', 'ask_identity'],
  ['HTML named .csv', utf8('<!DOCTYPE html><html><body>Sign in</body></html>'), 'refuse', 'html'],
  ['ZIP of pictures named .csv', zipOf({ 'a.png': 'x' }), 'refuse', 'zip'],
  ['ZIP of texts', zipOf({ 'a.txt': 'Hello.', 'b.txt': 'Bye.' }), 'refuse', 'zip'],
  [
    'binary Excel workbook',
    zipOf({ '[Content_Types].xml': 'x', 'xl/workbook.bin': 'x', 'xl/theme/theme1.xml': 'x' }),
    'refuse',
    'xlsb',
  ],
  ['Word document', zipOf({ '[Content_Types].xml': 'x', 'word/document.xml': 'x' }), 'refuse', 'word'],
  ['PowerPoint presentation', zipOf({ '[Content_Types].xml': 'x', 'ppt/presentation.xml': 'x' }), 'refuse', 'powerpoint'],
  ['OpenDocument', zipOf({ mimetype: 'x', 'content.xml': 'x', 'META-INF/manifest.xml': 'x' }), 'refuse', 'opendocument'],
  ['Apple Numbers', zipOf({ 'Index/Document.iwa': 'x', 'preview.jpg': 'x' }), 'refuse', 'iwork'],
  ['empty ZIP', zipOf({}), 'refuse', 'zip'],
  ['ZIP cut short', zipOf({ 'a.csv': template }).subarray(0, 100), 'refuse', 'zip_damaged'],
  ['ZIP of one table', zipOf({ 'grades/5b.csv': template }), 'ok', null],
  ['ZIP of one table and a text', zipOf({ 'README.txt': 'Hello.', '5b.csv': template }), 'ok', null],
  ['ZIP of two tables', zipOf({ '5a.csv': template, '5b.csv': template }), 'ask', 'ask_part'],
  ['ZIP of two tables, answered', zipOf({ '5a.csv': template, '5b.csv': template }), 'ok', null, { part: '5b.csv' }],
  ['ZIP of a table over 20 MB', zipOf({ '5b.csv': new Uint8Array(21 * 1024 * 1024) }, 0), 'refuse', 'file_too_large'],
  ['XLSX named .csv', xlsx, 'ok', null],
  ['ZIP of an XLSX', zipOf({ '5b.xlsx': xlsx }), 'ok', null],
  ['legacy .xls', bytesOf(ole, 'Workbook'), 'refuse', 'legacy_xls'],
  ['encrypted workbook', bytesOf(ole, [...'EncryptedPackage'].join('\0')), 'refuse', 'encrypted_workbook'],
  ['LFS pointer', utf8('version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n'), 'refuse', 'lfs_pointer'],
  ['PDF', utf8('%PDF-1.7'), 'refuse', 'pdf'],
  ['PNG', bytesOf([0x89, 0x50, 0x4e, 0x47], 'x'), 'refuse', 'picture'],
  ['JPEG', bytesOf([0xff, 0xd8, 0xff], 'x'), 'refuse', 'picture'],
  ['GIF', utf8('GIF89a'), 'refuse', 'picture'],
  ['gzip', bytesOf([0x1f, 0x8b], 'x'), 'refuse', 'archive'],
  ['7z', bytesOf([0x37, 0x7a, 0xbc, 0xaf], 'x'), 'refuse', 'archive'],
  ['XML', utf8('<?xml version="1.0"?><Workbook/>'), 'refuse', 'xml'],
  ['HTML after an XML line', utf8('<?xml version="1.0"?>\n<html></html>'), 'refuse', 'html'],
  [
    'Google Meet report, old form',
    utf8('* Meeting code: abc-defg-hij\n* Created on 2025-01-01\n,,\nFull Name,First Seen\n'),
    'refuse',
    'meet_report',
  ],
  [
    'Google Meet report, new form',
    utf8('First name,Last name,Email,Duration,Time joined,Time exited\nA,S,a@x.org,1 hr,9:00,10:00\n'),
    'refuse',
    'meet_report',
  ],
  ['a list of one column', utf8('Quiz\n1\n2\n'), 'refuse', 'no_identity_column'],
  ['formulas as names', utf8(simple('"=HYPERLINK(""x"")",@SUM,a@x.org,7\n+1+1,"\tX",b@x.org,8\n')), 'ok', null],
  ['a negative score', utf8(simple('S,A,a@x.org,-5\n')), 'ask', 'negative_score'],
  ['a negative score, taken', utf8(simple('S,A,a@x.org,-5\n')), 'ok', null, { negatives: 'take' }],
  ['a negative score, left out', utf8(simple('S,A,a@x.org,-5\n')), 'warn', 'negative_score', { negatives: 'leave_out' }],
  ['over the maximum', utf8(simple('S,A,a@x.org,12\n')), 'warn', 'over_maximum'],
  ['a spreadsheet error', utf8(simple('S,A,a@x.org,#DIV/0!\n')), 'warn', 'excel_error'],
  ['not a number', utf8(simple('S,A,a@x.org,9O\n')), 'warn', 'not_a_number'],
  [
    'headings __proto__ and constructor',
    utf8('last_name,first_name,email,__proto__,constructor\nPOINTS,,,10,10\n__proto__,constructor,a@x.org,7,8\n'),
    'ok',
    null,
  ],
  [
    'an id a spreadsheet changed',
    utf8('last_name,first_name,student_number,Quiz\nPOINTS,,,10\nS,A,4-May,7\nT,B,1.23E+11,8\nU,C,007,9\n'),
    'warn',
    'id_changed',
  ],
  ['no POINTS row', utf8('last_name,first_name,email,Quiz\nS,A,a@x.org,7\n'), 'warn', 'points_assumed'],
  ['points that are no number', utf8(simple('S,A,a@x.org,7\n').replace('10\n', 'ten\n')), 'ask', 'bad_points'],
  ['NUL bytes', utf8(simple('S,A,a@x.org,7\n').replace('Quiz', 'Qu\0iz')), 'warn', 'nul_bytes'],
  [
    '60,000 columns',
    utf8(`last_name,first_name,email,${Array.from({ length: 60_000 }, (_, at) => `Q${at}`).join(',')}\n`),
    'refuse',
    'too_many_columns',
  ],
  ['200,000 rows', utf8(simple('S,A,a@x.org,7\n'.repeat(200_000))), 'refuse', 'too_many_rows'],
  ['20,000 rows', utf8(simple(Array.from({ length: 19_997 }, (_, at) => `S,A,a${at}@x.org,7\n`).join(''))), 'ok', null],
  ['20,001 rows', utf8(simple('S,A,a@x.org,7\n'.repeat(19_998))), 'refuse', 'too_many_rows'],
  ['over 2 million cells', utf8(simple(`${','.repeat(999)}\n`.repeat(2_001))), 'refuse', 'too_many_cells'],
  ['a 2 MB cell', utf8(simple(`S,A,a@x.org,"${'x'.repeat(2_000_000)}"\n`)), 'refuse', 'cell_too_long'],
  ['over 20 MB', new Uint8Array(20 * 1024 * 1024 + 1).fill(65), 'refuse', 'file_too_large'],
]

test.each(cases.map(([name, bytes, outcome, code, options]) => ({ name, bytes, outcome, code, options })))(
  '$name',
  async ({ bytes, outcome, code, options = {} }) => {
    const found = await outcomeOf(bytes, options)
    expect([found.outcome, ...new Set(found.codes)]).toEqual([outcome, ...(code === null ? [] : [code].flat())])
  },
)
