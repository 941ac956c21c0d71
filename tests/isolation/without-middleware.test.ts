import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverFile } from '@/lib/ops/build.mjs'
import { type LocalApp, startApp } from '@/lib/ops/local-app'
import { contextHeader, signContext } from '@/lib/tenancy/context'
import { type Answer, request } from '../support/http'
import { type Arena, openArena } from './attack/arena'
import { actionBody, builtActions } from './attack/built-actions'
import { actions, apiRoutes, cookiesOf, marksOf, schoolRoutes } from './attack/surface'

/**
 * The built application as a hole in Next would leave it: the middleware is not run at all, and the attacker types the inner
 * paths. Every cookie and token is real and of the very school that is asked for; what lacks is the context that only the
 * middleware can sign, and without it there is nothing.
 */

let arena: Arena
let bare: LocalApp
let folder: string

beforeAll(async () => {
  arena = await openArena()
  folder = copyWithoutMiddleware()
  bare = await startApp({
    env: { ...arena.app.env },
    rootDomain: arena.app.env.ROOT_DOMAIN ?? '',
    server: path.join(folder, 'server.js'),
    output: 'kept',
  })
  arena.world.noteProcess(bare.pid, 'next')
}, 300_000)
afterAll(async () => {
  await bare?.stop()
  fs.rmSync(folder, { recursive: true, force: true })
  await arena?.close()
})

/** A copy of the built server whose manifest knows no middleware. */
function copyWithoutMiddleware(): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-bare-'))
  fs.cpSync(path.dirname(serverFile), copy, { recursive: true, verbatimSymlinks: true })
  const manifest = path.join(copy, '.next/server/middleware-manifest.json')
  const { middleware, ...rest } = JSON.parse(fs.readFileSync(manifest, 'utf8'))
  expect(Object.keys(middleware)).toEqual(['/'])
  fs.writeFileSync(manifest, JSON.stringify({ ...rest, middleware: {}, sortedMiddleware: [] }))
  return copy
}

type Given = Readonly<{ cookies?: readonly string[]; headers?: Record<string, string>; method?: string; body?: FormData }>

const askBare = (inner: string, given: Given = {}): Promise<Answer> =>
  request(arena.riverside.host, inner, { ...given, port: bare.port })
const innerPath = (route: (typeof schoolRoutes)[number]) => {
  const asked = route.path(arena.riverside)
  return `/t/${arena.riverside.school.slug}${asked === '/' ? '' : asked}`
}
const named = schoolRoutes.map((route) => [route.route, route] as const)

/** Neither a page nor anything of the school, beside what the address itself says. */
function expectNothing(answer: Answer, what: string, asked = ''): void {
  expect(answer.status, what).toBeGreaterThanOrEqual(300)
  const marks = [...marksOf(arena), 'Koval', 'Biology 9A'].filter((mark) => !asked.includes(mark))
  for (const mark of marks) expect(answer.text, `${what} shows ${mark}`).not.toContain(mark)
  expect(answer.cookies).toEqual([])
}

describe('without the middleware', () => {
  it.each(named)('%s opens with a context that was signed, so that a refusal below means something', async (_name, route) => {
    const context = await signContext(
      {
        ...{ kind: 'school', slug: arena.riverside.school.slug, host: arena.riverside.host },
        ...{ requestId: 'signed', expiresAt: Math.floor(Date.now() / 1000) + 60 },
      },
      String(arena.app.env.CONTEXT_SECRET),
    )
    const headers = { [contextHeader]: context }
    const answer = await askBare(innerPath(route), { headers, cookies: cookiesOf(arena.riverside, route.reader) })
    expect(answer.status).toBe(200)
  })

  it.each(named)('%s is nothing, as a page and as data for the client router', async (_name, route) => {
    const cookies = cookiesOf(arena.riverside, route.reader)
    const inner = innerPath(route)
    const [bareInner = '', query = ''] = inner.split('?')
    const data = `${bareInner}.rsc${query && `?${query}`}`
    const segment = `${bareInner}.segments/_tree.segment.rsc`
    const forged = { [contextHeader]: `${arena.riverside.school.slug}|${arena.riverside.host}|school|4000000000|r|AAAA` }
    for (const [what, answer] of [
      ['page', await askBare(inner, { cookies })],
      ['page with a forged context', await askBare(inner, { cookies, headers: forged })],
      ['data', await askBare(inner, { cookies, headers: { rsc: '1' } })],
      ['data file', await askBare(data, { cookies, headers: { rsc: '1' } })],
      ['segment', await askBare(segment, { cookies, headers: { rsc: '1', 'next-router-segment-prefetch': '/_tree' } })],
      ['prefetch', await askBare(inner, { cookies, headers: { rsc: '1', 'next-router-prefetch': '1' } })],
    ] as const)
      expectNothing(answer, what, inner)
  })

  it.each(actions.map((action) => [action.name, action] as const))('%s changes nothing', async (_name, action) => {
    const before = await arena.riversideRows()
    for (const { id, pages } of builtActions().filter(({ name }) => name === action.name)) {
      const page = pages.find((each) => each.startsWith('app/t/')) ?? pages[0] ?? ''
      const inner = `/t/${arena.riverside.school.slug}/account`
      for (const at of page.startsWith('app/t/')
        ? [inner, `/t/${arena.riverside.school.slug}/sign-in`]
        : ['/console/sign-in', '/apex']) {
        const answer = await askBare(at, {
          method: 'POST',
          headers: { origin: `http://${arena.riverside.host}`, 'next-action': id, accept: 'text/x-component' },
          cookies: cookiesOf(arena.riverside, action.reader),
          body: actionBody(action.form(arena.riverside)),
        })
        for (const mark of marksOf(arena)) expect(answer.text).not.toContain(mark)
        expect(answer.cookies).toEqual([])
      }
    }
    expect(await arena.riversideRows()).toBe(before)
  })

  it.each(apiRoutes.filter((route) => !route.includes('[')))('%s has no answer, not even for a good token', async (route) => {
    const answer = await request(arena.hostOf('api'), route, {
      port: bare.port,
      headers: { authorization: `Bearer ${arena.riverside.token}` },
    })
    expectNothing(answer, route)
  })

  it.each(['/console', '/console/sign-in', '/apex', '/api/auth/session', '/api/auth/csrf'])('%s is nothing', async (inner) => {
    const answer = await askBare(inner, { cookies: [arena.riverside.cookies.admin] })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.cookies).toEqual([])
  })
})
