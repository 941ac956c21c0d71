/**
 * Turns many single look-ups into few questions: what is asked while a question is under way waits and goes into the next one,
 * together. One question runs at a time and at most one starts every `pauseMs`, so however many names are tried, the database
 * sees a bounded number of queries, and a real name among them still gets its answer.
 */
export function gather<Key, Value>(options: {
  ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>
  /** Keys in one question. */
  keysMax: number
  /** Keys that may wait; beyond, a look-up is refused. */
  waitingMax: number
  pauseMs: number
}): (key: Key) => Promise<Value | null> {
  const { ask, keysMax, waitingMax, pauseMs } = options
  type Waiting = { promise: Promise<Value | null>; resolve: (value: Value | null) => void; reject: (error: unknown) => void }
  const waiting = new Map<Key, Waiting>()
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (waiting.size > 0) {
      const batch = new Map([...waiting].slice(0, keysMax))
      for (const key of batch.keys()) waiting.delete(key)
      const started = performance.now()
      try {
        const found = await ask([...batch.keys()])
        for (const [key, { resolve }] of batch) resolve(found.get(key) ?? null)
      } catch (error) {
        for (const { reject } of batch.values()) reject(error)
      }
      const rest = pauseMs - (performance.now() - started)
      if (waiting.size > 0 && rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    }
    isRunning = false
  }

  return (key) => {
    const already = waiting.get(key)
    if (already) return already.promise
    if (waiting.size >= waitingMax) return Promise.reject(new Error('too many look-ups are waiting'))
    let settle: Omit<Waiting, 'promise'> | undefined
    const promise = new Promise<Value | null>((resolve, reject) => {
      settle = { resolve, reject }
    })
    if (settle) waiting.set(key, { promise, ...settle })
    // In a microtask, so that look-ups of the same tick go together.
    if (!isRunning) {
      isRunning = true
      queueMicrotask(() => void run())
    }
    return promise
  }
}
