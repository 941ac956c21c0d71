import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readToken } from '@/lib/api/token'
import { liveTokenScopes } from '@/lib/api/tokens'
import { verifyChain } from '@/lib/audit/verify'
import { signInMember } from '@/lib/auth/sign-in'
import { withDirectConnection } from '@/lib/db/direct'
import { auditCommand } from '@/lib/ops/audit'
import { memberCommand } from '@/lib/ops/member'
import { tokenCommand } from '@/lib/ops/token'
import type { SchoolFixture } from '../../support/schools'
import { createWorld, type World } from '../../support/world'

let world: World
let northside: SchoolFixture
let riverside: SchoolFixture

beforeAll(async () => {
  world = await createWorld()
  northside = await world.addSchool({ slug: 'northside', shard: 'shard_1' })
  riverside = await world.addSchool({ slug: 'riverside', shard: 'shard_2' })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => world?.close())

describe('ops token', () => {
  test('makes a token for two schools, lists it, and revokes it in one of them', async () => {
    const said = await says(tokenCommand, 'create --tenant northside,riverside --scope imports:write,grades:read --days 30')
    const token = said.trim().split('\n').at(-1) ?? ''
    const claims = await readToken(token)
    expect(claims).toMatchObject({ tids: [northside.tenantId, riverside.tenantId], scopes: ['imports:write', 'grades:read'] })
    const id = claims?.jti ?? ''
    expect(await says(tokenCommand, 'list --tenant northside')).toMatch(
      new RegExp(`^${id}\\tuntil \\d{4}-\\d\\d-\\d\\d\\timports:write,grades:read\\t`),
    )
    expect(await says(tokenCommand, 'list --tenant northside')).not.toContain(token)

    await says(tokenCommand, `revoke --tenant northside --id ${id}`)
    expect(await liveTokenScopes(northside.ctx, id)).toBeNull()
    expect(await liveTokenScopes(riverside.ctx, id)).toEqual(['imports:write', 'grades:read'])
    expect(await says(tokenCommand, 'list --tenant northside')).toContain(`${id}\trevoked`)
    expect(await says(tokenCommand, 'list --tenant riverside')).toContain(`${id}\tuntil`)
  })

  test.each([
    ['no verb', ''],
    ['a verb there is not', 'steal --tenant northside'],
    ['a verb every object has', 'toString'],
    ['no school', 'create --scope grades:read'],
    ['a scope there is not', 'create --tenant northside --scope grades:write'],
    ['no days', 'create --tenant northside --scope grades:read --days 0'],
    ['too many days', 'create --tenant northside --scope grades:read --days 3660'],
    ['an option there is not', 'list --tenant northside --all yes'],
    ['an id that is none', 'revoke --tenant northside --id 7'],
  ])('with %s says how it is used', async (_, line) => {
    await expect(says(tokenCommand, line)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('token create'),
    })
  })

  test('names a school that does not exist, and makes nothing in the one that does', async () => {
    const before = await says(tokenCommand, 'list --tenant northside')
    const asked = says(tokenCommand, 'create --tenant northside,nowhere --scope grades:read')
    await expect(asked).rejects.toMatchObject({ code: 'not_found', message: 'There is no school "nowhere".' })
    expect(await says(tokenCommand, 'list --tenant northside')).toBe(before)
  })
})

describe('ops member', () => {
  test('adds a person who can sign in, gives a new password, and shuts them out', async () => {
    const first = await says(
      memberCommand,
      'create --tenant northside --email New.Teacher@x.example --name Nina --role teacher,guardian',
    )
    const signIn = (password: string) => signInMember(northside.ctx, { email: 'new.teacher@x.example', password }, 'ops-test')
    const password = first.trim().split(' ').at(-1) ?? ''
    expect(await signIn(password)).toMatchObject({ displayName: 'Nina', roles: ['teacher', 'guardian'] })

    const again =
      /shown this once: (\S+)/.exec(
        await says(memberCommand, 'reset-password --tenant northside --email new.teacher@x.example'),
      )?.[1] ?? ''
    await expect(signIn(password)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await signIn(again)).toMatchObject({ version: 2 })

    await says(memberCommand, 'disable --tenant northside --email new.teacher@x.example')
    await expect(signIn(again)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('refuses an e-mail that is taken, and one nobody has', async () => {
    const line = 'create --tenant riverside --email twice@x.example --name Tom --role teacher'
    await says(memberCommand, line)
    await expect(says(memberCommand, line)).rejects.toMatchObject({ code: 'conflict' })
    await expect(says(memberCommand, 'disable --tenant riverside --email nobody@x.example')).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('knows no role of the console', async () => {
    const line = 'create --tenant riverside --email op@x.example --name Op --role platform_operator'
    await expect(says(memberCommand, line)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('--role'),
    })
  })

  test('leaves each deed in the school’s audit, without the e-mail', async () => {
    const school = await world.addSchool({ slug: 'audited' })
    await says(memberCommand, 'create --tenant audited --email a@x.example --name Ann --role student')
    await says(memberCommand, 'reset-password --tenant audited --email a@x.example')
    await says(memberCommand, 'disable --tenant audited --email a@x.example')
    const rows = await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql('select actor, action, detail from app.audit_log where tenant_id = $1 order by seq', [school.tenantId]),
    )
    expect(rows).toEqual(
      ['member.create', 'member.reset-password', 'member.disable'].map((action) => ({ actor: 'system:ops', action, detail: {} })),
    )
  })
})

describe('ops audit verify', () => {
  test('says how many entries are whole, and fails on a changed one by its number', async () => {
    const school = await world.addSchool({ slug: 'verified' })
    await says(memberCommand, 'create --tenant verified --email a@x.example --name Ann --role student')
    await says(memberCommand, 'disable --tenant verified --email a@x.example')
    const { lastHash } = await verifyChain(school.ctx)
    expect(await says(auditCommand, 'verify --tenant verified')).toContain(`whole: 2 entries. Note the last, 2 ${lastHash}`)
    await withDirectConnection(world.shard(school.shard).adminUrl, (sql) =>
      sql(`update app.audit_log set actor = 'system:nobody' where tenant_id = $1 and seq = 1`, [school.tenantId]),
    )
    await expect(says(auditCommand, 'verify --tenant verified')).rejects.toMatchObject({
      message: expect.stringContaining('broken at entry 1'),
    })
  })
})

/** What a command prints. */
async function says(command: { run: (args: readonly string[]) => Promise<void> }, line: string): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    await command.run(line === '' ? [] : line.split(' '))
    return written.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    written.mockRestore()
  }
}
