import { expect, expectAccessible, picture, test } from '../support/browser'

/** What each person sees first, and that it answers the question they came with. */

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 } })

  test('a student sees what is missing and what to do first, without scrolling', async ({ page, site }) => {
    await site.signIn(page, site.person('northside', /^student mariya/i))
    const missing = page.getByRole('heading', { name: /pieces? of work (is|are) missing/ })
    await expect(missing).toBeInViewport({ ratio: 1 })
    const start = page.getByText(/^Start with /)
    await expect(start).toBeInViewport({ ratio: 1 })
    await expect(page.getByText(/Ask the teacher of .* if it can still be handed in/)).toBeInViewport({ ratio: 1 })
    await expectAccessible(page)
    await picture(page, 'student-phone')
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, 'student-phone-dark')
  })

  test('a guardian of two sees both children by name, and for the first what is missing, without scrolling', async ({
    page,
    site,
  }) => {
    await site.signIn(page, site.person('northside', /^guardian iryna/i))
    await expect(page.getByRole('heading', { level: 1, name: 'Your children' })).toBeInViewport()
    const children = page.getByRole('heading', { level: 2 })
    await expect(children).toHaveText(['Danylo Koval', 'Mariya Koval'])
    await expect(children.first()).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('heading', { level: 3 }).first()).toBeInViewport({ ratio: 1 })
    await page.getByRole('link', { name: /All grades of .*Danylo/ }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Danylo Koval' })).toBeVisible()
    await expect(
      page
        .getByRole('heading', { level: 2 })
        .filter({ hasText: /Algebra I|Biology 9A/ })
        .first(),
    ).toBeVisible()
  })
})

test('a student reads every class with its total, its letter and the total if missing work counts', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /^student mariya/i))
  await expect(page.getByRole('heading', { level: 1, name: 'Your grades' })).toBeVisible()
  const biology = page.getByRole('region', { name: 'Biology 9A' })
  await expect(biology.getByText('Current grade', { exact: true }).first()).toBeVisible()
  await expect(biology.getByText('Grade if missing work counts as zero')).toBeVisible()
  await expect(biology.getByText(/^\d+\.\d%$/).first()).toBeVisible()
  await expect(biology.getByText('Missing', { exact: true }).first()).toBeVisible()
  // Nobody else's name, class list or upload is within reach.
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link')).toHaveText(['Home'])
})

test('a teacher’s home shows her own classes and what became of her last files', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /^teacher olena/i))
  const classes = page.getByRole('region', { name: 'Your classes' })
  await expect(classes.getByRole('link', { name: 'Biology 9A', exact: true })).toBeVisible()
  await expect(classes.getByRole('link', { name: 'English 9', exact: true })).toBeVisible()
  // Marcus teaches it, and it is there: the admin's test below sees it.
  await expect(classes.getByText('Algebra I')).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Latest imports' }).getByText('english-exit-ticket.csv')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Upload a grade file' })).toBeVisible()
  await expectAccessible(page)
  await picture(page, 'teacher-home')
})

test('a school admin’s home leads to every class, the people, the students and the audit', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /^school admin/i))
  await expect(page.getByRole('heading', { level: 1, name: 'Northside School' })).toBeVisible()
  for (const name of ['Biology 9A', 'Algebra I', 'World History', 'English 9']) {
    await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
  }
  for (const [link, heading, shows] of [
    ['People', 'People', 'iryna.koval@family.example'],
    ['Students', 'Students', 'Adeyemi'],
    ['Audit', 'Audit', 'Signed in'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click()
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await expect(page.getByText(shows).first()).toBeVisible()
  }
})

test('a district admin sees both schools of the district with their shards, and nobody else’s', async ({ page, site }) => {
  await site.signIn(page, site.person('console', /^district admin/i))
  for (const [school, shard] of [
    ['Northside School', 'shard_1'],
    ['Riverside School', 'shard_2'],
  ] as const) {
    const row = page.getByRole('row').filter({ hasText: school })
    await expect(row).toContainText(shard)
    await expect(row).toContainText('Open')
  }
  // The small schools of these tests belong to no district; the platform's operator sees them.
  await expect(page.getByText('Lakeside School')).toHaveCount(0)
  await expectAccessible(page)
  await picture(page, 'console')
  const operator = await page.context().browser()?.newContext()
  const other = await operator?.newPage()
  if (other === undefined) throw new Error('no second browser')
  await site.signIn(other, site.person('console', /^platform operator/i))
  await expect(other.getByRole('row').filter({ hasText: 'Lakeside School' })).toBeVisible()
  await expect(other.getByRole('row').filter({ hasText: 'Closedown School' })).toContainText('Paused')
  await operator?.close()
})
