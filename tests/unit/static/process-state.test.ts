import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/** Every source file of ours, with its text. */
const sources = ['app', 'components', 'lib', 'middleware.ts', 'instrumentation.ts'].flatMap((name) => {
  const files = fs.statSync(name).isDirectory()
    ? fs.readdirSync(name, { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join(name, file))
    : [name]
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('lib/db/generated/'))
    .map((file) => ({ file, text: fs.readFileSync(file, 'utf8') }))
})

// A module lives as long as its process and serves every school. What may stand in one is the same for all of them.
const sameForAllSchools = new Map([
  ['lib/env.ts current', 'the environment of the process'],
  ['lib/tenancy/context.ts cachedKey', 'the key made of the process’s own secret'],
  ['lib/auth/passwords.ts dummy', 'a hash of a password nobody knows'],
  ['lib/db/schema-engine.ts loading', 'a WebAssembly module'],
])

describe('what a module may hold between requests', () => {
  it('is no variable, but these that are the same for every school', () => {
    const variables = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/^(?:export )?(?:let|var) (\w+)/gm)].map(([, name]) => `${file} ${name}`),
    )
    expect(variables.toSorted()).toEqual([...sameForAllSchools.keys()].sort())
  })

  it('is nothing that grows with requests, but what is keyed by texts of our own', () => {
    const growing = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/^(?:export )?const (\w+)[^\n=]*= new (?:Map|Set|WeakMap|LRUCache|WeakSet)(?:<[^\n]*>)?\(\)/gm)].map(
        ([, name]) => `${file} ${name}`,
      ),
    )
    // Formats by locale; names of statements by their text; vocabularies by our formats; months by their words.
    expect(growing.toSorted()).toEqual([
      'components/ui/format.ts made',
      'lib/db/tenant-pool.ts names',
      'lib/imports/identity-words.ts vocabularies',
      'lib/imports/locale.ts months',
    ])
  })

  it('is no school: nothing is ambient, not even for one request', () => {
    const ambient = sources.filter(({ text }) => /AsyncLocalStorage|enterWith\(|globalThis\.\w+ =/.test(text))
    expect(ambient.map(({ file }) => file)).toEqual([])
  })
})

describe('a school’s context', () => {
  it('is made in one place', () => {
    expect(sources.filter(({ text }) => /as TenantContext\b/.test(text)).map(({ file }) => file)).toEqual([
      'lib/tenancy/establish.ts',
    ])
  })

  it('is established for a signed request, a token, a fresh route, the console’s own schools, a worker’s job, and an operator’s command only', () => {
    const makers = sources.filter(({ file, text }) => file !== 'lib/tenancy/establish.ts' && /establishTenant\(/.test(text))
    expect(makers.map(({ file }) => file).toSorted()).toEqual([
      'lib/api/bearer.ts',
      'lib/district/schools.ts',
      'lib/jobs/import-job.ts',
      'lib/jobs/purge.ts',
      'lib/ops/arguments.ts',
      'lib/ops/demo-cast.ts',
      'lib/tenancy/registry.ts',
      'lib/tenancy/request.ts',
    ])
  })

  it('is what every reader and writer of a school’s rows needs: no work runs later or elsewhere without one', () => {
    const openers = sources.filter(({ file, text }) => !file.startsWith('lib/db/') && /\b(?:read|write)Tenant\(/.test(text))
    expect(openers.length).toBeGreaterThan(20)
    for (const { file, text } of openers) {
      const firsts = [...text.matchAll(/\b(?:read|write)Tenant\(\s*(\w+(?:\.\w+)?)/g)].map(([, first]) => first)
      expect(
        firsts.filter((first) => !/^(ctx|own|school|visit\.ctx|call\.ctx)$/.test(first ?? '')),
        file,
      ).toEqual([])
    }
  })
})
