import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readEnv } from '@/lib/env'

const dockerfile = fs.readFileSync('Dockerfile', 'utf8')
const finalStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

const serviceSchema = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.unknown()).default({}),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  restart: z.string().optional(),
})
const compose = z
  .object({
    services: z.record(z.string(), serviceSchema),
    configs: z.record(z.string(), z.object({ content: z.string() })),
  })
  .parse(parse(fs.readFileSync('compose.yaml', 'utf8'), { merge: true }))

function service(name: string) {
  const found = compose.services[name]
  if (found === undefined) throw new Error(`compose.yaml has no service ${name}`)
  return found
}

/** The values a service gets when every variable of .env has this value. */
function filled(environment: Readonly<Record<string, unknown>>, secret: string): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)\}/g, (_all, fallback: string | undefined) => fallback ?? secret)
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(String(value))]))
}

describe('the image', () => {
  it('runs Node 24 as a numeric user without a name or rights', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24-/m)
    const user = /^USER (\d+):(\d+)$/m.exec(finalStage)
    expect(Number(user?.[1])).toBeGreaterThanOrEqual(10_000)
    expect(Number(user?.[2])).toBeGreaterThanOrEqual(10_000)
    expect(finalStage).not.toMatch(/--chown|chmod|^RUN /m)
  })

  it('listens on every address, never on the name Kubernetes puts into HOSTNAME', () => {
    expect(finalStage).toMatch(/^ENV .*HOSTNAME=0\.0\.0\.0/m)
  })

  it('runs no install script and starts Node itself, so that signals arrive', () => {
    for (const line of dockerfile.match(/npm (ci|install|prune).*/g) ?? []) expect(line).toContain('--ignore-scripts')
    expect(finalStage).toMatch(/^ENTRYPOINT \["node", "\/app\/entry\.mjs"\]$/m)
    expect(finalStage).toMatch(/^CMD \["web"\]$/m)
  })

  it('takes in no secret, no tests and no other build', () => {
    expect(dockerfile).not.toMatch(/^(ENV|ARG) .*(SECRET|PASSWORD|TOKEN|_KEY)/m)
    const kept = fs.readFileSync('.dockerignore', 'utf8').split('\n')
    expect(kept).toContain('*')
    expect(kept.filter((line) => /^!(tests|\.env|\.data|\.git|node_modules|\.next)/.test(line))).toEqual([])
  })

  it('copies files that exist', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?:--from=build \S*? ?)?(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    )
    const ours = copied
      .map((file) => file.replace(/^\/src\//, ''))
      .filter(
        (file) =>
          !file.startsWith('--') &&
          !/^(\.|\.next.*|node_modules)$/.test(file) &&
          !file.includes('.next') &&
          !file.includes('node_modules'),
      )
    expect(ours.length).toBeGreaterThan(4)
    for (const file of ours) expect(fs.existsSync(file), file).toBe(true)
  })
})

describe('compose.yaml', () => {
  it('has two Postgres of version 18, Redis, a pooler, the application, a worker and a migration that ends', () => {
    expect(Object.keys(compose.services).sort()).toEqual([
      'app',
      'migrate',
      'ops',
      'pgbouncer',
      'postgres-1',
      'postgres-2',
      'redis',
      'worker',
    ])
    for (const name of ['postgres-1', 'postgres-2']) expect(service(name).image).toMatch(/^postgres:18/)
    expect(service('migrate').restart).toBe('no')
    for (const name of ['app', 'pgbouncer', 'ops', 'worker'])
      expect(service(name).depends_on.migrate?.condition).toBe('service_completed_successfully')
  })

  it.each(['app', 'migrate', 'ops', 'worker'])('%s runs read-only, without capabilities or new privileges', (name) => {
    const { read_only, cap_drop, security_opt, tmpfs } = service(name)
    expect({ read_only, cap_drop, security_opt, tmpfs }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    })
  })

  it('gives the application an environment it accepts', () => {
    const given = filled(service('app').environment, 's'.repeat(40))
    expect(readEnv({ ...given, NODE_ENV: 'production' })).toMatchObject({ PREPARED_STATEMENTS: 'on' })
    expect(given.NEXTAUTH_URL).toBeUndefined()
  })

  it('never gives the application a key past row-level security', () => {
    const given = JSON.stringify(service('app').environment)
    expect(given).not.toMatch(/gi_migrator|gi_mover|gi_worker|postgres:\$|OWNER_URL|MOVER_URL|WORKER_URL|ADMIN_URL/)
    expect(JSON.stringify(service('migrate').environment)).toMatch(/OWNER_URL_SHARD_1/)
  })

  it('gives the worker the queue’s role past the pooler, and no key past row-level security', () => {
    const given = service('worker').environment
    expect(readEnv({ ...filled(given, 's'.repeat(40)), NODE_ENV: 'production' })).toMatchObject({ WORKER_PORT: 3001 })
    expect(String(given.CONTROL_WORKER_URL)).toMatch(/gi_worker:.*@postgres-1:/)
    expect(JSON.stringify(given)).not.toMatch(/gi_migrator|gi_mover|postgres:\$|OWNER_URL|MOVER_URL|ADMIN_URL/)
  })

  it('pools in transaction mode, and listens past the pooler', () => {
    const ini = compose.configs['pgbouncer.ini']?.content ?? ''
    expect(ini).toMatch(/^pool_mode = transaction$/m)
    expect(ini).toMatch(/^max_prepared_statements = [1-9]/m)
    expect(String(service('app').environment.SHARD_URL_SHARD_1)).toContain('@pgbouncer:')
    expect(String(service('app').environment.CONTROL_LISTEN_URL)).not.toContain('pgbouncer')
    expect(service('pgbouncer').image).toMatch(/:v1\.(2[5-9]|[3-9]\d)/)
  })

  it('opens one port to the outside', () => {
    expect(
      Object.entries(compose.services)
        .filter(([, { ports }]) => ports.length > 0)
        .map(([name]) => name),
    ).toEqual(['app'])
  })

  it('holds no secret itself', () => {
    const text = fs.readFileSync('compose.yaml', 'utf8')
    for (const [, value] of text.matchAll(/(?:PASSWORD|_SECRET): (.+)$/gm)) expect(value).toMatch(/^\$\{\w+:\?/)
    expect(text).not.toMatch(/:\/\/\w+:[^$@/]+@/)
  })

  it('never asks a server for more connections than it has: pods x shards x pool end at the pooler', () => {
    const ini = compose.configs['pgbouncer.ini']?.content ?? ''
    const setting = (name: string) => Number(new RegExp(`^${name} = (\\d+)$`, 'm').exec(ini)?.[1])
    const databases = [...ini.matchAll(/^\w+ = host=(\S+) port/gm)].map(([, host]) => host ?? '')
    const { POOL_MAX } = readEnv({ ...filled(service('app').environment, 's'.repeat(40)), NODE_ENV: 'production' })
    for (const host of new Set(databases)) {
      const onHost = databases.filter((each) => each === host).length
      const allowed = Number(/max_connections=(\d+)/.exec(String(service(host).command))?.[1])
      // One pool for each database and role; commands and the superuser's reserve come beside them, directly.
      expect(onHost * setting('default_pool_size') + 20, host).toBeLessThanOrEqual(allowed)
    }
    const [pods, shards] = [50, databases.length - 1]
    expect(pods * (shards * POOL_MAX + 5)).toBeLessThanOrEqual(setting('max_client_conn'))
  })
})

describe('a rolling deploy', () => {
  it('builds with one key for actions and an id of the deployment, so that a page of before finds its actions', () => {
    expect(dockerfile).toMatch(/^ARG DEPLOYMENT_ID/m)
    expect(dockerfile).toMatch(/NEXT_SERVER_ACTIONS_ENCRYPTION_KEY="\$\(cat \/run\/secrets\/server_actions_key\)"/)
    expect(fs.readFileSync('next.config.js', 'utf8')).toMatch(/deploymentId: process\.env\.DEPLOYMENT_ID/)
  })
})
