// The one entry of every npm script: a machine with only Node and npm must be enough. Checks Node, installs what the lock asks
// for, generates the Prisma clients, then hands over to the TypeScript command. Node's built-ins only, and nothing on stdout.
import { spawn } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { heapFlags } from './heap-flags.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

const commands = {
  demo: 'lib/ops/demo.ts',
  dev: 'lib/ops/dev.ts',
  test: 'lib/ops/test.ts',
  check: 'lib/ops/check.ts',
  bench: 'tests/bench/run.ts',
  ops: 'lib/ops/cli.ts',
}

/**
 * What is wrong with this version of Node, or null.
 * @param {string} version like v20.19.0
 * @returns {string | null}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return null
  return `Grade Insight needs Node 20.19 or newer; this is ${version}. Production runs on Node 24: https://nodejs.org`
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv[2], process.argv.slice(3))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}

/**
 * @param {string | undefined} name
 * @param {string[]} args
 */
async function main(name, args) {
  const problem = nodeProblem(process.version)
  if (problem) throw new Error(problem)
  if (!name || !isCommand(name)) throw new Error(`Usage: node lib/ops/start.mjs ${Object.keys(commands).join('|')} [options]`)
  process.chdir(root)
  await makeReady()
  handOver(commands[name], args, name === 'ops' ? heapFlags(args) : [])
}

/**
 * @param {string} name
 * @returns {name is keyof typeof commands}
 */
function isCommand(name) {
  return Object.hasOwn(commands, name)
}

async function makeReady() {
  // Loaded only now: an old Node could not read them and would never get to say that it is old.
  const { reasonToInstall } = await import('./installed.mjs')
  const { runWithProgress } = await import('./progress.mjs')
  const reason = reasonToInstall(root)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  if (reason)
    await runWithProgress(`Installing packages, because ${reason}`, npm, ['ci', '--no-audit', '--no-fund'], { cwd: root })
  const { generatedAreFresh } = await import('./generate.mjs')
  if (!generatedAreFresh())
    await runWithProgress('Generating the database clients', process.execPath, ['lib/ops/generate.mjs'], { cwd: root })
}

/**
 * Runs the command as our child. Signals go through, and its ending is ours.
 * @param {string} file
 * @param {string[]} args
 * @param {readonly string[]} flags
 */
function handOver(file, args, flags) {
  const child = spawn(process.execPath, [...flags, '--conditions=react-server', '--import', 'tsx', file, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // The child may hear a Ctrl-C from the terminal, from npm and from us: commands take the repeats as one.
    process.on(signal, () => child.kill(signal))
  }
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    process.exitCode = signal ? 128 + os.constants.signals[signal] : (code ?? 1)
  })
}
