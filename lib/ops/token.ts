import 'server-only'
import { z } from 'zod'
import { allTokenScopes } from '@/lib/api/token'
import { createToken, listTokens, revokeToken } from '@/lib/api/tokens'
import { operator, readOptions, runVerb, schoolNamed } from './arguments'

const usage = `token create --tenant SLUG[,SLUG] --scope SCOPE[,SCOPE] [--days 90] [--name TEXT]
token list   --tenant SLUG
token revoke --tenant SLUG --id ID
Scopes: ${allTokenScopes.join(', ')}`

/** `ops token ...`: API tokens of one or several schools. */
export const tokenCommand = {
  name: 'token',
  summary: 'create, list or revoke API tokens of a school',
  run: (args: readonly string[]) => runVerb(args, { create, list, revoke }, usage),
}

const commaList = z.string().transform((text) => [...new Set(text.split(','))])
const createSchema = z.object({
  tenant: commaList,
  scope: commaList.pipe(z.array(z.enum(allTokenScopes))),
  days: z.coerce.number().int().min(1).max(366).default(90),
  name: z.string().min(1).max(100).default('made by ops'),
})

async function create(args: readonly string[]): Promise<string> {
  const { tenant, scope: scopes, days, name } = readOptions(args, createSchema, usage)
  const schools = await Promise.all(tenant.map(schoolNamed))
  const { id, token, expiresAt } = await createToken(schools, operator, { name, scopes, days })
  return `Token ${id} for ${tenant.join(', ')}: ${scopes.join(', ')}; until ${expiresAt.toISOString()}.\nIt is shown this once:\n${token}`
}

async function list(args: readonly string[]): Promise<string> {
  const { tenant } = readOptions(args, z.object({ tenant: z.string() }), usage)
  const tokens = await listTokens(await schoolNamed(tenant))
  const now = new Date()
  const lines = tokens.map(({ id, name, scopes, expiresAt, revokedAt }) => {
    const state = revokedAt !== null ? 'revoked' : expiresAt < now ? 'over' : `until ${expiresAt.toISOString().slice(0, 10)}`
    return [id, state, scopes.join(','), name].join('\t')
  })
  return lines.length === 0 ? 'This school has no API tokens.' : lines.join('\n')
}

async function revoke(args: readonly string[]): Promise<string> {
  const { tenant, id } = readOptions(args, z.object({ tenant: z.string(), id: z.uuid() }), usage)
  await revokeToken(await schoolNamed(tenant), operator, id)
  return `Token ${id} is revoked in ${tenant}.`
}
