import type { Page } from '@playwright/test'
import { expect, expectAccessible, type Site, test } from '../support/browser'
import { commit, commitButton, expectReadAgain, fresh, openStep, openUpload, send, uploadMessy } from './steps'

/** What a person meets who is not in luck: a slow file, a lost session, a locked term, a file that is no longer kept. */

const quiz = (title: string) => ({
  name: `${title}.csv`,
  text: `last_name,first_name,email,${title}\nKoval,Mariya,mariya.koval@lockwood.example,64\n`,
})

const importIdOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''

/** What a worker would note about an import. Dated ahead, so that no real worker is asked for a silent one. */
async function noteWork(
  site: Site,
  importId: string,
  work: Readonly<{ state: string; phase: string | null; done: number; total: number | null }>,
) {
  const { state, phase, done, total } = work
  const isOver = state === 'cancelled' || state === 'failed' || state === 'done'
  await site.rows(
    'shard_1',
    `insert into app.import_jobs (
       tenant_id, import_id, kind, state, actor, request_id, plan_hash, run_id, attempt, phase, done, total, started_at, finished_at, changed_at)
     select tenant_id, id, 'commit', $2, actor, 'e2e', plan_hash, $3, 1, $4, $5, $6, now(), $7, now() + interval '1 hour'
     from app.imports where id = $1
     on conflict (tenant_id, import_id) do update
       set state = $2, run_id = $3, phase = $4, done = $5, total = $6, finished_at = $7, changed_at = now() + interval '1 hour'`,
    [importId, state, isOver ? null : importId, phase, done, total, isOver ? new Date() : null],
  )
}

test('a large import shows how far it is, can be stopped, and says so when it has', async ({ page, site }) => {
  await site.signIn(page, site.person('lockwood', /^admin /))
  await openUpload(page, site, 'lockwood', 'Biology 9A')
  await send(page, quiz(fresh('Large')))
  await openStep(page, 'Review')
  const importId = importIdOf(page)
  await noteWork(site, importId, { state: 'working', phase: 'writing', done: 250, total: 1000 })
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Your grades are being written' })).toBeVisible()
  const bar = page.getByRole('progressbar', { name: /Writing the grades/ })
  await expect(bar).toHaveAttribute('value', '25')
  await expect(page.getByText('250 of 1,000')).toBeVisible()
  await expect(page.getByText(/You can close this page: nothing is lost/)).toBeVisible()
  await expectAccessible(page)

  await noteWork(site, importId, { state: 'working', phase: 'writing', done: 600, total: 1000 })
  await expect(bar).toHaveAttribute('value', '60')
  // Said by quarters, so that nobody hears every step.
  await expect(page.getByRole('status').filter({ hasText: 'Writing the grades, 50%' })).toHaveCount(1)
  await page.getByRole('button', { name: 'Cancel, write nothing' }).click()
  await expect(page.getByText('Stopping')).toBeVisible()
  await noteWork(site, importId, { state: 'cancelled', phase: 'writing', done: 600, total: 1000 })
  await expect(page.getByRole('heading', { level: 1, name: 'Check what will change' })).toBeVisible()
  await expect(page.getByText('Nothing was written.', { exact: true })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'Stopped. Nothing was written.' })).toHaveCount(1)
  await expect(commitButton(page)).toBeVisible()
})

/** Uploads a file of a million and a half cells, and waits until a worker has read it. */
async function uploadHeavy(page: Page, site: Site): Promise<void> {
  const { name, text } = quiz(fresh('Heavy'))
  await site.signIn(page, site.person('lockwood', /^admin /))
  await openUpload(page, site, 'lockwood', 'Biology 9A')
  await send(page, { name, text: text + `${','.repeat(999)}\n`.repeat(1500) })
  await expect(page.getByRole('heading', { level: 1, name: 'Check what will change' })).toBeVisible({ timeout: 60_000 })
  await expect(commitButton(page)).toHaveText('Write 1 grade for 1 student')
}

/** Says how the numbers of the file are written, and waits until a worker has read it so. */
async function answerHeavy(page: Page): Promise<void> {
  await openStep(page, 'Shape')
  const comma = page.getByRole('group', { name: 'Numbers' }).getByRole('button', { name: /Comma/ })
  await expect(comma).toHaveAttribute('aria-pressed', 'false')
  await comma.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your file is being read again' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: 'How the file is read' })).toBeVisible({ timeout: 60_000 })
  await expect(page).toHaveURL(/step=shape$/)
  await expect(comma).toHaveAttribute('aria-pressed', 'true')
}

test('a file of a million and a half cells is read by a worker, and again for an answer, and the page goes on to its steps by itself', async ({
  page,
  site,
}) => {
  test.setTimeout(180_000)
  await uploadHeavy(page, site)
  await answerHeavy(page)
  // The page that waited is gone with the button that had the focus.
  await expect(page.getByRole('status').filter({ hasText: 'The file was read again.' })).toBeFocused()
  await page.getByRole('button', { name: 'Discard, write nothing' }).click()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a large file is read again for an answer, and the page that waits comes back to the step', async ({ page, site }) => {
    test.setTimeout(180_000)
    await uploadHeavy(page, site)
    await answerHeavy(page)
    await page.getByRole('button', { name: 'Discard, write nothing' }).click()
  })
})

test('a file beyond the limit of cells ends early with the limit and what to do', async ({ page, site }) => {
  test.setTimeout(120_000)
  const { name, text } = quiz(fresh('Endless'))
  await site.signIn(page, site.person('lockwood', /^admin /))
  await openUpload(page, site, 'lockwood', 'Biology 9A')
  await send(page, { name, text: text + `${','.repeat(999)}\n`.repeat(2100) })
  await expect(page.getByRole('heading', { level: 1, name: 'This import ended early' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/more than 2000000 cells/).first()).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Upload a file again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Upload a grade file' })).toBeVisible()
})

test('a session that ends in the middle is said, what was typed stays, and after signing in elsewhere it goes on', async ({
  page,
  site,
  context,
}) => {
  const admin = site.person('lockwood', /^admin /)
  await site.signIn(page, admin)
  await uploadMessy(page, site, 'lockwood', fresh('Session'))
  await openStep(page, 'Fix')
  const form = page.getByRole('form', { name: 'Mend by hand: Cells that are no score' })
  const cell = form.getByRole('textbox', { name: /Lee, Sam/ })
  const use = form.getByRole('button', { name: 'Use what I typed' })
  await cell.fill('9')
  await context.clearCookies()
  await use.click()
  await expect(page.getByText('Your session has ended.')).toBeVisible()
  await expect(cell).toHaveValue('9')
  const tab = await context.newPage()
  await site.signIn(tab, admin)
  await tab.close()
  await use.click()
  await expectReadAgain(page)
  await expect(cell).toHaveCount(0)
})

test('a term that was locked meanwhile takes nothing, and the page says so', async ({ page, site }) => {
  await site.signIn(page, site.person('keystone', /^admin /))
  await openUpload(page, site, 'keystone', 'Biology 9A')
  const { name, text } = quiz(fresh('Locked'))
  await send(page, { name, text: text.replace('lockwood', 'keystone') })
  await openStep(page, 'Review')
  const lock = (isLocked: boolean) =>
    site.rows(
      'shard_1',
      'update app.terms set is_locked = $2 where (tenant_id, id) = (select tenant_id, term_id from app.imports where id = $1)',
      [importIdOf(page), isLocked],
    )
  await lock(true)
  await commitButton(page).click()
  await expect(page.getByRole('alert').filter({ hasText: 'That did not work' })).toContainText(/locked/i)
  await lock(false)
  await commit(page)
})

test('an import whose file is past its 90 days can be written, but not read another way', async ({ page, site }) => {
  await site.signIn(page, site.person('lockwood', /^teacher /))
  await openUpload(page, site, 'lockwood', 'Biology 9A')
  await send(page, quiz(fresh('Old')))
  await openStep(page, 'Shape')
  await site.rows(
    'shard_1',
    `update app.import_files set created_at = now() - interval '91 days', expires_at = now() - interval '1 day' where import_id = $1`,
    [importIdOf(page)],
  )
  await page.getByRole('button', { name: /Point/ }).click()
  await expect(page.getByText(/The original was deleted after 90 days/)).toBeVisible()
  await page.reload()
  await expect(page.getByText('The file was deleted after 90 days')).toBeVisible()
  await expect(page.getByRole('button', { name: /Point/ })).toBeDisabled()
  await openStep(page, 'Review')
  await commit(page)
  await expect(page.getByText('The file you uploaded was deleted after 90 days.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'The file you uploaded' })).toHaveCount(0)
})

test('an import of a class one does not teach does not exist', async ({ page, site, context }) => {
  await site.signIn(page, site.person('lockwood', /^teacher /))
  await openUpload(page, site, 'lockwood', 'Biology 9A')
  await send(page, quiz(fresh('Mine')))
  await openStep(page, 'Shape')
  const address = page.url()
  await context.clearCookies()
  await site.signIn(page, site.person('lockwood', /^otherTeacher/))
  for (const step of ['shape', 'map', 'fix', 'review']) {
    const answer = await page.goto(address.replace('shape', step))
    expect(answer?.status()).toBe(404)
  }
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
})
