'use client'

import { useActionState, useState } from 'react'
import { Alert } from '@/components/ui/alert'
import { TextField } from '@/components/ui/field'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ActionResult } from '@/lib/action-result'

/** E-mail and password. Works without scripts; a refusal keeps the e-mail and says the same for unknown and wrong. */
export function SignInForm({
  action,
  next,
}: Readonly<{ action: (state: ActionResult<never> | null, form: FormData) => Promise<ActionResult<never>>; next: string }>) {
  const [state, submit, isPending] = useActionState(action, null)
  // Held here, because a form empties itself when its action ends.
  const [email, setEmail] = useState('')
  const failure = state !== null && !state.ok ? state : null
  return (
    <form action={submit} className="grid gap-4">
      {failure !== null && (
        <Alert tone="bad" title="You are not signed in" isLive>
          <p>{failure.message}</p>
        </Alert>
      )}
      <input type="hidden" name="next" value={next} />
      <TextField
        id="email"
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        required
        error={failure?.fields.email}
      />
      <TextField
        id="password"
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        error={failure?.fields.password}
      />
      <div>
        <SubmitButton pendingText="Signing in…" isPending={isPending}>
          Sign in
        </SubmitButton>
      </div>
    </form>
  )
}
