import type { ReactNode } from 'react'
import { WorkNotices } from '@/components/imports/work-notice'

/** Around all that an import's address shows, one after the other. */
export default function ImportLayout({ children }: Readonly<{ children: ReactNode }>) {
  return <WorkNotices>{children}</WorkNotices>
}
