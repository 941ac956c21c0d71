// Writes the Prisma clients into lib/db/generated. Needs no network: the generator only wants its native engine's path
// to exist, so it is given Node's own. (Never /bin/true: with it `prisma migrate deploy` would "succeed" doing nothing.)
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const prismaCli = createRequire(import.meta.url).resolve('prisma/build/index.js')

/** Generates the client of one schema, unless it is already newer than the schema and Prisma itself. Throws with the generator's words. */
export function generate(name) {
  const schema = path.join(root, 'prisma', name, 'schema.prisma')
  const stamp = path.join(root, 'lib/db/generated', name, '.generated-from')
  const wanted = fs.readFileSync(schema, 'utf8') + fs.readFileSync(path.join(root, 'node_modules/prisma/package.json'), 'utf8')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return
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
  fs.writeFileSync(stamp, wanted)
}

/** Both clients: the control database's and the shards'. */
export function generateAll() {
  for (const name of ['control', 'shard']) generate(name)
}

if (process.argv[1] === import.meta.filename) generateAll()
