import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { SubmitButton } from '@/components/ui/submit-button'

/** Cells of a private column were not kept: the same file once more, now that the teacher asked for them on purpose. */
export function FileAgain({
  id,
  action,
  hidden,
  isReadOnly,
}: Readonly<{ id: string; action: WizardAction; hidden: Readonly<Record<string, string>>; isReadOnly: boolean }>) {
  if (isReadOnly) return null
  return (
    <WizardForm action={action} hidden={hidden} label="Bring the file again" className="grid gap-2">
      <label htmlFor={`${id}-file`} className="font-medium">
        The same file once more
      </label>
      <input
        id={`${id}-file`}
        name="file"
        type="file"
        required
        className="w-full file:me-3 file:min-h-10 file:cursor-pointer file:rounded-md file:border-0 file:bg-accent-soft file:px-4 file:font-medium file:text-accent-strong"
      />
      <div>
        <SubmitButton pendingText="Reading the file again…">Read it with this column</SubmitButton>
      </div>
    </WizardForm>
  )
}
