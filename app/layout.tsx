import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { themeCookie, themeOf } from '@/components/shell/theme'
import { directionOf } from '@/components/ui/format'
import { findSchoolLocale } from '@/lib/tenancy/request'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Grade Insight', template: '%s · Grade Insight' },
  description: 'Turns the grade file a teacher already has into something a student, a guardian and a district can act on.',
  robots: { index: false },
  referrer: 'same-origin',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#1a1d22' },
  ],
}

/** The document. Reading a cookie makes every page dynamic, which the nonce of the content policy needs as well. */
export default async function RootLayout({ children }: Readonly<{ children: ReactNode }>) {
  const theme = themeOf((await cookies()).get(themeCookie)?.value)
  const direction = directionOf((await findSchoolLocale()) ?? 'en')
  return (
    // The words are English everywhere so far; the side on which reading starts is the school's.
    <html lang="en" dir={direction} data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body>{children}</body>
    </html>
  )
}
