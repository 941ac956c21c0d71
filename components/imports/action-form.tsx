'use client'

import { type ReactNode, useActionState } from 'react'
import { Alert } from '@/components/ui/alert'
import { SubmitButton } from '@/components/ui/submit-button'

/** Why an action did not happen, in words for the person; null before anything was tried. */
export type FormProblem = Readonly<{ message: string }> | null

/** One button that does one thing once, with the reason beside it when it could not. */
export function ActionForm({
  action,
  hidden,
  look = 'primary',
  pendingText,
  fields,
  children,
}: Readonly<{
  action: (state: FormProblem, form: FormData) => Promise<FormProblem>
  hidden: Readonly<Record<string, string>>
  look?: 'primary' | 'quiet' | 'danger'
  pendingText: string
  /** What is chosen with the button, above it. */
  fields?: ReactNode
  children: ReactNode
}>) {
  const [problem, submit, isPending] = useActionState(action, null)
  return (
    <form action={submit} className="grid gap-3">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {problem !== null && (
        <Alert tone="bad" title="That did not work" isLive>
          <p>{problem.message}</p>
        </Alert>
      )}
      {fields}
      <div>
        <SubmitButton look={look} pendingText={pendingText} isPending={isPending}>
          {children}
        </SubmitButton>
      </div>
    </form>
  )
}
