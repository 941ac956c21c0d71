// Long steps show that they move: one line that counts the seconds on a terminal, a line every ten seconds elsewhere.
// Everything goes to stderr, so that a command's own output on stdout stays its own. Node's built-ins only: it runs before npm ci.
import { spawn } from 'node:child_process'

const isTerminal = process.stderr.isTTY === true

/**
 * Runs `work` under a title. The title ends with a tick and the seconds, or a cross when `work` throws.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const show = (/** @type {string} */ text) => process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
  show(`… ${title}`)
  const ticker = setInterval(() => show(`… ${title} (${seconds()} s)`), isTerminal ? 1000 : 10_000)
  try {
    const result = await work()
    clearInterval(ticker)
    show(`✓ ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)${isTerminal ? '\n' : ''}`)
    return result
  } catch (error) {
    clearInterval(ticker)
    show(`✗ ${title} (${seconds()} s)${isTerminal ? '\n' : ''}`)
    throw error
  }
}

/**
 * Runs a program under a title, silently; throws with everything it said when it fails.
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<void>}
 */
export function runWithProgress(title, command, args, options = {}) {
  return withProgress(
    title,
    () =>
      new Promise((resolve, reject) => {
        const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
        /** @type {Buffer[]} */
        const said = []
        child.stdout.on('data', (part) => said.push(part))
        child.stderr.on('data', (part) => said.push(part))
        child.once('error', reject)
        child.once('close', (code, signal) => {
          if (code === 0) resolve()
          else
            reject(
              new Error(
                `${title}: ${command} ended with ${signal ?? `code ${code}`}.\n${Buffer.concat(said).toString().trimEnd()}`,
              ),
            )
        })
      }),
  )
}
