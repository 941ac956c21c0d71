import { createHash } from 'node:crypto'
import { expect, test } from '../support/browser'
import { commitButton, download, expectSilentFailure, openClass, openUpload, pick, send } from './steps'

/** Whatever a person brings: what happened, what to do, nothing written, and the form as they left it. */

const student = 'Koval,Mariya,mariya.koval@oakfield.example'
const heading = 'last_name,first_name,email'

const refused: readonly (readonly [what: string, file: string | Buffer, says: RegExp, fix: RegExp])[] = [
  ['a PDF', '%PDF-1.7\n1 0 obj\n', /This is a PDF, not a table/i, /Download the grades as CSV/],
  [
    'an Excel workbook that was cut short',
    'PK\u0003\u0004 [Content_Types].xml xl/workbook.xml',
    /damaged or was not saved fully/,
    /Download it again from the other system/,
  ],
  ['an empty file', '', /The file is empty/, /Choose the file again/],
  ['a heading row and nothing below', `${heading},Quiz\n`, /no row with a student/, /Add one row for each student/],
  [
    'a quotation mark that is never closed',
    `${heading},Quiz\n${student},5\nLee,"Sam,sam@x.org,7\nBrandt,Noah,noah@x.org,8\n`,
    /Line 3 opens a quotation mark that is never closed/,
    /Close or delete the quotation mark in line 3/,
  ],
  [
    'a Google Meet attendance report',
    '* Meeting code: abc-defg-hij\n* Created on 2026-11-01 10:00:00\n\nFull Name,First Seen,Time in Call\nSam Lee,10:00:00,00:50:00\n',
    /Google Meet attendance report/,
    /Download the grades from the Classroom page/,
  ],
  [
    'a web page named .csv',
    '<!DOCTYPE html><html><body>Please sign in</body></html>',
    /This is a web page/,
    /Sign in to the other/,
  ],
]

test('every file that is no grade file is refused with what to do, the form stays, and nothing is written', async ({
  page,
  site,
}) => {
  await site.signIn(page, site.person('oakfield', /^teacher /))
  await openClass(page, site, 'oakfield', 'Biology 9A')
  const before = await download(page, 'Download grades')
  await page.getByRole('link', { name: 'Upload a grade file' }).first().click()
  for (const [what, text, says, fix] of refused) {
    await test.step(what, async () => {
      const name = `${what}.csv`
      await send(page, { name, text })
      const answer = page.getByRole('listitem').filter({ hasText: fix })
      await expect(answer.getByText(says)).toBeVisible()
      await expect(page.getByText('This file was not imported. Nothing was written.')).toBeVisible()
      await expect(page.getByLabel('Class').locator('option:checked')).toHaveText('Biology 9A')
      await expect(page.getByLabel('Term').locator('option:checked')).toHaveText(/Autumn/)
      await expect(page.getByText(`${name}, `)).toBeVisible()
    })
  }
  await openClass(page, site, 'oakfield', 'Biology 9A')
  expect(await download(page, 'Download grades')).toBe(before)
})

test('a student who stands twice is left out and named, the others can be written', async ({ page, site }) => {
  await site.signIn(page, site.person('oakfield', /^admin /))
  await openUpload(page, site, 'oakfield', 'Biology 9A')
  const text = `${heading},Twice\n${student},5\nLee,Sam,sam.lee@oakfield.example,6\n${student},7\n`
  await send(page, { name: 'twice.csv', text })
  await expect(page.getByText(/Rows 2 and 4 are the same student/).first()).toBeVisible()
  await expect(page.getByText('Keep the right row, delete the others, and upload the file again.').first()).toBeVisible()
  await expect(commitButton(page)).toHaveText('Write 1 grade for 1 student')
  await expect(page.getByRole('link', { name: 'Download the left-out rows' })).toBeVisible()
})

test('two columns of one title are a question, and nothing can be written before it is answered', async ({ page, site }) => {
  await site.signIn(page, site.person('oakfield', /^admin /))
  await openUpload(page, site, 'oakfield', 'Biology 9A')
  const dates = 'DATE,-,-,2026-11-09,2026-11-16'
  const file = { name: 'columns.csv', text: `${heading},Poster,Poster\n${dates}\n${student},5,6\n` }
  await send(page, file)
  await expect(page.getByRole('heading', { level: 1, name: 'What each column is' })).toBeVisible()
  await expect(
    page.getByText("Columns D and E are both called 'Poster'. Are they the same assignment or different ones?"),
  ).toBeVisible()
  await expect(page.getByText(/If they are different, say so \(their dates tell them apart\)/)).toBeVisible()
  await page.getByRole('link', { name: 'Next: Fix' }).click()
  await page.getByRole('link', { name: 'Next: Review' }).click()
  await expect(page.getByText('Nothing can be written yet')).toBeVisible()
  await expect(commitButton(page)).toHaveCount(0)
  await page.getByRole('link', { name: 'Answer it' }).click()
  await page.getByRole('button', { name: 'Different assignments' }).click()
  await page.getByRole('link', { name: /^Review/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Check what will change' })).toBeVisible()
  await expect(commitButton(page)).toHaveText('Write 2 grades for 1 student')
})

test('a file that is too large is said to be so before it is sent', async ({ page, site }) => {
  await site.signIn(page, site.person('oakfield', /^admin /))
  await openUpload(page, site, 'oakfield', 'Biology 9A')
  await pick(page, { name: 'huge.csv', text: Buffer.alloc(20 * 1024 * 1024 + 1, 'x') })
  await expect(page.getByText(/huge\.csv is larger than 20 MB, so it was not sent/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'See what will change' })).toBeDisabled()
  await pick(page, { name: 'small.csv', text: `${heading},Small\n${student},5\n` })
  await expect(page.getByRole('button', { name: 'See what will change' })).toBeEnabled()
})

/** A good file of exactly this many bytes: one student, then rows of nothing, which the importer passes over. */
function fileOf(bytes: number): Buffer {
  const text = Buffer.alloc(bytes, ' ')
  const start = `${heading},Long\nDATE,-,-,2026-11-10\nPOINTS,-,-,10\n${student},7\n`
  text.write(start)
  for (let at = start.length; at < bytes; at += 1000) text.write(',,,', at)
  for (let at = start.length + 999; at < bytes; at += 1000) text.write('\n', at)
  return text
}

for (const megabytes of [9.9, 10.1, 14]) {
  test(`a file of ${megabytes} MB arrives whole`, async ({ page, site }) => {
    const file = fileOf(Math.round(megabytes * 1024 * 1024))
    await site.signIn(page, site.person('oakfield', /^admin /))
    await openUpload(page, site, 'oakfield', 'Biology 9A')
    await send(page, { name: 'long.csv', text: file })
    await expect(page.getByRole('heading', { level: 1, name: 'Check what will change' })).toBeVisible({ timeout: 30_000 })
    const importId = new URL(page.url()).pathname.split('/').at(-1)
    const [stored] = await site.rows('shard_2', 'select file_sha256, file_bytes from app.imports where id = $1', [importId])
    expect(stored).toEqual({ file_sha256: createHash('sha256').update(file).digest('hex'), file_bytes: file.length })
    await page.getByRole('button', { name: 'Discard, write nothing' }).click()
  })
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a file above the limit is refused by the server in the same words, the class still chosen', async ({ page, site }) => {
    await site.signIn(page, site.person('oakfield', /^otherTeacher/))
    await openUpload(page, site, 'oakfield', 'Physics 9A')
    await send(page, { name: 'large.csv', text: fileOf(21 * 1024 * 1024) })
    await expect(page.getByText('The file has 21 MB; at most 20 MB can be read.')).toBeVisible()
    await expect(page.getByLabel('Class').locator('option:checked')).toHaveText('Physics 9A')
  })
})

test('a file beyond every limit, sent past the page’s own check, is refused and not stored as a shorter one', async ({
  page,
  site,
  complaints,
}) => {
  await site.signIn(page, site.person('oakfield', /^teacher /))
  await openUpload(page, site, 'oakfield', 'Biology 9A')
  const stored = () => site.rows('shard_2', `select count(*)::int as files from app.imports where file_name = 'beyond.csv'`)
  await page.evaluate(() => {
    // What a page from before a deployment, or somebody at the console, could send: the check is not there.
    Object.defineProperty(File.prototype, 'size', { get: () => 1 })
  })
  await send(page, { name: 'beyond.csv', text: fileOf(30 * 1024 * 1024) })
  await expect(page.getByRole('heading', { level: 1, name: 'Something broke on our side' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('What you were doing was not saved.')).toBeVisible()
  expect(await stored()).toEqual([{ files: 0 }])
  expectSilentFailure(complaints)
})

test('a school that does not exist is nothing, and the page says what to do', async ({ page, site }) => {
  for (const host of ['nowhere', 'a.b', 'www']) {
    const answer = await page.goto(site.url(host, '/classes'))
    expect(answer?.status(), host).toBe(404)
    await expect(page.getByText(/nothing here|Nothing lives here/i).first()).toBeVisible()
    await expect(page.getByText(/The address may be wrong|Check how it is spelled/)).toBeVisible()
  }
})

test('a suspended school says that it is paused, on every page, and asks for no password', async ({ page, site }) => {
  for (const path of ['/', '/sign-in', '/classes', '/imports/new']) {
    await page.goto(site.url('closedown', path))
    await expect(page.getByRole('heading', { level: 1, name: 'This school is paused' })).toBeVisible()
    await expect(page.getByText('Nothing was deleted.')).toBeVisible()
    await expect(page.getByLabel('Password')).toHaveCount(0)
  }
})

test('a school that can only be read shows its grades, says so, and offers no upload', async ({ page, site }) => {
  await site.signIn(page, site.person('stillwater', /^teacher /))
  await openClass(page, site, 'stillwater', 'Biology 9A')
  await expect(page.getByText('This school can only be read right now').first()).toBeVisible()
  await expect(page.getByRole('gridcell', { name: '17 of 20, on track' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Upload a grade file' })).toHaveCount(0)
  await page.goto(site.url('stillwater', '/imports/new'))
  await expect(page.getByText('Files can be uploaded again when the district opens the school.')).toBeVisible()
})

test('a student who types a teacher’s address sees the page of what does not exist', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /^student mariya/i))
  for (const path of ['/imports/new', '/imports', '/classes', '/students', '/people', '/audit', '/no/such/page']) {
    const answer = await page.goto(site.url('northside', path))
    expect(answer?.status(), path).toBe(404)
    await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Go to the start page' })).toBeVisible()
  }
})
