// What the image runs: `web` (the application), `worker` (takes large imports from the queue) or `ops COMMAND ...` (the commands of npm run ops), from one image. Plain Node,
// so that signals reach the server itself: it is loaded into this process and not started as a child of a shell.
import { spawn } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'

const here = import.meta.dirname
const [what, ...args] = process.argv.slice(2)

if (what === 'web') {
  await import(path.join(here, 'server.js'))
} else if (what === 'worker') {
  await runOps(['worker', ...args])
} else if (what === 'ops') {
  await runOps(args)
} else {
  process.stderr.write('Usage: web | worker | ops COMMAND ...\n')
  process.exitCode = 2
}

/** @param {string[]} command */
async function runOps(command) {
  const folder = path.join(here, 'ops')
  const { heapFlags } = await import(path.join(folder, 'lib/ops/heap-flags.mjs'))
  const child = spawn(
    process.execPath,
    [...heapFlags(command), '--conditions=react-server', '--import', 'tsx', 'lib/ops/cli.ts', ...command],
    {
      cwd: folder,
      stdio: 'inherit',
    },
  )
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => {
    process.exitCode = signal ? 128 + os.constants.signals[signal] : (code ?? 1)
  })
}
