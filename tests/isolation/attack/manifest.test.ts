import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildWhenNeeded } from '@/lib/ops/build.mjs'
import { builtActions } from './built-actions'
import { actions, apexRoutes, apiRoutes, consoleRoutes, otherRoutes, schoolRoutes } from './surface'

beforeAll(() => buildWhenNeeded(), 300_000)

const readBuilt = (file: string): unknown => JSON.parse(fs.readFileSync(path.resolve('.next', file), 'utf8'))

describe('nothing of the built application is left out of the attacks', () => {
  it('every page and handler has its entry, and every entry its page or handler', () => {
    const built = Object.values(z.record(z.string(), z.string()).parse(readBuilt('app-path-routes-manifest.json')))
    const known = [
      ...schoolRoutes.map(({ route }) => route),
      ...Object.keys(consoleRoutes),
      ...Object.keys(apexRoutes),
      ...apiRoutes,
      ...otherRoutes,
    ]
    expect([...new Set(built)].sort()).toEqual(known.toSorted())
  })

  it('every server action has its entry, and every entry its action', () => {
    expect([...new Set(builtActions().map(({ name }) => name))].sort()).toEqual(actions.map(({ name }) => name).toSorted())
  })

  it('no page of a school, the console or the API is made ahead of its request', () => {
    const { routes } = z.object({ routes: z.record(z.string(), z.unknown()) }).parse(readBuilt('prerender-manifest.json'))
    const made = Object.keys(routes).filter((route) => /^\/(t|console|apex|api)(\/|$)/.test(route))
    expect(made).toEqual([])
  })
})
