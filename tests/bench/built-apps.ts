import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { type LocalApp, startApp } from '@/lib/ops/local-app'
import { generateAll } from '@/lib/ops/generate.mjs'
import { applyEnv, type World } from '../support/open-world'
import { request } from '../support/http'

/**
 * What the bench builds for itself, below .data: the product with one page more, an empty one to compare with, and an empty
 * application. Neither ever comes into the product's own build. Both use this checkout's packages.
 */
const root = process.cwd()
const folder = path.join(root, '.data/bench')
const copied = [
  'app',
  'components',
  'lib',
  'prisma',
  'public',
  'middleware.ts',
  'instrumentation.ts',
  'postcss.config.mjs',
  'tsconfig.json',
]

export const emptyPath = '/bench-empty'

const emptyPage = `import { requireMember } from '@/lib/auth/session'

export default async function EmptyPage({ params }: Readonly<{ params: Promise<{ tenant: string }> }>) {
  await requireMember('grades.read', await params)
  return <p>Empty</p>
}
`
// The checkout's root stays the builder's: the packages lie there.
const rootsOfBuild = `turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)}`

/** The built server of the product with the empty page. */
export function buildProduct(): Promise<string> {
  generateAll()
  return build('product', (target) => {
    for (const name of copied) fs.cpSync(path.join(root, name), path.join(target, name), { recursive: true })
    fs.copyFileSync(path.join(root, 'next.config.js'), path.join(target, 'next.config.product.js'))
    write(
      target,
      'next.config.js',
      `import product from './next.config.product.js'\nexport default { ...product, ${rootsOfBuild} }\n`,
    )
    write(target, `app/t/[tenant]/(member)${emptyPath}/page.tsx`, emptyPage)
  })
}

/** The built server of an application of one dynamic page and nothing else. */
export function buildEmpty(): Promise<string> {
  return build('empty', (target) => {
    write(target, 'next.config.js', `export default { output: 'standalone', poweredByHeader: false, ${rootsOfBuild} }\n`)
    // The builder looks for these two in the folders above as well, and would find the product's.
    write(target, 'instrumentation.js', 'export function register() {}\n')
    write(target, 'middleware.js', `export const middleware = () => {}\nexport const config = { matcher: '/nothing-is-here' }\n`)
    write(target, 'app/layout.jsx', `export default ({ children }) => <html lang="en"><body>{children}</body></html>\n`)
    write(target, 'app/page.jsx', `export const dynamic = 'force-dynamic'\nexport default () => <p>Empty</p>\n`)
  })
}

async function build(name: string, prepare: (target: string) => void): Promise<string> {
  const target = path.join(folder, name)
  const output = path.join(target, '.next')
  if (fs.existsSync(target))
    for (const entry of fs.readdirSync(target)) if (entry !== '.next') fs.rmSync(path.join(target, entry), { recursive: true })
  fs.mkdirSync(target, { recursive: true })
  write(target, 'package.json', JSON.stringify({ name: `bench-${name}`, private: true, type: 'module' }))
  prepare(target)
  const hash = hashOf(target)
  const server = path.join(output, 'standalone', path.relative(root, target), 'server.js')
  const stamp = path.join(output, 'bench-inputs')
  if (fs.existsSync(server) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) return server
  process.stderr.write(`Building the ${name} application of the bench; this takes a minute or two\n`)
  await runNextBuild(target)
  fs.writeFileSync(stamp, hash)
  return server
}

function write(target: string, file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(target, file)), { recursive: true })
  fs.writeFileSync(path.join(target, file), text)
}

function hashOf(target: string): string {
  const hash = createHash('sha256').update(fs.readFileSync(path.join(root, 'package-lock.json')))
  const files = fs.readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const names = files.map((entry) => path.join(entry.parentPath, entry.name)).sort()
  // The builder writes next-env.d.ts and its own folder beside the sources.
  for (const name of names.filter((each) => !/(\/\.next\/|next-env\.d\.ts$)/.test(each)))
    hash.update(`\0${name}\0`).update(fs.readFileSync(name))
  return hash.digest('hex')
}

function runNextBuild(target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: target,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part))
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`next build failed:\n${Buffer.concat(said)}`))))
  })
}

type Form = Readonly<{ host: string; path: string; cookie: string }>

/** A running server of ours. */
export type BenchApp = LocalApp &
  Readonly<{
    hostOf: (slug: string) => string
    /** Milliseconds until the last byte of a page, over a connection that stays open. Throws when it is not 200. */
    timePage: (host: string, path: string, cookie?: string) => Promise<number>
    /** The hidden fields of the one form on a page that contains this text. */
    hiddenFields: (form: Form & Readonly<{ button: string }>) => Promise<FormData>
    /** Sends a form and returns the path it leads to. Throws when it leads nowhere. */
    post: (form: Form & Readonly<{ body: FormData }>) => Promise<string>
  }>

/** Starts the product on a world; this process then shares its root domain, so that cookies it seals are good there. */
export async function startProduct(world: World): Promise<BenchApp> {
  const app = await startServer(await buildProduct(), { ...world.env, LOG_LEVEL: 'warn' })
  world.noteProcess(app.pid, 'next')
  applyEnv({ ...world.env, PORT: String(app.port), ROOT_DOMAIN: app.env.ROOT_DOMAIN ?? '' })
  return app
}

/** Starts one of the built servers. */
export async function startServer(server: string, env: Readonly<Record<string, string>>): Promise<BenchApp> {
  const app = await startApp({ env, server, output: 'kept' })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 })
  const hostOf = (slug: string) => `${slug}.${app.env.ROOT_DOMAIN}`
  return {
    ...app,
    stop: async () => {
      agent.destroy()
      await app.stop()
    },
    hostOf,
    timePage: (host, page, cookie) => timePage({ agent, port: app.port, host, page, cookie }),
    async hiddenFields({ host, path: page, cookie, button }) {
      const { text } = await request(host, page, { port: app.port, cookies: [cookie] })
      const form = [...text.matchAll(/<form[\s\S]*?<\/form>/g)].map(([html]) => html).find((html) => html.includes(button))
      if (form === undefined) throw new Error(`${page} has no form with "${button}".`)
      const fields = new FormData()
      for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g))
        fields.set(attribute(input, 'name'), attribute(input, 'value'))
      return fields
    },
    async post({ host, path: page, cookie, body }) {
      const options = {
        method: 'POST',
        port: app.port,
        cookies: [cookie],
        headers: { origin: `http://${host}` },
        body,
        timeoutMs: 120_000,
      }
      const answer = await request(host, page, options)
      if (answer.status !== 303 || answer.headers.location === undefined)
        throw new Error(`A form on ${page} was answered with ${answer.status}.\n${app.output()}`)
      return answer.headers.location
    },
  }
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return value.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

type Page = Readonly<{ agent: http.Agent; port: number; host: string; page: string; cookie: string | undefined }>

function timePage({ agent, port, host, page, cookie }: Page): Promise<number> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { host, ...(cookie === undefined ? {} : { cookie }) }
    http
      .get({ host: 'localhost', port, path: page, agent, headers }, (response) => {
        response.resume()
        response.once('error', reject)
        response.once('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - start)
          else reject(new Error(`${page} of ${host} was answered with ${response.statusCode}.`))
        })
      })
      .once('error', reject)
  })
}
