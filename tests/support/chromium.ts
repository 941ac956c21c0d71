import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { chromium } from 'playwright'

/** What Chromium is started with everywhere: it runs in containers, asks nobody anything, and draws the same on each machine. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** A Chromium of this machine: CHROMIUM_PATH, Playwright's own, or an installed one. Null when there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  return [chromium.executablePath(), ...usual].find((file) => fs.existsSync(file)) ?? null
}

/** A Chromium, installed when this machine has none and we may: by Playwright, or by apt-get as root. Throws one plain sentence. */
export function findOrInstallChromium(): string {
  const found = findChromium()
  if (found) return found
  const ways: ReadonlyArray<readonly [string, readonly string[]]> = [
    [process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']],
    ...(process.getuid?.() === 0
      ? ([
          ['apt-get', ['update']],
          ['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']],
        ] as const)
      : []),
  ]
  for (const [command, args] of ways) {
    process.stderr.write(`No Chromium yet: ${[command, ...args].join(' ')}\n`)
    spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Error(
    'The browser tests need Chromium: run `npx playwright install chromium`, install the chromium package, or set CHROMIUM_PATH to one.',
  )
}
