import { afterEach, expect, test } from 'vitest'
import { cellsPerPacedStatement, cellsPerStatement } from '@/lib/imports/limits'
import { cellsAtOnce, pause, workAtMost } from '@/lib/imports/pause'

afterEach(() => workAtMost(1))

/** Milliseconds a pause took. */
async function restAfter(workedMs?: number, signal?: AbortSignal): Promise<number> {
  const began = performance.now()
  await pause(signal, workedMs)
  return performance.now() - began
}

function workFor(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

test('a process that serves pages only lets others run', async () => {
  let others = 0
  setImmediate(() => others++)
  await pause()
  expect(others).toBe(1)
  const order: string[] = []
  setTimeout(() => order.push('timer'), 400)
  await pause(undefined, 10_000)
  order.push('pause')
  expect(order).toEqual(['pause'])
  expect(cellsAtOnce()).toBe(cellsPerStatement)
})

test('a process that works a third of the time rests twice as long as it worked, and takes smaller bites', async () => {
  workAtMost(1 / 3)
  expect(await restAfter(50)).toBeGreaterThanOrEqual(98)
  workAtMost(0.8)
  expect(await restAfter(200)).toBeGreaterThanOrEqual(48)
  expect(cellsAtOnce()).toBe(cellsPerPacedStatement)
})

test('work is counted since the last pause when nobody says how long it took', async () => {
  workAtMost(0.5)
  await pause(undefined, 0)
  workFor(60)
  expect(await restAfter()).toBeGreaterThanOrEqual(58)
})

test('what waited long for others is not waited for again', async () => {
  workAtMost(0.01)
  let isResting = true
  const rest = pause(undefined, 60_000).then(() => {
    isResting = false
  })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(isResting).toBe(true)
  await rest
})

test('a stop that came meanwhile is thrown', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stop'))
  await expect(pause(controller.signal)).rejects.toThrow('stop')
  workAtMost(0.5)
  await expect(pause(controller.signal, 4)).rejects.toThrow('stop')
})
