import type { Page } from '@playwright/test'
import { expect, expectAccessible, type Site, test } from '../support/browser'
import { countOf, fresh, review, tabOn } from './steps'

/** What must hold on every page there is: nothing for axe to find, no scrolling sideways, and no request to anybody else. */

type Stop = Readonly<{ who: RegExp | null; paths: readonly string[] }>

/** Who opens what; the ids of a class and a student are looked up as their people find them. */
const tour = (
  site: Site,
  school: string,
  ids: Readonly<{ klass: string; student: string; planned: string }>,
): readonly Stop[] => [
  { who: null, paths: [site.url(school, '/sign-in'), site.url(school, '/no-such-page'), site.url('closedown'), site.url('')] },
  {
    who: /^(school )?admin /i,
    paths: [
      ...[
        '/',
        '/classes',
        `/classes/${ids.klass}`,
        `/classes/${ids.klass}/fill`,
        '/imports',
        '/imports/new',
        ...['shape', 'map', 'fix', 'review', 'review&by=assignments', 'review&by=assignments&column=0&all=1'].map(
          (step) => `/imports/${ids.planned}?step=${step}`,
        ),
      ],
      ...[
        '/students',
        '/students?q=ko',
        '/students?q=nobody',
        `/students/${ids.student}`,
        '/people',
        '/people/import',
        '/people/import/new',
        '/audit',
        '/account',
      ],
    ].map((path) => site.url(school, path)),
  },
  { who: /^(student|student mariya.*)/i, paths: [site.url(school)] },
  { who: /^guardian /i, paths: [site.url(school)] },
]

async function walk(page: Page, site: Site, school: string): Promise<void> {
  const foreign: string[] = []
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'blob:' && !`.${host}`.endsWith(`.${site.rootDomain}`)) foreign.push(request.url())
  })
  const shard = school === 'northside' ? 'shard_1' : 'shard_2'
  const [tenant] = await site.rows('control', 'select id from control.tenants where slug = $1', [school])
  const one = async (text: string) => String((await site.rows(shard, text, [tenant?.id]))[0]?.id)
  const ids = {
    klass: await one(`select id from app.classes where tenant_id = $1 and name = 'Biology 9A'`),
    student: await one(`select id from app.students where tenant_id = $1 and last_name = 'Koval' and first_name = 'Mariya'`),
    planned: await one(`select id from app.imports where tenant_id = $1 and state = 'planned' order by created_at limit 1`),
  }
  for (const { who, paths } of tour(site, school, ids)) {
    if (who !== null) await site.signIn(page, site.person(school, who))
    for (const path of paths) {
      await test.step(`${who ?? 'nobody'}: ${path}`, async () => {
        await page.goto(path)
        await expect(page.locator('h1')).toHaveCount(1)
        await expectAccessible(page)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        expect(over, `${path} scrolls sideways`).toBeLessThanOrEqual(0)
      })
    }
    await page.context().clearCookies()
  }
  expect(foreign).toEqual([])
}

test('every page is accessible and its own in light colours on a wide screen', async ({ page, site }) => {
  test.setTimeout(120_000)
  await walk(page, site, 'northside')
})

test.describe('in dark colours on a phone of 320 pixels', () => {
  test.use({ colorScheme: 'dark', viewport: { width: 320, height: 640 } })

  test('every page is accessible and stays within the screen', async ({ page, site }) => {
    test.setTimeout(120_000)
    await walk(page, site, 'northside')
  })
})

test.describe('in a school that reads from right to left', () => {
  test.use({ colorScheme: 'light', viewport: { width: 320, height: 640 } })

  test('every page runs from right to left, is accessible and stays within the screen', async ({ page, site }) => {
    test.setTimeout(120_000)
    await site.signIn(page, site.person('alsharq', /^teacher /))
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
    const text = `last_name,first_name,email,${fresh('نص')}\nKoval,Mariya,mariya.koval@alsharq.example,88\n`
    await review(page, site, 'alsharq', 'Biology 9A', { name: 'ltr-and-rtl.csv', text })
    await walk(page, site, 'alsharq')
  })
})

test('the district’s console is accessible in both colours and at every width', async ({ page, site }) => {
  await site.signIn(page, site.person('console', /^district admin/i))
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 320]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 640 })
      await expectAccessible(page)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(over).toBeLessThanOrEqual(0)
    }
  }
})

test('a person without a mouse goes from signing in to an undone import', async ({ page, site }) => {
  const { email, password } = site.person('meadow', /^admin /)
  const title = fresh('Keyboard quiz')
  const tabTo = (role: Parameters<typeof tabOn>[1], name: string | RegExp) => tabOn(page, role, name)
  const heading = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible()

  await page.goto(site.url('meadow'))
  await tabTo('textbox', 'E-mail')
  await page.keyboard.type(email)
  await tabTo('textbox', 'Password')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await heading('Meadow School')
  // The first stop of every page leads past its head.
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo('link', 'Biology 9A')
  await page.keyboard.press('Enter')
  await heading('Biology 9A')
  await tabTo('link', 'Upload a grade file')
  await page.keyboard.press('Enter')
  await heading('Upload a grade file')
  await tabTo('combobox', 'Class')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Grade file')).toBeFocused()
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  const text = `last_name,first_name,email,${title}\nKoval,Mariya,mariya.koval@meadow.example,64\n`
  await (await chooser).setFiles({ name: 'keyboard.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await tabTo('button', 'See what will change')
  await page.keyboard.press('Enter')
  await heading('Check what will change')
  await expect(countOf(page, 'new grades')).toHaveText('1')
  await tabTo('button', /^Write 1 grade/)
  await page.keyboard.press('Enter')
  await heading('Import written')
  await tabTo('button', 'Undo this import')
  await page.keyboard.press('Enter')
  await heading('Undone import')
})
