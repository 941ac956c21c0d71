/**
 * One value a process, made on first use. Next bundles pages, route handlers and instrumentation apart, so a module's own
 * variable would exist once in each: two caches of which one is never invalidated, two pools to the same database.
 */
export function processWide<T>(name: string, make: () => T): T {
  const key = Symbol.for(`grade-insight.${name}`)
  // globalThis has no place for our symbols in its type; this module is the only one that writes them.
  const shared = globalThis as unknown as Record<symbol, T | undefined>
  const value = shared[key] ?? make()
  shared[key] = value
  return value
}
