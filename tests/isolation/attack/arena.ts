import { randomUUID } from 'node:crypto'
import { createToken } from '@/lib/api/tokens'
import { withDirectConnection } from '@/lib/db/direct'
import { commitImport } from '@/lib/imports/commit'
import { planImport } from '@/lib/imports/plan'
import { loadReview } from '@/lib/imports/review'
import { commitRoster } from '@/lib/rosters/commit-roster'
import { planRoster } from '@/lib/rosters/plan-roster'
import { loadRosterReview } from '@/lib/rosters/review-roster'
import type { Coverage } from '@/lib/rosters/roster-file'
import type { LocalApp } from '@/lib/ops/local-app'
import { startBuiltApp } from '../../support/app'
import { type Answer, request } from '../../support/http'
import { cookieOf } from '../../support/sessions'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

/** One school with everything an attacker could want of it. */
export type Camp = Readonly<{
  school: PeopledSchool
  host: string
  /** A plan that waits, its hash, and an import that was committed. */
  importId: string
  planHash: string
  committedId: string
  /** A roster that waits for its second confirmation, and one that was committed. */
  roster: Readonly<{ rosterId: string; planHash: string }>
  writtenRosterId: string
  cookies: Readonly<{ teacher: string; otherTeacher: string; admin: string; student: string; guardian: string }>
  /** An API token with every scope, for this school alone. */
  token: string
}>

/** The built application with Northside on one shard and Riverside on the other. */
export type Arena = Readonly<{
  world: World
  app: LocalApp
  northside: Camp
  riverside: Camp
  hostOf: (site: string) => string
  /** A digest of every row Riverside owns, audit and imports included. */
  riversideRows: () => Promise<string>
  close: () => Promise<void>
}>

/** Opens an arena of its own for one test file. */
export async function openArena(): Promise<Arena> {
  const world = await createWorld({ redis: true })
  const schools = await addTwoSchools(world)
  const app = await startBuiltApp(world)
  const hostOf = (site: string) => `${site ? `${site}.` : ''}${app.env.ROOT_DOMAIN}`
  const northside = await campOf(schools.northside, hostOf)
  const riverside = await campOf(schools.riverside, hostOf)
  return {
    ...{ world, app, northside, riverside, hostOf },
    riversideRows: () => digestOf(world, riverside.school),
    close: async () => {
      await app.stop()
      await world.close()
    },
  }
}

async function campOf(school: PeopledSchool, hostOf: (site: string) => string): Promise<Camp> {
  const { ctx, teacher, classId, termId } = school
  const plan = async (title: string) => {
    const text = `last_name,first_name,email,${title}\nDATE,-,-,2026-10-01\nPOINTS,-,-,10\nKoval,Mariya,${school.students[0].email},7\nLee,Sam,${school.students[1].email},x\n`
    const planned = await planImport(ctx, teacher.viewer, {
      classId,
      termId,
      file: { name: `${title}.csv`, bytes: new TextEncoder().encode(text) },
    })
    if (planned.kind !== 'planned') throw new Error(`the arena's own file was ${planned.kind}`)
    const review = await loadReview(ctx, teacher.viewer, planned.importId)
    if (review === null) throw new Error('the arena cannot see its own plan')
    return { importId: planned.importId, planHash: review.planHash }
  }
  const written = await plan('Written')
  await commitImport(ctx, teacher.viewer, written)
  const scopes = ['classes:read', 'students:read', 'grades:read', 'imports:read', 'imports:write'] as const
  const { token } = await createToken([ctx], { kind: 'system', name: 'arena' }, { name: 'arena', scopes, days: 1 })
  return {
    school,
    host: hostOf(school.slug),
    ...(await plan('Waiting')),
    committedId: written.importId,
    ...(await rostersOf(school)),
    cookies: {
      teacher: await cookieOf(school, teacher),
      otherTeacher: await cookieOf(school, school.otherTeacher),
      admin: await cookieOf(school, school.admin),
      student: await cookieOf(school, school.student),
      guardian: await cookieOf(school, school.guardian),
    },
    token,
  }
}

/** Both schools' rosters use the same SIS ids on purpose: whatever crossed between them would match. */
async function rostersOf({ ctx, admin, students }: PeopledSchool): Promise<Pick<Camp, 'roster' | 'writtenRosterId'>> {
  const plan = async (rows: readonly string[], coverage: Coverage) => {
    const text = ['sis id,last name,first name,email', ...rows, ''].join('\n')
    const file = { name: 'students.csv', bytes: new TextEncoder().encode(text) }
    const planned = await planRoster(ctx, admin.viewer, { file, coverage })
    if (planned.kind !== 'planned') throw new Error('the arena’s own roster was refused')
    const { planHash } = await loadRosterReview(ctx, admin.viewer, planned.rosterId, { limit: 0 })
    return { rosterId: planned.rosterId, planHash }
  }
  const own = students.map(({ lastName, firstName, email }, at) => `S${at},${lastName},${firstName},${email}`)
  const written = await plan(own, 'additions')
  await commitRoster(ctx, admin.viewer, written)
  return { writtenRosterId: written.rosterId, roster: await plan(own.slice(0, 1), 'whole') }
}

async function digestOf(world: World, { shard, tenantId }: PeopledSchool): Promise<string> {
  return withDirectConnection(world.shard(shard).adminUrl, async (sql) => {
    const tables = await sql<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    )
    const digests: string[] = []
    for (const { name } of tables) {
      const [row] = await sql<{ digest: string | null }>(
        `select md5(string_agg(t::text, '|' order by t::text)) as digest from app.${name} t where tenant_id = $1`,
        [tenantId],
      )
      digests.push(`${name} ${row?.digest}`)
    }
    return digests.join('\n')
  })
}

type Given = Readonly<{
  cookies?: readonly string[]
  headers?: Readonly<Record<string, string>>
  method?: string
  body?: string | FormData
}>

/** One request to the arena's application as a client that says this host. */
export function ask(arena: Arena, host: string, path: string, given: Given = {}): Promise<Answer> {
  return request(host, path, { ...given, port: arena.app.port })
}

/**
 * The answer without what differs between any two answers to the same request: nonce, request id, the id asked for, and the order
 * in which a streamed page arrives. Of a redirect only where it leads and which cookies it sets: its body is never shown.
 */
export function comparable({ status, text, headers, cookies }: Answer, asked: readonly string[] = []): string {
  const head = `${status} ${headers.location ?? ''} ${cookies.join('; ')}`
  if (status >= 300 && status < 400) return head
  const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy'] ?? ''))?.[1]
  const variable = [...(nonce ? [nonce] : []), ...asked]
  const body = variable.reduce((rest, part) => rest.replaceAll(part, '*'), text)
  const isPage = String(headers['content-type']).startsWith('text/html')
  return `${head}\n${isPage ? pieces(body) : body.replace(/"requestId":"[^"]+"/g, '"requestId":"*"')}`
}

/** Every tag of a page and every row of its data, sorted: React numbers and places them as they become ready. */
function pieces(html: string): string {
  const chunks = [...html.matchAll(/self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)/g)].map(([, chunk]) =>
    String(JSON.parse(chunk ?? '""')),
  )
  const rows = chunks
    .join('')
    .split('\n')
    .map((row) => row.replace(/^[0-9a-f]+:/, '').replace(/\$([A-Z]?)[0-9a-f]+\b/g, '$$$1'))
  const tags = html
    .replace(/<script[^>]*>.*?<\/script>/gs, '')
    .replace(/<!--.*?-->|<\/?template[^>]*>|<div hidden[^>]*>|<\/div>/gs, '')
    .split(/(?=<)/)
  return [...tags.toSorted(), ...rows.toSorted()].join('\n')
}

/** An id that nobody has, of the same length as a real one. */
export const nobodysId = () => randomUUID()
