'use server'

import type { FindSchoolState } from '@/components/shell/find-school'
import { originOf } from '@/lib/auth/audience'
import { isSchoolSlug } from '@/lib/tenancy/host'

/**
 * The sign-in page of the school a visitor named. Whether it exists is the school host's own answer, so this form tells nobody
 * which schools there are.
 */
export async function findSchool(_state: FindSchoolState, form: FormData): Promise<FindSchoolState> {
  const typed = String(form.get('school') ?? '').slice(0, 300)
  // People paste whole addresses; the school is the first label of the host.
  const slug =
    typed
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .split(/[./:]/)[0] ?? ''
  if (isSchoolSlug(slug)) return { kind: 'found', slug, address: `${originOf(slug)}/sign-in` }
  return {
    kind: 'refused',
    typed,
    message: 'Type the first part of your school’s address: letters, digits and hyphens, such as northside.',
  }
}
