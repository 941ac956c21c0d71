import type { Page } from '@playwright/test'
import { expect, expectAccessible, type Site, test } from '../support/browser'
import { type OneRosterSchool, oneRosterTables, zipFile } from '../support/roster-files'
import { countOf } from './steps'

/** The way of a roster: upload, look, be asked twice, write, undo; by mouse, by keyboard, without scripts, on a phone. */

const heading = (page: Page, name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible()

/** The school's own three pupils as its information system would know them. */
const sisOf = (slug: string): OneRosterSchool => ({
  users: [
    ...[
      ['S1', 'Koval', 'Mariya'],
      ['S2', 'Lee', 'Sam'],
      ['S3', 'Brandt', 'Noah'],
    ].map(([id = '', last = '', first = '']) => {
      return { id, role: 'student', last, first, email: `${first}.${last}@${slug}.example`.toLowerCase() }
    }),
    { id: 'T1', role: 'teacher', last: 'Hrytsenko', first: 'Olena', email: `olena.hrytsenko@${slug}.example` },
    { id: 'T2', role: 'teacher', last: 'Novak', first: 'Peter', email: `peter.novak@${slug}.example` },
    { id: 'T9', role: 'teacher', last: 'Nobody', first: 'Known', email: 'known.nobody@elsewhere.example' },
    { id: 'G1', role: 'guardian', last: 'Koval', first: 'Iryna', email: `iryna.koval@${slug}.example`, agents: ['S1'] },
    { id: 'G2', role: 'guardian', last: 'Lee', first: 'Funke', email: 'funke.lee@home.example', agents: ['S2'] },
  ],
  classes: [
    { id: 'C1', title: 'Biology 9A' },
    { id: 'C2', title: 'Physics 9A' },
    { id: 'C3', title: 'Art 9A' },
  ],
  enrolments: [
    ...['S1', 'S2'].map((user) => ({ class: 'C1', user })),
    ...['S1', 'S3'].map((user) => ({ class: 'C2', user })),
    { class: 'C3', user: 'S1' },
    { class: 'C1', user: 'T1', role: 'teacher' },
    { class: 'C2', user: 'T2', role: 'teacher' },
    { class: 'C3', user: 'T9', role: 'teacher' },
  ],
})

const pickable = ({ name, bytes }: Readonly<{ name: string; bytes: Uint8Array }>) => ({
  ...{ name, mimeType: name.endsWith('.zip') ? 'application/zip' : 'text/csv' },
  buffer: Buffer.from(bytes),
})

const archive = (school: OneRosterSchool) => pickable(zipFile(oneRosterTables(school), 'oneroster.zip'))
const csv = (name: string, text: string) => pickable({ name, bytes: new TextEncoder().encode(text) })

async function openUpload(page: Page, site: Site, school: string): Promise<void> {
  await page.goto(site.url(school, '/people'))
  await page.getByRole('link', { name: 'Import a roster' }).click()
  await heading(page, 'Rosters')
  await page.getByRole('link', { name: 'Upload a roster' }).click()
  await heading(page, 'Upload a roster')
}

async function upload(
  page: Page,
  site: Site,
  school: string,
  file: ReturnType<typeof archive>,
  coverage = 'file',
): Promise<void> {
  await openUpload(page, site, school)
  await page.getByLabel('Roster file').setInputFiles(file)
  await page.getByLabel('When somebody at the school is not in the file').selectOption(coverage)
  await page.getByRole('button', { name: 'See what will change' }).click()
}

async function expectFits(page: Page): Promise<void> {
  await expectAccessible(page)
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(over, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
}

test('an admin takes a OneRoster archive, sees the new guardian among the people, and undoes it', async ({ page, site }) => {
  await site.signIn(page, site.person('birchwood', /^admin /))
  await upload(page, site, 'birchwood', archive(sisOf('birchwood')))
  await heading(page, 'Check what will change')
  await expect(countOf(page, 'changed students')).toHaveText('3')
  await expect(countOf(page, 'new class')).toHaveText('1')
  await expect(page.getByRole('heading', { name: '1 teacher without an account here' })).toBeVisible()
  await expectFits(page)
  await page.screenshot({ path: test.info().outputPath('review.png'), fullPage: true })
  await page.getByRole('link', { name: /^Guardians/ }).click()
  await expect(page.getByRole('rowheader', { name: 'Funke Lee (funke.lee@home.example)' }).first()).toBeVisible()
  await page.getByLabel('Search in guardians').fill('nobody at all')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByText('No change names “nobody at all”.')).toBeVisible()
  await page.getByRole('button', { name: 'Write these changes' }).click()
  await heading(page, 'Roster written')
  await expectFits(page)
  await page.screenshot({ path: test.info().outputPath('receipt.png'), fullPage: true })
  const receipt = page.url()

  await page.goto(site.url('birchwood', '/people?q=funke'))
  await expect(page.getByRole('row').filter({ hasText: 'Funke Lee' })).toContainText('Lee, Sam')
  await upload(page, site, 'birchwood', archive(sisOf('birchwood')))
  await heading(page, 'Nothing to change')
  await page.getByRole('button', { name: 'Discard it' }).click()
  await heading(page, 'Rosters')
  await expect(page.getByRole('row').filter({ hasText: 'Discarded' })).toContainText('Nothing changes')
  await expectFits(page)
  await page.screenshot({ path: test.info().outputPath('history.png'), fullPage: true })

  await page.goto(receipt)
  await page.getByRole('button', { name: 'Undo this roster' }).click()
  await heading(page, 'Undone roster')
  await expectFits(page)
  await page.goto(site.url('birchwood', '/people?q=funke'))
  await expect(page.getByText('Nobody found')).toBeVisible()
})

test('a list that would remove most of the school is written only when its number is typed', async ({ page, site }) => {
  await site.signIn(page, site.person('elmwood', /^admin /))
  const text = 'last name,first name,email,DOB\nKoval,Mariya,mariya.koval@elmwood.example,2010-01-01\n'
  await upload(page, site, 'elmwood', csv('students.csv', text))
  await expect(page.getByText('This file was not taken. Nothing was written.')).toBeVisible()
  await expect(page.getByText('A CSV file does not say whether it lists the whole school')).toBeVisible()
  await expectFits(page)
  await page.screenshot({ path: test.info().outputPath('refusal.png'), fullPage: true })
  await page.getByLabel('When somebody at the school is not in the file').selectOption('whole')
  await page.getByRole('button', { name: 'See what will change' }).click()
  await heading(page, 'Check what will change')
  await expect(page.getByText('More than a tenth would go')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Write these changes' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Go on to the second question' }).click()
  await heading(page, 'Really remove so much?')
  await expectFits(page)
  await page.screenshot({ path: test.info().outputPath('confirm.png'), fullPage: true })
  await page.getByLabel('Type 4 to write these changes').fill('5')
  await page.getByRole('button', { name: 'Write these changes' }).click()
  await expect(page.getByText('You typed 5, but 4 would be removed.')).toBeVisible()
  await page.getByLabel('Type 4 to write these changes').fill('4')
  await page.getByRole('button', { name: 'Write these changes' }).click()
  await heading(page, 'Roster written')
  await page.goto(site.url('elmwood', '/students'))
  await expect(page.getByRole('link', { name: 'Lee, Sam' })).toHaveCount(0)
  await page.goBack()
  await page.getByRole('button', { name: 'Undo this roster' }).click()
  await heading(page, 'Undone roster')
  await page.goto(site.url('elmwood', '/students'))
  await expect(page.getByRole('link', { name: 'Lee, Sam' })).toBeVisible()
})

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('the whole way works by forms and links alone', async ({ page, site }) => {
    await site.signIn(page, site.person('fernside', /^admin /))
    await upload(
      page,
      site,
      'fernside',
      csv('students.csv', 'last name,first name,student number\nAdeyemi,Tobi,104\n'),
      'additions',
    )
    await heading(page, 'Check what will change')
    await page.getByRole('button', { name: 'Write these changes' }).click()
    await heading(page, 'Roster written')
    await page.getByRole('button', { name: 'Undo this roster' }).click()
    await heading(page, 'Undone roster')
  })
})

for (const [name, school, options] of [
  ['on a phone of 320 pixels in the dark', 'glenview', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
  ['from right to left on a phone', 'alnahda', { colorScheme: 'light', viewport: { width: 320, height: 640 } }],
] as const) {
  test.describe(name, () => {
    test.use(options)

    test('every page of a roster is accessible and stays within the screen', async ({ page, site }) => {
      await site.signIn(page, site.person(school, /^admin /))
      await openUpload(page, site, school)
      await expectFits(page)
      const { users, classes, enrolments } = sisOf(school)
      const cut = {
        users: users.filter(({ id }) => id !== 'S2' && id !== 'S3'),
        classes,
        enrolments: enrolments.filter(({ user }) => user !== 'S2' && user !== 'S3'),
      }
      await page.getByLabel('Roster file').setInputFiles(archive(cut))
      await page.getByRole('button', { name: 'See what will change' }).click()
      await heading(page, 'Check what will change')
      await expectFits(page)
      await page.screenshot({ path: test.info().outputPath('review.png'), fullPage: true })
      await page.getByRole('link', { name: 'Go on to the second question' }).click()
      await heading(page, 'Really remove so much?')
      await expectFits(page)
      await page.screenshot({ path: test.info().outputPath('confirm.png'), fullPage: true })
    })
  })
}

test('a keyboard alone is enough, up to the second question and the undo', async ({ page, site }) => {
  await site.signIn(page, site.person('kingsbury', /^admin /))
  /** Tab until the wanted control has the focus, as somebody does who cannot see where it is. */
  const tabTo = async (role: 'button' | 'link' | 'textbox', wantedName: string) => {
    const wanted = page.getByRole(role, { name: wantedName, exact: true }).first()
    await expect(wanted).toBeVisible()
    for (let stops = 0; stops < 60; stops++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`no way to ${wantedName} by Tab`)
  }
  await page.goto(site.url('kingsbury', '/people'))
  await tabTo('link', 'Import a roster')
  await page.keyboard.press('Enter')
  await heading(page, 'Rosters')
  await tabTo('link', 'Upload a roster')
  await page.keyboard.press('Enter')
  await heading(page, 'Upload a roster')
  for (
    let stops = 0;
    stops < 60 && !(await page.getByLabel('Roster file').evaluate((field) => field === document.activeElement));
    stops++
  )
    await page.keyboard.press('Tab')
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles(csv('students.csv', 'last name,first name,email\nKoval,Mariya,mariya.koval@kingsbury.example\n'))
  await page.keyboard.press('Tab')
  await page.keyboard.press('End')
  await tabTo('button', 'See what will change')
  await page.keyboard.press('Enter')
  await heading(page, 'Check what will change')
  await tabTo('link', 'Go on to the second question')
  await page.keyboard.press('Enter')
  await heading(page, 'Really remove so much?')
  await tabTo('textbox', 'Type 4 to write these changes')
  await page.keyboard.type('4')
  await page.keyboard.press('Enter')
  await heading(page, 'Roster written')
  await tabTo('button', 'Undo this roster')
  await page.keyboard.press('Enter')
  await heading(page, 'Undone roster')
})
