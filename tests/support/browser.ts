import fs from 'node:fs'
import path from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import axe from 'axe-core'
import pg from 'pg'
import { z } from 'zod'

const siteSchema = z.object({
  port: z.number(),
  rootDomain: z.string(),
  /** The superuser's address of each database, for what no page shows. */
  databases: z.record(z.string(), z.string()),
  signIns: z.array(z.object({ site: z.string(), who: z.string(), email: z.string(), password: z.string() })),
})

/** A person of the demo's cast and how they sign in; `site` is the first label of their address. */
export type SignIn = z.infer<typeof siteSchema>['signIns'][number]

/** The application under test as a browser meets it. */
export type Site = Readonly<{
  port: number
  rootDomain: string
  /** Address of a page: `url('northside', '/classes')`, `url('console')`; an empty site is the apex. */
  url: (site: string, path?: string) => string
  /** One of the cast: `person('northside', /teacher/i)`. Throws when nobody, or more than one, is meant. */
  person: (site: string, who: RegExp) => SignIn
  /** Signs this person in through the form and waits until it is gone. */
  signIn: (page: Page, person: SignIn) => Promise<void>
  /** Rows of a database (`control`, `shard_1` to `shard_3`) as the superuser sees them: to prove what a page only claims. */
  rows: (database: string, text: string, values?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>
}>

function readSite(): Site {
  const { port, rootDomain, databases, signIns } = siteSchema.parse(JSON.parse(process.env.GI_SITE ?? 'null'))
  const url = (site: string, path = '/') => `http://${site ? `${site}.` : ''}${rootDomain}${path}`
  return {
    port,
    rootDomain,
    url,
    person: (site, who) => {
      const [first, second] = signIns.filter((each) => each.site === site && who.test(each.who))
      if (!first || second) throw new Error(`${first ? 'More than one person' : 'Nobody'} of ${site} is ${who}.`)
      return first
    },
    signIn: async (page, { site, email, password }) => {
      await page.goto(url(site, '/sign-in'))
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL((address) => address.pathname !== '/sign-in')
    },
    rows: async (database, text, values = []) => {
      const client = new pg.Client({ connectionString: databases[database] })
      await client.connect()
      try {
        return (await client.query(text, [...values])).rows
      } finally {
        await client.end()
      }
    },
  }
}

/**
 * Playwright's test with the application under test as `site`. A page that logs an error, breaks the content security policy or
 * throws fails its test; say so with `site` in the title when a page is meant to.
 */
export const test = base.extend<{ site: Site; complaints: string[] }>({
  // Playwright reads the fixtures a fixture needs from the pattern of its first parameter.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  site: async ({}, use) => use(readSite()),
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // A refused request is logged by the browser as an error; whether it should be refused is for the test to say.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
      })
      await use(complaints)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Fails when axe finds what a person with a disability would stumble over. Evaluated in the page: the policy allows no foreign script tag. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: typeof axe }).axe.run()
    return found.violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
  })
  expect(violations).toEqual([])
}

/** Keeps a picture of the page in docs/images when pictures are being made (GI_PICTURES=1); does nothing otherwise. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.GI_PICTURES !== '1') return
  const folder = path.resolve('docs/images')
  fs.mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
}
