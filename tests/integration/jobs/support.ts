import { expect, vi } from 'vitest'
import type { Viewer } from '@/lib/auth/rights'
import type { ImportProgressView } from '@/lib/imports/progress'
import { loadReview } from '@/lib/imports/review'
import { loadProgress } from '@/lib/jobs/load-progress'
import { type LocalWorker, startLocalWorker } from '@/lib/ops/local-worker'
import type { TenantContext } from '@/lib/tenancy/tenant'
import type { Place } from '../imports/support'
import type { PeopledSchool } from '../../support/two-schools'
import type { World } from '../../support/world'

/** A worker process of this world that never rests, ended by the test; the run ends it if the test cannot. */
export function startWorkerOf(world: World, env: Readonly<Record<string, string>> = {}): LocalWorker {
  const worker = startLocalWorker({
    env: { ...world.env, LOG_LEVEL: 'info', NODE_ENV: 'production', WORKER_SHARE: '100', ...env },
  })
  world.noteProcess(worker.pid, 'worker')
  return worker
}

/** A file of so many students and assignments for a class; scores differ with `round`. */
export function largeFile(
  school: PeopledSchool,
  { rows, columns, round = 0 }: { rows: number; columns: number; round?: number },
) {
  const titles = Array.from({ length: columns }, (_, column) => `Work ${column + 1}`)
  const lines = [
    `last_name,first_name,email,${titles.join(',')}`,
    `DATE,-,-,${titles.map(() => '2026-10-01').join(',')}`,
    `POINTS,-,-,${titles.map(() => '100').join(',')}`,
    ...Array.from({ length: rows }, (_, row) => {
      const scores = titles.map((_, column) => (row * 7 + column * 3 + round) % 101)
      return `Pupil,Number ${row},pupil${row}@${school.slug}.example,${scores.join(',')}`
    }),
  ]
  return { name: 'large.csv', bytes: new TextEncoder().encode(`${lines.join('\n')}\n`) }
}

type Asked = Readonly<{ ctx: TenantContext; viewer: Viewer }>

/** Waits until the import is as wanted, asking as a page does. */
export async function waitFor(
  { ctx, viewer }: Asked,
  importId: string,
  isSo: (view: ImportProgressView) => boolean,
  seconds = 60,
): Promise<ImportProgressView> {
  return vi.waitUntil(
    async () => {
      const view = await loadProgress(ctx, viewer, importId)
      return view !== null && isSo(view) ? view : null
    },
    { timeout: seconds * 1000, interval: 100 },
  ) as Promise<ImportProgressView> // null is never what it ends with
}

/** Waits for the end of what a worker does, which must be this. */
export async function waitForEnd(place: Asked, importId: string, state: 'done' | 'failed' | 'cancelled' = 'done', seconds = 60) {
  const view = await waitFor(
    place,
    importId,
    ({ progress }) => progress !== null && !['queued', 'working'].includes(progress.state),
    seconds,
  )
  expect(view.progress).toMatchObject({ state })
  return view
}

export async function reviewOf({ ctx, viewer }: Place, importId: string) {
  const review = await loadReview(ctx, viewer, importId, { rowLimit: 1 })
  if (review === null) throw new Error('no review of the import')
  return review
}
