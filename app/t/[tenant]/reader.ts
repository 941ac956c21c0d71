import { viewerOf } from '@/lib/auth/member'
import { findMember, requireMember, type Visit } from '@/lib/auth/session'
import { requireTenant } from '@/lib/tenancy/request'

/**
 * For the pages that staff, students and guardians share: asks for the right each of them would have there. Which student records
 * they may open is the domain's question.
 */
export async function requireReader(params: { tenant: string }): Promise<Visit> {
  const member = await findMember(await requireTenant(params.tenant))
  const isStaff = member !== null && viewerOf(member).rights.has('students.read')
  return requireMember(isStaff ? 'students.read' : 'own.read', params)
}
