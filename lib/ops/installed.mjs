// Whether node_modules holds what package-lock.json asks for. Node's built-ins only: it runs before npm ci.
import fs from 'node:fs'
import path from 'node:path'

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Why packages must be installed in this folder, or null when they are all there.
 * @param {string} root
 * @returns {string | null}
 */
export function reasonToInstall(root) {
  const installed = path.join(root, 'node_modules/.package-lock.json')
  if (!fs.existsSync(installed)) return 'node_modules is missing'
  return difference(readLock(path.join(root, 'package-lock.json')), readLock(installed))
}

/**
 * The first difference between what is wanted and what npm noted that it installed. Packages for other machines are optional and
 * rightly absent.
 * @param {Lock} wanted
 * @param {Lock} installed
 * @returns {string | null}
 */
export function difference(wanted, installed) {
  for (const [name, { version, integrity, optional, devOptional }] of Object.entries(wanted.packages)) {
    if (name === '') continue
    const there = installed.packages[name]
    if (!there && !optional && !devOptional) return `${name} is missing`
    if (!there) continue
    if (there.version !== version) return `${name} is ${there.version}, not ${version}`
    if (integrity && there.integrity && integrity !== there.integrity) return `${name} is not the locked package`
  }
  const extra = Object.keys(installed.packages).find((name) => !(name in wanted.packages))
  return extra ? `${extra} is not in the lock` : null
}

/**
 * @param {string} file
 * @returns {Lock}
 */
function readLock(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}
