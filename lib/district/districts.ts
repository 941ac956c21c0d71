import 'server-only'
import { auditControl } from '@/lib/audit/control-audit'
import { controlSql, withControl } from '@/lib/db/control-db'
import { isUniqueViolation } from '@/lib/db/failures'
import { ProblemError } from '@/lib/errors'
import { newId } from '@/lib/ids'
import type { Actor } from '@/lib/tenancy/tenant'

/** A district and how many schools it holds. */
export type DistrictSummary = Readonly<{ id: string; slug: string; name: string; schools: number }>

/** Adds a district; gives its id. Throws `conflict` when the slug is taken. */
export async function createDistrict(
  { slug, name }: Readonly<{ slug: string; name: string }>,
  by: Readonly<{ actor: Actor; requestId: string }>,
): Promise<string> {
  const id = newId()
  try {
    await withControl(async ({ sql }) => {
      await sql('insert into control.districts (id, slug, name) values ($1, $2, $3)', [id, slug, name])
      await auditControl({ ...by, action: 'district.create', detail: { district: id } }, sql)
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new ProblemError('conflict', `There is already a district "${slug}".`)
  }
  return id
}

/** Every district, by slug. */
export function listDistricts(): Promise<DistrictSummary[]> {
  return controlSql<DistrictSummary>(
    `select d.id, d.slug, d.name, (select count(*)::int from control.tenants t where t.district_id = d.id) as schools
     from control.districts d
     order by d.slug`,
  )
}
