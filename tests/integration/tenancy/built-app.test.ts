import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeAll } from '@/lib/db/close'
import type { LocalApp } from '@/lib/ops/local-app'
import { closeRedis } from '@/lib/redis'
import { contextHeader, signContext } from '@/lib/tenancy/context'
import { createTenant, suspendTenant } from '@/lib/tenancy/lifecycle'
import { closeRegistry } from '@/lib/tenancy/registry'
import { actionBody, builtActions } from '../../isolation/attack/built-actions'
import { startBuiltApp } from '../../support/app'
import { type Answer, request } from '../../support/http'
import { withoutDatabase } from '../../support/outages'
import { cookieOf } from '../../support/sessions'
import { addTwoSchools } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

const metricsToken = 'metrics-token-of-the-test'
const operator = { actor: { kind: 'system', name: 'test' }, requestId: 'test' } as const
let world: World
let app: LocalApp
let schools: Awaited<ReturnType<typeof addTwoSchools>>
let teacher: string

beforeAll(async () => {
  world = await createWorld({ redis: true })
  schools = await addTwoSchools(world)
  app = await startBuiltApp(world, { METRICS_TOKEN: metricsToken })
  teacher = await cookieOf(schools.northside, schools.northside.teacher)
}, 300_000)
afterAll(async () => {
  await app?.stop()
  await closeRegistry()
  closeRedis()
  await closeAll()
  await world.close()
})

const host = (site: string) => `${site === '' ? '' : `${site}.`}${app.env.ROOT_DOMAIN}`
const ask = (site: string, path: string, options: Parameters<typeof request>[2] = {}) =>
  request(host(site), path, { port: app.port, ...options })
const northside = () => schools.northside.slug
const riverside = () => schools.riverside.slug

/** Calls a server action as React does, from a page of its own origin. */
function call(page: string, action: string, form: Record<string, string>, cookies: readonly string[] = []): Promise<Answer> {
  return ask(northside(), page, {
    method: 'POST',
    headers: { origin: `http://${host(northside())}`, 'next-action': idOf(action), accept: 'text/x-component' },
    body: actionBody(form),
    cookies,
  })
}

function idOf(action: string): string {
  const found = builtActions().find(({ name }) => name === action)
  if (found === undefined) throw new Error(`the build has no action ${action}`)
  return found.id
}

describe('the built application', () => {
  it('shows each host its own site', async () => {
    const home = await ask(northside(), '/', { cookies: [teacher] })
    expect(home.status).toBe(200)
    expect(home.text).toContain(schools.northside.record.name)
    expect(home.text).not.toContain(schools.riverside.record.name)
    expect((await ask(riverside(), '/sign-in')).text).toContain(schools.riverside.record.name)
    expect((await ask('console', '/sign-in')).status).toBe(200)
    expect((await ask('', '/')).status).toBe(200)
  })

  it('answers an unknown host, a school that is not there and a typed inner path with 404', async () => {
    expect((await request('example.com', '/', { port: app.port })).status).toBe(404)
    for (const path of ['/', '/sign-in', '/classes']) expect((await ask('no-such-school', path)).status).toBe(404)
    const inner = [`/t/${riverside()}`, `/t/${riverside()}/sign-in`, '/t/[tenant]/sign-in', `/%74/${riverside()}/sign-in`]
    for (const path of inner) expect((await ask(northside(), path, { cookies: [teacher] })).status, path).toBe(404)
    for (const path of [`/t/${northside()}/sign-in`, '/console/sign-in']) expect((await ask('', path)).status, path).toBe(404)
  })

  it('mends a doubled slash by sending the browser to the plain address of the same host, where nothing is', async () => {
    const doubled = await ask(northside(), `//t/${riverside()}/sign-in`, { cookies: [teacher] })
    expect([doubled.status, doubled.headers.location]).toEqual([308, `/t/${riverside()}/sign-in`])
  })

  it('stores no page, runs no script without its nonce and asks no other host', async () => {
    for (const site of [northside(), 'console', '']) {
      const { headers, text } = await ask(site, site === '' ? '/' : '/sign-in')
      expect(headers['cache-control']).toBe('private, no-store')
      const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? 'none'
      const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)
      expect(scripts.length).toBeGreaterThan(0)
      for (const tag of scripts) expect(tag).toContain(`nonce="${nonce}"`)
      for (const [tag] of text.matchAll(/<style\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`)
      const elsewhere = [...text.matchAll(/(?:src|href|action)="(https?:)?\/\/([^"/]+)/g)].map((match) => match[2])
      expect(elsewhere.filter((there) => !there?.endsWith(String(app.env.ROOT_DOMAIN)))).toEqual([])
      expect(headers['x-powered-by']).toBeUndefined()
      expect(headers[contextHeader]).toBeUndefined()
    }
  })

  it('does not let a shared cache mix the answers of two schools', async () => {
    const asked = ['/sign-in', '/sign-in', '/sign-in'].map((path, index) =>
      ask(index % 2 === 0 ? northside() : riverside(), path),
    )
    const [first, other, again] = await Promise.all(asked)
    expect(other?.text).not.toContain(schools.northside.record.name)
    expect(first?.text).toContain(schools.northside.record.name)
    expect(again?.text).toContain(schools.northside.record.name)
  })
})

describe('headers that only we may send', () => {
  it('two hosts in one request are refused', async () => {
    const forwarded = await ask(northside(), '/sign-in', { headers: { 'x-forwarded-host': host(riverside()) } })
    expect(forwarded.status).toBe(400)
    const selfLike = await request(`localhost:${app.port}`, '/sign-in', { headers: { 'x-forwarded-host': host(northside()) } })
    expect([400, 404]).toContain(selfLike.status)
    expect(selfLike.text).not.toContain(schools.northside.record.name)
  })

  it('a context signed with another secret moves nobody', async () => {
    const forged = await signContext(
      { kind: 'school', slug: riverside(), host: host(riverside()), requestId: 'r', expiresAt: 4_000_000_000 },
      'a secret that is not the one of the application',
    )
    const page = await ask(northside(), '/sign-in', { headers: { [contextHeader]: forged } })
    expect(page.text).toContain(schools.northside.record.name)
    expect(page.text).not.toContain(schools.riverside.record.name)
  })

  it.each(['x-middleware-subrequest', 'x-middleware-rewrite', 'x-matched-path', 'x-invoke-path', 'x-now-route-matches'])(
    '%s is nothing from outside',
    async (name) => {
      const value =
        name === 'x-middleware-subrequest'
          ? 'middleware:middleware:middleware:middleware:middleware'
          : `/t/${riverside()}/sign-in`
      const page = await ask(northside(), '/sign-in', { headers: { [name]: value } })
      expect(page.text).toContain(schools.northside.record.name)
      expect(page.text).not.toContain(schools.riverside.record.name)
    },
  )

  it('a second Host header, an absolute address and a broken one lead to no other school', async () => {
    const lines = (start: string, hosts: readonly string[]) =>
      [start, ...hosts.map((each) => `Host: ${each}`), 'Connection: close', '', ''].join('\r\n')
    const [twice, absolute, broken] = await Promise.all([
      raw(lines('GET /sign-in HTTP/1.1', [host(northside()), host(riverside())])),
      raw(lines(`GET http://${host(riverside())}/sign-in HTTP/1.1`, [host(northside())])),
      raw(lines('GET /sign-in HTTP/1.1', [`${host(riverside())}@${host(northside())}`])),
    ])
    for (const answer of [twice, absolute, broken]) expect(answer).not.toContain(schools.riverside.record.name)
  })
})

function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(app.port, 'localhost', () => socket.write(text))
    const parts: Buffer[] = []
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.once('end', () => resolve(Buffer.concat(parts).toString()))
    socket.once('error', reject)
  })
}

describe('Next asking itself', () => {
  it('shows the school’s own page after redirect() in an action, in the same answer', async () => {
    const answer = await call('/account', 'signOut', {}, [teacher])
    expect(answer.headers['x-action-redirect']).toMatch(/^\/sign-in/)
    expect(answer.headers['content-type']).toMatch(/text\/x-component/)
    expect(answer.text).toContain(schools.northside.record.name)
    expect(app.output()).not.toMatch(/failed to get redirect response/)
  })

  it('runs an action that was posted to a page without its code', async () => {
    const elsewhere = builtActions().find(({ name }) => name === 'commitReviewed')
    expect(elsewhere?.pages.some((page) => page.endsWith('/account/page'))).toBe(false)
    const form = { importId: randomUUID(), planHash: 'a'.repeat(64), idempotencyKey: randomUUID() }
    const answer = await call('/account', 'commitReviewed', form, [teacher])
    // Its own words of refusal, and not the empty success that a lost forward looks like.
    expect(answer.text).toMatch(/"message":"There is nothing here/)
    const signedOut = await call('/account', 'commitReviewed', form)
    expect(signedOut.text).toMatch(/"message":"Your session has ended/)
  })
})

describe('a suspended school', () => {
  it('says so on every page within a second, and shows nothing of itself', async () => {
    const made = await createTenant({ slug: 'closing', name: 'Closing School' }, operator)
    expect((await ask(made.slug, '/sign-in')).status).toBe(200)
    await suspendTenant(made.slug, operator)
    await vi.waitUntil(async () => !(await ask(made.slug, '/sign-in')).text.includes('name="password"'), {
      timeout: 1_000,
      interval: 50,
    })
    expect((await ask(made.slug, '/sign-in')).text).not.toContain('name="password"')
  })
})

describe('probes and metrics', () => {
  it('answer without a host of ours', async () => {
    for (const path of ['/api/health/live', '/api/health/ready']) {
      const answer = await request('10.1.2.3:8080', path, { port: app.port })
      expect([path, answer.status]).toEqual([path, 200])
    }
  })

  it('show metrics to the token only, and no school in them', async () => {
    const wrong = { authorization: 'Bearer wrong' }
    expect((await ask('', '/api/metrics')).status).toBe(404)
    expect((await ask('', '/api/metrics', { headers: wrong })).status).toBe(404)
    await ask(northside(), '/sign-in')
    const { status, text } = await ask('', '/api/metrics', { headers: { authorization: `Bearer ${metricsToken}` } })
    expect(status).toBe(200)
    expect(text).toMatch(/^gi_ready 1$/m)
    expect(text).toMatch(/gi_pool_connections\{pool="shard_1",state="max"\} \d+/)
    for (const { slug, tenantId } of [schools.northside, schools.riverside])
      expect(text).not.toMatch(new RegExp(`${slug}|${tenantId}`))
  })

  it('stay ready while a shard is away, and the other school goes on', async () => {
    await withoutDatabase(world.shard('shard_2').adminUrl, async () => {
      expect((await ask('', '/api/health/ready')).status).toBe(200)
      const cookie = await cookieOf(schools.northside, schools.northside.teacher)
      expect((await ask(northside(), '/classes', { cookies: [cookie] })).status).toBe(200)
    })
  })
})

describe('starting and ending', () => {
  it('writes its log as JSON lines without anybody’s name', () => {
    const lines = app
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(lines.some((line) => JSON.parse(line).msg === 'started')).toBe(true)
    const { teacher: person, students } = schools.northside
    for (const email of [person.member.email, ...students.map((student) => student.email)])
      expect(lines.join('\n')).not.toContain(email)
  })

  it('ends by itself after SIGTERM, ready no more at once', async () => {
    const own = await startBuiltApp(world, { DRAIN_SECONDS: '2' })
    process.kill(own.pid, 'SIGTERM')
    await vi.waitUntil(async () => (await request('probe', '/api/health/ready', { port: own.port })).status === 503, {
      timeout: 1_500,
      interval: 20,
    })
    // Still serving while the load balancer notices.
    expect((await request(`${northside()}.${own.env.ROOT_DOMAIN}`, '/sign-in', { port: own.port })).status).toBe(200)
    expect(await own.exited).toBe(143)
  })

  it('does not start with a bad environment, and says every bad name', async () => {
    const started = startBuiltApp(world, { CONTEXT_SECRET: 'short', REDIS_URL: 'localhost' })
    await expect(started).rejects.toThrow(/CONTEXT_SECRET[\s\S]*REDIS_URL/)
  })
})
