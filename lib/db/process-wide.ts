import 'server-only'

/**
 * State that must exist once a process. Next bundles instrumentation, pages and route handlers apart, each with its own copy of a
 * module, so a module's variable is not enough for pools and for what is known of their connections.
 */
export function processWide<T>(name: string, make: () => T): T {
  const key = Symbol.for(`grade-insight.db.${name}`)
  const shared: { [key: symbol]: unknown } = globalThis as unknown as { [key: symbol]: unknown }
  shared[key] ??= make()
  // Whatever stands under the key was made by the line above.
  return shared[key] as T
}
