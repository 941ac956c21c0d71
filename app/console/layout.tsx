import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { requireHostKind } from '@/lib/tenancy/request'

export const metadata: Metadata = { title: { default: 'District console', template: '%s · District console' } }

/** The districts' site, on its own host with its own sessions. */
export default async function ConsoleLayout({ children }: Readonly<{ children: ReactNode }>) {
  await requireHostKind('console')
  return children
}
