/**
 * Lets other requests run: long loops over a file call it between slices, so that an upload never holds the event loop.
 * Throws the reason of `signal` once it is aborted.
 */
export function pause(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) =>
    setImmediate(() => {
      if (signal?.aborted) reject(signal.reason)
      else resolve()
    }),
  )
}

/** Cells worked on between two pauses: a few milliseconds. */
export const cellsPerSlice = 20_000
