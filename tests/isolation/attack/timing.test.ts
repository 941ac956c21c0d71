import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Arena, ask, nobodysId, openArena } from './arena'

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
}, 300_000)
afterAll(() => arena.close())

const rounds = 60

it.each([
  ['a class of another school', () => `/classes/${arena.riverside.school.classId}`, () => arena.northside.cookies.teacher],
  ['a class of a colleague', () => `/classes/${arena.northside.school.otherClassId}`, () => arena.northside.cookies.teacher],
  [
    'the record of another pupil',
    () => `/students/${arena.northside.school.students[1].id}`,
    () => arena.northside.cookies.student,
  ],
])('the refusal of %s takes as long as that of nothing at all', async (_what, path, cookie) => {
  const folder = path().split('/')[1]
  const took = async (at: string) => {
    const start = performance.now()
    expect((await ask(arena, arena.northside.host, at, { cookies: [cookie()] })).status).toBe(404)
    return performance.now() - start
  }
  const foreign: number[] = []
  const absent: number[] = []
  // In turns, so that whatever else this machine does falls on both; a ratio of medians, so that no machine is too slow for it.
  for (let round = 0; round < rounds; round++) {
    foreign.push(await took(path()))
    absent.push(await took(`/${folder}/${nobodysId()}`))
  }
  const ratio = median(foreign) / median(absent)
  expect(ratio).toBeGreaterThan(0.6)
  expect(ratio).toBeLessThan(1.67)
})

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
