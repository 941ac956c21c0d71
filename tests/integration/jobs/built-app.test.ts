import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { importProgress, importView } from '@/lib/api/schemas'
import { createToken } from '@/lib/api/tokens'
import { closeAll } from '@/lib/db/close'
import type { LocalApp } from '@/lib/ops/local-app'
import { freePort } from '@/lib/ops/local-process'
import type { LocalWorker } from '@/lib/ops/local-worker'
import { closeRegistry } from '@/lib/tenancy/registry'
import { startBuiltApp } from '../../support/app'
import { request } from '../../support/http'
import { addTwoSchools, type PeopledSchool } from '../../support/two-schools'
import { createWorld, type World } from '../../support/world'
import { largeFile, startWorkerOf } from './support'

/** A file of 5,000 x 100 through the front door of the built application, with a worker beside it. */

let world: World
let app: LocalApp
let worker: LocalWorker
let workerPort: number
let northside: PeopledSchool
let token: string
const metricsToken = 'a token for the metrics of this test'

beforeAll(async () => {
  world = await createWorld({ shards: 2 })
  ;({ northside } = await addTwoSchools(world))
  const scopes = ['imports:read', 'imports:write'] as const
  token = (await createToken([northside.ctx], { kind: 'system', name: 'test' }, { name: 'test', scopes, days: 1 })).token
  app = await startBuiltApp(world)
  workerPort = await freePort()
  worker = startWorkerOf(world, { WORKER_PORT: String(workerPort), METRICS_TOKEN: metricsToken })
}, 600_000)
afterAll(async () => {
  await worker?.stop()
  await app?.stop()
  await closeRegistry()
  await closeAll()
  await world?.close()
})

function api(path: string, options: Parameters<typeof request>[2] = {}) {
  return request(`api.${app.env.ROOT_DOMAIN}`, `/api/v1${path}`, {
    ...options,
    port: app.port,
    headers: { authorization: `Bearer ${token}`, ...options.headers },
  })
}

/** Polls as a client does that obeys Retry-After. */
async function untilDone(importId: string) {
  for (;;) {
    const view = importView.parse((await api(`/imports/${importId}?limit=1`)).json())
    if (view.progress === null || !['queued', 'working'].includes(view.progress.state)) return view
    await pause(1_000)
  }
}

/** Asks for the health of the process, again and again, until told to end; how long each answer took. */
function watchHealth(): () => Promise<number[]> {
  let isOver = false
  const times: number[] = []
  const asked = (async () => {
    while (!isOver) {
      const began = performance.now()
      const { status } = await request(`northside.${app.env.ROOT_DOMAIN}`, '/api/health/live', { port: app.port })
      expect(status).toBe(200)
      times.push(performance.now() - began)
      await pause(20)
    }
  })()
  return async () => {
    isOver = true
    await asked
    return times
  }
}

test('a health request answers within 100 ms while a file of 5,000 x 100 is taken in, planned, written and undone', {
  timeout: 300_000,
}, async () => {
  const { bytes, name } = largeFile(northside, { rows: 5_000, columns: 100 })
  const body = new FormData()
  body.set('file', new File([bytes], name))
  const endQuiet = watchHealth()
  await pause(3_000)
  const quiet = slowest(await endQuiet())
  const endWatch = watchHealth()

  const accepted = await api(`/imports?class=${northside.classId}&term=${northside.termId}`, { method: 'POST', body })
  expect([accepted.status, accepted.headers['retry-after']]).toEqual([202, '1'])
  const { importId, kind } = importProgress.parse(accepted.json())
  expect(kind).toBe('plan')
  const planned = await untilDone(importId)
  expect(planned).toMatchObject({ progress: { state: 'done' }, summary: { state: 'planned', counts: { cellsNew: 500_000 } } })

  const commit = { body: JSON.stringify({ planHash: planned.planHash }), headers: { 'content-type': 'application/json' } }
  const committing = await api(`/imports/${importId}/commit`, { method: 'POST', ...commit })
  expect(committing.status).toBe(202)
  expect((await untilDone(importId)).summary).toMatchObject({ state: 'committed', counts: { cellsNew: 500_000 } })
  const again = await api(`/imports/${importId}/commit`, { method: 'POST', ...commit })
  expect([again.status, again.json()]).toEqual([200, expect.objectContaining({ wasAlreadyDone: true })])

  expect((await api(`/imports/${importId}/undo`, { method: 'POST' })).status).toBe(202)
  expect((await untilDone(importId)).summary.state).toBe('undone')

  const times = await endWatch()
  expect(times.length).toBeGreaterThan(100)
  // On a machine that is busy with something else, no more than what that costs without any import.
  expect(slowest(times)).toBeLessThan(Math.max(100, 2 * quiet))
})

/** What 99 of 100 answers were faster than, in milliseconds. */
function slowest(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY
}

test('the worker says on a port of its own that it lives and works, and shows its metrics to the token only', async () => {
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${workerPort}${path}`, { headers })
  expect((await ask('/live')).status).toBe(200)
  expect((await ask('/ready')).status).toBe(200)
  expect((await ask('/metrics')).status).toBe(404)
  const metrics = await vi.waitUntil(
    async () => {
      const text = await (await ask('/metrics', { authorization: `Bearer ${metricsToken}` })).text()
      return text.includes('gi_queue_jobs{state="running"} 0') && text
    },
    { timeout: 10_000, interval: 200 },
  )
  expect(metrics).toContain('gi_queue_jobs{state="waiting"} 0')
  expect(metrics).toContain('gi_queue_oldest_seconds 0')
  for (const kind of ['plan', 'commit', 'undo'])
    expect(metrics).toContain(`gi_job_run_seconds_count{kind="${kind}",outcome="done"} 1`)
  for (const word of [northside.tenantId, 'northside', 'Pupil']) expect(metrics).not.toContain(word)
})

test('no line of the worker or the application names a person or a grade', async () => {
  for (const text of [worker.output(), app.output()]) {
    expect(text).not.toMatch(/pupil\d|Pupil|Number \d|Hrytsenko|large\.csv/)
  }
})

test('told to end, it ends by itself, and is then not ready', async () => {
  await worker.stop()
  expect(await worker.exited).toBe(0)
  await expect(fetch(`http://127.0.0.1:${workerPort}/ready`)).rejects.toThrow()
})
