import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const manifestSchema = z.object({
  node: z.record(z.string(), z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) })),
  edge: z.record(z.string(), z.unknown()),
})

/** A server action as it was built: its id, its name in the source, and the pages that bundle it. */
export type BuiltAction = Readonly<{ id: string; name: string; pages: readonly string[] }>

/** Every server action of the build that lies in .next. */
export function builtActions(): readonly BuiltAction[] {
  const file = path.resolve('.next/server/server-reference-manifest.json')
  const { node, edge } = manifestSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))
  if (Object.keys(edge).length > 0) throw new Error('an action was built for the edge runtime, where there is no database')
  return Object.entries(node).map(([id, { exportedName, workers }]) => ({ id, name: exportedName, pages: Object.keys(workers) }))
}

/** The body with which React calls an action of two arguments, the second of them a form. */
export function actionBody(form: Readonly<Record<string, string | File>>): FormData {
  const body = new FormData()
  for (const [name, value] of Object.entries(form)) body.set(`_1_${name}`, value)
  body.set('0', '[null,"$K1"]')
  return body
}
