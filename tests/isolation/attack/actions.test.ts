import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Arena, ask, openArena } from './arena'
import { actionBody, type BuiltAction, builtActions } from './built-actions'
import { type ActionAttack, actions, cookiesOf, marksOf, schoolRoutes } from './surface'

let arena: Arena
let built: readonly BuiltAction[]

beforeAll(async () => {
  arena = await openArena()
  built = builtActions()
}, 300_000)
afterAll(() => arena.close())

const idOf = (name: string) => {
  const id = built.find((action) => action.name === name)?.id
  if (id === undefined) throw new Error(`no action ${name} was built`)
  return id
}

const named = actions.map((each) => [each.name, each] as const)

type Call = Readonly<{
  host?: string
  path?: string
  origin?: string | null
  cookies?: readonly string[]
  aim?: 'northside' | 'riverside'
}>

/** Calls an action as React in a page would; by default from Northside's page, with its teacher's cookie, at Riverside's rows. */
function call(
  { name, form, reader }: ActionAttack,
  { host = arena.northside.host, path = '/', origin = `http://${host}`, cookies, aim = 'riverside' }: Call = {},
) {
  return ask(arena, host, path, {
    method: 'POST',
    headers: { 'Next-Action': idOf(name), accept: 'text/x-component', ...(origin === null ? {} : { origin }) },
    cookies: cookies ?? cookiesOf(arena.northside, reader),
    body: actionBody(form(arena[aim])),
  })
}

/** The action ran and said no, or nothing ran and the answer says so; never a silent success, and nothing of Riverside but what was sent. */
function expectRefusal({ status, text }: Awaited<ReturnType<typeof call>>, action: ActionAttack, where: string) {
  const what = `${action.name} ${where}`
  if (status === 200) expect(text.trim(), `${what}: an empty answer hides that nothing ran`).not.toBe('{}')
  expect([200, 303, 400, 403, 404, 409, 500], what).toContain(status)
  const sent = Object.values(action.form(arena.riverside))
  for (const mark of marksOf(arena)) if (!sent.includes(mark)) expect(text, what).not.toContain(mark)
}

describe('a server action', () => {
  it.each(named)('%s with ids of Riverside, called by somebody of Northside, changes nothing there', async (_name, action) => {
    const before = await arena.riversideRows()
    expectRefusal(await call(action), action, 'at home')
    expect(await arena.riversideRows()).toBe(before)
  })

  it.each(named)('%s takes no session of Northside on the host of Riverside', async (_name, action) => {
    // Signing in needs no session, and a refused try is written down by the school it was made at.
    if (action.reader === 'anyone') return
    const before = await arena.riversideRows()
    // The page that answers is Riverside's own sign-in, which says whose it is.
    const answer = await call(action, { host: arena.riverside.host })
    expectRefusal({ ...answer, text: answer.text.replaceAll('Riverside School', '') }, action, 'at Riverside')
    expect(await arena.riversideRows()).toBe(before)
  })

  it.each(named)('%s is refused without an Origin, and from a page of another school', async (_name, action) => {
    if (action.name === 'findSchool') return
    const before = await rowsOfBoth()
    for (const origin of [null, `http://${arena.riverside.host}`, 'null', 'http://evil.example'])
      expectRefusal(await call(action, { origin, aim: 'northside' }), action, `from ${origin}`)
    expect(await rowsOfBoth()).toBe(before)
  })

  it.each(named)('%s posted to a page that does not hold its code never answers {} as if it had run', async (_name, action) => {
    const before = await arena.riversideRows()
    for (const path of [
      '/',
      '/sign-in',
      '/classes',
      `/classes/${arena.northside.school.classId}`,
      '/imports/new',
      '/api/auth/session',
      '/nowhere',
    ])
      expectRefusal(await call(action, { path }), action, `at ${path}`)
    for (const site of ['', 'console', 'api'])
      expectRefusal(await call(action, { host: arena.hostOf(site) }), action, `at ${site || 'the apex'}`)
    expect(await arena.riversideRows()).toBe(before)
  })

  it('works for its own school from a page that forwards it, so that a refusal above means something', async () => {
    const [discard] = actions.filter(({ name }) => name === 'discardReviewed')
    if (discard === undefined) throw new Error('discardReviewed is gone')
    const pages = built.find(({ name }) => name === 'discardReviewed')?.pages ?? []
    expect(pages.some((page) => page.endsWith('/account/page'))).toBe(false)
    const answer = await call(discard, { path: '/account', aim: 'northside' })
    expect(answer.text.trim()).not.toBe('{}')
    expect(await stateOf(arena.northside.importId)).toBe('discarded')
  })
})

async function rowsOfBoth(): Promise<string> {
  // Signing in audits the refusal only when it got as far as a password; here it must not.
  return `${await arena.riversideRows()}\n${await stateOf(arena.northside.importId)}\n${await stateOf(arena.northside.committedId)}`
}

async function stateOf(importId: string): Promise<string> {
  const answer = await ask(arena, arena.hostOf('api'), `/api/v1/imports/${importId}`, {
    headers: { authorization: `Bearer ${arena.northside.token}` },
  })
  return /"state":"(\w+)"/.exec(answer.text)?.[1] ?? `status ${answer.status}`
}

describe('the list of pages used above', () => {
  it('names only routes that are there', () => {
    const routes = schoolRoutes.map(({ route }) => route)
    for (const path of ['/t/[tenant]/classes', '/t/[tenant]/imports/new', '/t/[tenant]/sign-in']) expect(routes).toContain(path)
  })
})
