/** Lets other requests run: long loops over a file call it between slices, so that an upload never holds the event loop. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Cells worked on between two pauses: a few milliseconds. */
export const cellsPerSlice = 20_000
