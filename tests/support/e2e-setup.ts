import { spawn } from 'node:child_process'
import readline from 'node:readline'

/** Starts the application under test for the whole Playwright run and tells the tests where it is. Returns what ends it. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'tests/support/e2e-stack.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Its own group: a Ctrl-C reaches Playwright, which then calls us.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => stack.once('exit', () => resolve()))
  const firstLine = new Promise<string>((resolve) => readline.createInterface(stack.stdout).once('line', resolve))
  const line = await Promise.race([firstLine, exited.then(() => null)])
  if (line === null) throw new Error('The application under test did not start; its words are above.')
  // Playwright's workers inherit the environment.
  process.env.GI_SITE = line
  return async () => {
    stack.kill('SIGTERM')
    await exited
  }
}
