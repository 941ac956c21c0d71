import { expect, expectAccessible, test } from '../support/browser'
import { expectSilentFailure, openClass, openUpload, send } from './steps'

/** A school whose database is away, as its people meet it. Outlook School has a shard to itself, so nobody else's test notices. */

test('a school whose database is away says so with a reference, the other school works, and it comes back by itself', async ({
  page,
  site,
  complaints,
}) => {
  await site.signIn(page, site.person('outlook', /^teacher /))
  await openClass(page, site, 'outlook', 'Biology 9A')
  const gradebook = page.url()
  await openUpload(page, site, 'outlook', 'Biology 9A')

  const [shard] = await site.rows('shard_3', 'select current_database() as name')
  const setDoor = (isOpen: boolean) => site.rows('control', `alter database ${shard?.name} with allow_connections ${isOpen}`)
  await setDoor(false)
  try {
    await site.rows('control', 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [shard?.name])

    // In the middle of an upload: nothing is lost, and the form says what to do.
    await send(page, {
      name: 'outage.csv',
      text: 'last_name,first_name,email,Outage\nKoval,Mariya,mariya.koval@outlook.example,5\n',
    })
    await expect(page.getByText('This file was not imported. Nothing was written.')).toBeVisible()
    await expect(page.getByRole('alert').getByText(/again/)).toBeVisible()
    await expect(page.getByText(/outage\.csv, 1 KB/)).toBeVisible()

    await page.goto(gradebook)
    await expect(page.getByRole('heading', { level: 1, name: "The school's data cannot be reached right now" })).toBeVisible()
    await expect(page.getByText('Nothing was lost. Try again in a minute')).toBeVisible()
    await expect(page.getByText(/^Reference: [0-9A-Z]{6}/)).toBeVisible()
    await expectAccessible(page)
    expectSilentFailure(complaints)

    const other = await page.context().newPage()
    await site.signIn(other, site.person('northside', /^teacher olena/i))
    await expect(other.getByRole('link', { name: 'Biology 9A', exact: true })).toBeVisible()
    await other.close()
  } finally {
    await setDoor(true)
  }
  await expect(async () => {
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Biology 9A' })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
  expectSilentFailure(complaints)
})
