import fs from 'node:fs'
import { expect, type Locator, type Page, test } from '@playwright/test'
import type { Site } from '../support/browser'

/** What a person does again and again, in the words of the page. */

/** A title nobody has used, so that a test may run again on the same databases. */
export const fresh = (title: string): string => `${title} ${Date.now().toString(36)}`

/** A file as a person picks it. */
export type Upload = Readonly<{ name: string; text: string | Buffer }>

/** Opens a class by its name from the list of classes. */
export async function openClass(page: Page, site: Site, school: string, className: string): Promise<void> {
  await page.goto(site.url(school, '/classes'))
  await page.getByRole('link', { name: className, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: className })).toBeVisible()
}

/** From the gradebook of a class to its upload form, class and term already chosen. */
export async function openUpload(page: Page, site: Site, school: string, className: string): Promise<void> {
  await openClass(page, site, school, className)
  await page.getByRole('link', { name: 'Upload a grade file' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Upload a grade file' })).toBeVisible()
}

/** Picks the file in the open form and asks what will change. */
export async function send(page: Page, { name, text }: Upload): Promise<void> {
  await pick(page, { name, text })
  await page.getByRole('button', { name: 'See what will change' }).click()
}

/** Picks the file and leaves it at that. */
export async function pick(page: Page, { name, text }: Upload): Promise<void> {
  const path = test.info().outputPath(name)
  fs.writeFileSync(path, text)
  await page.getByLabel('Grade file').setInputFiles(path)
}

/** Uploads into a class and waits for the review. */
export async function review(page: Page, site: Site, school: string, className: string, file: Upload): Promise<void> {
  await openUpload(page, site, school, className)
  await send(page, file)
  await expect(page.getByRole('heading', { level: 1, name: /Check what will change|Nothing to change/ })).toBeVisible()
}

/** The button that writes, whatever it counts. */
export const commitButton = (page: Page): Locator => page.getByRole('button', { name: /^Write / })

/** Writes what the review shows and waits for the receipt. */
export async function commit(page: Page): Promise<void> {
  await commitButton(page).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Import written' })).toBeVisible()
}

/** The number above a label of the review's strip, such as 'new grades'. */
export const countOf = (page: Page, label: string): Locator =>
  page
    .locator('dl > div')
    // One of them is called so: '1 new grade'.
    .filter({ has: page.getByText(new RegExp(`^${label.replace(/s\b/, 's?')}$`)) })
    .locator('dd')

/** What the gradebook says about one student's work; both are looked for with the filters, as a person would in a large class. */
export async function gradeIn(page: Page, student: string, title: string): Promise<Locator> {
  await page.getByLabel('Student', { exact: true }).fill(student)
  await page.getByLabel('Assignment', { exact: true }).fill(title)
  return gradeOnScreen(page, student, title)
}

/** As `gradeIn`, without filters: for a small class, and for pages without scripts. */
export async function gradeOnScreen(page: Page, student: string, title: string): Promise<Locator> {
  const grid = page.getByRole('grid')
  const header = grid.getByRole('columnheader', { name: title })
  await expect(header).toHaveCount(1)
  const column = await header.getAttribute('aria-colindex')
  return grid.getByRole('row').filter({ hasText: student }).locator(`td[aria-colindex="${column}"]`)
}

/** The whole class as the download button gives it: two of these are equal exactly when nothing changed. */
export async function download(page: Page, link: 'Download grades' | 'Empty template'): Promise<string> {
  const href = await page.getByRole('link', { name: link }).getAttribute('href')
  return page.evaluate(async (path) => {
    const response = await fetch(path)
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return response.text()
  }, href ?? '')
}

/** A class list with one more column: `score` gives the cell of a student's line, the first being 0. */
export function withColumn(
  template: string,
  column: Readonly<{ title: string; points: number; dueOn: string; score: (line: string, place: number) => string }>,
): string {
  const lines = template.trimEnd().split(/\r?\n/)
  const cells = [column.title, column.dueOn, String(column.points)]
  return lines.map((line, row) => `${line},${cells[row] ?? column.score(line, row - 3)}`).join('\n')
}

/** Takes what React logs when the server failed: that it did, and nothing else. No message, no stack and no name may come along. */
export function expectSilentFailure(complaints: string[]): void {
  for (const complaint of complaints.splice(0)) expect(complaint).toMatch(/^Error: Minified React error #441;/)
}

/** Tab until the wanted control has the focus, as somebody does who cannot see where it is. */
export async function tabOn(
  page: Page,
  role: 'button' | 'link' | 'textbox' | 'combobox' | 'radio' | 'checkbox',
  name: string | RegExp,
): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: typeof name === 'string' }).first()
  await expect(wanted).toBeVisible()
  for (let stops = 0; stops < 120; stops++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to ${name} by Tab`)
}

/** The steps of an import, and the way to one of them. */
export const stepper = (page: Page): Locator => page.getByRole('navigation', { name: 'Steps of this import' })

/** Opens a step from the stepper and waits for its page. */
export async function openStep(page: Page, step: 'Shape' | 'Map' | 'Fix' | 'Review'): Promise<void> {
  const headings = {
    Shape: 'How the file is read',
    Map: 'What each column is',
    Fix: 'What needs your answer',
    Review: /Check what will change|Nothing to change/,
  }
  await stepper(page)
    .getByRole('link', { name: new RegExp(`^${step}`) })
    .click()
  await expect(page.getByRole('heading', { level: 1, name: headings[step] })).toBeVisible()
}

/** Waits until an answer of the wizard was taken. */
export async function expectReadAgain(page: Page): Promise<void> {
  await expect(page.getByText(/^The file was read again\./).first()).toBeVisible()
}

/**
 * A file with something for every step of the wizard, for Biology 9A of a small school: a title row, semicolons and decimal commas, a
 * date that can be read two ways, two columns of one title, a private column, a typo, a score below zero, and a student whose name is
 * nearly Noah Brandt's. An administrator sees all of them.
 */
export function messyFile(school: string, title: string): Upload {
  const lines = [
    'Grades of the week',
    `last_name;first_name;email;SSN;${title};${title};Exit ${title}`,
    'DATE;-;-;;2026-11-09;2026-11-16;03/04/2026',
    'POINTS;-;-;;10;10;20',
    `Koval;Mariya;mariya.koval@${school}.example;123-45-6789;8,5;9;12`,
    `Lee;Sam;sam.lee@${school}.example;123-45-6780;9O;7;-2`,
    'Brant;Noah;;123-45-6781;7;6;11',
  ]
  return { name: `${title}.csv`, text: `${lines.join('\n')}\n` }
}

/** Uploads the messy file into Biology 9A and waits for the first question. */
export async function uploadMessy(page: Page, site: Site, school: string, title: string): Promise<void> {
  await openUpload(page, site, school, 'Biology 9A')
  await send(page, messyFile(school, title))
  await expect(page.getByRole('heading', { level: 1, name: 'How the file is read' })).toBeVisible()
}
