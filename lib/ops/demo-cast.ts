import 'server-only'
import { audit } from '@/lib/audit/audit'
import { hashPassword } from '@/lib/auth/passwords'
import { controlSql } from '@/lib/db/control-db'
import { type TenantWriter, writeTenant } from '@/lib/db/tenant-db'
import { newId } from '@/lib/ids'
import { establishTenant } from '@/lib/tenancy/establish'
import { createTenant } from '@/lib/tenancy/lifecycle'
import type { Actor } from '@/lib/tenancy/tenant'
import { type DemoUpload, loadDemoImports } from './demo-imports'
import { type DemoRows, type DemoSlug, demoMembersOf, demoSchoolRows, demoTeacherMail } from './demo-school'

/** Somebody to sign in as. `site` is the part of the host before the root domain. */
export type DemoSignIn = Readonly<{ site: string; who: string; email: string; password: string }>

/** The one password of everybody in the demo. It protects invented people only. */
export const demoPassword = 'lakeland-demo'

const loader: Actor = { kind: 'system', name: 'demo' }

const schools = [
  { slug: 'northside', name: 'Northside School', shard: 'shard_1' },
  { slug: 'riverside', name: 'Riverside School', shard: 'shard_2' },
] as const satisfies readonly Readonly<{ slug: DemoSlug; name: string; shard: string }>[]

const consoleMembers = [
  {
    who: 'District admin Naomi Bauer',
    email: 'naomi.bauer@lakeland.example',
    displayName: 'Naomi Bauer',
    role: 'district_admin',
  },
  {
    who: 'District viewer Kofi Mensah',
    email: 'kofi.mensah@lakeland.example',
    displayName: 'Kofi Mensah',
    role: 'district_viewer',
  },
  {
    who: 'Platform operator Ines Vidal',
    email: 'ines.vidal@operator.example',
    displayName: 'Ines Vidal',
    role: 'platform_operator',
  },
] as const

/**
 * Loads two schools of one district with their people, two terms of work and grades laid round `today` (default: now), and
 * returns who can sign in. The same day gives the same grades. What is there already stays as it is, so that a second start
 * keeps what people did; each school is loaded in one transaction, whole or not at all. Needs the addresses of the control
 * database, of shard_1 and shard_2, and of gi_mover on both.
 */
export async function loadDemoCast({ today = new Date() }: { today?: Date } = {}): Promise<readonly DemoSignIn[]> {
  const passwordHash = await hashPassword(demoPassword)
  const districtId = await loadDistrict(passwordHash)
  const day = today.toISOString().slice(0, 10)
  for (const school of schools) await loadSchool({ ...school, districtId }, day, passwordHash)
  return [
    ...schools.flatMap(({ slug }) =>
      demoMembersOf(slug)
        .filter(({ isShown }) => isShown)
        .map(({ who, email }) => ({ site: slug, who, email, password: demoPassword })),
    ),
    ...consoleMembers.map(({ who, email }) => ({ site: 'console', who, email, password: demoPassword })),
  ]
}

async function loadDistrict(passwordHash: string): Promise<string> {
  await controlSql(
    `insert into control.districts (id, slug, name) values ($1, 'lakeland', 'Lakeland School District')
     on conflict (slug) do nothing`,
    [newId()],
  )
  const [district] = await controlSql<{ id: string }>(`select id from control.districts where slug = 'lakeland'`)
  if (district === undefined) throw new Error('the demo district is gone while it is loaded')
  for (const { email, displayName, role } of consoleMembers)
    await controlSql(
      `insert into control.console_members (id, email, display_name, password_hash, role, district_id)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (email) do nothing`,
      [newId(), email, displayName, passwordHash, role, role === 'platform_operator' ? null : district.id],
    )
  return district.id
}

async function loadSchool(
  school: Readonly<{ slug: DemoSlug; name: string; shard: string; districtId: string }>,
  today: string,
  passwordHash: string,
): Promise<void> {
  const requestId = newId()
  const record = await createTenant({ ...school, timeZone: 'America/Chicago', locale: 'en' }, { actor: loader, requestId })
  const load = async (tx: TenantWriter) => {
    // The school's own row is the lock: two loads at once are one after the other, and the second finds people.
    await tx.sql('select tenant_id from app.schools where tenant_id = $1 for update', [tx.tenantId])
    const known = await tx.sql('select id from app.members where tenant_id = $1 limit 1', [tx.tenantId])
    if (known.length > 0) return
    const rows = demoSchoolRows(school.slug, today, passwordHash)
    await insertAll(tx, rows)
    const counts = Object.fromEntries(rows.map(([table, { length }]) => [table, length]))
    await audit(tx, { actor: loader, action: 'school.demo', requestId, detail: counts })
  }
  const ctx = establishTenant(record, requestId)
  await writeTenant(ctx, load, { timeoutMs: 60_000 })
  await loadDemoImports(ctx, today, uploadsOf(school.slug))
}

/** One that was committed and can be undone, and one that waits for its teacher, with a typing error in it. */
function uploadsOf(slug: DemoSlug): readonly DemoUpload[] {
  const exit = { className: 'English 9', fileName: 'english-exit-ticket.csv', title: 'Exit ticket: commas', maxPoints: 10 }
  const warmUp = { className: 'Algebra I', fileName: 'algebra-warm-up.csv', title: 'Warm-up: graphs', maxPoints: 10 }
  return [
    { ...exit, email: demoTeacherMail(slug, 0), isCommitted: true },
    { ...warmUp, email: demoTeacherMail(slug, 1), isCommitted: false, typo: '9O' },
  ]
}

/** One statement a table. The rows' keys are our own column names; the table's own row type says what each value is. */
async function insertAll(tx: TenantWriter, tables: DemoRows): Promise<void> {
  for (const [table, rows] of tables) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ')
    await tx.sql(
      `insert into app.${table} (tenant_id, ${columns})
       select $1, ${columns} from jsonb_populate_recordset(null::app.${table}, $2::jsonb)`,
      [tx.tenantId, JSON.stringify(rows)],
    )
  }
}
