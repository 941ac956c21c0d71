import { notFound } from 'next/navigation'
import { ProblemError } from '@/lib/errors'

/**
 * What a page shows, or the one 404: for null, for what the domain does not show this viewer, and for an address whose cursor or id
 * nobody was given. Everything else stays an error.
 */
export async function seen<Shown>(read: Promise<Shown | null>): Promise<Shown> {
  const shown = await read.catch((error: unknown) => {
    if (error instanceof ProblemError && (error.code === 'not_found' || error.code === 'invalid_input')) return null
    throw error
  })
  return shown ?? notFound()
}

/** One value of a query parameter; a repeated one counts as absent, because nothing of ours repeats it. */
export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
