import 'server-only'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** The system account a local server runs as, in the form `child_process.spawn` takes. Empty: as ourselves. */
export type Account = Readonly<{ uid?: number; gid?: number }>

/**
 * Who a local server should run as. Postgres and PgBouncer refuse to run as root, so root hands them to `postgres` or `nobody`;
 * anybody else runs them as themselves.
 */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  const accounts = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const found = accounts.find(([name]) => name === wanted)
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new Error(
    'Running as root needs a system account named "postgres" or "nobody" for the local servers. Add one, or run as an ordinary user.',
  )
}

/** Whether the account may enter the folder: every folder above it counts too. */
export function canEnter(account: Account, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}

/** Makes a folder that belongs to the account and that nobody else may read. */
export function makeOwnFolder(account: Account, folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  giveTo(account, folder)
}

/** Hands one file or folder to the account. */
export function giveTo({ uid, gid }: Account, file: string): void {
  if (uid !== undefined && gid !== undefined) fs.chownSync(file, uid, gid)
}

/**
 * A folder outside the checkout that the server account can reach, for the case that the checkout lies under a folder only
 * its owner may enter. Kept over restarts where root may write there; otherwise a temporary folder.
 */
export function reachableFolder(name: string): string {
  const base = process.getuid?.() === 0 && fs.existsSync('/var/lib') ? '/var/lib/grade-insight' : ownTemporaryFolder()
  fs.mkdirSync(path.join(base, name), { recursive: true })
  fs.chmodSync(base, 0o755)
  return path.join(base, name)
}

function ownTemporaryFolder(): string {
  const folder = path.join(os.tmpdir(), `grade-insight-${os.userInfo().uid}`)
  fs.mkdirSync(folder, { recursive: true })
  if (process.getuid && fs.statSync(folder).uid !== process.getuid())
    throw new Error(`${folder} belongs to somebody else; remove it or set TMPDIR.`)
  return folder
}
