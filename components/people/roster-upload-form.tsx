'use client'

import { type SubmitEvent, startTransition, useActionState, useEffect, useRef, useState } from 'react'
import { RosterProblems } from '@/components/people/roster-problems'
import { Alert } from '@/components/ui/alert'
import { SelectField } from '@/components/ui/field'
import { FileDrop } from '@/components/ui/file-drop'
import { type Format, formatNumber } from '@/components/ui/format'
import { SignInAgain } from '@/components/ui/sign-in-again'
import { SubmitButton } from '@/components/ui/submit-button'
import type { Coverage, RosterProblem } from '@/lib/rosters/roster-file'

/** What came back from an upload that did not become a plan. */
export type RosterUploadState = Readonly<{
  message: string
  problems: readonly RosterProblem[]
  coverage: Coverage
  needsSignIn: boolean
}> | null

/**
 * A roster file, by choosing or dropping, and what a missing name means. A plain form, so it works before and without scripts;
 * with them the file stays chosen whatever the answer is, and one that is too large is named before it is sent.
 */
export function RosterUploadForm({
  action,
  bytesMax,
  format,
}: Readonly<{
  action: (state: RosterUploadState, form: FormData) => Promise<RosterUploadState>
  bytesMax: number
  format: Format
}>) {
  const [state, submit, isPending] = useActionState(action, null)
  const [file, setFile] = useState<File | null>(null)
  const outcome = useRef<HTMLDivElement>(null)
  const isTooLarge = file !== null && file.size > bytesMax
  const megabytes = formatNumber(Math.floor(bytesMax / 1024 / 1024), format)
  useEffect(() => {
    if (state !== null) outcome.current?.focus()
  }, [state])
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isPending || isTooLarge) return
    const form = new FormData(event.currentTarget)
    // By hand and not by the form's own action, which would empty the form and so lose the chosen file.
    startTransition(() => submit(form))
  }
  return (
    <form action={submit} onSubmit={send} className="grid max-w-3xl gap-5">
      <div ref={outcome} tabIndex={-1} className={state === null ? 'hidden' : 'grid gap-3 outline-none'}>
        {state !== null && <Refusal state={state} format={format} />}
      </div>
      <FileDrop
        label="Roster file"
        hint={`Choose it or drop it here: a OneRoster 1.1 or 1.2 archive, Clever’s files as a ZIP, or CSV tables of students, classes, enrolments and guardians, one or several in a ZIP. Up to ${megabytes} MB.`}
        accept=".csv,.tsv,.txt,.zip,text/csv,text/plain,application/zip"
        bytesMax={bytesMax}
        tooLarge="Pack the tables as a ZIP and choose that file."
        file={file}
        onFile={setFile}
        format={format}
      />
      <SelectField
        key={state?.coverage ?? 'file'}
        id="coverage"
        name="coverage"
        label="When somebody at the school is not in the file"
        hint="OneRoster and Clever files say themselves whether they list the whole school. A CSV file does not: choose for it."
        defaultValue={state?.coverage ?? 'file'}
      >
        <option value="file">The file says so itself (OneRoster, Clever)</option>
        <option value="additions">They stay: the file only adds and changes</option>
        <option value="whole">They go: the file is the whole list</option>
      </SelectField>
      <div>
        <SubmitButton pendingText="Reading the file…" isPending={isPending} isDisabled={isTooLarge}>
          See what will change
        </SubmitButton>
      </div>
    </form>
  )
}

function Refusal({ state, format }: Readonly<{ state: NonNullable<RosterUploadState>; format: Format }>) {
  return (
    <>
      <Alert tone="bad" title="This file was not taken. Nothing was written." isLive>
        <p>{state.message}</p>
        {state.needsSignIn && <SignInAgain />}
      </Alert>
      {state.problems.length > 0 && <RosterProblems problems={state.problems} format={format} />}
    </>
  )
}
