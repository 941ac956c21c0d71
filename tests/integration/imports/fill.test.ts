import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { closeAll } from '@/lib/db/close'
import { withDirectConnection } from '@/lib/db/direct'
import { fillFile } from '@/lib/imports/fill'
import type { FillChoices } from '@/lib/imports/fill-views'
import { newId } from '@/lib/ids'
import { addPeople, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { asAdmin, dump, placeOf, upload } from './support'

let world: World
let school: PeopledSchool
beforeAll(async () => {
  world = await createWorld({ shards: 1 })
  school = await addPeople(world, await world.addSchool())
  await upload(
    placeOf(school),
    `last_name,first_name,email,Lab,Essay,Talk\nDATE,-,-,2026-09-30,,\nPOINTS,-,-,10,100,5\n` +
      `Koval,Mariya,${mail(0)},8.5,EX,MI\nLee,Sam,${mail(1)},LATE 7,90.25,\n`,
  )
})
afterAll(async () => {
  await closeAll()
  await world.close()
})

const mail = (at: 0 | 1 | 2) => school.students[at].email

/** Fills a file given as bytes or text and returns its text with what the page would show; throws when it was refused. */
async function fill(given: string | Uint8Array, choices: FillChoices = {}, name = 'sis.csv') {
  const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : given
  const { ctx, teacher, classId, termId } = school
  const outcome = await fillFile(ctx, teacher.viewer, { classId, termId, file: { name, bytes }, choices })
  if (outcome === null) throw new Error('the teacher may export')
  if (outcome.kind === 'refused') throw new Error(outcome.problems.map(({ code }) => code).join())
  return { ...outcome, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(outcome.bytes) }
}

describe('another system’s own file', () => {
  test('comes back with the grades in its empty cells and nothing else touched', async () => {
    const empty = `\ufeffEmail Address;"Last Name";First Name;Team;Quiz 1;Lab;Essay;Talk\r\n${mail(1)};"Lee";Sam;  red ;;;;\r\n${mail(0)};"Koval";Mariya;;;;;`
    const { text, view } = await fill(empty)
    expect(text).toBe(
      `\ufeffEmail Address;"Last Name";First Name;Team;Quiz 1;Lab;Essay;Talk\r\n${mail(1)};"Lee";Sam;  red ;9;7;90,25;\r\n${mail(0)};"Koval";Mariya;;17;8,5;Excused;Missing`,
    )
    expect(view).toMatchObject({ filled: 7, studentsMatched: 2, strangers: [], absent: [], decimal: ',', unwrittenCount: 0 })
  })

  test.each([
    ['utf-16le', 'windows of old', (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['utf-16be', 'its sister', (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())],
    ['windows-1252', 'western letters', (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))],
  ])('stays %s, %s, with its tabs and line ends', async (encoding, _what, encode) => {
    const line = (quiz: string) => `last_name\tfirst_name\temail\tQuiz 1\tNiño\r\nKoval\tMariya\t${mail(0)}\t${quiz}\té\r\n`
    const { bytes } = await fill(encode(line('')))
    expect(new TextDecoder(encoding).decode(bytes)).toBe(line('17'))
    expect([...bytes]).toEqual([...encode(line('17'))])
  })

  test('of Canvas, Moodle and Brightspace keeps its shape, and what it has no word for is named', async () => {
    const canvas =
      'Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab (7701),Essay (7702),Talk (7703),Final Score\r\n' +
      '    Points Possible,,,,,,10,100,5,(read only)\r\n' +
      `"Koval, Mariya",11,,${mail(0)},9A,,,,,\r\n"Lee, Sam",12,,${mail(1)},9A,ask her,,,,\r\n"Student, Test",,,,9A,,,,,\r\n`
    const filled = await fill(canvas)
    expect(filled.text).toBe(
      canvas.replace('9A,,,,,\r\n"Lee', '9A,,8.5,EX,,\r\n"Lee').replace('ask her,,,,', 'ask her,7,90.25,,'),
    )
    expect(filled.view.unwritten).toMatchObject([{ row: 3, title: 'Talk', own: 'MI' }])
    const moodle =
      '"First name","Last name","ID number",Institution,Department,"Email address","Lab (Real)","Essay (Percentage)"\n' +
      `Mariya,Koval,,,,${mail(0)},-,-\nSam,Lee,,,,${mail(1)},"-",-\n`
    expect((await fill(moodle)).text).toBe(moodle.replace(',-,-\nSam', ',8.5,-\nSam').replace('"-",-', '"7",-'))
    // 90.25 of 100 points may be 90.25 percent, but 8.5 of 10 is not 8.5.
    expect((await fill(moodle)).view.unwritten).toMatchObject([
      { title: 'Essay', own: 'EX' },
      { title: 'Essay', own: '90.25' },
    ])
    const brightspace =
      'OrgDefinedId,Username,Last Name,First Name,Email,Lab Points Grade <Numeric MaxPoints:20 Category:Labs>,End-of-Line Indicator\n' +
      `#1,#koval,Koval,Mariya,${mail(0)},,#\n`
    const third = await fill(brightspace)
    expect(third.text).toBe(brightspace.replace(',,#', ',8.5,#'))
    expect(third.view.columns).toMatchObject([{ points: { file: '20', own: '10' } }])
  })

  test('keeps what it already holds, names every difference, and gives way when told to', async () => {
    const partly = `last_name,first_name,email,Quiz 1,Lab\nKoval,Mariya,${mail(0)},16,8.50\nLee,Sam,${mail(1)},9,see me\n`
    const kept = await fill(partly)
    expect(kept.text).toBe(partly)
    expect(kept.view).toMatchObject({ filled: 0, differenceCount: 2 })
    expect(kept.view.differences).toMatchObject([
      { row: 2, title: 'Quiz 1', file: '16', own: '17' },
      { row: 3, title: 'Lab', file: 'see me', own: 'LATE 7' },
    ])
    const given = await fill(partly, { overwrites: true })
    expect(given.text).toBe(partly.replace(',16,', ',17,').replace('see me', 'LATE 7'))
  })

  test('says whom it names that are not in the class, and whom it does not name', async () => {
    const { text, view } = await fill(
      `last_name,first_name,email,Quiz 1\nBrandt,Noah,${mail(2)},\nKoval,Mariya,${mail(0)},\nNobody,At all,no@one.example,\n`,
    )
    expect(text).toContain(`${mail(0)},17\n`)
    expect(view.strangers).toEqual([
      { row: 2, name: 'Brandt, Noah' },
      { row: 4, name: 'Nobody, At all' },
    ])
    expect(view.absent).toEqual(['Lee, Sam'])
  })

  test('takes the teacher’s word for a column it does not know by title', async () => {
    const file = `last_name,first_name,email,Final mark,Quiz 1\nKoval,Mariya,${mail(0)},,\n`
    expect((await fill(file)).view.columns).toMatchObject([{ at: 3, assignmentId: null, filled: 0 }, { filled: 1 }])
    const lab = await asAdmin(world, school, (sql) =>
      sql<{ id: string }>(`select id from app.assignments where tenant_id = $1 and title = 'Lab'`, [school.tenantId]),
    )
    const chosen = await fill(file, { columns: { 3: lab[0]?.id ?? '', 4: null } })
    expect(chosen.text).toContain(`${mail(0)},8.5,\n`)
    expect((await fill(file, { columns: { 3: newId() } })).view.columns[0]).toMatchObject({ assignmentId: null, filled: 0 })
  })

  test('as a workbook keeps its styles, other sheets and formulas', async () => {
    const bold = { fontWeight: 'bold' } as const
    const bytes = new Uint8Array(
      await writeExcelFile([
        { sheet: 'Read me', data: [[{ value: 'Do not touch', ...bold }]] },
        {
          sheet: 'Scores',
          data: [
            [
              { value: 'last_name', ...bold },
              { value: 'first_name' },
              { value: 'student_email' },
              { value: 'Quiz 1', ...bold },
              { value: 'Essay' },
              { value: 'Sum' },
            ],
            [
              { value: 'Koval' },
              { value: 'Mariya' },
              { value: mail(0) },
              { backgroundColor: '#ffff00' },
              null,
              { type: 'Formula', value: '=D2+1' },
            ],
            [{ value: 'Lee' }, { value: 'Sam' }, { value: mail(1) }],
          ],
        },
      ]).toBuffer(),
    )
    const { bytes: filled, view, mediaType } = await fill(bytes, {}, 'sis.xlsx')
    expect(mediaType).toContain('spreadsheetml')
    expect(view).toMatchObject({ filled: 4, shape: 'sheet Scores' })
    // A formula is not overwritten, so the cell does not read as the grade: it is named and left alone.
    const quiz = school.assignments[0].id
    const asked = await fill(bytes, { columns: { 3: null, 4: null, 5: quiz } }, 'sis.xlsx')
    expect(asked.view.filled).toBe(1)
    expect(asked.view.unwritten).toMatchObject([{ row: 2, title: 'Sum', own: '17' }])
    const [before, after] = [unzipSync(bytes), unzipSync(filled)]
    expect(Object.keys(after)).toEqual(Object.keys(before))
    const changed = Object.keys(before).filter(
      (name) => strFromU8(before[name] ?? new Uint8Array()) !== strFromU8(after[name] ?? new Uint8Array()),
    )
    // The workbook itself only asks to be worked out again.
    expect(changed.sort()).toEqual(['xl/workbook.xml', 'xl/worksheets/sheet2.xml'])
    const xml = strFromU8(after['xl/worksheets/sheet2.xml'] ?? new Uint8Array())
    expect(xml).toMatch(/<c r="D2" s="\d+"><v>17<\/v><\/c><c r="E2" t="inlineStr"><is><t>EX<\/t><\/is><\/c>/)
    expect(xml).toContain('D2+1')
    expect(xml).toMatch(/<c r="D3"><v>9<\/v><\/c><c r="E3"><v>90.25<\/v><\/c>/)
  })

  test('is not stored, changes no row of the school, and is in the audit without a name', async () => {
    const before = await dump(world, school)
    await fill(`last_name,first_name,email,Quiz 1\nKoval,Mariya,${mail(0)},\n`)
    expect(await dump(world, school)).toBe(before)
    const [entry] = await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql<{ detail: unknown }>(`select detail from app.audit_log where tenant_id = $1 order by seq desc limit 1`, [
        school.tenantId,
      ]),
    )
    expect(entry?.detail).toEqual({ term: school.termId, students: 2, format: 'fill', source: 'grade-insight', cells: 1 })
  })

  test.each([
    ['empty', new Uint8Array()],
    ['no_identity_column', new TextEncoder().encode('a,b\n1,2\n')],
    ['file_too_large', new Uint8Array(1024 * 1024 + 1)],
  ])('is refused with a sentence when it is %s', async (code, bytes) => {
    await expect(fill(bytes)).rejects.toThrow(code)
  })
})

describe('whose grades go into it', () => {
  test('those of a class the viewer may export, and of no other school', async () => {
    const other = await addPeople(world, await world.addSchool())
    const file = {
      name: 'x.csv',
      bytes: new TextEncoder().encode(`last_name,first_name,email,Quiz 1\nKoval,Mariya,${other.students[0].email},\n`),
    }
    const ask = (
      place: PeopledSchool,
      viewer: PeopledSchool['teacher']['viewer'],
      classId: string,
      termId: string | null = null,
    ) => fillFile(place.ctx, viewer, { classId, termId, file, choices: {} })
    expect(await ask(other, other.teacher.viewer, other.classId)).toMatchObject({ kind: 'filled', view: { filled: 1 } })
    for (const { viewer } of [school.otherTeacher, school.student, school.guardian])
      expect(await ask(school, viewer, school.classId)).toBeNull()
    expect(await ask(school, school.admin.viewer, other.classId)).toBeNull()
    expect(await ask(school, school.admin.viewer, school.classId, other.termId)).toBeNull()
    // Riverside's address is nobody's here: nothing is filled by a likeness of names alone but the class's own Mariya.
    expect(await ask(school, school.admin.viewer, school.classId)).toMatchObject({ kind: 'filled', view: { strangers: [] } })
    await expect(ask(school, other.admin.viewer, school.classId)).rejects.toMatchObject({ code: 'not_found' })
  })
})
