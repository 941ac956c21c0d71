import { expect, expectAccessible, picture, test } from '../support/browser'
import { openClass } from './steps'

/** Who is let in, where they land, and how far a session reaches. */

test('a teacher of Northside signs in on her school’s own address and finds her classes', async ({ page, site }) => {
  await page.goto(site.url('northside'))
  await expect(page).toHaveURL(/\/sign-in/)
  await expectAccessible(page)
  await picture(page, 'sign-in')
  await site.signIn(page, site.person('northside', /teacher olena/i))
  await expect(page).toHaveURL(site.url('northside'))
  await expect(page.getByRole('heading', { level: 1, name: 'Hello, Olena Hrytsenko' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Classes' }).click()
  await expect(page.getByRole('link', { name: 'Biology 9A', exact: true })).toBeVisible()
})

test('a wrong password and an unknown e-mail are refused in the same words, and the e-mail stays', async ({ page, site }) => {
  const { email } = site.person('hillcrest', /^otherTeacher/)
  const answers: string[] = []
  for (const typed of [email, 'nobody.at.all@hillcrest.example']) {
    await page.goto(site.url('hillcrest', '/sign-in'))
    await page.getByLabel('E-mail').fill(typed)
    await page.getByLabel('Password').fill('certainly wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'You are not signed in' })).toBeVisible()
    answers.push(await page.getByRole('alert').filter({ hasText: 'You are not signed in' }).innerText())
    await expect(page.getByLabel('E-mail')).toHaveValue(typed)
  }
  expect(answers[0]).toContain('do not belong together here')
  expect(answers[1]).toBe(answers[0])
})

test('whoever tries too often is told when to try again', async ({ page, site }) => {
  const { email, password } = site.person('hillcrest', /^admin /)
  await page.goto(site.url('hillcrest', '/sign-in'))
  const refusal = page.getByRole('alert').filter({ hasText: 'You are not signed in' })
  await expect(async () => {
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill('certainly wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
    await expect(refusal).toContainText(/Too many tries\. Wait \d+ minutes?, then try again\./, { timeout: 250 })
  }).toPass({ intervals: [0], timeout: 30_000 })
  // The right password now waits as well: a guesser must not learn that it was right.
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  await expect(refusal).toContainText('Too many tries.')
  await expect(page).toHaveURL(site.url('hillcrest', '/sign-in'))
})

test('signing out ends the session on this device, from a page deep inside, on the own school', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher marcus/i))
  await openClass(page, site, 'northside', 'Algebra I')
  const deep = page.url()
  await page.locator('summary').filter({ hasText: 'Account of' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(site.url('northside', '/sign-in'))
  // Next answers redirect() in an action by asking its own address; it must still be Northside that answers.
  await expect(page.getByText('Northside School').first()).toBeVisible()
  await expect(page.getByLabel('Password')).toBeVisible()
  await page.goto(deep)
  await expect(page.getByLabel('Password')).toBeVisible()
})

test('signing out everywhere ends the session of the other browser as well', async ({ page, site, browser }) => {
  const teacher = site.person('hillcrest', /^teacher /)
  await site.signIn(page, teacher)
  const other = await browser.newContext()
  const lost = await other.newPage()
  await site.signIn(lost, teacher)
  await openClass(lost, site, 'hillcrest', 'Biology 9A')
  await page.goto(site.url('hillcrest', '/account'))
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page).toHaveURL(site.url('hillcrest', '/sign-in'))
  await lost.reload()
  await expect(lost).toHaveURL(/\/sign-in\?next=/)
  await other.close()
})

test('a session of Northside is nothing on Riverside or the console', async ({ page, site }) => {
  await site.signIn(page, site.person('northside', /teacher olena/i))
  for (const other of ['riverside', 'console']) {
    await page.goto(site.url(other))
    await expect(page).toHaveURL(site.url(other, '/sign-in'))
  }
})

test('signing in leads back to the page that was asked for, and never to another site', async ({ page, site }) => {
  const { email, password } = site.person('northside', /teacher olena/i)
  const enter = async (path: string) => {
    await page.goto(site.url('northside', path))
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL((address) => address.pathname !== '/sign-in')
    const landed = page.url()
    await page.context().clearCookies()
    return landed
  }
  expect(await enter('/imports?class=none')).toBe(site.url('northside', '/imports?class=none'))
  const riverside = site.url('riverside', '/classes')
  for (const next of [
    riverside,
    '//evil.example/',
    '/\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/api/auth/signout',
  ]) {
    expect(await enter(`/sign-in?next=${encodeURIComponent(next)}`), next).toBe(site.url('northside', '/'))
  }
})

test('a visitor of the bare address finds the way to their school; whether it exists is for its own address to say', async ({
  page,
  site,
}) => {
  const go = async (typed: string) => {
    await page.goto(site.url(''))
    await page.getByLabel('Short name of your school').fill(typed)
    await page.getByRole('button', { name: 'Go to sign-in' }).click()
  }
  await go('Northside')
  await expect(page).toHaveURL(site.url('northside', '/sign-in'))
  await expect(page.getByLabel('Password')).toBeVisible()
  await go('nowhere')
  await expect(page).toHaveURL(site.url('nowhere', '/sign-in'))
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
  await go('not a school!')
  await expect(page.getByText('Type the first part of your school’s address')).toBeVisible()
  await expect(page.getByLabel('Short name of your school')).toHaveValue('not a school!')
})
