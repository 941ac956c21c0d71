'use client'

import { type DragEvent, type SubmitEvent, startTransition, useActionState, useEffect, useId, useRef, useState } from 'react'
import { ProblemList } from '@/components/imports/problem-list'
import { Alert } from '@/components/ui/alert'
import { SelectField } from '@/components/ui/field'
import { type Format, formatNumber } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ImportProblem } from '@/lib/imports/views'

/** What came back from an upload that did not become a plan. The chosen class and term come along, so the form keeps them. */
export type UploadState = Readonly<{
  message: string
  problems: readonly ImportProblem[]
  fields: Readonly<Record<string, string>>
  classId: string
  termId: string
  needsSignIn: boolean
}> | null

type Choice = Readonly<{ id: string; name: string }>

/**
 * Class, term and file, by choosing, dropping or pasting. A plain form, so it works before and without scripts; with them the file
 * stays chosen whatever the answer is, and a file that is too large is named before it is sent.
 */
export function UploadForm({
  action,
  classes,
  terms,
  classId,
  termId,
  bytesMax,
  format,
}: Readonly<{
  action: (state: UploadState, form: FormData) => Promise<UploadState>
  classes: readonly Choice[]
  terms: readonly Choice[]
  classId: string
  termId: string
  bytesMax: number
  format: Format
}>) {
  const [state, submit, isPending] = useActionState(action, null)
  const [file, setFile] = useState<File | null>(null)
  const [isOver, setIsOver] = useState(false)
  const [isPasteBad, setIsPasteBad] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const outcome = useRef<HTMLDivElement>(null)
  const inputId = useId()

  const isTooLarge = file !== null && file.size > bytesMax
  const megabytes = formatNumber(Math.floor(bytesMax / 1024 / 1024), format)

  useEffect(() => {
    if (state !== null) outcome.current?.focus()
  }, [state])

  const choose = (chosen: File) => {
    if (input.current === null) return
    // The native input stays the one truth, so that what is sent is what is shown.
    const transfer = new DataTransfer()
    transfer.items.add(chosen)
    input.current.files = transfer.files
    setFile(chosen)
    setIsPasteBad(false)
  }

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const target = event.target
      if (target instanceof HTMLInputElement && target.type !== 'file') return
      const pastedFile = event.clipboardData?.files[0]
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (pastedFile !== undefined) choose(pastedFile)
      else if (/[\t,;].*[\r\n]/.test(text)) choose(new File([text], 'pasted-table.csv', { type: 'text/csv' }))
      else setIsPasteBad(text !== '')
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  })

  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isPending || isTooLarge) return
    const form = new FormData(event.currentTarget)
    // By hand and not by the form's own action, which would empty the form and so lose the chosen file.
    startTransition(() => submit(form))
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const dropped = event.dataTransfer.files[0]
    if (dropped !== undefined) choose(dropped)
  }

  return (
    <form action={submit} onSubmit={send} className="grid max-w-3xl gap-5">
      <div ref={outcome} tabIndex={-1} className={state === null ? 'hidden' : 'grid gap-3 outline-none'}>
        {state !== null && (
          <>
            <Alert tone="bad" title="This file was not imported. Nothing was written." isLive>
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
            {state.problems.length > 0 && <ProblemList problems={state.problems} format={format} />}
          </>
        )}
      </div>

      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          id="classId"
          name="classId"
          label="Class"
          required
          defaultValue={state?.classId ?? classId}
          error={state?.fields.classId}
        >
          {classes.length > 1 && <option value="">Choose a class</option>}
          {classes.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          id="termId"
          name="termId"
          label="Term"
          required
          defaultValue={state?.termId ?? termId}
          error={state?.fields.termId}
        >
          {terms.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>

      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the input inside does the same by keyboard */}
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={`grid gap-3 rounded-lg border-2 border-dashed p-6 ${isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface'}`}
      >
        <label htmlFor={inputId} className="text-lg font-semibold">
          Grade file
        </label>
        <p id={`${inputId}-hint`} className="text-ink-soft">
          Choose it, drop it here, or paste a table copied from a spreadsheet. The file you get from Google Classroom, Canvas,
          Moodle and others, or your own table: CSV, TSV, TXT, Excel (XLSX, XLS) or ZIP, up to {megabytes} MB.
        </p>
        <input
          ref={input}
          id={inputId}
          name="file"
          type="file"
          required
          accept=".csv,.tsv,.txt,.xlsx,.xls,.zip,text/csv,text/plain,text/tab-separated-values"
          aria-describedby={`${inputId}-hint ${inputId}-note`}
          aria-invalid={isTooLarge || undefined}
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          className="w-full file:me-3 file:min-h-10 file:cursor-pointer file:rounded-md file:border-0 file:bg-accent-soft file:px-4 file:font-medium file:text-accent-strong"
        />
        <p
          id={`${inputId}-note`}
          role="status"
          className={isTooLarge || isPasteBad ? 'font-medium text-bad' : 'text-sm text-ink-soft'}
        >
          {isTooLarge &&
            `${file.name} is larger than ${megabytes} MB, so it was not sent. Save only the sheet with this class's grades and choose that file.`}
          {isPasteBad && !isTooLarge && 'What you pasted is not a table. Copy the cells with their heading row and paste again.'}
          {file !== null &&
            !isTooLarge &&
            !isPasteBad &&
            `${file.name}, ${sizeOf(file.size, format)}. Nothing is written before you have seen what will change.`}
        </p>
      </div>

      <div>
        <SubmitButton pendingText="Reading the file…" isPending={isPending} isDisabled={isTooLarge}>
          See what will change
        </SubmitButton>
      </div>
    </form>
  )
}

function sizeOf(bytes: number, format: Format): string {
  return bytes < 1024 * 1024
    ? `${formatNumber(Math.max(1, Math.round(bytes / 1024)), format)} KB`
    : `${formatNumber((bytes / 1024 / 1024).toFixed(1), format)} MB`
}
