import 'server-only'
import { z } from 'zod'
import { ProblemError } from '@/lib/errors'
import { operatorCaller, readOptions, runVerb } from '@/lib/ops/arguments'
import type { Command } from '@/lib/ops/command'
import { asTable } from '@/lib/ops/table'
import {
  createTenant,
  districtIdOf,
  type LifecycleCaller,
  listTenants,
  offboardTenant,
  resumeTenant,
  setReadOnly,
  suspendTenant,
} from '@/lib/tenancy/lifecycle'
import type { TenantRecord } from '@/lib/tenancy/tenant'

const usage = `tenant create    --slug SLUG --name TEXT [--district SLUG] [--shard NAME] [--tier NAME] [--time-zone ZONE] [--locale LOCALE]
tenant list      [--format text|json]
tenant suspend   --slug SLUG      refuse everything until it is resumed
tenant read-only --slug SLUG      refuse writes until it is resumed
tenant resume    --slug SLUG
tenant offboard  --slug SLUG --confirm SLUG      for good; the address is never given away`

/** `ops tenant ...`: the life of a school. */
export const tenantCommand: Command = {
  name: 'tenant',
  summary: 'create, list, suspend, resume or close schools',
  run: (args) =>
    runVerb(
      args,
      {
        create,
        list,
        suspend: (rest) => change(rest, suspendTenant),
        resume: (rest) => change(rest, resumeTenant),
        'read-only': (rest) => change(rest, setReadOnly),
        offboard,
      },
      usage,
    ),
}

const timeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}, 'is no time zone, like Europe/Kyiv')
const createSchema = z.object({
  slug: z.string(),
  name: z.string().trim().min(1).max(200),
  district: z.string().optional(),
  shard: z.string().optional(),
  tier: z.string().optional(),
  'time-zone': timeZone.optional(),
  locale: z
    .string()
    .regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'is no locale, like en or uk')
    .optional(),
})

async function create(args: readonly string[]): Promise<string> {
  const { slug, name, district, shard, tier, locale, ...rest } = readOptions(args, createSchema, usage)
  const districtId = district === undefined ? undefined : await districtIdOf(district)
  const options = { districtId, shard, tier, locale, timeZone: rest['time-zone'] }
  const made = await createTenant({ slug, name, ...defined(options) }, operatorCaller())
  return said(made)
}

async function list(args: readonly string[]): Promise<string> {
  const { format } = readOptions(args, z.object({ format: z.enum(['text', 'json']).default('text') }), usage)
  const tenants = await listTenants()
  if (format === 'json') return JSON.stringify(tenants, null, 2)
  return asTable(
    tenants.map(({ slug, status, shard, epoch, name }) => ({ slug, status, shard, epoch: String(epoch), name })),
    'There are no schools yet.',
  )
}

async function change(
  args: readonly string[],
  to: (slug: string, caller: LifecycleCaller) => Promise<TenantRecord>,
): Promise<string> {
  const { slug } = readOptions(args, z.object({ slug: z.string() }), usage)
  return said(await to(slug, operatorCaller()))
}

async function offboard(args: readonly string[]): Promise<string> {
  const schema = z.object({ slug: z.string(), confirm: z.string() })
  const { slug, confirm } = readOptions(args, schema, usage)
  if (confirm !== slug) throw new ProblemError('invalid_input', `Nothing was changed: --confirm must repeat "${slug}".`)
  return said(await offboardTenant(slug, operatorCaller()))
}

function said({ slug, status, shard, epoch, tenantId }: TenantRecord): string {
  return `${slug} is ${status.replace('_', '-')} on ${shard} (epoch ${epoch}, id ${tenantId}).`
}

/** Without the keys that were not given. */
function defined<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // Exactly the keys whose value is there, which the type of fromEntries cannot say.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
