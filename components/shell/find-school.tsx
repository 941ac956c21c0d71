'use client'

import { useActionState, useEffect } from 'react'
import { TextField } from '@/components/ui/field'
import { SubmitButton } from '@/components/ui/submit-button'

/** Where a named school signs in, or why the name cannot be one; null before anything was typed. */
export type FindSchoolState =
  | Readonly<{ kind: 'found'; slug: string; address: string }>
  | Readonly<{ kind: 'refused'; typed: string; message: string }>
  | null

/**
 * From the short name of a school to its sign-in page. The page goes there itself, because the content policy lets no form lead to
 * another host; without scripts the answer is a link.
 */
export function FindSchool({
  action,
}: Readonly<{ action: (state: FindSchoolState, form: FormData) => Promise<FindSchoolState> }>) {
  const [state, submit, isPending] = useActionState(action, null)
  const found = state?.kind === 'found' ? state : null
  const refused = state?.kind === 'refused' ? state : null

  useEffect(() => {
    if (found !== null) window.location.assign(found.address)
  }, [found])

  return (
    <form action={submit} className="grid gap-4">
      <TextField
        key={refused?.typed ?? ''}
        id="school"
        name="school"
        label="Short name of your school"
        hint="The first part of its address, such as northside."
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={refused?.typed ?? found?.slug ?? ''}
        error={refused?.message}
      />
      <div>
        <SubmitButton pendingText="Opening…" isPending={isPending}>
          Go to sign-in
        </SubmitButton>
      </div>
      <p role="status">{found !== null && <a href={found.address}>Sign in at {found.slug}</a>}</p>
    </form>
  )
}
