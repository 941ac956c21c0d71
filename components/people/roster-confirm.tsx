'use client'

import { useActionState } from 'react'
import type { FormProblem } from '@/components/imports/action-form'
import { Alert } from '@/components/ui/alert'
import { ButtonLink } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { SubmitButton } from '@/components/ui/submit-button'

/** The second question before much is removed: the number is typed, so that it was read. The server compares it. */
export function RosterConfirm({
  action,
  rosterId,
  planHash,
  idempotencyKey,
  shownNumber,
}: Readonly<{
  action: (state: FormProblem, form: FormData) => Promise<FormProblem>
  rosterId: string
  planHash: string
  idempotencyKey: string
  /** The number as this school writes it. */
  shownNumber: string
}>) {
  const [problem, submit, isPending] = useActionState(action, null)
  return (
    <form action={submit} className="grid max-w-xl gap-4">
      <input type="hidden" name="rosterId" value={rosterId} />
      <input type="hidden" name="planHash" value={planHash} />
      <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
      {problem !== null && (
        <Alert tone="bad" title="That did not work" isLive>
          <p>{problem.message}</p>
        </Alert>
      )}
      <TextField
        id="repeated"
        name="repeated"
        label={`Type ${shownNumber} to write these changes`}
        inputMode="numeric"
        autoComplete="off"
        required
      />
      <div className="flex flex-wrap gap-3">
        <SubmitButton look="danger" pendingText="Writing…" isPending={isPending}>
          Write these changes
        </SubmitButton>
        <ButtonLink href={`/people/import/${rosterId}`}>Back to the changes</ButtonLink>
      </div>
    </form>
  )
}
