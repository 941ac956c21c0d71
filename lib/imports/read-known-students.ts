import 'server-only'
import type { Viewer } from '@/lib/auth/rights'
import { visibleStudents } from '@/lib/auth/scope'
import type { TenantReader } from '@/lib/db/tenant-db'
import type { ClassStudent } from './class-state'
import { nameForFew } from './grade-sql'
import { askedOf, keysIn, knownBy } from './known-students'
import type { ParsedIdentifier } from './parsed'

/**
 * Which student of the school has each of these identifiers: `kind\tfolded` -> student. A user name that is an e-mail address may be
 * known as one, and our own keys (lib/gradebook/student-key.ts) are known whatever column they stand in.
 */
export async function readIdentifiers(
  read: TenantReader,
  identifiers: readonly ParsedIdentifier[],
): Promise<Map<string, ClassStudent>> {
  if (identifiers.length === 0) return new Map()
  const found = await readKnown(read, askedOf(identifiers))
  return knownBy(identifiers, found, await readKeyed(read, [...keysIn(identifiers).values()]))
}

/** Students by id. */
async function readKeyed(read: TenantReader, ids: readonly string[]): Promise<Map<string, ClassStudent>> {
  if (ids.length === 0) return new Map()
  const rows = await read.sql<ClassStudent>(
    `select s.id, s.last_name as "lastName", s.first_name as "firstName"
     from app.students s
     where s.tenant_id = $1 and s.id = any($2::uuid[])`,
    [read.tenantId, ids],
  )
  return new Map(rows.map((student) => [student.id, student]))
}

async function readKnown(
  read: TenantReader,
  identifiers: readonly Readonly<{ kind: string; folded: string }>[],
): Promise<Map<string, ClassStudent>> {
  const rows = await read.sql<ClassStudent & Readonly<{ kind: string; folded: string }>>(
    `select i.kind, i.folded, s.id, s.last_name as "lastName", s.first_name as "firstName"
     from unnest($2::text[], $3::text[]) as asked(kind, folded)
     join app.student_identifiers i on i.tenant_id = $1 and i.kind = asked.kind and i.folded = asked.folded
     join app.students s on s.tenant_id = i.tenant_id and s.id = i.student_id`,
    [read.tenantId, identifiers.map(({ kind }) => kind), identifiers.map(({ folded }) => folded)],
    nameForFew('import_identifiers', identifiers.length),
  )
  return new Map(rows.map(({ kind, folded, ...student }) => [`${kind}\t${folded}`, student]))
}

/** The students among these ids whom the viewer may see, by id; the others do not exist for them. */
export async function readVisibleStudents(
  read: TenantReader,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Map<string, ClassStudent>> {
  if (ids.length === 0) return new Map()
  const values: unknown[] = [read.tenantId, ids]
  const rows = await read.sql<ClassStudent>(
    `select s.id, s.last_name as "lastName", s.first_name as "firstName"
     from app.students s
     where s.tenant_id = $1 and s.id = any($2::uuid[]) and ${visibleStudents(viewer, 's.id', values)}`,
    values,
  )
  return new Map(rows.map((student) => [student.id, student]))
}
