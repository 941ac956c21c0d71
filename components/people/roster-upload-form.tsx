'use client'

import { type DragEvent, type SubmitEvent, startTransition, useActionState, useEffect, useId, useRef, useState } from 'react'
import { RosterProblems } from '@/components/people/roster-problems'
import { Alert } from '@/components/ui/alert'
import { SelectField } from '@/components/ui/field'
import { type Format, formatNumber } from '@/components/ui/format'
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
      <FileField file={file} setFile={setFile} bytesMax={bytesMax} format={format} />
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
        {state.needsSignIn && (
          <p>
            <a href="/sign-in" target="_blank" rel="noopener">
              Sign in again in a new tab
            </a>
            , come back here and press the button again.
          </p>
        )}
      </Alert>
      {state.problems.length > 0 && <RosterProblems problems={state.problems} format={format} />}
    </>
  )
}

function FileField({
  file,
  setFile,
  bytesMax,
  format,
}: Readonly<{ file: File | null; setFile: (file: File | null) => void; bytesMax: number; format: Format }>) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const megabytes = formatNumber(Math.floor(bytesMax / 1024 / 1024), format)
  const isTooLarge = file !== null && file.size > bytesMax
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const dropped = event.dataTransfer.files[0]
    if (dropped === undefined || input.current === null) return
    // The native input stays the one truth, so that what is sent is what is shown.
    const transfer = new DataTransfer()
    transfer.items.add(dropped)
    input.current.files = transfer.files
    setFile(dropped)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the input inside does the same by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={`grid gap-3 rounded-lg border-2 border-dashed p-6 ${isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'}`}
    >
      <label htmlFor={id} className="text-lg font-semibold">
        Roster file
      </label>
      <p id={`${id}-hint`} className="text-ink-soft">
        Choose it or drop it here: a OneRoster 1.1 or 1.2 archive, Clever’s files as a ZIP, or CSV tables of students, classes,
        enrolments and guardians, one or several in a ZIP. Up to {megabytes} MB.
      </p>
      <input
        ref={input}
        id={id}
        name="file"
        type="file"
        required
        accept=".csv,.tsv,.txt,.zip,text/csv,text/plain,application/zip"
        aria-describedby={`${id}-hint ${id}-note`}
        aria-invalid={isTooLarge || undefined}
        onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        className="w-full file:me-3 file:min-h-10 file:cursor-pointer file:rounded-md file:border-0 file:bg-accent-soft file:px-4 file:font-medium file:text-accent-strong"
      />
      <p id={`${id}-note`} role="status" className={isTooLarge ? 'font-medium text-bad' : 'text-sm text-ink-soft'}>
        {isTooLarge &&
          `${file.name} is larger than ${megabytes} MB, so it was not sent. Pack the tables as a ZIP and choose that file.`}
        {file !== null && !isTooLarge && `${file.name} is chosen. Nothing is written before you have seen what will change.`}
      </p>
    </div>
  )
}
