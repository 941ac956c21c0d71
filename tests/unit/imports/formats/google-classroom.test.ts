import { describe, expect, test } from 'vitest'
import { assignmentsOf, cellsOf, columnsOf, ignoredOf, problemsOf, readDrawn, studentsOf } from '../../../support/grade-files'

const beside = 'Text beside the scores; it is not imported.'
const total = 'A total of the other system; totals are computed here.'

test('an English page: overall grade left out, points in titles, words in cells', async () => {
  const file = await readDrawn(`
    Last Name | First Name | Email Address | Overall Grade | Quiz (20) | Final Essay
    Date      |            |               |               | 2025-09-29 | Oct 2, 2025
    Points    |            |               |               | 20        | 50
    Smith     | Alice      | a@x.org       | 91%           | 18        | Missing
    Brown     | Bob        | b@x.org       | 80%           | Excused   | 40
    Li        | Cy         | c@x.org       |               | 16/20     | 80%
  `)
  expect([file.source, file.sourceLabel]).toEqual(['google-classroom', 'Google Classroom'])
  expect(studentsOf(file)).toEqual(['4 Smith, Alice email=a@x.org', '5 Brown, Bob email=b@x.org', '6 Li, Cy email=c@x.org'])
  expect(assignmentsOf(file)).toEqual(['Quiz /20 on 2025-09-29', 'Final Essay /50 on 2025-10-02'])
  expect(cellsOf(file)).toEqual(['18 | MI', 'EX | 40', '16 | 40'])
  expect(ignoredOf(file)).toEqual([`Overall Grade: ${total}`])
  expect(problemsOf(file)).toEqual([])
  expect(columnsOf(file)).toEqual([
    'A Last Name identity lastName sure',
    'B First Name identity firstName sure',
    'C Email Address identity email sure',
    'D Overall Grade ignored sure',
    'E Quiz (20) assignment sure',
    'F Final Essay assignment sure',
  ])
})

const pages: readonly (readonly [
  language: string,
  drawing: string,
  student: string,
  assignments: readonly string[],
  cells: string,
])[] = [
  [
    'Ukrainian',
    `
    Прізвище  | Ім'я   | Електронна адреса | Загальна оцінка | Тест 1           | Есе
    Дата      |        |                   |                 | 29 вер. 2025 р.  | 3 жовт. 2025 р.
    Бали      |        |                   |                 | 5.0              | 12.0
    Шевченко  | Оксана | o@x.org           | 90%             | 4.5              | Не здано
    `,
    '4 Шевченко, Оксана email=o@x.org',
    ['Тест 1 /5 on 2025-09-29', 'Есе /12 on 2025-10-03'],
    '4.5 | MI',
  ],
  [
    'Ukrainian with a typographic apostrophe and the first name first',
    `
    Ім’я   | Прізвище | Адреса електронної пошти | Тест 1
    Термін здавання |  |                          | 1 лютого 2025 р.
    Максимальна кількість балів | |               | 12
    Оксана | Шевченко | o@x.org                  | Звільнено
    `,
    '4 Шевченко, Оксана email=o@x.org',
    ['Тест 1 /12 on 2025-02-01'],
    'EX',
  ],
  [
    'Spanish',
    `
    Apellidos | Nombre | Dirección de correo electrónico | Calificación general | Ensayo              | Prueba
    Fecha     |        |                                 |                      | 1 de noviembre de 2024 | 15 sept 2025
    Puntos    |        |                                 |                      | 100                 | 10
    Núñez     | José   | j@x.org                         | 90%                  | Sin entregar        | 8,5
    `,
    '4 Núñez, José email=j@x.org',
    ['Ensayo /100 on 2024-11-01', 'Prueba /10 on 2025-09-15'],
    'MI | 8.5',
  ],
  [
    'Arabic',
    `
    اسم العائلة | الاسم الأول | عنوان البريد الإلكتروني | اختبار
    التاريخ     |             |                         | ٢٩ سبتمبر ٢٠٢٥
    النقاط      |             |                         | ١٠
    حداد        | ليلى        | l@x.org                 | ٨٫٥
    `,
    '4 حداد, ليلى email=l@x.org',
    ['اختبار /10 on 2025-09-29'],
    '8.5',
  ],
]

test.each(pages)('a page in %s', async (_, drawing, student, assignments, cells) => {
  const file = await readDrawn(drawing)
  expect(file.source).toBe('google-classroom')
  expect(studentsOf(file)).toEqual([student])
  expect(assignmentsOf(file)).toEqual(assignments)
  expect(cellsOf(file)).toEqual([cells])
  expect(problemsOf(file)).toEqual([])
})

test('rows of dates and points may be missing: points stand in titles, percents are of a hundred', async () => {
  const file = await readDrawn(`
    First Name | Last Name | Email Address | Quiz (20) | Essay | Report (2024)
    Alice      | Smith     | a@x.org       | 18        | 80%   | 5
  `)
  expect(assignmentsOf(file)).toEqual(['Quiz /20', 'Essay /?', 'Report /2024'])
  expect(cellsOf(file)).toEqual(['18 | 80 | 5'])
  expect(problemsOf(file)).toEqual(['warn points_assumed'])
  expect(file.problems[0]?.message).toBe('The file does not say how many points these are out of: Essay. 100 was taken.')
})

test('a number in parentheses that is not the points belongs to the title', async () => {
  const file = await readDrawn(`
    Last Name  | First Name | Email Address | Report (2024) | Quiz (20)
    Max points |            |               | 50            | 20.0
    Smith      | Alice      | a@x.org       | 40            | 18
  `)
  expect(assignmentsOf(file)).toEqual(['Report (2024) /50', 'Quiz /20'])
})

describe('one assignment', () => {
  const drawing = `
    Last Name | First Name | Email Address | Grade | Assignment State | Comments
    Smith     | Alice      | a@x.org       | 8/10  | Returned         | well done
    Brown     | Bob        | b@x.org       |       | Missing          |
    Li        | Cy         | c@x.org       | 7/10  | Done late        |
    Poe       | Pat        | p@x.org       |       | Turned in        |
    Roe       | Ann        | r@x.org       | 6/10  | Missing          |
  `
  test('its title is the name of the file, states count, a score says more than a state', async () => {
    const file = await readDrawn(drawing, { fileName: 'C:\\Downloads\\Reading log.csv' })
    expect(file.source).toBe('google-classroom')
    expect(assignmentsOf(file)).toEqual(['Reading log /10'])
    expect(cellsOf(file)).toEqual(['8', 'MI', 'LATE 7', '', '6'])
    expect(ignoredOf(file)).toEqual([`Comments: ${beside}`])
    expect(columnsOf(file).slice(3)).toEqual([
      'D Grade assignment sure',
      'E Assignment State ignored sure',
      'F Comments ignored sure',
    ])
    expect(problemsOf(file)).toEqual([])
  })

  test.each([
    ['.csv', 'Assignment'],
    ['  .csv', 'Assignment'],
    ['Log 3', 'Log 3'],
    ['log/5b.v2.csv', '5b.v2'],
  ])('a file called %j has the title %j', async (fileName, title) => {
    expect((await readDrawn(drawing, { fileName })).assignments[0]?.title).toBe(title)
  })

  test('fractions of several wholes do not say what it is out of', async () => {
    const file = await readDrawn(drawing.replace('7/10', '7/12'))
    expect(assignmentsOf(file)).toEqual(['grades /?'])
    expect(cellsOf(file)).toEqual(['80', 'MI', 'LATE 58.333', '', '60'])
    expect(problemsOf(file)).toEqual(['warn points_assumed', 'warn rounded 4 grades 7/12'])
  })

  test('with other assignments beside it, "Grade" is a title like any other', async () => {
    const file = await readDrawn(`
      Last Name | First Name | Email Address | Grade | Quiz
      Smith     | Alice      | a@x.org       | 8     | 7
    `)
    expect(assignmentsOf(file)).toEqual(['Grade /?', 'Quiz /?'])
  })

  test.each([
    ['missing', '', 'MI'],
    ['відсутнє', '', 'MI'],
    ['не здано', '', 'MI'],
    ['falta', '', 'MI'],
    ['sin entregar', '', 'MI'],
    ['مفقود', '', 'MI'],
    ['Done late', '7', 'LATE 7'],
    ['Turned in late', '7', 'LATE 7'],
    ['Returned late', '0', 'LATE 0'],
    ['Late', '7', 'LATE 7'],
    ['здано із запізненням', '7', 'LATE 7'],
    ['entregado con retraso', '7', 'LATE 7'],
    ['تم التسليم متأخرًا', '7', 'LATE 7'],
    ['Done late', '', ''],
    ['Done late', 'EX', 'EX'],
    ['missing', 'EX', 'EX'],
    ['Assigned', '', ''],
    ['Returned', '7', '7'],
  ])('state %j with the score %j is %j', async (state, score, token) => {
    const file = await readDrawn(`
      Last Name | First Name | Email Address | Grade | Assignment State
      Smith     | Alice      | a@x.org       | ${score} | ${state}
    `)
    expect(cellsOf(file)).toEqual([token])
  })

  test('a mark of the cell is not doubled by a state, and the state may stand first', async () => {
    const file = await readDrawn(`
      Assignment State | Last Name | First Name | Grade
      Done late        | Smith     | Alice      | LATE 8
      Done late        | Brown     | Bob        | INC 7
      Done late        | Li        | Cy         | 6
    `)
    expect(cellsOf(file)).toEqual(['LATE 8', 'INC 7', 'LATE 6'])
  })

  test('is one by its state, whatever else stands beside it, and without a state where nothing else does', async () => {
    const titles = async (headings: string) =>
      (
        await readDrawn(`Last Name | First Name | Email Address | ${headings}\nSmith | Alice | a@x.org | 8 | Returned | 7`)
      ).assignments.map(({ title }) => title)
    expect(await titles('Grade | Assignment State | Quiz')).toEqual(['grades', 'Quiz'])
    expect(await titles('Grade | Comments |')).toEqual(['grades'])
  })
})

test.each([
  ['Quiz (20)', 'Quiz /20'],
  ['Quiz(20)', 'Quiz /20'],
  ['Quiz (12.25)', 'Quiz /12.25'],
  ['Quiz (20) again', 'Quiz (20) again /?'],
  ['Quiz (12x25)', 'Quiz (12x25) /?'],
  ['Quiz (12.x)', 'Quiz (12.x) /?'],
  ['Quiz (12.)', 'Quiz (12.) /?'],
  ['Quiz ()', 'Quiz () /?'],
  ['(20)', '(20) /?'],
  ['Quiz (1) (20)', 'Quiz (1) /20'],
])('the heading %j is %s', async (heading, assignment) => {
  const file = await readDrawn([
    ['Last Name', 'First Name', 'Email Address', heading],
    ['Smith', 'Alice', 'a@x.org', '1'],
  ])
  expect(assignmentsOf(file)).toEqual([assignment])
})
