import 'server-only'
import { z } from 'zod'

/**
 * The environment, checked once. Parsed when first asked for and not on import, so that `next build` needs no environment.
 * Everything that is wrong is said in one error. Values never appear in it: many of them are secrets.
 */

const databaseUrl = z
  .string()
  .refine((text) => /^postgres(ql)?:\/\/[^/]+\/[^/?]+/.test(text), 'must be a postgres:// address with a database name')
const secret = z.string().min(32, 'must have at least 32 characters')
const optionalText = z
  .string()
  .optional()
  .transform((text) => text || undefined)

const webSchema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  ROOT_DOMAIN: z
    .string()
    .regex(
      /^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/,
      'must be a lower-case host name with an optional port, like gradeinsight.com',
    )
    .default('localhost:3000'),
  APP_PROTO: z.enum(['http', 'https']).default('http'),
  NEXTAUTH_SECRET: secret,
  CONTEXT_SECRET: secret,
  TOKEN_SECRET: secret,
  FILES_SECRET: secret,
  // The secret before this one: what it sealed can still be opened.
  FILES_SECRET_PREVIOUS: secret.optional(),
  // With one set, next-auth would send every school's sign-in to that one address.
  NEXTAUTH_URL: z
    .string()
    .optional()
    .refine((value) => value === undefined, 'must not be set: each school signs in on its own host'),
  CONTROL_URL: databaseUrl,
  CONTROL_LISTEN_URL: databaseUrl.optional(),
  REDIS_URL: z
    .string()
    .regex(/^(redis|rediss):\/\//, 'must be a redis:// or rediss:// address')
    .optional(),
  POOL_MAX: z.coerce.number().int().min(1).max(200).default(10),
  REGISTRY_SNAPSHOT_FILE: optionalText,
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(20).default(2),
  WORKER_SHARE: z.coerce.number().int().min(1).max(100).default(25),
  WORKER_DRAIN_SECONDS: z.coerce.number().int().min(0).max(3600).default(25),
  WORKER_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).default(0),
  PREPARED_STATEMENTS: z.enum(['auto', 'on', 'off']).default('auto'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** What web pods, workers and commands run with. */
export type Env = Readonly<z.infer<typeof webSchema>>

/** The environment is not usable. `problems` has one line a name; no value is ever in it. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'EnvironmentError'
    this.problems = problems
  }
}

/** Checks an environment. Throws `EnvironmentError` with every bad name, and with bad addresses of shards as well. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  // An empty value is how compose files and shells write "not set".
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = webSchema.safeParse(present)
  const problems = [...(parsed.success ? [] : describe(parsed.error)), ...badShardUrls(present)]
  if (!parsed.success || problems.length > 0) throw new EnvironmentError(problems)
  return parsed.data
}

function describe(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const name = issue.path.join('.')
    const isMissing = issue.code === 'invalid_type' && /received undefined/.test(issue.message)
    return `${name} ${isMissing ? 'is missing' : issue.message}`
  })
}

function badShardUrls(source: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(source)
    .filter(([name, value]) => name.startsWith('SHARD_URL_') && !databaseUrl.safeParse(value).success)
    .map(([name]) => `${name} must be a postgres:// address with a database name`)
}

let current: Env | undefined

/** The process's environment, checked on first use. Throws `EnvironmentError`. */
export function env(): Env {
  current ??= readEnv(process.env)
  return current
}

/** Forgets what was read, so that the next `env()` reads process.env again. For tests that set up their own world. */
export function forgetEnv(): void {
  current = undefined
}

/** Address of a shard for the web role. Names live in the registry, addresses only here. Throws `EnvironmentError` when the shard has none. */
export function shardUrl(shard: string): string {
  return requiredUrl(nameFor('SHARD_URL', shard))
}

/** Names of the shards this process has an address for, in order. */
export function knownShards(source: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return Object.keys(source)
    .filter((name) => name.startsWith('SHARD_URL_') && source[name])
    .map((name) => name.slice('SHARD_URL_'.length).toLowerCase())
    .sort()
}

/** Address of a shard for migrations (role gi_migrator). Commands only: web pods are never given it. */
export function shardOwnerUrl(shard: string): string {
  return requiredUrl(nameFor('OWNER_URL', shard))
}

/** Address of a shard for provisioning and moves (role gi_mover). Commands only. */
export function shardMoverUrl(shard: string): string {
  return requiredUrl(nameFor('MOVER_URL', shard))
}

/** Address of the control database for migrations (role gi_migrator). Commands only. */
export function controlOwnerUrl(): string {
  return requiredUrl('CONTROL_OWNER_URL')
}

/** Address of the control database for workers (role gi_worker). Workers and commands only: web pods are never given it. */
export function controlWorkerUrl(): string {
  return requiredUrl('CONTROL_WORKER_URL')
}

/** Superuser address that makes roles and databases on a fresh server. Commands only. */
export function adminUrl(): string {
  return requiredUrl('ADMIN_URL')
}

/** Superuser address of the server a shard lies on: its own, or that of the control database's server. Commands only. */
export function shardAdminUrl(shard: string): string {
  const own = nameFor('ADMIN_URL', shard)
  return process.env[own] ? requiredUrl(own) : adminUrl()
}

function nameFor(prefix: string, shard: string): string {
  return `${prefix}_${shard.toUpperCase().replaceAll('-', '_')}`
}

function requiredUrl(name: string): string {
  const value = process.env[name]
  if (!value) throw new EnvironmentError([`${name} is missing`])
  const parsed = databaseUrl.safeParse(value)
  if (!parsed.success) throw new EnvironmentError([`${name} must be a postgres:// address with a database name`])
  return parsed.data
}
