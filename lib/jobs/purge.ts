import 'server-only'
import { controlSql } from '@/lib/db/control-db'
import { purgeExpiredFiles } from '@/lib/imports/original'
import { log } from '@/lib/log'
import { establishTenant } from '@/lib/tenancy/establish'
import { recordColumns, recordOf } from '@/lib/tenancy/record'
import type { TenantRecord } from '@/lib/tenancy/tenant'

const schoolsAPage = 200

/**
 * Deletes the uploaded files of every open school that are past their time, school by school through the door. A school that cannot be
 * reached or written now is left for tomorrow and said in the log. Returns how many files went.
 */
export async function purgeFiles(requestId: string): Promise<number> {
  let count = 0
  for await (const record of openSchools()) {
    try {
      count += await purgeExpiredFiles(establishTenant(record, requestId))
    } catch (error) {
      log.warn('files_not_purged', { tenant: record.tenantId, shard: record.shard }, error)
    }
  }
  log.info('files_purged', { count })
  return count
}

async function* openSchools(): AsyncGenerator<TenantRecord> {
  for (let after: string | null = null; ; ) {
    const rows: unknown[] = await controlSql(
      `select ${recordColumns}
       from control.tenants as tenant
       where tenant.status = 'active' and ($1::uuid is null or tenant.id > $1)
       order by tenant.id
       limit ${schoolsAPage}`,
      [after],
    )
    const records = rows.map(recordOf)
    yield* records
    const last = records.at(-1)
    if (last === undefined || records.length < schoolsAPage) return
    after = last.tenantId
  }
}
