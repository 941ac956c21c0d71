/** Long lists worked on slice by slice, so that a large roster never holds the event loop. */
import { pause } from '@/lib/imports/pause'

const sliceItems = 1_000

/** Calls `work` for every item in order; others get their turn between slices. */
export async function eachInSlices<Item>(items: readonly Item[], work: (item: Item, at: number) => void): Promise<void> {
  for (let from = 0; from < items.length; from += sliceItems) {
    for (let at = from; at < Math.min(from + sliceItems, items.length); at++) {
      const item = items[at]
      if (item !== undefined) work(item, at)
    }
    await pause()
  }
}

/** As `flatMap`, slice by slice. */
export async function flatMapInSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item, at: number) => Result | readonly Result[],
): Promise<Result[]> {
  const results: Result[] = []
  await eachInSlices(items, (item, at) => {
    const found = work(item, at)
    if (Array.isArray(found)) results.push(...found)
    // What is no array is one result: the narrowing of a generic union is beyond the checker.
    else results.push(found as Result)
  })
  return results
}
