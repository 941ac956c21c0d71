import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '../..')

// They hold one connection of their own, outside every pool, for the length of their work.
const direct = new Set(
  ['bootstrap', 'migrations', 'schema-engine', 'isolation-lint', 'control-listener'].map((name) => `lib/db/${name}.ts`),
)

/** What outlives a transaction on a pooled connection, and would be found there by the next school. */
const lasting: readonly [string, RegExp][] = [
  ['a session setting', /set_config\s*\([^()]*(?:\([^()]*\)[^()]*)*,\s*false\s*\)/i],
  [
    'a session setting',
    /\bset\s+(?:session\s+)?(?:app|role|search_path|statement_timeout|row_security)\b(?!\s*\()(?=\s*(?:\.|=|to\b))/i,
  ],
  ['a session advisory lock', /pg_(?:try_)?advisory_(?:lock|unlock)/i],
  ['a channel', /\b(?:un)?listen\s+["$a-z]/],
  ['a temporary table', /create\s+temp/i],
]

test.each([
  [`select set_config('app.tenant_id', $1, false)`, 'a session setting'],
  [`select set_config('app.tenant_id', lower($1), false)`, 'a session setting'],
  [`set app.tenant_id = 'x'`, 'a session setting'],
  [`set session statement_timeout = 0`, 'a session setting'],
  [`select pg_advisory_lock(1)`, 'a session advisory lock'],
  [`create temp table x ()`, 'a temporary table'],
])('the search knows %s', (text, what) => {
  expect(lastingIn(text)).toContain(what)
})

test.each([
  `select set_config('app.tenant_id', $1, true)`,
  `set local statement_timeout = 50`,
  `select pg_advisory_xact_lock(1)`,
  `update x set search_path_note = 1`,
])('the search lets %s pass', (text) => {
  expect(lastingIn(text)).toEqual([])
})

test('no query of the product leaves a setting, lock or table on a pooled connection', () => {
  const found = ['lib', 'app'].flatMap(filesIn).flatMap((file) => {
    if (direct.has(file)) return []
    return lastingIn(strings(fs.readFileSync(path.join(root, file), 'utf8'))).map((what) => `${file}: ${what}`)
  })
  expect(found).toEqual([])
})

function lastingIn(text: string): string[] {
  return lasting.flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []))
}

/** The string literals of a source file: SQL lives there, and comments do not. */
function strings(source: string): string {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return [...withoutComments.matchAll(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g)]
    .map(([text]) => text)
    .join('\n')
}

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name).replaceAll('\\', '/'))
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.startsWith('lib/db/generated/'))
}
