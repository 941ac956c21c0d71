'use client'

import { type SubmitEvent, startTransition, useActionState, useEffect, useRef, useState } from 'react'
import { ProblemList } from '@/components/imports/problem-list'
import { Alert } from '@/components/ui/alert'
import { SelectField } from '@/components/ui/field'
import { FileDrop } from '@/components/ui/file-drop'
import { type Format, formatNumber } from '@/components/ui/format'
import { SignInAgain } from '@/components/ui/sign-in-again'
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
        {state !== null && (
          <>
            <Alert tone="bad" title="This file was not imported. Nothing was written." isLive>
              <p>{state.message}</p>
              {state.needsSignIn && <SignInAgain />}
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

      <FileDrop
        label="Grade file"
        hint={`Choose it, drop it here, or paste a table copied from a spreadsheet. The file you get from Google Classroom, Canvas, Moodle and others, or your own table: CSV, TSV, TXT, Excel (XLSX, XLS) or ZIP, up to ${megabytes} MB.`}
        accept=".csv,.tsv,.txt,.xlsx,.xls,.zip,text/csv,text/plain,text/tab-separated-values"
        bytesMax={bytesMax}
        tooLarge="Save only the sheet with this class's grades and choose that file."
        takesPaste
        file={file}
        onFile={setFile}
        format={format}
      />

      <div>
        <SubmitButton pendingText="Reading the file…" isPending={isPending} isDisabled={isTooLarge}>
          See what will change
        </SubmitButton>
      </div>
    </form>
  )
}
