import 'server-only'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { reachableFolder } from '@/lib/ops/local-account'

/** A program that is not from npm: its path, and what its environment must hold so that it finds its libraries. */
export type Program = Readonly<{ file: string; env: Readonly<Record<string, string>> }>

/** Where a program may come from: a path in an environment variable, names on the PATH, or a Debian package that holds `packed`. */
type Wanted = Readonly<{ variable: string; names: readonly string[]; debianPackage: string; packed: string }>

export const redisProgram: Wanted = {
  variable: 'REDIS_SERVER',
  names: ['redis-server', 'valkey-server'],
  debianPackage: 'redis-server',
  packed: 'usr/bin/redis-server',
}
export const pgbouncerProgram: Wanted = {
  variable: 'PGBOUNCER',
  names: ['pgbouncer'],
  debianPackage: 'pgbouncer',
  packed: 'usr/sbin/pgbouncer',
}

/** The program as this machine has it, or null. Looks only; installs nothing. */
export function findProgram({ variable, names }: Wanted): Program | null {
  const named = process.env[variable]
  if (named) return { file: named, env: {} }
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin']
  const files = names.flatMap((name) => folders.filter(Boolean).map((folder) => path.join(folder, name)))
  const file = files.find((candidate) => isExecutable(candidate))
  return file ? { file, env: {} } : null
}

/**
 * The program as this machine has it, or unpacked from its Debian package into a folder of ours. Nothing is installed: no root is
 * needed, no service starts by itself, and removing the folder removes it all. Throws one plain sentence when neither is possible.
 */
export async function findOrFetchProgram(wanted: Wanted): Promise<Program> {
  const found = findProgram(wanted)
  if (found) return found
  try {
    return await fetchFromDebian(wanted)
  } catch (cause) {
    const ways = `install ${wanted.names.join(' or ')}, or set ${wanted.variable} to its path`
    throw new Error(`The tests need a real ${wanted.names[0]} and found none, nor could it be fetched with apt-get: ${ways}.`, {
      cause,
    })
  }
}

const run = promisify(execFile)

async function fetchFromDebian({ debianPackage, packed }: Wanted): Promise<Program> {
  const folder = path.join(reachableFolder('programs'), debianPackage)
  if (!fs.existsSync(folder)) await unpack(debianPackage, folder)
  return { file: path.join(folder, packed), env: { LD_LIBRARY_PATH: libraryFolders(folder).join(path.delimiter) } }
}

async function unpack(debianPackage: string, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`
  fs.rmSync(unfinished, { recursive: true, force: true })
  fs.mkdirSync(path.join(unfinished, 'packages'), { recursive: true })
  const { options, names } = await missingPackages(debianPackage, unfinished)
  await run('apt-get', [...options, 'download', ...names], { cwd: path.join(unfinished, 'packages') })
  for (const file of fs.readdirSync(path.join(unfinished, 'packages')))
    await run('dpkg', ['-x', path.join(unfinished, 'packages', file), unfinished])
  await run('chmod', ['-R', 'a+rX', unfinished])
  // Renamed at the end, so that nobody meets half a program; whoever comes second uses what is there.
  if (fs.existsSync(folder)) fs.rmSync(unfinished, { recursive: true })
  else fs.renameSync(unfinished, folder)
}

/** What apt would install for it on this machine. Without package lists (as in a slim image) they are read into a folder of ours first. */
async function missingPackages(debianPackage: string, folder: string) {
  const simulate = async (options: readonly string[]) => {
    const { stdout } = await run('apt-get', [...options, 'install', '--simulate', '--no-install-recommends', debianPackage])
    const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name)
    return { options, names }
  }
  try {
    return await simulate([])
  } catch {
    for (const part of ['lists/partial', 'cache/archives/partial']) fs.mkdirSync(path.join(folder, part), { recursive: true })
    const own = ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`]
    await run('apt-get', [...own, 'update'])
    return await simulate(own)
  }
}

function libraryFolders(folder: string): string[] {
  const below = path.join(folder, 'usr/lib')
  const multiarch = fs.existsSync(below) ? fs.readdirSync(below).filter((name) => name.includes('-linux-gnu')) : []
  return ['usr/lib', 'lib', ...multiarch.flatMap((name) => [`usr/lib/${name}`, `lib/${name}`])].map((name) =>
    path.join(folder, name),
  )
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
