import type { ReactNode } from 'react'
import { Mark } from '@/components/shell/shell'

/** A page with one thing on it: sign-in, nothing here, something broke, suspended. */
export function PlainPage({ placeName, children }: Readonly<{ placeName?: string; children: ReactNode }>) {
  return (
    <main id="main" className="mx-auto grid min-h-dvh max-w-lg content-start gap-6 px-4 py-10 sm:py-20">
      <p className="flex items-center gap-2.5 font-semibold">
        <Mark />
        <bdi>{placeName ?? 'Grade Insight'}</bdi>
      </p>
      {children}
    </main>
  )
}
