import { expect, expectAccessible, picture, test } from '../support/browser'

test('a teacher of Northside signs in on her school’s own address and finds her classes', async ({ page, site }) => {
  await page.goto(site.url('northside'))
  await expect(page).toHaveURL(/\/sign-in/)
  await expectAccessible(page)
  await picture(page, 'sign-in')
  await site.signIn(page, site.person('northside', /teacher olena/i))
  await page.goto(site.url('northside', '/classes'))
  await expect(page.getByText('Biology 9A').first()).toBeVisible()
  await expectAccessible(page)
  await picture(page, 'classes')
})

test('a session of Northside is nothing on Riverside or the console', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher olena/i))
  for (const other of ['riverside', 'console']) {
    await page.goto(site.url(other))
    await expect(page).toHaveURL(site.url(other, '/sign-in'))
  }
})
