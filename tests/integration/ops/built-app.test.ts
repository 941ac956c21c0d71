import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRunning } from '@/lib/ops/local-process'
import type { LocalApp } from '@/lib/ops/local-app'
import { startBuiltApp } from '../../support/app'
import { request } from '../../support/http'
import { cookieOf } from '../../support/sessions'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'

let world: World
let app: LocalApp
let northside: PeopledSchool
let riverside: PeopledSchool

beforeAll(async () => {
  world = await createWorld()
  ;({ northside, riverside } = await addTwoSchools(world))
  app = await startBuiltApp(world)
}, 300_000)
afterAll(async () => {
  await app?.stop()
  await world.close()
})

const hostOf = ({ slug }: PeopledSchool) => `${slug}.localhost:${app.port}`

describe('the built application on a world', () => {
  it('shows each school to its own teacher, and sends the other school’s session to sign in', async () => {
    const cookies = [await cookieOf(northside, northside.teacher)]
    const ours = await request(hostOf(northside), '/classes', { cookies })
    expect(ours.status).toBe(200)
    expect(ours.text).toContain('Biology 9A')
    const theirs = await request(hostOf(riverside), '/classes', { cookies })
    expect(theirs.status).toBe(307)
    expect(theirs.text).not.toContain('Biology 9A')
    const own = await request(hostOf(riverside), '/classes', { cookies: [await cookieOf(riverside, riverside.teacher)] })
    expect(own.text).toContain('Biology 9A')
  })

  it('answers 404 for a school nobody has heard of', async () => {
    expect((await request(`nowhere.localhost:${app.port}`, '/')).status).toBe(404)
  })

  it('finishes with exit code 143 when it is told to end, and is gone', async () => {
    const other = await startBuiltApp(world)
    await other.stop()
    expect([0, 143]).toContain(await other.exited)
    expect(isRunning(other.pid)).toBe(false)
  })
})
