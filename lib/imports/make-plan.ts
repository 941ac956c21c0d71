/** The plan of a file that was read, with what the database knows of the students and cells it speaks of. */
import type { Viewer } from '@/lib/auth/rights'
import type { TenantReader } from '@/lib/db/tenant-db'
import { type ClassState, readPast } from './class-state'
import { chosenIn } from './known-students'
import { type FileToPlan, type Made, planFile } from './plan-file'
import { readIdentifiers, readVisibleStudents } from './read-known-students'

/** `refused`: no row of the file can be imported, and no answer would change that. */
export async function makePlan(
  read: TenantReader,
  state: ClassState,
  from: FileToPlan & Readonly<{ viewer: Viewer }>,
): Promise<Made> {
  const identifiers = from.file.students.flatMap((student) => student.identifiers)
  const known = await readIdentifiers(read, identifiers)
  const chosen = await readVisibleStudents(read, from.viewer, chosenIn(from.choices))
  return planFile(from, state, { known, chosen, findPast: (wanted) => readPast(read, state, wanted) })
}
