'use client'

import { useActionState } from 'react'
import { Alert } from '@/components/ui/alert'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ActionResult } from '@/lib/action-result'

/** Ends all sessions of this person, after which the sign-in page follows; a failure is said here. */
export function SignOutEverywhere({
  action,
}: Readonly<{ action: (state: ActionResult<never> | null, form: FormData) => Promise<ActionResult<never>> }>) {
  const [state, submit, isPending] = useActionState(action, null)
  return (
    <form action={submit} className="grid gap-3">
      {state !== null && !state.ok && (
        <Alert tone="bad" title="You are still signed in" isLive>
          <p>{state.message}</p>
        </Alert>
      )}
      <div>
        <SubmitButton look="danger" pendingText="Signing out…" isPending={isPending}>
          Sign out everywhere
        </SubmitButton>
      </div>
    </form>
  )
}
