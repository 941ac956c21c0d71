import { expect, test } from '../support/browser'
import {
  commit,
  commitButton,
  countOf,
  download,
  expectReadAgain,
  fresh,
  gradeIn,
  messyFile,
  openClass,
  openStep,
  openUpload,
  send,
  stepper,
  tabOn,
  uploadMessy,
} from './steps'

/** The way of a file that has something for every step: by keyboard, without scripts, closed and opened again. */

test.describe('by keyboard alone', () => {
  test('an administrator answers every question of a messy file, writes it, and takes it back', async ({ page, site }) => {
    test.setTimeout(120_000)
    const title = fresh('Keys')
    const heading = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    const press = async (role: Parameters<typeof tabOn>[1], name: string | RegExp) => {
      await tabOn(page, role, name)
      await page.keyboard.press('Enter')
    }
    await site.signIn(page, site.person('brookside', /^admin /))
    await uploadMessy(page, site, 'brookside', title)

    await press('button', 'The day')
    await expectReadAgain(page)
    await expect(page.getByRole('button', { name: /Day first/ })).toHaveAttribute('aria-pressed', 'true')
    await press('link', 'Next: Map')
    await heading('What each column is')
    await press('button', 'Different assignments')
    await expectReadAgain(page)
    await press('link', 'Next: Fix')
    await heading('What needs your answer')
    await press('button', 'They are meant')
    await expectReadAgain(page)

    await tabOn(page, 'textbox', /Lee, Sam/)
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('9')
    await press('button', 'Use what I typed')
    await expect(page.getByRole('textbox', { name: /Lee, Sam/ })).toHaveCount(0)

    await tabOn(page, 'radio', /Brandt, Noah/)
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('radio', { name: /A new student/ })).toBeChecked()
    await page.keyboard.press('ArrowUp')
    await expect(page.getByRole('radio', { name: /Brandt, Noah/ })).toBeChecked()
    await press('button', 'Use these answers')
    await expect(page.getByText('You answered')).toBeVisible()

    await press('link', 'Next: Review')
    await heading('Check what will change')
    await expect(countOf(page, 'new grades')).toHaveText('9')
    await expect(countOf(page, 'new students')).toHaveText('0')
    await press('link', 'By assignment')
    await press('link', new RegExp(`^Exit ${title}`))
    await expect(page.getByRole('heading', { level: 3, name: `Exit ${title} 3 students` })).toBeVisible()
    await press('button', 'Write 9 grades for 3 students')
    await heading('Import written')
    await press('button', 'Undo this import')
    await heading('Undone import')
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('every step takes its answers, up to Review and the writing', async ({ page, site }) => {
    const title = fresh('Plain')
    await site.signIn(page, site.person('brookside', /^admin /))
    await uploadMessy(page, site, 'brookside', title)
    await page.getByRole('button', { name: 'The day' }).click()
    await expect(page).toHaveURL(/step=shape$/)
    await expect(page.getByRole('button', { name: /Day first/ })).toHaveAttribute('aria-pressed', 'true')
    await page.getByRole('link', { name: 'Next: Map' }).click()
    await page.getByRole('button', { name: 'The same assignment' }).click()
    await expect(page).toHaveURL(/step=map$/)

    await page
      .locator('summary')
      .filter({ hasText: `Exit ${title}` })
      .click()
    await page.getByLabel('Points').last().fill('40')
    await page.getByRole('button', { name: 'Use these columns' }).click()
    await expect(page).toHaveURL(/step=map$/)
    await expect(page.locator('summary').filter({ hasText: `Exit ${title}` })).toContainText('You said so')

    await page.getByRole('link', { name: 'Next: Fix' }).click()
    await page.getByRole('button', { name: 'Leave them out' }).click()
    await page.getByRole('button', { name: 'Mark them missing' }).first().click()
    await page.getByRole('radio', { name: /Leave this row out/ }).check()
    await page.getByRole('button', { name: 'Use these answers' }).click()
    await expect(page).toHaveURL(/step=fix$/)
    await openStep(page, 'Review')
    await expect(page.getByRole('columnheader', { name: `Exit ${title}` })).toContainText('of 40')
    await commit(page)
  })

  test('an answer that is wrong comes back with its column and what to type', async ({ page, site }) => {
    const title = fresh('Wrong')
    await site.signIn(page, site.person('brookside', /^admin /))
    await uploadMessy(page, site, 'brookside', title)
    await openStep(page, 'Map')
    await page
      .locator('summary')
      .filter({ hasText: `Exit ${title}` })
      .click()
    await page.getByLabel('Points').last().fill('many')
    await page.getByRole('button', { name: 'Use these columns' }).click()
    await expect(page.getByRole('alert')).toContainText('Column G: Type the points as a number above zero.')
  })
})

test('a closed tab loses nothing, at whichever step it was closed', async ({ page, site, context }) => {
  const title = fresh('Closed')
  await site.signIn(page, site.person('brookside', /^admin /))
  await uploadMessy(page, site, 'brookside', title)
  let tab = page
  const closeAndReturn = async (heading: string) => {
    await tab.close()
    tab = await context.newPage()
    await tab.goto(site.url('brookside', '/imports'))
    await tab.getByRole('link', { name: `${title}.csv`, exact: true }).click()
    await expect(tab.getByRole('heading', { level: 1, name: heading })).toBeVisible()
  }
  await closeAndReturn('How the file is read')
  await tab.getByRole('button', { name: 'The day' }).click()
  await expectReadAgain(tab)
  await closeAndReturn('What each column is')
  await tab.getByRole('button', { name: 'Different assignments' }).click()
  await expectReadAgain(tab)
  await closeAndReturn('What needs your answer')
  await tab.getByRole('button', { name: 'They are meant' }).click()
  await expectReadAgain(tab)
  await closeAndReturn('Check what will change')
  await openStep(tab, 'Shape')
  await expect(tab.getByRole('button', { name: /Day first/ })).toHaveAttribute('aria-pressed', 'true')
  await openStep(tab, 'Review')
  await tab.getByRole('button', { name: 'Discard, write nothing' }).click()
  await expect(tab).toHaveURL(site.url('brookside', '/imports'))
})

test('Back walks through the steps as they were opened, and an answer adds no step of its own', async ({ page, site }) => {
  await site.signIn(page, site.person('brookside', /^admin /))
  await uploadMessy(page, site, 'brookside', fresh('Back'))
  await openStep(page, 'Map')
  await page.getByRole('button', { name: 'Different assignments' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Fix')
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'What each column is' })).toBeVisible()
  await expect(page.getByText('Are columns of one title the same assignment?')).toHaveCount(0)
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'How the file is read' })).toBeVisible()
})

test('two tabs answer different questions of one import, and both answers stand', async ({ page, site, context }) => {
  await site.signIn(page, site.person('brookside', /^admin /))
  await uploadMessy(page, site, 'brookside', fresh('Tabs'))
  const second = await context.newPage()
  await second.goto(page.url())
  await openStep(second, 'Map')
  await page.getByRole('button', { name: 'The day' }).dblclick()
  await expectReadAgain(page)
  await second.getByRole('button', { name: 'Different assignments' }).click()
  await expectReadAgain(second)
  await expect(stepper(second).getByRole('link', { name: /^Shape.*nothing open/ })).toBeVisible()
  await expect(stepper(second).getByRole('link', { name: /^Map.*(nothing open|to check)/ })).toBeVisible()
})

test('a private column is named and kept out until the teacher says what it is and brings the file once more', async ({
  page,
  site,
}) => {
  const title = fresh('Private')
  const file = messyFile('brookside', title)
  await site.signIn(page, site.person('brookside', /^admin /))
  await uploadMessy(page, site, 'brookside', title)
  await expect(page.getByText('123-45-6789')).toHaveCount(0)
  await openStep(page, 'Map')
  await expect(page.getByText('1 private column was left out')).toBeVisible()
  await page.locator('summary').filter({ hasText: 'SSN' }).click()
  await page.getByLabel('What column D is').selectOption({ label: 'Student number' })
  await page.getByRole('button', { name: 'Use these columns' }).click()
  await expect(page.getByText('Values that were not kept').first()).toBeVisible()
  await page
    .getByLabel('The same file once more')
    .first()
    .setInputFiles({ name: file.name, mimeType: 'text/csv', buffer: Buffer.from(file.text) })
  await page.getByRole('button', { name: 'Read it with this column' }).first().click()
  await expect(page.getByText('Values that were not kept')).toHaveCount(0)
  await expect(page.locator('summary').filter({ hasText: 'SSN' })).toContainText('Student number')
})

test('columns mapped by hand are remembered for the next file, and forgotten when the teacher says so', async ({
  page,
  site,
}) => {
  const heading = fresh('Mark')
  const file = (name: string) => ({
    name,
    text: `last_name,first_name,email,${heading},Colour\nKoval,Mariya,mariya.koval@brookside.example,4,5\n`,
  })
  await site.signIn(page, site.person('brookside', /^admin /))
  await openUpload(page, site, 'brookside', 'Biology 9A')
  await send(page, file(`${heading} 1.csv`))
  await openStep(page, 'Map')
  await page.locator('summary').filter({ hasText: 'Colour' }).click()
  await page.getByLabel('What column E is').selectOption({ label: 'Not used' })
  await page.getByRole('button', { name: 'Use these columns' }).click()
  await expectReadAgain(page)
  await page.getByRole('button', { name: 'Remember these columns' }).click()
  await expect(page.getByText('Saved for your next file of this kind.')).toBeVisible()

  await openUpload(page, site, 'brookside', 'Biology 9A')
  await send(page, { name: `${heading} 2.csv`, text: file('').text.replace(',4,5', ',6,5') })
  await openStep(page, 'Map')
  await expect(page.getByText('Columns as you saved them')).toBeVisible()
  await expect(page.locator('summary').filter({ hasText: 'Colour' })).toContainText('Left out')
  await page.getByRole('button', { name: 'Forget what I saved' }).click()
  await expect(page.getByText('Columns as you saved them')).toHaveCount(0)
})

test('a file whose columns name nobody asks who is who, and nothing can be written before', async ({ page, site }) => {
  await site.signIn(page, site.person('brookside', /^admin /))
  await openUpload(page, site, 'brookside', 'Biology 9A')
  await send(page, { name: 'colours.csv', text: 'Colour,Quiz\nred,5\nblue,6\n' })
  await expect(page.getByRole('heading', { level: 1, name: 'What each column is' })).toBeVisible()
  await expect(page.getByText('Which column tells the students apart?').first()).toBeVisible()
  await openStep(page, 'Review')
  await expect(page.getByText('Nothing can be written yet')).toBeVisible()
  await expect(commitButton(page)).toHaveCount(0)
})

test('two people import into one class: the later one sees who changed what, and each grade goes as chosen', async ({
  page,
  site,
  browser,
}) => {
  test.setTimeout(120_000)
  const title = fresh('Together')
  const file = (mariya: number, sam: number) => ({
    name: `${title} ${mariya}.csv`,
    text: [
      `last_name,first_name,email,${title}`,
      'POINTS,-,-,20',
      `Koval,Mariya,mariya.koval@fairview.example,${mariya}`,
      `Lee,Sam,sam.lee@fairview.example,${sam}`,
    ].join('\n'),
  })
  await site.signIn(page, site.person('fairview', /^teacher /))
  await openUpload(page, site, 'fairview', 'Biology 9A')
  await send(page, file(10, 11))
  await commit(page)

  const elsewhere = await browser.newContext()
  const office = await elsewhere.newPage()
  await site.signIn(office, site.person('fairview', /^admin /))
  await openUpload(office, site, 'fairview', 'Biology 9A')
  await send(office, file(12, 13))
  await commit(office)
  await elsewhere.close()

  // The teacher's file from before, with one more point for Mariya and none the wiser about the office.
  await openUpload(page, site, 'fairview', 'Biology 9A')
  await send(page, file(10, 11))
  await openStep(page, 'Review')
  await expect(page.getByRole('heading', { level: 2, name: '2 grades were changed by somebody' })).toBeVisible()
  const mariya = page.getByRole('row', { name: /Koval, Mariya/ }).first()
  await expect(mariya).toContainText('Ada Admin')
  await expect(mariya.getByRole('radio', { name: 'Keep 12' })).toBeChecked()
  await mariya.getByRole('radio', { name: 'Take 10' }).check()
  await page.getByRole('button', { name: 'Use these answers' }).click()
  await expect(commitButton(page)).toHaveText('Write 1 grade for 1 student')
  await page.getByRole('button', { name: 'Take all from the file' }).click()
  await expect(commitButton(page)).toHaveText('Write 2 grades for 2 students')
  await page.getByRole('button', { name: 'Keep all as they are now' }).click()
  await expect(commitButton(page)).toHaveCount(0)
  await mariya.getByRole('radio', { name: 'Take 10' }).check()
  await page.getByRole('button', { name: 'Use these answers' }).click()
  await expect(commitButton(page)).toHaveText('Write 1 grade for 1 student')
  await commit(page)
  await openClass(page, site, 'fairview', 'Biology 9A')
  await expect(await gradeIn(page, 'Koval, Mariya', title)).toHaveAccessibleName(/^10 of 20/)
  await expect(await gradeIn(page, 'Lee, Sam', title)).toHaveAccessibleName(/^13 of 20/)
})

test('an import is undone for one student, then for one assignment, and all of it is brought back', async ({ page, site }) => {
  const title = fresh('Parts')
  const text = [
    `last_name,first_name,email,${title} A,${title} B`,
    'Koval,Mariya,mariya.koval@fairview.example,71,72',
    'Lee,Sam,sam.lee@fairview.example,81,82',
  ].join('\n')
  await site.signIn(page, site.person('fairview', /^otherTeacher/))
  await openUpload(page, site, 'fairview', 'Physics 9A')
  await send(page, { name: `${title}.csv`, text })
  await openStep(page, 'Review')
  await commit(page)
  const receipt = page.url()
  await openClass(page, site, 'fairview', 'Physics 9A')
  const written = await download(page, 'Download grades')

  await page.goto(receipt)
  await page.getByText('Undo only for some students').click()
  await page.getByRole('checkbox', { name: /Lee, Sam/ }).check()
  await page.getByRole('button', { name: 'Undo for the chosen students' }).click()
  await expect(page.getByRole('row', { name: /Undone for 1 student/ })).toContainText('2 grades')
  await page.getByText('Undo only for some assignments').click()
  await page.getByRole('checkbox', { name: new RegExp(`${title} B`) }).check()
  await page.getByRole('button', { name: 'Undo for the chosen assignments' }).click()
  await expect(page.getByRole('row', { name: /Undone for 1 assignment/ })).toContainText('1 grade')
  await openClass(page, site, 'fairview', 'Physics 9A')
  await expect(await gradeIn(page, 'Koval, Mariya', `${title} A`)).toHaveAccessibleName(/^71 of 100/)

  await page.goto(receipt)
  await page.getByRole('button', { name: 'Bring back what was undone' }).click()
  await expect(page.getByRole('row', { name: /Brought back/ }).first()).toBeVisible()
  await openClass(page, site, 'fairview', 'Physics 9A')
  expect(await download(page, 'Download grades')).toBe(written)
})

test('the file as it came, the plan and the receipt can be downloaded, and the private column is not in them', async ({
  page,
  site,
}) => {
  const title = fresh('Files')
  await site.signIn(page, site.person('fairview', /^admin /))
  await uploadMessy(page, site, 'fairview', title)
  await page.getByRole('button', { name: 'The day' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Map')
  await page.getByRole('button', { name: 'Different assignments' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Fix')
  await page.getByRole('button', { name: 'Leave them out' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Review')
  await commit(page)
  for (const [link, holds] of [
    ['The file you uploaded', /Koval;Mariya/],
    ['The plan', /Koval/],
    ['The receipt', /Koval|cellsNew|grades/],
    ['The left-out rows', /9O/],
  ] as const) {
    const href = await page.getByRole('link', { name: link, exact: true }).getAttribute('href')
    const text = await page.evaluate(async (path) => (await fetch(path)).text(), href ?? '')
    expect(text, link).toMatch(holds)
    expect(text, link).not.toContain('123-45-67')
  }
})
