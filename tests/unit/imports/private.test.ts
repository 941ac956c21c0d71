import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { privacyOfHeading } from '@/lib/imports/formats/private'
import { foldHeading } from '@/lib/imports/text'
import { assignmentsOf, cellsOf, columnsOf, ignoredOf, readDrawn, studentsOf } from '../../support/grade-files'

const reason = 'Personal data that no gradebook needs; it is not stored.'

describe('headings of personal data', () => {
  test.each([
    ...['SSN', 'Student SSN', 'Social Security Number', 'social security no.', 'National ID', 'Passport Number', 'Tax ID number'],
    ...['Birth Date', 'birthdate', 'Date of Birth', 'DOB', 'D.O.B.', 'Birthday', 'Student Birthday', 'Place of birth'],
    ...[
      'Address',
      'Home Address',
      'Address line 1',
      'Home address 2',
      'Street Address',
      'Mailing Address',
      'ZIP Code',
      'Postcode',
    ],
    ...[
      'Phone',
      'Phone Number',
      'phone #',
      'Home Phone',
      'Mobile',
      'Cell phone 2',
      'Emergency contact',
      'Emergency Contact Phone',
    ],
    ...[
      'Medical',
      'Medical notes',
      'Allergies',
      'Student allergies',
      'Medications',
      'Diagnosis',
      'Disability',
      'IEP',
      '504 Plan',
    ],
    ...['Gender', 'Ethnicity', 'Race/Ethnicity', 'Nationality', 'Free/Reduced Lunch', 'Personal email'],
    ...[
      'Parent',
      'Guardian 1',
      'Mother',
      'Parent/Guardian',
      'Parent Email',
      'Guardian 1 Email',
      "Mother's name",
      'Father phone number',
    ],
    ...[
      'Guardian e-mail address 2',
      'Parent/Guardian 2 Phone',
      "Parent's home address",
      'guardian relationship',
      'Mother health',
    ],
    ...['Fecha de nacimiento', 'Dirección', 'Domicilio', 'Código postal', 'DNI', 'Teléfono', 'Alergias', 'Datos médicos'],
    ...['Correo electrónico del tutor', 'Teléfono de la madre', 'Contacto de emergencia', 'Número de seguridad social'],
    ...['Дата народження', 'Домашня адреса', 'Адреса проживання', 'Номер телефону', 'Алергії', 'Медичні дані', 'ІПН'],
    ...['Телефон батьків', 'Електронна пошта батьків', 'Стан здоров\u2019я'],
    ...['تاريخ الميلاد', 'عنوان المنزل', 'رقم الهاتف', 'رقم الهوية', 'الحساسية', 'بيانات طبية', 'هاتف ولي الأمر'],
  ])('%s', (heading) => {
    expect(privacyOfHeading(foldHeading(heading))).toBe('always')
  })

  test.each([
    'Race',
    'Health',
    'Religion',
    'Sex',
    'City',
    'Street',
    'Insurance',
    '504',
    'Special Education',
    'Стать',
    'Ciudad',
    'المدينة',
  ])('%s only where it holds text', (heading) => {
    expect(privacyOfHeading(foldHeading(heading))).toBe('text')
  })

  test.each([
    ...[
      'Final Essay',
      'Address to the nation',
      'Gettysburg Address essay',
      'Race 1',
      'Human Race',
      'Phonetics',
      'Medical terms quiz',
    ],
    ...[
      'Parent interview',
      'Guardian of the Galaxy',
      'Birthday party essay',
      'Quiz 504',
      'Health 2',
      'Student',
      'Home',
      'Mobile app',
    ],
    ...[
      'Student name',
      'Student email',
      'Email',
      'Name',
      'Home work',
      'Family tree',
      'Mother tongue',
      'Current events',
      'Contact',
    ],
    ...['', 'SSNs', 'Iepf', 'Legal brief', 'Postal service essay', 'Permanent record'],
  ])('%s is none', (heading) => {
    expect(privacyOfHeading(foldHeading(heading))).toBeNull()
  })
})

test('columns of personal data are dropped and named, and their values are nowhere', async () => {
  const file = await readDrawn(`
    last_name | first_name | email   | SSN      | Date of Birth | Guardian 1 Email | Tax         | Quiz | Race
    POINTS    |            |         |          |               |                  |             | 10   |
    S         | A          | a@x.org | secret-1 | secret-2      | secret-3         | 123-45-6789 | 9O   | secret-4
    T         | B          | b@x.org | secret-5 | secret-6      | secret-7         | 987-65-4321 | 8    | secret-8
    Class Average |        |         | secret-9 |               |                  |             |      |
  `)
  expect(ignoredOf(file).slice(0, 5)).toEqual([
    `SSN: ${reason}`,
    `Date of Birth: ${reason}`,
    `Guardian 1 Email: ${reason}`,
    'Tax: Looks like social security numbers; it is not stored.',
    `Race: ${reason}`,
  ])
  expect(assignmentsOf(file)).toEqual(['Quiz /10'])
  expect(file.privateColumns).toEqual([3, 4, 5, 6, 8])
  expect(columnsOf(file).slice(3)).toEqual([
    'D SSN ignored sure private',
    'E Date of Birth ignored sure private',
    'F Guardian 1 Email ignored sure private',
    'G Tax ignored guess private',
    'H Quiz assignment sure',
    'I Race ignored guess private',
  ])
  expect(file.columns.flatMap(({ isPrivate, samples }) => (isPrivate ? samples : []))).toEqual([])
  expect(file.rowText(3)).toEqual(['S', 'A', 'a@x.org', '', '', '', '', '9O', ''])
  const everything = JSON.stringify([file, ...[1, 2, 3, 4, 5, 6].map((row) => file.rowText(row))])
  expect(everything).not.toMatch(/secret|\d{3}-\d{2}-\d{4}/)
})

test('no personal data, no private column', async () => {
  const file = await readDrawn('last_name | first_name | email | Quiz\nS | A | a@x.org | 7')
  expect(file.privateColumns).toEqual([])
})

describe('columns that only their cells give away', () => {
  const drawn = (...cells: readonly string[]) => [
    ['last_name', 'first_name', 'email', 'Extra', 'Quiz'],
    ...cells.map((cell, at) => [`S${at}`, `A${at}`, `a${at}@x.org`, cell, '7']),
  ]
  const reasonFor = async (...cells: readonly string[]) => {
    const file = await readDrawn(drawn(...cells))
    return file.columns[3]?.isPrivate ? file.columns[3].reason : null
  }
  const secret = 'Looks like social security numbers; it is not stored.'
  const email = 'Looks like e-mail addresses of somebody else; it is not stored.'
  const phone = 'Looks like phone numbers; it is not stored.'
  test.each([
    [['123-45-6789'], secret],
    [['123 45 6789'], secret],
    [['١٢٣-٤٥-٦٧٨٩'], secret],
    [['123-45-6789', '7'], secret],
    [['123-45-6789', '7', ''], secret],
    [['123-45-6789', '7', '8'], null],
    [['123-456-789'], phone],
    [['x123-45-6789'], null],
    [['123-45-67890'], phone],
    [['p@x.org', 'q@x.org'], email],
    [['a@b.c'], null],
    [['a@b.co'], email],
    [['p@x.org', 'none', 'none'], null],
    [['p@x.org, q@x.org'], null],
    [['(555) 123-4567'], phone],
    [['555-123-4567'], phone],
    [['+380441234567'], phone],
    [['+380 44 123 45 67'], phone],
    [['044/123-45-67'], phone],
    [['0441234567'], null],
    [['555-1234'], null],
    [['2025-06-01'], null],
    [['01/06/2025'], null],
    [['2025-06-01 10:00'], null],
    [['123456789'], null],
    [['1234567.89'], null],
    [['+1234567890123456'], null],
    [['+123456789012345'], phone],
    [['85.1234567'], null],
    [[''], null],
  ])('%j: %j', async (cells, expected) => {
    expect(await reasonFor(...cells)).toBe(expected)
  })

  test('the e-mail that tells the students apart is not one of them', async () => {
    expect((await readDrawn(drawn('7'))).privateColumns).toEqual([])
  })

  test('a column that is left out for another reason shows nothing either', async () => {
    const file = await readDrawn([
      ['last_name', 'first_name', 'email', 'Notes', '', 'Quiz'],
      ['S', 'A', 'a@x.org', 'p@x.org', '123-45-6789', '7'],
    ])
    expect(file.privateColumns).toEqual([3, 4])
    expect(ignoredOf(file)).toEqual([`Notes: ${email}`, `E: ${secret}`])
    expect(JSON.stringify([file, file.rowText(2)])).not.toMatch(/p@x|6789/)
  })

  test('while it is asked who a row is, a column of addresses may be the one', async () => {
    const file = await readDrawn('Wer | Post | Phon | Mathe\nx | j@x.org | +49 30 1234567 | 5\ny | a@x.org | +49 30 1234568 | 6')
    expect([file.isBlocked, file.privateColumns, file.columns[1]?.identity]).toEqual([true, [2], 'email'])
  })
})

describe('a column that is mapped on purpose', () => {
  const drawing = `
    last_name | first_name | email   | Race | SSN         | Phone          | Quiz
    S         | A          | a@x.org | 7    | 123-45-6789 | (555) 123-4567 | 5
  `
  test('is read as what it is said to be', async () => {
    const file = await readDrawn(drawing, {
      columns: { 4: { use: 'identity', role: 'number' }, 5: { use: 'assignment', title: 'Phone' } },
    })
    expect(studentsOf(file)).toEqual(['2 S, A number=123-45-6789 email=a@x.org'])
    expect(file.assignments.map(({ title }) => title)).toEqual(['Race', 'Phone', 'Quiz'])
    expect(file.privateColumns).toEqual([])
    expect(cellsOf(file)).toEqual(['7 | ! | 5'])
  })
  test('left out on purpose, it stays private', async () => {
    const file = await readDrawn(drawing, { columns: { 4: { use: 'ignore' }, 3: { use: 'ignore' } } })
    expect(file.privateColumns).toEqual([3, 4, 5])
    expect(ignoredOf(file).slice(0, 2)).toEqual([
      'Race: You chose to leave it out.',
      'SSN: Looks like social security numbers; it is not stored.',
    ])
  })
})

describe('personal data in the wrong place', () => {
  test('a number like a social security number is masked in what is said and kept', async () => {
    const file = await readDrawn(`
      last_name | first_name | email   | Quiz
      POINTS    |            |         | 10
      S         | A          | a@x.org | is 123-45-6789
      T         | B          | b@x.org | 7
      U         | C          | c@x.org | 8
    `)
    expect(file.problems.map(({ value, message }) => [value, message])).toEqual([
      ['is ***-**-****', "Row 3, Quiz: 'is ***-**-****' is not a score."],
    ])
    expect(file.rowText(3)).toEqual(['S', 'A', 'a@x.org', 'is ***-**-****'])
    expect(file.columns[3]?.samples).toEqual(['is ***-**-****', '7', '8'])
  })
  test('a row whose cells are shifted shows none of what may be private', async () => {
    const file = await readDrawn([
      ['last_name', 'first_name', 'email', 'Address', 'Quiz', 'Lab'],
      ['S', 'A', 'a@x.org', '1 Main St', 'Springfield', '7', '8'],
      ['T', 'B', 'b@x.org', '2 Main St', '7', '8', ''],
    ])
    expect(file.rejectedRows).toEqual([2])
    expect(file.problems.map(({ code, value }) => [code, value])).toContainEqual(['row_too_long', null])
    expect(file.rowText(2)).toEqual(['S', 'A', 'a@x.org', '', '', '', ''])
    expect(file.rowText(3)).toEqual(['T', 'B', 'b@x.org', '', '7', '8', ''])
  })
  test('a row the file does not have is empty', async () => {
    const file = await readDrawn('last_name | first_name | Quiz\nS | A | 7')
    expect([file.rowText(0), file.rowText(3), file.rowCount]).toEqual([[], [], 2])
  })
})

test('whatever stands in private columns is in nothing that is kept', async () => {
  const heading = fc.constantFrom('SSN', 'Date of birth', 'Home address', 'Guardian email', 'Allergies', 'Телефон', 'العنوان')
  const value = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
    .map((text) => `\u2603${text.replace(/[\r\n]/g, ' ')}\u2603`)
  await fc.assert(
    fc.asyncProperty(
      heading,
      fc.array(value, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 4 }),
      async (name, values, place) => {
        const rows = [
          ['last_name', 'first_name', 'email', 'Quiz'],
          ...values.map((_, at) => [`S${at}`, 'A', `a${at}@x.org`, at % 2 === 0 ? '7' : '9O']),
        ]
        const file = await readDrawn(rows.map((row, at) => row.toSpliced(place, 0, at === 0 ? name : (values[at - 1] ?? ''))))
        expect(file.privateColumns).toEqual([place])
        const kept = JSON.stringify([file, ...rows.map((_, at) => file.rowText(at + 1))])
        expect(kept).not.toContain('\u2603')
      },
    ),
    { numRuns: 100 },
  )
})
