import type { Format } from '@/components/ui/format'
import type { Viewer } from '@/lib/auth/rights'
import type { ImportProgress } from '@/lib/imports/progress'
import type { TenantContext } from '@/lib/tenancy/tenant'

/** What every look at an import is drawn from. */
export type Shown = Readonly<{
  ctx: TenantContext
  viewer: Viewer
  importId: string
  /** What a worker was last asked for it; null when none ever was. */
  progress: ImportProgress | null
  query: Readonly<Record<string, string | string[] | undefined>>
}>

/** How the school writes things, as plain data for the browser. */
export function formatOf({ ctx: { locale, timeZone } }: Pick<Shown, 'ctx'>): Format {
  return { locale, timeZone }
}
