import { expect, expectAccessible, picture, test } from '../support/browser'
import { commitButton, openClass, openUpload, send } from './steps'

/** The gradebook by keyboard, on a phone and in the size of a whole year group. */

const focused = 'th:has(:focus), td:focus, th:focus'

test('a teacher reads the gradebook by keyboard alone', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher olena/i))
  await openClass(page, site, 'northside', 'Biology 9A')
  await expectAccessible(page)
  await picture(page, 'gradebook')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'gradebook-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  const grid = page.getByRole('grid')
  const at = async () => {
    const cell = grid.locator(focused)
    const row = await cell.locator('xpath=ancestor::tr').getAttribute('aria-rowindex')
    return [Number(row), Number(await cell.getAttribute('aria-colindex'))]
  }
  const rows = Number(await grid.getAttribute('aria-rowcount'))
  const columns = Number(await grid.getAttribute('aria-colcount'))
  await page.getByLabel('Tag').focus()
  await page.keyboard.press('Tab')
  expect(await at()).toEqual([2, 1])
  for (const [key, place] of [
    ['ArrowRight', [2, 2]],
    ['ArrowDown', [3, 2]],
    ['ArrowLeft', [3, 1]],
    ['End', [3, columns]],
    ['Home', [3, 1]],
    ['Control+End', [rows, columns]],
    ['ArrowDown', [rows, columns]],
    ['Control+Home', [1, 1]],
    ['ArrowUp', [1, 1]],
  ] as const) {
    await page.keyboard.press(key)
    await expect.poll(at, key).toEqual(place)
  }
  await page.keyboard.press('PageDown')
  await expect.poll(async () => (await at())[0]).toBeGreaterThan(5)
  await page.keyboard.press('PageUp')
  await expect.poll(at).toEqual([1, 1])

  // Enter on a heading sorts; the heading says how.
  await page.keyboard.press('ArrowRight')
  const current = grid.getByRole('columnheader', { name: /Current grade/ })
  for (const order of ['ascending', 'descending']) {
    await page.keyboard.press('Enter')
    await expect(current).toHaveAttribute('aria-sort', order)
    const shown = (await grid.locator('tbody td[aria-colindex="2"]').allInnerTexts()).flatMap(
      (text) => text.match(/[\d.]+(?=%)/) ?? [],
    )
    const numbers = shown.map(Number)
    expect(numbers.length).toBeGreaterThan(10)
    const sorted = numbers.toSorted((a, b) => (order === 'ascending' ? a - b : b - a))
    expect(numbers).toEqual(sorted)
  }
  // One stop for Tab: the next one is behind the grid.
  await page.keyboard.press('Tab')
  await expect(grid.locator(':focus')).toHaveCount(0)
})

test('filters by student, assignment and tag say what they show, and "Show all" brings everything back', async ({
  page,
  site,
}) => {
  await site.signIn(page, site.person('northside', /teacher marcus/i))
  await openClass(page, site, 'northside', 'Algebra I')
  const grid = page.getByRole('grid')
  const status = page.getByRole('status').filter({ hasText: /students/ })
  const everything = await status.innerText()
  await page.getByLabel('Student', { exact: true }).fill('koval')
  await expect(status).toContainText('Showing 2 of')
  await expect(grid.getByRole('rowheader')).toHaveText(['Koval, Danylo', 'Koval, Mariya'])
  await page.getByLabel('Assignment', { exact: true }).fill('test')
  await expect(status).toContainText(/and \d of \d+ assignments/)
  for (const title of await grid.getByRole('columnheader').locator('bdi').allInnerTexts()) {
    expect(['Student', 'Current grade', 'If missing is 0'].includes(title) || /test/i.test(title), title).toBe(true)
  }
  await page.getByLabel('Assignment', { exact: true }).fill('')
  const tag = await page.getByLabel('Tag').locator('option').nth(1).innerText()
  await page.getByLabel('Tag').selectOption(tag)
  await expect(status).toContainText('Showing 2 of')
  await page.getByLabel('Student', { exact: true }).fill('nobody of this name')
  await expect(page.getByText('No student matches')).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).first().click()
  await expect(status).toHaveText(everything)
})

test('every coloured grade says its meaning in words as well', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher olena/i))
  await openClass(page, site, 'northside', 'Biology 9A')
  const cells = page.getByRole('grid').locator('tbody td[aria-label]')
  await expect(cells.first()).toBeVisible()
  const words = await cells.evaluateAll((all) =>
    all.map((cell) => [cell.innerHTML, cell.getAttribute('aria-label') ?? ''] as const),
  )
  const meaning = { 'g-good': 'on track', 'g-watch': 'watch', 'g-bad': 'needs help' }
  let coloured = 0
  for (const [html, label] of words) {
    for (const [band, word] of Object.entries(meaning)) {
      if (!html.includes(band)) continue
      coloured++
      expect(label).toContain(word)
    }
  }
  expect(coloured).toBeGreaterThan(50)
  await expect(page.getByRole('list', { name: 'What the colours mean' })).toContainText('on track: 80% and up')
})

test.describe('on a small phone', () => {
  test.use({ viewport: { width: 320, height: 640 } })

  test('the class is cards, each opens its grades, and the page never scrolls sideways', async ({ page, site }) => {
    await site.signIn(page, site.person('northside', /teacher olena/i))
    await openClass(page, site, 'northside', 'Biology 9A')
    await expect(page.getByRole('grid')).toBeHidden()
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'gradebook-phone')
    await page.setViewportSize({ width: 320, height: 640 })
    const card = page.getByRole('listitem').filter({ hasText: 'Koval, Mariya' })
    await card.getByRole('button', { name: 'Show grades' }).click()
    await expect(card.getByText('Cell structure')).toBeVisible()
    await page.getByLabel('Order').selectOption({ label: 'Lowest grade first' })
    const first = page
      .locator('li')
      .filter({ has: page.getByRole('button', { name: 'Show grades' }) })
      .first()
    await expect(first).toContainText('needs help')
    const [scroll, width] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(scroll).toBeLessThanOrEqual(width ?? 0)
  })
})

test('a class of 1,000 students and 60 assignments comes in by a file, scrolls, and keeps its headings', async ({
  page,
  site,
}) => {
  // A worker reads and writes it, at the lowest priority of a machine that may be busy.
  test.setTimeout(300_000)
  const titles = Array.from({ length: 60 }, (_, index) => `Task ${index + 1}`)
  const students = Array.from({ length: 1000 }, (_, index) => {
    const number = String(index + 1).padStart(4, '0')
    return `Pupil${number},Ada,pupil${number}@summit.example,${titles.map((_title, column) => (index * 7 + column * 3) % 101).join(',')}`
  })
  const text = [
    `last_name,first_name,email,${titles.join(',')}`,
    `POINTS,-,-,${titles.map(() => 100).join(',')}`,
    ...students,
  ].join('\n')
  await site.signIn(page, site.person('summit', /^otherTeacher/))
  await openUpload(page, site, 'summit', 'Physics 9A')
  await send(page, { name: 'year.csv', text })
  await expect(commitButton(page)).toHaveText(/^Write 60,000 grades/, { timeout: 120_000 })
  await commitButton(page).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Import written' })).toBeVisible({ timeout: 120_000 })
  await page.getByRole('link', { name: 'Open the gradebook' }).click()

  const grid = page.getByRole('grid')
  await expect(grid).toHaveAttribute('aria-rowcount', '1003')
  await grid
    .getByRole('columnheader', { name: /^Student/ })
    .getByRole('button')
    .focus()
  await page.keyboard.press('Control+End')
  const last = grid.locator(focused)
  await expect(last).toHaveAttribute('aria-label', /of 100/)
  await expect(last).toBeInViewport()
  await expect(grid.getByRole('columnheader', { name: /Task 60/ })).toBeInViewport()
  await expect(grid.getByRole('rowheader', { name: 'Pupil1000, Ada' })).toBeInViewport()
  // Only what is in view is drawn.
  expect(await grid.locator('td').count()).toBeLessThan(2500)
})
