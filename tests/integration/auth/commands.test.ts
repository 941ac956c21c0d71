import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readToken } from '@/lib/api/token'
import { liveTokenScopes } from '@/lib/api/tokens'
import { verifyChain } from '@/lib/audit/verify'
import { signInConsoleMember, signInMember } from '@/lib/auth/sign-in'
import { withDirectConnection } from '@/lib/db/direct'
import { auditCommand } from '@/lib/ops/audit'
import { consoleMemberCommand } from '@/lib/ops/console-member'
import { districtCommand } from '@/lib/ops/district'
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

describe('ops district and ops console-member', () => {
  const signIn = (email: string, password: string) => signInConsoleMember({ email, password }, 'ops-test', 'ops-test')

  test('make the console’s first people: an operator of everything, and a district with its viewer', async () => {
    expect(await says(districtCommand, 'create --slug lakeland --name Lakeland')).toContain('lakeland is a district now')
    expect(await says(districtCommand, 'list')).toMatch(/^lakeland +0 +Lakeland$/m)

    const operatorSaid = await says(
      consoleMemberCommand,
      'create --email First@Operator.example --name Ines --role platform_operator',
    )
    expect(await signIn('first@operator.example', operatorSaid.trim().split(' ').at(-1) ?? '')).toMatchObject({
      ...{ role: 'platform_operator', districtId: null },
    })
    const viewerSaid = await says(
      consoleMemberCommand,
      'create --email kofi@lakeland.example --name Kofi --role district_viewer --district lakeland',
    )
    const viewer = await signIn('kofi@lakeland.example', viewerSaid.trim().split(' ').at(-1) ?? '')
    expect(viewer).toMatchObject({ role: 'district_viewer', districtId: expect.any(String) })
    expect(await says(consoleMemberCommand, 'list')).toMatch(/^kofi@lakeland.example +district_viewer +lakeland +active +Kofi$/m)
    expect(await says(consoleMemberCommand, 'list')).toMatch(/^first@operator.example +platform_operator +every +active +Ines$/m)
  })

  test('give a new password, which ends the old one’s sessions, and shut out', async () => {
    const said = await says(consoleMemberCommand, 'create --email op@x.example --name Op --role platform_operator')
    const first = said.trim().split(' ').at(-1) ?? ''
    expect(await signIn('op@x.example', first)).toMatchObject({ version: 1 })
    const again =
      /shown this once: (\S+)/.exec(await says(consoleMemberCommand, 'reset-password --email OP@x.example'))?.[1] ?? ''
    await expect(signIn('op@x.example', first)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await signIn('op@x.example', again)).toMatchObject({ version: 2 })
    await says(consoleMemberCommand, 'disable --email op@x.example')
    await expect(signIn('op@x.example', again)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await says(consoleMemberCommand, 'list')).toMatch(/^op@x.example +.*disabled +Op$/m)
  })

  test.each([
    [
      'an operator with a district',
      'create --email a@x.example --name A --role platform_operator --district lakeland',
      'invalid_input',
    ],
    ['an admin without one', 'create --email a@x.example --name A --role district_admin', 'invalid_input'],
    ['a district there is not', 'create --email a@x.example --name A --role district_admin --district nowhere', 'not_found'],
    ['a role of a school', 'create --email a@x.example --name A --role teacher', 'invalid_input'],
    ['an e-mail nobody has', 'disable --email nobody@x.example', 'not_found'],
    ['an e-mail somebody has', 'create --email kofi@lakeland.example --name K --role platform_operator', 'conflict'],
  ])('refuse %s, and add nobody', async (_, line, code) => {
    const before = await says(consoleMemberCommand, 'list')
    await expect(says(consoleMemberCommand, line)).rejects.toMatchObject({ code })
    expect(await says(consoleMemberCommand, 'list')).toBe(before)
  })

  test.each(['create --slug lakeland --name Again', 'create --slug Bad_Slug --name X', 'create --slug x'])(
    'refuse a district by "%s"',
    async (line) => {
      await expect(says(districtCommand, line)).rejects.toMatchObject({
        code: expect.stringMatching(/^(conflict|invalid_input)$/),
      })
    },
  )

  test('leave each deed in the control audit, without the e-mail or a password', async () => {
    const rows = await withDirectConnection(world.adminUrl, (sql) =>
      sql<{ action: string; text: string }>(
        `select action, control_audit::text as text from control.control_audit where actor = 'system:ops' order by at, id`,
      ),
    )
    const actions = rows.map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['district.create', 'member.create', 'member.reset-password', 'member.disable']),
    )
    expect(actions.filter((action) => action === 'member.create')).toHaveLength(3)
    expect(rows.map(({ text }) => text).join('\n')).not.toMatch(/@|Ines|Kofi|argon2/)
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
