import { expect, expectAccessible, picture, test } from '../support/browser'
import {
  commit,
  commitButton,
  countOf,
  download,
  fresh,
  gradeIn,
  gradeOnScreen,
  openClass,
  openUpload,
  review,
  send,
  withColumn,
} from './steps'

/** From a file on a teacher's disk to a gradebook on her school's own address, and back. */

test.describe('a teacher of Northside', () => {
  test('uploads a file, sees what will change, writes it, finds it in the gradebook, and takes it back', async ({
    page,
    site,
  }) => {
    await site.signIn(page, site.person('northside', /teacher olena/i))
    await openClass(page, site, 'northside', 'English 9')
    const before = await download(page, 'Download grades')
    const template = await download(page, 'Empty template')
    // Gone again when this test ends, so it needs no fresh title.
    const title = 'Debate on uniforms'
    const score = (line: string, place: number) => (line.startsWith('Lee,Sam') ? 'missing' : String(10 + (place % 11)))
    const file = { name: 'debate.csv', text: withColumn(template, { title, points: 20, dueOn: '2026-11-18', score }) }
    const students = file.text.split('\n').length - 3

    await review(page, site, 'northside', 'English 9', file)
    await expect(countOf(page, 'new grades')).toHaveText(String(students))
    await expect(countOf(page, 'new assignments')).toHaveText('1')
    await expect(countOf(page, 'changed grades')).toHaveText('0')
    await expect(commitButton(page)).toHaveText(`Write ${students} grades for ${students} students`)
    const changes = page.getByRole('region', { name: 'Changes, student by student' })
    await expect(changes.getByRole('columnheader', { name: title })).toContainText('New')
    await expect(changes.getByRole('row', { name: /Lee, Sam/ })).toContainText('Missing')
    await expect(changes.getByRole('row')).toHaveCount(students + 1)
    await expectAccessible(page)
    await picture(page, 'import-review')

    await commit(page)
    await expect(page.getByText(`${students} new grades, 1 new assignment.`)).toBeVisible()
    await expectAccessible(page)
    await picture(page, 'import-receipt')
    const receipt = page.url()

    await page.getByRole('link', { name: 'Open the gradebook' }).click()
    await expect(await gradeIn(page, 'Lee, Sam', title)).toHaveAccessibleName('missing')
    const written = await download(page, 'Download grades')
    expect(written).toContain(title)

    await review(page, site, 'northside', 'English 9', file)
    await expect(page.getByText('0 changes', { exact: true })).toBeVisible()
    await expect(countOf(page, 'the same as now')).toHaveText(String(students))
    await expect(commitButton(page)).toHaveCount(0)
    await page.getByRole('button', { name: 'Close this import' }).click()
    await expect(page).toHaveURL(site.url('northside', '/imports'))

    await page.goto(receipt)
    await page.getByRole('button', { name: 'Undo this import' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Undone import' })).toBeVisible()
    await expect(page.getByText(`${students} grades are as before the import, 1 assignment was removed.`)).toBeVisible()
    await openClass(page, site, 'northside', 'English 9')
    expect(await download(page, 'Download grades')).toBe(before)
  })

  test('sends the same file to Riverside, where it stays in Riverside', async ({ page, site, browser }) => {
    const title = fresh('Fire drill essay')
    const visitor = fresh('Visitor')
    const text = [
      `last_name,first_name,email,${title}`,
      'DATE,-,-,2026-11-17',
      'POINTS,-,-,30',
      `${visitor},Vera,${visitor.replace(' ', '.')}@example.org,27`,
    ].join('\n')
    await site.signIn(page, site.person('riverside', /teacher clara/i))
    await openClass(page, site, 'riverside', 'English 9')
    await review(page, site, 'riverside', 'English 9', { name: 'essay.csv', text })
    await expect(countOf(page, 'new students')).toHaveText('1')
    await commit(page)
    await page.getByRole('link', { name: 'Open the gradebook' }).click()
    await expect(await gradeIn(page, `${visitor}, Vera`, title)).toHaveAccessibleName('27 of 30, on track')

    const elsewhere = await browser.newContext()
    const northside = await elsewhere.newPage()
    await site.signIn(northside, site.person('northside', /teacher olena/i))
    await openClass(northside, site, 'northside', 'English 9')
    const grades = await download(northside, 'Download grades')
    expect(grades).toContain('Lee,Sam')
    expect(grades).not.toContain(title)
    expect(grades).not.toContain(visitor)
    await elsewhere.close()
  })

  for (const [language, lines] of [
    [
      'English',
      [
        'Last Name,First Name,Email Address,Overall Grade,Quadratics (20),Graph sketch',
        'Date,,,,2026-11-10,2026-11-12',
        'Points,,,,20,50',
        'Koval,Mariya,mariya.koval@northside.example,91%,18,Missing',
        'Lee,Sam,sam.lee@northside.example,80%,Excused,40',
      ],
    ],
    [
      'Ukrainian',
      [
        "Прізвище,Ім'я,Електронна адреса,Тест 1,Есе",
        'Дата,,,10 лист. 2026 р.,12 лист. 2026 р.',
        'Бали,,,"5,0","12,0"',
        'Koval,Mariya,mariya.koval@northside.example,"4,5",11',
        'Lee,Sam,sam.lee@northside.example,3,"7,5"',
      ],
    ],
  ] as const) {
    test(`uploads what Google Classroom gives in ${language}, and it is read as that`, async ({ page, site }) => {
      await site.signIn(page, site.person('northside', /teacher marcus/i))
      await review(page, site, 'northside', 'Algebra I', { name: 'classroom.csv', text: lines.join('\n') })
      await expect(page.getByText('(Google Classroom)')).toBeVisible()
      await expect(countOf(page, 'new assignments')).toHaveText('2')
      await expect(countOf(page, 'new grades')).toHaveText('4')
      const mariya = page.getByRole('region', { name: 'Changes, student by student' }).getByRole('row', { name: /Koval, Mariya/ })
      await expect(mariya).toContainText(language === 'English' ? '18' : '4.5')
      await page.getByRole('button', { name: 'Discard, write nothing' }).click()
      await expect(page).toHaveURL(site.url('northside', '/imports'))
    })
  }
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a teacher signs in, uploads, reads the review and writes it', async ({ page, site }) => {
    const title = fresh('Plain')
    const text = `last_name,first_name,email,${title}\nKoval,Mariya,mariya.koval@meadow.example,91\n`
    await site.signIn(page, site.person('meadow', /^otherTeacher/))
    await openUpload(page, site, 'meadow', 'Physics 9A')
    await send(page, { name: 'plain.csv', text })
    await expect(page.getByRole('heading', { level: 1, name: 'Check what will change' })).toBeVisible()
    await expect(page.getByRole('row', { name: /Koval, Mariya/ })).toContainText('91')
    await commit(page)
    await page.getByRole('link', { name: 'Open the gradebook' }).click()
    await expect(await gradeOnScreen(page, 'Koval, Mariya', title)).toHaveAccessibleName('91 of 100, on track')
  })

  test('a file that cannot be read comes back with the reason, and the class and term stay chosen', async ({ page, site }) => {
    await site.signIn(page, site.person('meadow', /^otherTeacher/))
    await openUpload(page, site, 'meadow', 'Physics 9A')
    await send(page, { name: 'picture.csv', text: '%PDF-1.7 not a table' })
    await expect(page.getByText('This is a PDF, not a table of grades.')).toBeVisible()
    await expect(page.getByLabel('Class')).toHaveValue(/^[0-9a-f-]{36}$/)
    await expect(page.getByLabel('Class').locator('option:checked')).toHaveText('Physics 9A')
    await expect(page.getByLabel('Term').locator('option:checked')).toHaveText(/Autumn/)
  })
})

test.describe('in a hurry', () => {
  const quiz = (title: string, score: number, school = 'lakeside') => ({
    name: `${title}.csv`,
    text: `last_name,first_name,email,${title}\nKoval,Mariya,mariya.koval@${school}.example,${score}\n`,
  })

  test('Back after writing shows the receipt, and the button to write is gone', async ({ page, site }) => {
    await site.signIn(page, site.person('lakeside', /^teacher /))
    await review(page, site, 'lakeside', 'Biology 9A', quiz(fresh('Back'), 71))
    await commit(page)
    await page.getByRole('link', { name: 'Open the gradebook' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Biology 9A' })).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1, name: 'Import written' })).toBeVisible()
    await page.goBack()
    await expect(commitButton(page)).toHaveCount(0)
    await page.goForward()
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Import written' })).toBeVisible()
  })

  test('a double click on the button writes once', async ({ page, site }) => {
    const title = fresh('Double click')
    await site.signIn(page, site.person('lakeside', /^admin /))
    await review(page, site, 'lakeside', 'Physics 9A', quiz(title, 72))
    const importId = new URL(page.url()).pathname
    await commitButton(page).dblclick()
    await expect(page.getByRole('heading', { level: 1, name: 'Import written' })).toBeVisible()
    expect(new URL(page.url()).pathname).toBe(importId)
    await expect(page.getByText('1 new grade, 1 new assignment.')).toBeVisible()
    await openClass(page, site, 'lakeside', 'Physics 9A')
    const grades = await download(page, 'Download grades')
    expect(grades.split(title)).toHaveLength(2)
  })

  test('the same file in two tabs is written once, and the second tab says what happened', async ({ page, site, context }) => {
    const title = fresh('Two tabs')
    await site.signIn(page, site.person('oakfield', /^otherTeacher/))
    await review(page, site, 'oakfield', 'Physics 9A', quiz(title, 73, 'oakfield'))
    const second = await context.newPage()
    await review(second, site, 'oakfield', 'Physics 9A', quiz(title, 73, 'oakfield'))
    // The plan that is still open, not a second one.
    expect(second.url()).toBe(page.url())
    await commit(page)
    await commitButton(second).click()
    await expect(second.getByRole('heading', { level: 1, name: 'Import written' })).toBeVisible()
    await expect(second.getByText('1 new grade, 1 new assignment.')).toBeVisible()
    await second.getByRole('link', { name: 'Open the gradebook' }).click()
    const grades = await download(second, 'Download grades')
    expect(grades.split(title)).toHaveLength(2)
  })

  test('a plan that another upload has overtaken is refused with the reason, and nothing is doubled', async ({
    page,
    site,
    context,
  }) => {
    const title = fresh('Overtaken')
    await site.signIn(page, site.person('lakeside', /^teacher /))
    await review(page, site, 'lakeside', 'Biology 9A', quiz(title, 74))
    const second = await context.newPage()
    await review(second, site, 'lakeside', 'Biology 9A', quiz(title, 75))
    expect(second.url()).not.toBe(page.url())
    await commit(page)
    await commitButton(second).click()
    await expect(second.getByText('That did not work')).toBeVisible()
    await openClass(second, site, 'lakeside', 'Biology 9A')
    await expect(await gradeIn(second, 'Koval, Mariya', title)).toHaveAccessibleName('74 of 100, watch')
  })

  test('a session that ends during an upload is said, and after signing in elsewhere the same form goes on', async ({
    page,
    site,
    context,
    browser,
  }) => {
    const teacher = site.person('meadow', /^teacher /)
    await site.signIn(page, teacher)
    await openUpload(page, site, 'meadow', 'Biology 9A')
    const elsewhere = await browser.newContext()
    const phone = await elsewhere.newPage()
    await site.signIn(phone, teacher)
    await phone.goto(site.url('meadow', '/account'))
    await phone.getByRole('button', { name: 'Sign out everywhere' }).click()
    await expect(phone).toHaveURL(site.url('meadow', '/sign-in'))
    await elsewhere.close()

    const text = `last_name,first_name,email,${fresh('Late')}\nKoval,Mariya,mariya.koval@meadow.example,88\n`
    await send(page, { name: 'late.csv', text })
    await expect(page.getByText('Your session has ended.')).toBeVisible()
    await expect(page.getByLabel('Class').locator('option:checked')).toHaveText('Biology 9A')
    await expect(page.getByText(/late\.csv, 1 KB/)).toBeVisible()
    const opened = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Sign in again in a new tab' }).click()
    await (await opened).close()
    const tab = await context.newPage()
    await site.signIn(tab, teacher)
    await tab.close()
    await page.getByRole('button', { name: 'See what will change' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Check what will change' })).toBeVisible()
    await expect(countOf(page, 'new grades')).toHaveText('1')
  })
})
