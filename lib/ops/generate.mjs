// Writes the Prisma clients into lib/db/generated. Needs no network: the generator only wants its native engine's path
// to exist, so it is given Node's own. (Never /bin/true: with it `prisma migrate deploy` would "succeed" doing nothing.)
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const prismaCli = createRequire(import.meta.url).resolve('prisma/build/index.js')

const names = ['control', 'shard']
const schemaOf = (name) => path.join(root, 'prisma', name, 'schema.prisma')
const stampOf = (name) => path.join(root, 'lib/db/generated', name, '.generated-from')

/** What a client is made from: the schema and the version of Prisma. */
function sourcesOf(name) {
  return fs.readFileSync(schemaOf(name), 'utf8') + fs.readFileSync(path.join(root, 'node_modules/prisma/package.json'), 'utf8')
}

/** Whether every client is that of its schema as it is now. */
export function generatedAreFresh() {
  return names.every((name) => fs.existsSync(stampOf(name)) && fs.readFileSync(stampOf(name), 'utf8') === sourcesOf(name))
}

/** Generates the client of one schema. Throws with the generator's words. */
function generate(name) {
  const schema = schemaOf(name)
  const sources = sourcesOf(name)
  const run = spawnSync(process.execPath, [prismaCli, 'generate', '--schema', schema], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  })
  if (run.status !== 0) throw new Error(`prisma generate failed for ${name}\n${run.stdout}${run.stderr}`)
  fs.writeFileSync(stampOf(name), sources)
}

/** Both clients, the control database's and the shards', unless they are fresh. */
export function generateAll() {
  if (generatedAreFresh()) return
  for (const name of names) generate(name)
}

if (process.argv[1] === import.meta.filename) generateAll()
