import 'server-only'
import { closeControl } from '@/lib/db/control-db'
import { closeShards } from '@/lib/db/shards'
import { closeTenantClients } from '@/lib/db/tenant-clients'

/** Ends every connection of the process to every database, after those in use are given back. For graceful shutdown, commands and tests. */
export async function closeAll(): Promise<void> {
  closeTenantClients()
  await Promise.all([closeShards(), closeControl()])
}
