import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const forbidden = [
  ['app/t/[tenant]', '@/lib/db/tenant-db'],
  ['app/t/[tenant]', 'pg'],
  ['app/t/[tenant]', '@/lib/redis'],
  ['app/t/[tenant]', '@/lib/env'],
  ['components/gradebook', '@/lib/db/tenant-db'],
  ['components/gradebook', '@/lib/auth/session'],
  ['components/gradebook', 'server-only'],
  ['lib/gradebook', '@/lib/imports/plan'],
  ['lib/gradebook', '@/lib/db/generated/shard/client'],
  ['lib/gradebook', '@/lib/rosters/plan-roster'],
  ['lib/people', '@/lib/rosters/plan-roster'],
  ['lib/rosters', '@/lib/db/generated/shard/client'],
  ['lib/rosters', 'next/headers'],
  ['lib/db', '@/lib/rosters/plan-roster'],
  ['lib/imports', 'pg'],
  ['lib/imports', 'next/headers'],
  ['lib/auth', '@prisma/client'],
  ['lib/db', '@/lib/gradebook/classes'],
  ['lib/db', 'next/headers'],
  ['middleware.ts', '@/lib/db/tenant-db'],
  ['middleware.ts', 'server-only'],
] as const
const allowed = [
  ['app/t/[tenant]', '@/lib/gradebook/classes'],
  ['lib/imports', '@/lib/gradebook/totals'],
  ['lib/rosters', '@/lib/imports/decode'],
  ['lib/gradebook', '@/lib/db/tenant-db'],
  ['lib/db', 'pg'],
] as const

/** A tree with one planted import a file, linted once with the project's own rules. */
let planted: string
let findings: string

function fileOf(at: string, specifier: string): string {
  return at.endsWith('.ts') ? at : `${at}/planted-${specifier.replace(/[^a-z]+/g, '-')}.ts`
}

beforeAll(() => {
  planted = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-arrows-'))
  fs.copyFileSync('biome.json', path.join(planted, 'biome.json'))
  const write = (file: string, source: string) => {
    fs.mkdirSync(path.dirname(path.join(planted, file)), { recursive: true })
    fs.appendFileSync(path.join(planted, file), source)
  }
  for (const [index, [at, specifier]] of [...forbidden, ...allowed].entries())
    write(fileOf(at, specifier), `import * as used${index} from '${specifier}'\nexport const kept${index} = used${index}\n`)
  write('lib/cycle/one.ts', "import { two } from './two'\nexport const one = () => two\n")
  write('lib/cycle/two.ts', "import { one } from './one'\nexport const two = () => one\n")
  const biome = path.resolve('node_modules/@biomejs/biome/bin/biome')
  const run = spawnSync(process.execPath, [biome, 'lint', '--colors=off', '--max-diagnostics=none', '.'], {
    cwd: planted,
    encoding: 'utf8',
  })
  findings = run.stdout + run.stderr
})

afterAll(() => fs.rmSync(planted, { recursive: true, force: true }))

describe('the import arrows are lint errors, not habits', () => {
  it.each(forbidden)('%s may not import %s', (at, specifier) => {
    const file = fileOf(at, specifier)
    const found = findings.split('\n\n').filter((part) => part.includes(file) && part.includes('noRestrictedImports'))
    // Several are planted into one file where the rule is for that file alone: each has to be found.
    const planted = forbidden.filter(([place, name]) => fileOf(place, name) === file)
    expect(found.length, findings.slice(0, 500)).toBe(planted.length)
  })

  it.each(allowed)('%s may import %s', (at, specifier) => {
    expect(findings).not.toContain(fileOf(at, specifier))
  })

  it('an import cycle is an error', () => {
    expect(findings).toMatch(/lib\/cycle\/(one|two)\.ts.*noImportCycles/)
  })
})
