import { readFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { expect, expectAccessible, picture, type Site, test } from '../support/browser'
import { openClass, review } from './steps'

const kinds = [
  'Grade Insight template (CSV)',
  'Excel workbook (XLSX)',
  'Canvas (CSV)',
  'Google Classroom (CSV)',
  'Moodle (CSV)',
  'Brightspace (CSV)',
  'OneRoster 1.1 (ZIP)',
  'OneRoster 1.2 (ZIP)',
]

async function take(page: Page, link: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: link, exact: true }).click(),
  ])
  return download
}

test.describe('every kind of export', () => {
  for (const kind of kinds) {
    test(`${kind}, uploaded again, has nothing to change`, async ({ page, site }) => {
      // Northside's teacher finds her own last files on her home page in another test.
      await site.signIn(page, site.person('riverside', /teacher clara/i))
      await openClass(page, site, 'riverside', 'Biology 9A')
      const file = await take(page, `Download: ${kind}`)
      expect(file.suggestedFilename()).toMatch(/^Biology-9A-.*\d{4}-\d\d-\d\d\.(csv|xlsx|zip)$/)
      const text = await readFile(await file.path())
      await review(page, site, 'riverside', 'Biology 9A', { name: file.suggestedFilename(), text })
      await expect(page.getByRole('heading', { level: 1, name: 'Nothing to change' })).toBeVisible()
    })
  }
})

/** The first two students of the class as an empty Canvas file of a country that writes 8,5. */
async function emptyCanvasFile(page: Page, site: Site, school: string): Promise<string> {
  await openClass(page, site, school, 'Biology 9A')
  const exported = await readFile(await (await take(page, 'Download: Canvas (CSV)')).path(), 'utf8')
  const [headings = '', , ...students] = exported.replace('\ufeff', '').split('\r\n')
  const rows = students.slice(0, 2).map((line) => {
    const [, name, ids] = /^("[^"]*"),((?:[^,]*,){4})/.exec(line) ?? []
    return `${name};${ids?.replaceAll(',', ';')}`
  })
  const title = headings.split(',')[5]
  return `Student;ID;SIS User ID;SIS Login ID;Section;${title}\r\n    Points Possible;;;;;\r\n${rows.join('\r\n')}\r\n`
}

async function fillIn(page: Page, text: string): Promise<void> {
  await page
    .getByLabel(/File of the other system|Another file/)
    .setInputFiles({ name: 'sis.csv', mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') })
  await page.getByRole('button', { name: 'Fill this file' }).click()
  await expect(page.getByRole('link', { name: 'Download the filled file' })).toBeVisible()
}

async function fillAndCheck(page: Page, site: Site, school: string): Promise<void> {
  const text = await emptyCanvasFile(page, site, school)
  await page.getByRole('link', { name: 'Fill a file of another system' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Fill a file of another system' })).toBeVisible()
  await fillIn(page, text)
  const filled = await readFile(await (await take(page, 'Download the filled file')).path(), 'latin1')
  const [before, after] = [text.split('\r\n'), filled.split('\r\n')]
  expect(after.length).toBe(before.length)
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
  for (const [at, line] of before.slice(2, 4).entries())
    expect(after[at + 2]).toMatch(new RegExp(`^${line.replaceAll('.', '\\.')}(?:-?\\d+(?:,\\d+)?|EX)?$`))
  expect(filled).not.toBe(text)
}

test('a Canvas file comes back filled, as it was but for its empty cells', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher olena/i))
  await fillAndCheck(page, site, 'northside')
  await expectAccessible(page)
  await picture(page, 'fill')
  await page.getByLabel(/^Column F gets/).selectOption({ label: 'Nothing: leave it as it is' })
  await page.getByRole('button', { name: 'Fill again with these choices' }).click()
  await expect(page.getByText('0 cells were filled')).toBeVisible()
  await expectAccessible(page)
})

test('a file nobody can be told from is refused in words', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher olena/i))
  await openClass(page, site, 'northside', 'Biology 9A')
  await page.getByRole('link', { name: 'Fill a file of another system' }).click()
  await page
    .getByLabel('File of the other system')
    .setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
  await page.getByRole('button', { name: 'Fill this file' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This file was not filled' })).toBeVisible()
  await expect(page.getByText(/No column of the file is known to say who a row is/)).toBeVisible()
  await expectAccessible(page)
})

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })
  test('a file is filled all the same, and filled again under other choices', async ({ page, site }) => {
    await site.signIn(page, site.person('northside', /teacher olena/i))
    await fillAndCheck(page, site, 'northside')
    await page.getByLabel(/^Column F gets/).selectOption({ label: 'Nothing: leave it as it is' })
    await page.getByRole('button', { name: 'Fill again with these choices' }).click()
    await expect(page.getByText('0 cells were filled')).toBeVisible()
  })
})

test.describe('from right to left, in dark colours, on a phone of 320 pixels', () => {
  test.use({ colorScheme: 'dark', viewport: { width: 320, height: 640 } })
  test('a file is filled, accessible and within the screen', async ({ page, site }) => {
    await site.signIn(page, site.person('alsharq', /^teacher /))
    await fillAndCheck(page, site, 'alsharq')
    await expectAccessible(page)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(over).toBeLessThanOrEqual(0)
  })
})
