'use client'

import type { ReactNode } from 'react'
import { useFormStatus } from 'react-dom'
import { Button } from '@/components/ui/button'

/** Submits its form once: disabled and saying so while the answer is on its way. */
export function SubmitButton({
  look = 'primary',
  pendingText,
  isPending = false,
  isDisabled = false,
  children,
}: Readonly<{
  look?: 'primary' | 'quiet' | 'danger'
  pendingText: string
  isPending?: boolean
  isDisabled?: boolean
  children: ReactNode
}>) {
  const status = useFormStatus()
  const isBusy = isPending || status.pending
  return (
    <Button type="submit" look={look} disabled={isBusy || isDisabled} aria-busy={isBusy}>
      {isBusy ? (
        <>
          <span className="spinner" aria-hidden="true" />
          {pendingText}
        </>
      ) : (
        children
      )}
    </Button>
  )
}
