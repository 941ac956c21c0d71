import 'server-only'
import { randomBytes } from 'node:crypto'
import { databaseUrl, type RolePasswords } from '@/lib/db/bootstrap'

/** A password for every role that signs in. */
export type AllPasswords = Required<RolePasswords>

/** The databases of one local world: the control database's name, and each shard's database by the shard's name. */
export type DatabaseNames = Readonly<{ control: string; shards: Readonly<Record<string, string>> }>

/** A fresh password for every role that signs in. */
export function newRolePasswords(): AllPasswords {
  const password = () => randomBytes(24).toString('hex')
  return { gi_migrator: password(), gi_app: password(), gi_control: password(), gi_worker: password(), gi_mover: password() }
}

/** The same server as another role, another database. */
export function roleUrl(adminUrl: string, passwords: AllPasswords, role: keyof RolePasswords, database: string): string {
  const url = new URL(databaseUrl(adminUrl, database))
  url.username = role
  url.password = passwords[role]
  return url.href
}

/** What lib/env.ts calls the addresses of one local server that holds the control database and all shards. */
export function databaseEnv(
  adminUrl: string,
  passwords: AllPasswords,
  { control, shards }: DatabaseNames,
): Record<string, string> {
  const url = (role: keyof RolePasswords, database: string) => roleUrl(adminUrl, passwords, role, database)
  const ofShards = Object.entries(shards).flatMap(([name, database]) => [
    [`SHARD_URL_${name.toUpperCase()}`, url('gi_app', database)],
    [`OWNER_URL_${name.toUpperCase()}`, url('gi_migrator', database)],
    [`MOVER_URL_${name.toUpperCase()}`, url('gi_mover', database)],
  ])
  return {
    CONTROL_URL: url('gi_control', control),
    CONTROL_WORKER_URL: url('gi_worker', control),
    CONTROL_OWNER_URL: url('gi_migrator', control),
    ADMIN_URL: adminUrl,
    ...Object.fromEntries(ofShards),
  }
}
