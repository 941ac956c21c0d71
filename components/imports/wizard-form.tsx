'use client'

import { type ReactNode, type SubmitEvent, useActionState, useEffect, useRef, useState, useTransition } from 'react'
import { useSay } from '@/components/imports/wizard-notice'
import { Alert } from '@/components/ui/alert'
import { SignInAgain } from '@/components/ui/sign-in-again'

/** How an answer of the wizard ended; null before anything was sent. */
export type WizardAnswer = Readonly<{ isDone: boolean; message: string; needsSignIn?: boolean }> | null

export type WizardAction = (state: WizardAnswer, form: FormData) => Promise<WizardAnswer>

/**
 * A form that says something about an import. Plain, so it works without scripts; with them the page stays where it is, what was
 * typed stays too if the answer is a refusal, and a reader hears how it ended. A second press while one is on its way does nothing.
 */
export function WizardForm({
  action,
  hidden,
  label,
  className = 'grid gap-4',
  children,
}: Readonly<{
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  label: string
  className?: string
  children: ReactNode
}>) {
  const say = useSay()
  // Before and without scripts the form sends itself; what came back is in this state.
  const [sent, submit] = useActionState(action, null)
  const [answer, setAnswer] = useState<WizardAnswer>(null)
  const [isPending, start] = useTransition()
  const refusal = useRef<HTMLDivElement>(null)
  const shown = answer ?? sent
  const isRefused = shown !== null && !shown.isDone

  useEffect(() => {
    if (isRefused && !isPending) refusal.current?.focus()
  }, [isRefused, isPending])

  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isPending) return
    const form = new FormData(event.currentTarget, event.nativeEvent.submitter)
    say('')
    // By hand and not by the form's own action, which would empty the form and so lose what was typed.
    start(async () => {
      const next = await action(null, form)
      start(() => {
        setAnswer(next)
        if (next?.isDone) say(next.message)
      })
    })
  }

  return (
    <form action={submit} onSubmit={send} aria-label={label} aria-busy={isPending} className={className}>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {isRefused && (
        <div ref={refusal} tabIndex={-1} className="outline-none">
          <Alert tone="bad" title="That was not saved" isLive>
            <p>{shown.message}</p>
            {shown.needsSignIn && <SignInAgain />}
          </Alert>
        </div>
      )}
      {children}
      <p role="status" className="text-sm text-ink-soft empty:absolute">
        {isPending ? 'Reading the file again…' : ''}
      </p>
    </form>
  )
}
