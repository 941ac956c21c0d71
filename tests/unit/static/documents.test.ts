import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { allTokenScopes } from '@/lib/api/token'
import { problemStatus } from '@/lib/errors'
import { commands } from '@/lib/ops/commands'

const textOf = (file: string) => fs.readFileSync(file, 'utf8')
const pages = [
  'README.md',
  'prisma/README.md',
  ...fs.readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]

describe.each(pages)('%s', (page) => {
  it('links to files that exist', () => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) =>
      path.join(path.dirname(page), link),
    )
    expect(links.filter((link) => !fs.existsSync(link))).toEqual([])
  })

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json'))
    const named = [...textOf(page).matchAll(/npm run ([a-z]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
    const ops = [...textOf(page).matchAll(/npm run ops -- ([a-z-]+)/g)].map(([, name]) => name)
    expect(ops.filter((name) => name !== 'help' && !commands.some((command) => command.name === name))).toEqual([])
  })
})

describe('docs/operations.md', () => {
  it('explains every variable that a process reads, and no other', () => {
    const read = [...textOf('lib/env.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name = '']) => name)
    expect(read.length).toBeGreaterThan(15)
    const page = textOf('docs/operations.md')
    // NODE_ENV is Node's own.
    expect(read.filter((name) => name !== 'NODE_ENV' && !page.includes(`\`${name}\``))).toEqual([])
    const table = page.slice(page.indexOf('| Name |'), page.indexOf('`NEXTAUTH_URL` must'))
    const explained = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    )
    expect(explained.filter((name) => !read.includes(name ?? ''))).toEqual([])
  })

  it('names every command of ops', () => {
    const page = textOf('docs/operations.md')
    expect(commands.filter(({ name }) => !page.includes(name)).map(({ name }) => name)).toEqual([])
  })
})

describe('docs/api.md', () => {
  it('has every code of a problem that the API gives, with its status', () => {
    const rows = textOf('docs/api.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    for (const [code, status] of Object.entries(problemStatus)) {
      expect(
        rows.some((row) => row.includes(`\`${code}\``) && row.includes(`| ${status} |`)),
        code,
      ).toBe(true)
    }
  })

  it('names scopes that exist', () => {
    const [, scopes = ''] = /--scope (\S+)/.exec(textOf('docs/api.md')) ?? []
    expect(scopes.split(',').toSorted()).toEqual(allTokenScopes.toSorted())
  })
})
