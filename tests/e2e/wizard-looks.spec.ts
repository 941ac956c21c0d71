import type { Page } from '@playwright/test'
import { expect, expectAccessible, picture, type Site, test } from '../support/browser'
import { commit, expectReadAgain, fresh, openStep, openUpload, send, stepper, uploadMessy } from './steps'

/** Every step in every look: nothing for axe to find, nothing to scroll sideways, and the right things for a screen reader. */

const steps = ['Shape', 'Map', 'Fix', 'Review'] as const

/** Checks the page as it stands, everything folded out. */
async function expectFit(page: Page, pictureName?: string): Promise<void> {
  await expect(page.locator('h1')).toHaveCount(1)
  if (pictureName !== undefined) await picture(page, pictureName)
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true
  })
  await expectAccessible(page)
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(over, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
}

/** From Drop to Done, each step checked with its questions open, and Review again once they are answered. */
async function walk(page: Page, site: Site, school: string, pictures = false): Promise<void> {
  const shot = (name: string) => (pictures ? `wizard-${name}` : undefined)
  await site.signIn(page, site.person(school, /^admin /))
  await openUpload(page, site, school, 'Biology 9A')
  await expectFit(page, shot('drop'))
  await uploadMessy(page, site, school, fresh('Looks'))
  for (const step of steps) {
    await openStep(page, step)
    await expectFit(page, step === 'Review' ? undefined : shot(step.toLowerCase()))
  }
  await openStep(page, 'Shape')
  await page.getByRole('button', { name: 'The day' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Map')
  await page.getByRole('button', { name: 'Different assignments' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Fix')
  await page.getByRole('button', { name: 'They are meant' }).click()
  await expectReadAgain(page)
  await openStep(page, 'Review')
  await expectFit(page, shot('review'))
  await page.getByRole('link', { name: 'By assignment' }).click()
  await expect(page.getByRole('table', { name: 'Changes, assignment by assignment' })).toBeVisible()
  await expectFit(page)
  await commit(page)
  await expectFit(page, shot('done'))
  await page.getByRole('button', { name: 'Undo this import' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Undone import' })).toBeVisible()
  await expectFit(page)
}

test('every step is accessible on a wide screen in light colours', async ({ page, site }) => {
  test.setTimeout(120_000)
  await walk(page, site, 'lakeside', true)
})

test.describe('in dark colours on a phone of 320 pixels', () => {
  test.use({ colorScheme: 'dark', viewport: { width: 320, height: 640 } })

  test('every step is accessible and stays within the screen', async ({ page, site }) => {
    test.setTimeout(120_000)
    await walk(page, site, 'oakfield')
  })
})

test.describe('in a school that reads from right to left', () => {
  test.use({ viewport: { width: 320, height: 640 } })

  test('every step runs from right to left, is accessible and stays within the screen', async ({ page, site }) => {
    test.setTimeout(120_000)
    await walk(page, site, 'alsharq')
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  })

  test('an English sentence ends on its own side, and stands where the page begins', async ({ page, site }) => {
    await site.signIn(page, site.person('alsharq', /^teacher /))
    await openUpload(page, site, 'alsharq', 'Biology 9A')
    const { last, line, box } = await page
      .getByText('First you see what will change. Nothing is written before you say so.')
      .evaluate((element) => {
        const text = element.firstChild
        if (!(text instanceof Text)) throw new Error('the sentence is not one text')
        const rectOf = (from: number, to: number) => {
          const range = document.createRange()
          range.setStart(text, from)
          range.setEnd(text, to)
          const { right, top } = range.getBoundingClientRect()
          return { right, top }
        }
        const end = text.length
        const lineStart = Array.from({ length: end }, (_, at) => at).find(
          (at) => rectOf(at, at + 1).top === rectOf(end - 1, end).top,
        )
        return {
          last: rectOf(end - 1, end),
          line: rectOf(lineStart ?? 0, end),
          box: { right: element.getBoundingClientRect().right },
        }
      })
    expect(last.right).toBe(line.right)
    expect(Math.abs(line.right - box.right)).toBeLessThan(2)
  })
})

test('a conflict is accessible in both colours and at every width', async ({ page, site }) => {
  test.setTimeout(120_000)
  const title = fresh('Both')
  const file = (score: number) => ({
    name: `${title}.csv`,
    text: `last_name,first_name,email,${title}\nKoval,Mariya,mariya.koval@lakeside.example,${score}\n`,
  })
  for (const [who, score] of [
    [/^teacher /, 50],
    [/^admin /, 60],
  ] as const) {
    await page.context().clearCookies()
    await site.signIn(page, site.person('lakeside', who))
    await openUpload(page, site, 'lakeside', 'Biology 9A')
    await send(page, file(score))
    await commit(page)
  }
  await openUpload(page, site, 'lakeside', 'Biology 9A')
  await send(page, file(50))
  await openStep(page, 'Review')
  await expect(page.getByRole('heading', { name: '1 grade was changed by somebody' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 320]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await expectFit(page)
    }
  }
})

test('a screen reader finds each step’s headings, steps, labels and tables', async ({ page, site }) => {
  await site.signIn(page, site.person('fairview', /^admin /))
  const title = fresh('Reader')
  await uploadMessy(page, site, 'fairview', title)
  await expect(stepper(page)).toMatchAriaSnapshot(`
    - navigation "Steps of this import":
      - list:
        - listitem:
          - link /Drop.*file read/
        - listitem:
          - link /Shape.*1 question/
        - listitem:
          - link /Map.*1 question later/
        - listitem:
          - link /Fix.*1 question later/
        - listitem:
          - link /Review.*waits for an earlier step/
        - listitem: /Done.*after you write/
  `)
  await expect(stepper(page).locator('[aria-current="step"]')).toHaveText(/Shape/)
  await expect(page.getByRole('region', { name: 'Answer this first' })).toMatchAriaSnapshot(`
    - region "Answer this first":
      - heading "Answer this first" [level=2]
      - region "Does the day or the month come first?":
        - heading "Does the day or the month come first?" [level=3]
        - form /Answer for all/:
          - group "Choose an answer:":
            - button "The day"
            - button "The month"
  `)
  await expect(page.getByRole('form', { name: 'How to read the file' })).toMatchAriaSnapshot(`
    - form "How to read the file":
      - group "Ways to read the file":
        - group /Letters/:
          - button /UTF-8/ [pressed]
        - group /Sign between cells/:
          - button /Semicolon/ [pressed]
        - combobox "Row with the headings"
        - group /Numbers/:
          - button /Comma/ [pressed]
        - group /Dates/
  `)
  await expect(page.getByRole('table', { name: 'First rows of the file as they were read' })).toMatchAriaSnapshot(`
    - table "First rows of the file as they were read":
      - rowgroup:
        - row:
          - columnheader "Row"
          - columnheader "What it is"
          - columnheader "Column A"
      - rowgroup:
        - row /1 Skipped/:
          - rowheader "1"
        - row /2 Headings/:
          - rowheader "2"
  `)

  await openStep(page, 'Map')
  await page
    .locator('summary')
    .filter({ hasText: `Exit ${title}` })
    .click()
  await expect(page.getByRole('form', { name: 'What each column is' }).getByRole('listitem').last()).toMatchAriaSnapshot(`
    - listitem:
      - group:
        - combobox "What column G is"
        - group "If it holds scores of an assignment":
          - combobox "Goes to"
          - textbox "Title"
          - textbox "Points"
          - textbox "Date"
          - combobox "Category"
          - combobox "Tags"
  `)

  await openStep(page, 'Fix')
  await expect(page.getByRole('region', { name: 'Things to check' })).toMatchAriaSnapshot(`
    - region "Things to check":
      - heading "Things to check" [level=2]
      - region "Scores below zero":
        - heading "Scores below zero" [level=3]
      - region "Cells that are no score":
        - heading "Cells that are no score" [level=3]
        - form /Mend by hand/:
          - group "Or mend them one by one:":
            - list:
              - listitem:
                - textbox /Lee, Sam/: 9O
            - button "Use what I typed"
  `)
  await expect(page.getByRole('form', { name: 'Who these students are' })).toMatchAriaSnapshot(`
    - form "Who these students are":
      - group "Who these students are":
        - group /Brant, Noah/:
          - radio /Brandt, Noah/
          - radio /A new student/
          - radio /Leave this row out/
        - button "Use these answers"
  `)

  await openStep(page, 'Review')
  await expect(page.getByRole('region', { name: 'What will change' })).toMatchAriaSnapshot(`
    - region "What will change":
      - heading "What will change" [level=2]
      - navigation "Ways to look at the changes":
        - list:
          - listitem:
            - link "By student"
          - listitem:
            - link "By assignment"
      - region "Changes, student by student":
        - table "Changes, student by student":
          - rowgroup:
            - row:
              - columnheader "Student"
              - columnheader "Current grade"
          - rowgroup:
            - row:
              - rowheader /Koval, Mariya/
  `)
})
