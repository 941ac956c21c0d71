import 'server-only'
import type { ConsoleViewer } from '@/lib/auth/members'
import { controlSql } from '@/lib/db/control-db'
import { isUnreachable } from '@/lib/db/failures'
import { readTenant } from '@/lib/db/tenant-db'
import { notFound, ProblemError } from '@/lib/errors'
import type { Page } from '@/lib/gradebook/views'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { lostPlace, pageLimit, pageOf, readCursor } from '@/lib/page-cursor'
import { establishTenant } from '@/lib/tenancy/establish'
import { recordColumns, recordOf } from '@/lib/tenancy/record'
import type { TenantRecord } from '@/lib/tenancy/tenant'
import type { SchoolSize, SchoolSummary } from './views'

/**
 * The schools of a district and how much each holds.
 *
 * The console has no way round row-level security: it enters each school as the school's own pages do, with a context made
 * from the registry row that the district's own query returned, and brings out counts only. Shards are asked beside each
 * other, a few schools of each at a time, and all of them within one deadline; a shard that is down or slow leaves its
 * schools `unavailable` and holds up nobody else's.
 */

const lanesPerShard = 4

/** How long to wait for the shards, in milliseconds, and how many schools a page has (50 by default, 200 at most). */
export type ListSchoolsOptions = Readonly<{ cursor?: string; limit?: number; deadlineMs?: number }>

/**
 * The schools the console member may see, by name: their district's, or every one for a platform operator. Throws
 * `not_found` without the right to schools.
 */
export async function listSchools(
  viewer: ConsoleViewer,
  { cursor, limit, deadlineMs = 2_500 }: ListSchoolsOptions = {},
): Promise<Page<SchoolSummary>> {
  if (!viewer.rights.has('schools.read')) throw notFound('right=schools.read')
  const list = `schools of ${viewer.districtId ?? viewer.role}`
  const after = readCursor(list, cursor)
  const count = pageLimit(limit, 50, 200)
  const rows = await findSchools(viewer, after, count + 1)
  if (rows.length === 0 && after !== null) throw lostPlace()
  const { items, nextCursor } = pageOf(rows, count, { list, idOf: (row) => row.record.tenantId, itemOf: (row) => row })
  const answers = await sizesOf(
    items.map(({ record }) => record),
    deadlineMs,
  )
  return {
    nextCursor,
    items: items.map(({ record, district }) => {
      const { tenantId, slug, name, shard, status } = record
      return { tenantId, slug, name, district, shard, status, ...(answers.get(tenantId) ?? unavailable) }
    }),
  }
}

type SchoolRow = Readonly<{ record: TenantRecord; district: string | null }>
type Answer = Pick<SchoolSummary, 'reach' | 'size'>
const unavailable: Answer = { reach: 'unavailable', size: null }
const closed: Answer = { reach: 'closed', size: null }

async function findSchools(viewer: ConsoleViewer, after: string | null, limit: number): Promise<SchoolRow[]> {
  // Only the operator is bound to no district; anybody else without one sees nothing, whatever their rights say.
  const isEverywhere = viewer.role === 'platform_operator'
  const mine = (alias: string) => `($1 or ${alias}.district_id = $2::uuid)`
  const rows = await controlSql<{ district: string | null }>(
    `select ${recordColumns}, district.name as district
     from control.tenants tenant
     left join control.districts district on district.id = tenant.district_id
     where ${mine('tenant')}
       and ($3::uuid is null or (tenant.name collate "und-x-icu", tenant.id) > (
         select last.name collate "und-x-icu", last.id from control.tenants last
         where last.id = $3 and ${mine('last')}))
     order by tenant.name collate "und-x-icu", tenant.id
     limit $4`,
    [isEverywhere, viewer.districtId, after, limit],
  )
  return rows.map((row) => ({ record: recordOf(row), district: row.district }))
}

async function sizesOf(records: readonly TenantRecord[], deadlineMs: number): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>()
  const shards = [...new Set(records.map(({ shard }) => shard))]
  const everyShard = Promise.all(
    shards.map((name) =>
      askShard(
        records.filter(({ shard }) => shard === name),
        answers,
      ),
    ),
  )
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([everyShard, deadline]).finally(() => clearTimeout(timer))
  // A copy: shards that answer after the deadline change nothing any more.
  return new Map(answers)
}

/** Asks a shard for its schools, a few at a time; after the first sign that it is down, no further one. */
async function askShard(schools: readonly TenantRecord[], answers: Map<string, Answer>): Promise<void> {
  const waiting = [...schools]
  let isDown = false
  const lane = async () => {
    for (let school = waiting.shift(); school !== undefined && !isDown; school = waiting.shift()) {
      try {
        answers.set(school.tenantId, await askSchool(school))
      } catch (error) {
        log.warn('school_size_failed', { tenant: school.tenantId, shard: school.shard }, error)
        isDown ||= isUnreachable(error)
      }
    }
  }
  await Promise.all(Array.from({ length: lanesPerShard }, lane))
}

async function askSchool(record: TenantRecord): Promise<Answer> {
  if (record.status !== 'active' && record.status !== 'read_only') return closed
  const ctx = establishTenant(record, newId())
  try {
    return { reach: 'available', size: await readSize(ctx) }
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'school_suspended') return closed
    throw error
  }
}

async function readSize(ctx: ReturnType<typeof establishTenant>): Promise<SchoolSize> {
  const [row] = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<Omit<SchoolSize, 'lastImportAt'> & { lastImportAt: Date | null }>(
      `select
         (select count(*)::int from app.students where tenant_id = $1 and left_at is null) as students,
         (select count(*)::int from app.classes where tenant_id = $1 and archived_at is null) as classes,
         (select count(*)::int from app.grades where tenant_id = $1) as grades,
         (select max(committed_at) from app.imports where tenant_id = $1) as "lastImportAt"`,
      [tenantId],
      { name: 'school_size' },
    ),
  )
  if (row === undefined) throw new Error('a query without a from clause gave no row')
  return { ...row, lastImportAt: row.lastImportAt?.toISOString() ?? null }
}
