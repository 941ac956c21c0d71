import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { importBytesMax } from '@/lib/imports/limits'
import { config } from '@/middleware'
import nextConfig from '@/next.config'

/** Every file of ours that Next builds. */
function sources(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name)
    return entry.isFile() && /\.tsx?$/.test(entry.name) && !file.includes('generated') ? [file] : []
  })
}

describe('what middleware sees', () => {
  const matcher = new RegExp(`^${config.matcher[0]}$`)

  it('is everything but this list', () => {
    // A change here takes a path out of every check of host, school and header.
    expect(config.matcher).toEqual([
      '/((?!_next/static/|(?:favicon\\.ico|icon\\.svg|robots\\.txt|gradebook-template\\.csv|api/health/live|api/health/ready|api/metrics)$).*)',
    ])
  })

  it.each([
    '/',
    '/t/northside',
    '/classes',
    '/api/v1/classes',
    '/api/auth/session',
    '/api/healthy',
    '/api/health',
    '/api/metrics/x',
    '/api/health/ready/x',
  ])('includes %s', (at) => expect(matcher.test(at)).toBe(true))
  it.each([
    '/_next/image',
    '/_next/data/x',
    '/favicon.icon',
    '/robots.txt.csv',
    '/x/gradebook-template.csv',
    '/gradebook-template.csv/',
  ])('includes %s as well', (at) => expect(matcher.test(at)).toBe(true))
  it.each(['/_next/static/chunks/a.js', '/favicon.ico', '/icon.svg', '/api/health/live', '/api/health/ready', '/api/metrics'])(
    'leaves out %s',
    (at) => expect(matcher.test(at)).toBe(false),
  )

  it('leaves out every public file, which would otherwise be looked for below a school', () => {
    const files = fs.readdirSync('public', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(0)
    for (const entry of files) {
      const address = `/${path.relative('public', path.join(entry.parentPath, entry.name))}`
      expect(matcher.test(address), address).toBe(false)
    }
  })
})

describe('next.config.js', () => {
  it('lets no other origin call our actions', () => {
    expect(nextConfig.experimental?.serverActions).not.toHaveProperty('allowedOrigins')
  })

  it('rewrites and redirects nothing by host', () => {
    expect(nextConfig).not.toHaveProperty('rewrites')
    expect(nextConfig).not.toHaveProperty('redirects')
  })

  it('takes bodies larger than the largest import, the middleware more than the action', () => {
    const bytes = (text: unknown) => Number(/^(\d+)mb$/.exec(String(text))?.[1]) * 1024 * 1024
    const action = bytes(nextConfig.experimental?.serverActions?.bodySizeLimit)
    expect(action).toBeGreaterThan(importBytesMax)
    expect(bytes(nextConfig.experimental?.proxyClientMaxBodySize)).toBeGreaterThan(action)
  })
})

describe('our sources', () => {
  const all = [...sources('app'), ...sources('lib'), ...sources('components'), 'middleware.ts', 'instrumentation.ts']
  const textOf = (file: string) => fs.readFileSync(file, 'utf8')

  it('never set NEXTAUTH_URL, which would send every school to one host', () => {
    expect(all.filter((file) => /NEXTAUTH_URL['"]?\s*\]?\s*(\?\?)?=[^=]/.test(textOf(file)))).toEqual([])
  })

  it('keep no answer between requests without naming the school', () => {
    expect(all.filter((file) => /['"]use cache|unstable_cache|revalidateTag|force-static/.test(textOf(file)))).toEqual([])
  })

  it('read the Host header in middleware only', () => {
    const readers = all.filter((file) => /\.get\(\s*['"](x-forwarded-)?host['"]\s*\)/i.test(textOf(file)))
    expect(readers).toEqual(['middleware.ts'])
  })

  it('call no other server from a page: nothing is fetched by an address made of a request', () => {
    expect(all.filter((file) => file !== 'lib/ops/entry.mjs' && /fetch\(\s*`/.test(textOf(file)))).toEqual([])
  })
})

describe('installed versions', () => {
  const atLeast = (version: string, wanted: string) => version.localeCompare(wanted, 'en', { numeric: true }) >= 0
  it.each([
    ['next', '16.2.11'],
    ['react', '19.2.6'],
    ['react-dom', '19.2.6'],
    ['next-auth', '4.24.15'],
    ['@prisma/client', '7.10.0'],
    ['@prisma/adapter-pg', '7.10.0'],
    ['prisma', '7.10.0'],
  ])('%s is %s or newer, without its known holes', (name, wanted) => {
    const { version } = JSON.parse(textOfPackage(name))
    expect(atLeast(version, wanted), version).toBe(true)
  })

  it('are the three of Prisma alike, and its engine of the same build', () => {
    const versions = ['prisma', '@prisma/client', '@prisma/adapter-pg'].map((name) => JSON.parse(textOfPackage(name)).version)
    expect(new Set(versions).size).toBe(1)
    expect(JSON.parse(textOfPackage('@prisma/schema-engine-wasm')).version).toContain(versions[0])
  })
})

function textOfPackage(name: string): string {
  return fs.readFileSync(`node_modules/${name}/package.json`, 'utf8')
}
