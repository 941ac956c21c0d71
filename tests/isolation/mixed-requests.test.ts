import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Answer } from '../support/http'
import { withoutDatabase } from '../support/outages'
import { castPassword } from '../support/two-schools'
import { type Arena, ask, type Camp, comparable, nobodysId, openArena } from './attack/arena'
import { actionBody, builtActions } from './attack/built-actions'
import { schoolRoutes } from './attack/surface'

/**
 * One process serves every school at once. Whatever outlives a request in it (a module's variable, a cache, a memo of React) would
 * show here as an answer that differs from the one to the same request alone; whatever it writes about its work stands in its log.
 */

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
}, 300_000)
afterAll(() => arena?.close())

type Asked = Readonly<{ camp: Camp; path: string; cookie: string }>

/** Every page of a school, asked for by everybody of it; some are refused, and refusals must not mix either. */
function askedOf(camp: Camp): Asked[] {
  const pages = schoolRoutes
    .filter(({ route }) => !/template|rejects|export|sign-in|audit/.test(route))
    .map(({ path }) => path(camp))
  return pages.flatMap((path) => Object.values(camp.cookies).map((cookie) => ({ camp, path, cookie })))
}

const answerTo = ({ camp, path, cookie }: Asked): Promise<Answer> => ask(arena, camp.host, path, { cookies: [cookie] })

/** Without what is new in every rendering of a page: the moment, and the key of a form. Rows have ids of version 7, keys of 4. */
const settled = (answer: Answer) =>
  comparable(answer)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '*')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*')

describe('200 requests of two schools and five people each, mixed', () => {
  it('are answered beside each other as they are answered one by one', async () => {
    const [north, river] = [askedOf(arena.northside), askedOf(arena.riverside)]
    const mixed = north.flatMap((asked, index) => [asked, ...river.slice(index, index + 1)])
    const many = [...mixed, ...mixed].slice(0, 200)
    expect(many).toHaveLength(200)
    const alone = new Map<Asked, string>()
    for (const asked of mixed) alone.set(asked, settled(await answerTo(asked)))
    const statuses = new Set([...alone.values()].map((text) => text.slice(0, 3)))
    expect([...statuses].sort()).toEqual(['200', '404'])

    // As many at a time as two pools serve without anybody waiting too long on a busy machine.
    const waiting = [...many]
    const together: { asked: Asked; text: string }[] = []
    const lane = async () => {
      for (let asked = waiting.shift(); asked !== undefined; asked = waiting.shift()) {
        together.push({ asked, text: settled(await answerTo(asked)) })
      }
    }
    await Promise.all(Array.from({ length: 12 }, lane))
    expect(together).toHaveLength(200)
    for (const { asked, text } of together)
      expect(differences(text, alone.get(asked) ?? ''), `${asked.camp.host}${asked.path}`).toEqual([])
  })
})

/** Lines that only one of two answers has. */
function differences(one: string, other: string): string[] {
  const [ones, others] = [one.split('\n'), other.split('\n')]
  return [...ones.filter((line) => !others.includes(line)), ...others.filter((line) => !ones.includes(line))]
}

const lineSchema = z.object({ msg: z.string(), level: z.string(), time: z.string() }).loose()

describe('what the process wrote meanwhile', () => {
  const typed = { email: 'somebody.typed@elsewhere.example', password: castPassword }

  beforeAll(async () => {
    const { northside, riverside } = arena
    // A foreign session, a wrong sign-in, a token for another school, and a school whose shard is gone.
    await ask(arena, northside.host, '/classes', { cookies: [riverside.cookies.teacher] })
    await signIn(northside, typed)
    await ask(arena, arena.hostOf('api'), '/api/v1/classes', {
      headers: { authorization: `Bearer ${northside.token}`, 'x-tenant-id': 'riverside' },
    })
    await withoutDatabase(arena.world.shard(riverside.school.shard).adminUrl, async () => {
      const page = await ask(arena, riverside.host, '/classes', { cookies: [riverside.cookies.teacher] })
      expect(page.status).toBe(500)
      expect(page.text).toMatch(/problem:unavailable:[2-9A-Z]{6}/)
    })
    // Next writes to the console first; what nobody reports follows a moment later.
    await vi.waitUntil(() => linesOf(arena).some(({ msg, slug }) => msg === 'request_refused' && slug === 'riverside'), {
      timeout: 5_000,
    })
  }, 60_000)

  it('is one JSON object a line, beside the lines with which Next starts', () => {
    const others = textOf(arena).filter((line) => !line.startsWith('{') && line.trim() !== '')
    expect(others.filter((line) => !/^(▲ |- |✓ | {2}|⚠ |⨯ The "middleware")/.test(line))).toEqual([])
    expect(linesOf(arena).map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['started', 'session_refused', 'request_refused']),
    )
  })

  it('names the school and the request in every line about a request', () => {
    const about = linesOf(arena).filter(
      (line) => 'route' in line || ['session_refused', 'audit_read_unwritten'].includes(line.msg),
    )
    expect(about.length).toBeGreaterThan(1)
    for (const line of about) {
      expect(line).toMatchObject({ request: expect.stringMatching(/./) })
      expect(line.tenant ?? line.slug, line.msg).toEqual(expect.stringMatching(/./))
    }
  })

  it('joins with what the person reads: the reference of the page stands in the line', async () => {
    const refused = linesOf(arena).find(({ msg, slug }) => msg === 'request_refused' && slug === 'riverside')
    expect(refused).toMatchObject({ code: 'unavailable', slug: 'riverside', reference: expect.stringMatching(/^[2-9A-Z]{6}$/) })
  })

  it('holds no name, e-mail, password, title or score of anybody', () => {
    const text = arena.app.output()
    const { northside, riverside } = arena
    const people = [northside, riverside].flatMap(({ school }) => [
      ...[school.teacher, school.otherTeacher, school.admin, school.student, school.guardian].flatMap(({ member }) => [
        member.email,
        member.displayName,
      ]),
      ...school.students.flatMap(({ lastName, firstName, email }) => [lastName, firstName, email]),
    ])
    const words = [...people, typed.email, typed.password, 'Biology 9A', 'Essay', '81.5', '82.5', 'Waiting.csv']
    expect([...new Set(words)].filter((word) => text.includes(word))).toEqual([])
    for (const secret of [northside.token, northside.cookies.teacher, riverside.cookies.teacher])
      expect(text).not.toContain(secret.split('=').at(-1))
  })
})

const textOf = ({ app }: Arena): string[] => app.output().split('\n')
const linesOf = (from: Arena) =>
  textOf(from)
    .filter((line) => line.startsWith('{'))
    .map((line) => lineSchema.parse(JSON.parse(line)))

async function signIn(camp: Camp, form: Readonly<Record<string, string>>): Promise<void> {
  const action = builtActions().find(({ name, pages }) => name === 'signIn' && pages.length > 0)
  const answer = await ask(arena, camp.host, '/sign-in', {
    method: 'POST',
    headers: { origin: `http://${camp.host}`, 'next-action': action?.id ?? nobodysId(), accept: 'text/x-component' },
    body: actionBody({ ...form, next: '/' }),
  })
  expect(answer.text).toContain('do not belong together')
}
