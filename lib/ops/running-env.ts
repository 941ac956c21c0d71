import 'server-only'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/**
 * The environment of the demo that runs in this checkout, so that `npm run ops` in another terminal speaks to it without a word.
 * Secrets of a developer's machine, readable by its owner only; gone when the demo stops.
 */
const fileIn = (folder: string) => path.join(folder, 'running-env.json')

/** Keeps the environment of what starts now. */
export function writeRunningEnv(folder: string, env: Readonly<Record<string, string>>): void {
  removeRunningEnv(folder)
  fs.writeFileSync(fileIn(folder), JSON.stringify(env, null, 2), { mode: 0o600 })
}

/** Forgets it. */
export function removeRunningEnv(folder: string): void {
  fs.rmSync(fileIn(folder), { force: true })
}

/** Takes it over into this process, unless an environment was given already. False when there is none to take. */
export function takeRunningEnv(folder: string): boolean {
  if (process.env.CONTROL_URL || !fs.existsSync(fileIn(folder))) return false
  const env = z.record(z.string(), z.string()).parse(JSON.parse(fs.readFileSync(fileIn(folder), 'utf8')))
  for (const [name, value] of Object.entries(env)) process.env[name] ??= value
  return true
}
