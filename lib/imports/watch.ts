/** What an import is at while it runs; the words the page shows are the page's own. */
export const importPhases = ['reading', 'comparing', 'totals', 'storing', 'checking', 'writing', 'restoring'] as const
export type ImportPhase = (typeof importPhases)[number]

/**
 * How somebody outside follows a plan, a commit, an undo or a redo and can stop it; a request in the web process needs neither.
 * `onProgress` is called often and must be quick; `total` is null where the work cannot be counted beforehand. After an abort
 * of `signal` the work throws its reason and nothing of it is written, unless its COMMIT was already on its way.
 */
export type ImportWatch = Readonly<{
  onProgress?: (phase: ImportPhase, done: number, total: number | null) => void
  signal?: AbortSignal
}>
