// Builds the standalone application once for each state of its sources: generate, next build, and the files next build leaves
// out of the standalone folder. Used by `npm run build`, the demo and the tests; two at once build one after the other.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { generateAll } from './generate.mjs'
import { runWithProgress, withProgress } from './progress.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const output = path.join(root, '.next')
const stamp = path.join(output, 'grade-insight-inputs')
const lock = path.join(root, '.data/build.lock')

/** Where the built server lies. */
export const serverFile = path.join(output, 'standalone/server.js')

const inputs = [
  'app',
  'components',
  'lib',
  'prisma',
  'public',
  'middleware.ts',
  'instrumentation.ts',
  'next.config.js',
  'postcss.config.mjs',
]
const alsoInputs = ['tsconfig.json', 'package.json', 'package-lock.json']
// Commands are no part of the application, and generated clients follow from the schemas.
const notInputs = ['lib/ops', 'lib/db/generated']

/** Whether the built application is that of the sources as they are now. */
export function isBuilt() {
  return fs.existsSync(serverFile) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hashOfInputs()
}

/** Builds the application unless it is built already. Throws with the builder's words. */
export async function buildWhenNeeded() {
  if (isBuilt()) return
  await alone(async () => {
    if (isBuilt()) return
    generateAll()
    const hash = hashOfInputs()
    fs.rmSync(stamp, { force: true })
    const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
    await runWithProgress(
      'Building the application',
      process.execPath,
      [path.join(root, 'node_modules/next/dist/bin/next'), 'build'],
      {
        cwd: root,
        // The React condition is for our commands; the builder chooses its own.
        env: { ...env, NODE_OPTIONS: '' },
      },
    )
    copyBesideServer('.next/static')
    copyBesideServer('public')
    fs.writeFileSync(stamp, hash)
  })
}

function copyBesideServer(/** @type {string} */ name) {
  const target = path.join(output, 'standalone', name)
  fs.rmSync(target, { recursive: true, force: true })
  if (fs.existsSync(path.join(root, name))) fs.cpSync(path.join(root, name), target, { recursive: true, verbatimSymlinks: true })
}

/** @returns {string} */
function hashOfInputs() {
  const hash = createHash('sha256').update(process.env.DEPLOYMENT_ID ?? '')
  for (const file of [...inputs, ...alsoInputs].flatMap(filesIn)) {
    hash.update(`\0${path.relative(root, file)}\0`).update(fs.readFileSync(file))
  }
  return hash.digest('hex')
}

/**
 * @param {string} name relative to the root
 * @returns {string[]}
 */
function filesIn(name) {
  const full = path.join(root, name)
  if (notInputs.includes(name) || !fs.existsSync(full)) return []
  if (!fs.statSync(full).isDirectory()) return [full]
  return fs
    .readdirSync(full)
    .sort()
    .flatMap((entry) => filesIn(path.posix.join(name, entry)))
}

/**
 * One build at a time: the lock file holds the builder's process id, so that a killed one does not block for ever.
 * @param {() => Promise<void>} work
 */
async function alone(work) {
  fs.mkdirSync(path.dirname(lock), { recursive: true })
  if (!tryLock()) {
    await withProgress('Waiting for another build of this checkout', async () => {
      while (!tryLock()) await pause(200)
    })
  }
  try {
    await work()
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

function tryLock() {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!holderIsRunning()) fs.rmSync(lock, { force: true })
    return false
  }
}

function holderIsRunning() {
  try {
    process.kill(Number(fs.readFileSync(lock, 'utf8')), 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    await buildWhenNeeded()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}
