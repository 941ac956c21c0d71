import { ChipGroup } from '@/components/imports/chip-group'
import { IgnoredList } from '@/components/imports/ignored-list'
import { OpenQuestions } from '@/components/imports/open-questions'
import { PreviewTable } from '@/components/imports/preview-table'
import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { Button } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { SelectField } from '@/components/ui/field'
import type { Format } from '@/components/ui/format'
import type { Chip, FixGroup, ShapeView } from '@/lib/imports/wizard-views'

/** Chips are for a glance; more ways than this are a list to choose from. */
const chipsMax = 8

/** The step Shape: how the bytes of the file became rows, numbers and dates, and every other way there is. */
export function ShapeStep({
  shape,
  questions,
  ...common
}: Readonly<{
  shape: ShapeView
  /** Problems that are settled here. */
  questions: readonly FixGroup[]
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  isReadOnly: boolean
  format: Format
}>) {
  const { action, hidden, isReadOnly, format } = common
  const startsOver = 'If you change it, your answers about columns, cells and students start again.'
  return (
    <>
      <OpenQuestions groups={questions} {...common} />
      <p className="max-w-prose">
        This is how we read your file. Is something wrong, such as strange letters or a wrong decimal mark? Press the right one,
        and the file is read again. Nothing is written to the gradebook here.
      </p>
      <WizardForm action={action} hidden={hidden} label="How to read the file">
        <fieldset disabled={isReadOnly} className="grid min-w-0 gap-3 md:grid-cols-2">
          <legend className="sr-only">Ways to read the file</legend>
          {shape.part !== null && <Way name="part" label="Sheet or file inside" hint={startsOver} chip={shape.part} />}
          {shape.encoding !== null && (
            <Way name="encoding" label="Letters" hint="Choose the one in which names look right." chip={shape.encoding} />
          )}
          {shape.delimiter !== null && (
            <Way name="delimiter" label="Sign between cells" hint={startsOver} chip={shape.delimiter} />
          )}
          <ListOfWays name="headingRow" label="Row with the headings" chip={shape.headingRow} />
          <Way name="numbers" label="Numbers" chip={shape.numbers} />
          <Way name="dates" label="Dates" chip={shape.dates} />
        </fieldset>
      </WizardForm>
      <Section id="preview" title="The first rows as they read">
        <PreviewTable preview={shape.preview} format={format} />
        <p className="text-sm text-ink-soft">Columns with personal data that no gradebook needs are left out of this table.</p>
      </Section>
      {shape.skipped.length > 0 ? (
        <IgnoredList parts={shape.skipped} format={format} />
      ) : (
        <p className="text-sm text-ink-soft">No row is skipped: every row below the headings is a student.</p>
      )}
    </>
  )
}

function Way({ chip, ...rest }: Readonly<{ name: string; label: string; hint?: string; chip: Chip }>) {
  return chip.options.length > chipsMax ? <ListOfWays chip={chip} {...rest} /> : <ChipGroup chip={chip} {...rest} />
}

function ListOfWays({ name, label, hint, chip }: Readonly<{ name: string; label: string; hint?: string; chip: Chip }>) {
  return (
    <div className="grid content-start gap-2 rounded-lg border border-line bg-surface p-4">
      <SelectField
        key={chip.value}
        id={`set-${name}`}
        name={`set.${name}`}
        label={label}
        hint={hint}
        defaultValue={chip.isChosen ? chip.value : ''}
      >
        <option value="">{chip.isChosen ? 'Let the file decide' : `As found: ${labelOf(chip)}`}</option>
        {chip.options.map(({ value, label: text, sample }) => (
          <option key={value} value={value}>
            {sample === null ? text : `${text}: ${sample}`}
          </option>
        ))}
      </SelectField>
      <input type="hidden" name={`was.${name}`} value={chip.isChosen ? chip.value : ''} />
      <div>
        <Button type="submit">
          Read it this way<span className="sr-only">: {label}</span>
        </Button>
      </div>
    </div>
  )
}

function labelOf({ value, options }: Chip): string {
  return options.find((option) => option.value === value)?.label ?? value
}
