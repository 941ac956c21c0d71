'use client'

import { type DragEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { type Format, formatNumber } from '@/components/ui/format'

/**
 * A required file, by choosing or dropping, and by pasting a table where `takesPaste` says so. The native input stays the one truth,
 * so that what is sent is what is shown; a file over `bytesMax` is named, and `tooLarge` says what to do about it.
 */
export function FileDrop({
  label,
  hint,
  accept,
  bytesMax,
  tooLarge,
  takesPaste = false,
  file,
  onFile,
  format,
}: Readonly<{
  label: string
  hint: ReactNode
  accept: string
  bytesMax: number
  tooLarge: string
  takesPaste?: boolean
  file: File | null
  onFile: (file: File | null) => void
  format: Format
}>) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const [isPasteBad, setIsPasteBad] = useState(false)
  const isTooLarge = file !== null && file.size > bytesMax

  const take = (chosen: File | null) => {
    setIsPasteBad(false)
    onFile(chosen)
  }
  const choose = (chosen: File) => {
    if (input.current === null) return
    const transfer = new DataTransfer()
    transfer.items.add(chosen)
    input.current.files = transfer.files
    take(chosen)
  }

  useEffect(() => {
    if (!takesPaste) return
    const paste = (event: ClipboardEvent) => {
      const { target, clipboardData } = event
      if (target instanceof HTMLInputElement && target.type !== 'file') return
      const pastedFile = clipboardData?.files[0]
      const text = clipboardData?.getData('text/plain') ?? ''
      if (pastedFile !== undefined) choose(pastedFile)
      else if (/[\t,;].*[\r\n]/.test(text)) choose(new File([text], 'pasted-table.csv', { type: 'text/csv' }))
      else setIsPasteBad(text !== '')
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  })

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const dropped = event.dataTransfer.files[0]
    if (dropped !== undefined) choose(dropped)
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
        {label}
      </label>
      <p id={`${id}-hint`} className="text-ink-soft">
        {hint}
      </p>
      <input
        ref={input}
        id={id}
        name="file"
        type="file"
        required
        accept={accept}
        aria-describedby={`${id}-hint ${id}-note`}
        aria-invalid={isTooLarge || undefined}
        onChange={(event) => take(event.target.files?.[0] ?? null)}
        className="w-full file:me-3 file:min-h-10 file:cursor-pointer file:rounded-md file:border-0 file:bg-accent-soft file:px-4 file:font-medium file:text-accent-strong"
      />
      <p id={`${id}-note`} role="status" className={isTooLarge || isPasteBad ? 'font-medium text-bad' : 'text-sm text-ink-soft'}>
        {noteOf({ file, isTooLarge, isPasteBad, bytesMax, tooLarge, format })}
      </p>
    </div>
  )
}

function noteOf({
  file,
  isTooLarge,
  isPasteBad,
  bytesMax,
  tooLarge,
  format,
}: Readonly<{
  file: File | null
  isTooLarge: boolean
  isPasteBad: boolean
  bytesMax: number
  tooLarge: string
  format: Format
}>): string {
  if (file !== null && isTooLarge) {
    const megabytes = formatNumber(Math.floor(bytesMax / 1024 / 1024), format)
    return `${file.name} is larger than ${megabytes} MB, so it was not sent. ${tooLarge}`
  }
  if (isPasteBad) return 'What you pasted is not a table. Copy the cells with their heading row and paste again.'
  return file === null
    ? ''
    : `${file.name}, ${sizeOf(file.size, format)}. Nothing is written before you have seen what will change.`
}

function sizeOf(bytes: number, format: Format): string {
  return bytes < 1024 * 1024
    ? `${formatNumber(Math.max(1, Math.round(bytes / 1024)), format)} KB`
    : `${formatNumber((bytes / 1024 / 1024).toFixed(1), format)} MB`
}
