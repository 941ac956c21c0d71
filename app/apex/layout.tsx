import type { ReactNode } from 'react'
import { requireHostKind } from '@/lib/tenancy/request'

/** The public site: no session, no school's data. */
export default async function ApexLayout({ children }: Readonly<{ children: ReactNode }>) {
  await requireHostKind('apex')
  return children
}
