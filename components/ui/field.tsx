import type { ComponentProps, ReactNode } from 'react'

const control =
  'block w-full min-h-10 rounded-md bg-surface px-3 py-2 text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] aria-invalid:shadow-[inset_0_0_0_2px_var(--bad)]'

type FieldProps = Readonly<{ id: string; label: string; hint?: ReactNode; error?: string }>

function FieldFrame({ id, label, hint, error, children }: FieldProps & Readonly<{ children: ReactNode }>) {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {hint}
        </p>
      )}
      {children}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

function describedBy({ id, hint, error }: FieldProps): string | undefined {
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter((part) => part !== '')
  return ids.length === 0 ? undefined : ids.join(' ')
}

/** A labelled text input; hint and error are tied to it for screen readers. */
export function TextField({ id, label, hint, error, ...rest }: FieldProps & Omit<ComponentProps<'input'>, 'id'>) {
  const field = { id, label, hint, error }
  return (
    <FieldFrame {...field}>
      <input
        id={id}
        className={control}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={describedBy(field)}
        {...rest}
      />
    </FieldFrame>
  )
}

/** A labelled native select: works by keyboard, phone and without JavaScript. */
export function SelectField({ id, label, hint, error, children, ...rest }: FieldProps & Omit<ComponentProps<'select'>, 'id'>) {
  const field = { id, label, hint, error }
  return (
    <FieldFrame {...field}>
      <select
        id={id}
        className={control}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={describedBy(field)}
        {...rest}
      >
        {children}
      </select>
    </FieldFrame>
  )
}
