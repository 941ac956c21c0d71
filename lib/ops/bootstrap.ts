import 'server-only'
import { bootstrapControl, bootstrapShard } from '@/lib/db/bootstrap'
import {
  adminUrl,
  controlOwnerUrl,
  controlWorkerUrl,
  EnvironmentError,
  knownShards,
  shardAdminUrl,
  shardMoverUrl,
  shardOwnerUrl,
  shardUrl,
} from '@/lib/env'
import type { Command } from '@/lib/ops/command'

/**
 * `ops bootstrap`: roles, databases and schemas on fresh Postgres servers, from the addresses in the environment: ADMIN_URL is the
 * superuser of the control database's server, ADMIN_URL_<NAME> that of a shard's server where it is another one. Passwords are those
 * of the addresses. Repeating it changes nothing.
 */
export const bootstrapCommand: Command = {
  name: 'bootstrap',
  summary: 'make roles and databases on fresh Postgres servers',
  run: async () => {
    const control = new URL(controlOwnerUrl())
    await bootstrapControl({
      adminUrl: adminUrl(),
      database: databaseOf(control),
      passwords: {
        gi_migrator: passwordOf(control),
        gi_control: passwordOf(new URL(controlUrl())),
        gi_worker: passwordOf(new URL(controlWorkerUrl())),
      },
    })
    process.stdout.write('control: ready to migrate\n')
    for (const shard of knownShards()) {
      const owner = new URL(shardOwnerUrl(shard))
      await bootstrapShard({
        adminUrl: shardAdminUrl(shard),
        database: databaseOf(owner),
        passwords: {
          gi_migrator: passwordOf(owner),
          gi_app: passwordOf(new URL(shardUrl(shard))),
          gi_mover: passwordOf(new URL(shardMoverUrl(shard))),
        },
      })
      process.stdout.write(`${shard}: ready to migrate\n`)
    }
  },
}

function controlUrl(): string {
  const url = process.env.CONTROL_URL
  if (!url) throw new EnvironmentError(['CONTROL_URL is missing'])
  return url
}

function databaseOf(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1))
}

function passwordOf(url: URL): string {
  return decodeURIComponent(url.password)
}
