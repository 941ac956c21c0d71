import { randomBytes, randomUUID } from 'node:crypto'
import { withDirectConnection } from '@/lib/db/direct'
import { newId } from '@/lib/ids'
import { establishTenant } from '@/lib/tenancy/establish'
import type { TenantContext, TenantRecord, TenantStatus } from '@/lib/tenancy/tenant'

/** What a test may decide about a school; the rest is chosen so that no two schools of a world clash. */
export type SchoolOptions = Readonly<
  Partial<
    Pick<TenantRecord, 'tenantId' | 'slug' | 'name' | 'districtId' | 'shard' | 'epoch' | 'tier' | 'timeZone' | 'locale'>
  > & {
    status?: Extract<TenantStatus, 'active' | 'read_only' | 'suspended'>
  }
>

/** A school as a test knows it: what the registry holds, and a context to call domain functions with. */
export type SchoolFixture = Readonly<{ tenantId: string; slug: string; shard: string; record: TenantRecord; ctx: TenantContext }>

const letterScale = [
  { letter: 'A', fromPercent: '90' },
  { letter: 'B', fromPercent: '80' },
  { letter: 'C', fromPercent: '70' },
  { letter: 'D', fromPercent: '60' },
  { letter: 'F', fromPercent: '0' },
]

type Places = Readonly<{ controlAdminUrl: string; shardAdminUrl: (shard: string) => string }>

/** Writes a school into the registry and onto its shard, as the superuser: below every rule that the product's own code is tested for. */
export async function insertSchool({ controlAdminUrl, shardAdminUrl }: Places, options: SchoolOptions): Promise<SchoolFixture> {
  const slug = options.slug ?? `school-${randomBytes(4).toString('hex')}`
  const record: TenantRecord = {
    tenantId: newId(),
    slug,
    name: `School ${slug}`,
    districtId: null,
    shard: 'shard_1',
    epoch: 1,
    status: 'active',
    tier: 'standard',
    timeZone: 'UTC',
    locale: 'en',
    features: {},
    branding: {},
    ...options,
  }
  await withDirectConnection(controlAdminUrl, (sql) =>
    sql(
      `insert into control.tenants (id, slug, name, district_id, shard_name, epoch, status, tier, time_zone, locale)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        record.tenantId,
        record.slug,
        record.name,
        record.districtId,
        record.shard,
        record.epoch,
        record.status,
        record.tier,
        record.timeZone,
        record.locale,
      ],
    ),
  )
  await withDirectConnection(shardAdminUrl(record.shard), async (sql) => {
    await sql('insert into guard.tenant_home (tenant_id, epoch, state) values ($1, $2, $3)', [
      record.tenantId,
      record.epoch,
      record.status,
    ])
    await sql('insert into app.schools (tenant_id, name, time_zone, locale, letter_scale) values ($1, $2, $3, $4, $5)', [
      record.tenantId,
      record.name,
      record.timeZone,
      record.locale,
      JSON.stringify(letterScale),
    ])
  })
  const ctx = establishTenant(record, `test-${randomUUID()}`)
  return { tenantId: record.tenantId, slug, shard: record.shard, record, ctx }
}

/** Writes a district into the registry and returns its id. */
export async function insertDistrict(controlAdminUrl: string, { slug, name }: { slug: string; name: string }): Promise<string> {
  const id = newId()
  await withDirectConnection(controlAdminUrl, (sql) =>
    sql('insert into control.districts (id, slug, name) values ($1, $2, $3)', [id, slug, name]),
  )
  return id
}
