import { FixGroupCard } from '@/components/imports/fix-group'
import { UnmatchedRows } from '@/components/imports/unmatched-rows'
import { WizardForm, type WizardAction } from '@/components/imports/wizard-form'
import { Alert } from '@/components/ui/alert'
import { Section } from '@/components/ui/card'
import type { Format } from '@/components/ui/format'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ImportChoices } from '@/lib/imports/choices'
import type { FixGroup, FixView } from '@/lib/imports/wizard-views'

const weights: Readonly<Record<FixGroup['severity'], number>> = { block: 0, reject: 1, warn: 2 }

/** The step Fix: everything the file leaves open or gets wrong, by the repair it needs, what blocks first. */
export function FixStep({
  fix: { groups, unmatched },
  choices,
  action,
  hidden,
  isReadOnly,
  format,
}: Readonly<{
  fix: FixView
  choices: Pick<ImportChoices, 'blankClears'>
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  isReadOnly: boolean
  format: Format
}>) {
  const common = { action, hidden, isReadOnly, format }
  const inOrder = [...groups].sort((a, b) => weights[a.severity] - weights[b.severity])
  const isBlocked = groups.some(({ severity }) => severity === 'block')
  return (
    <>
      {groups.length + unmatched.length === 0 && (
        <Alert tone="good" title="Nothing needs mending">
          <p>Every student and every cell of the file was understood. Go on to Review.</p>
        </Alert>
      )}
      {isBlocked && (
        <Alert tone="watch" title="Nothing can be written yet">
          <p>Answer what is marked “Answer this first”. Or mend it in your spreadsheet and upload the file again.</p>
        </Alert>
      )}
      {inOrder.length > 0 && (
        <Section id="groups" title="Things to check">
          <div className="grid gap-3">
            {inOrder.map((group, index) => (
              <FixGroupCard
                key={`${group.code} ${group.title} ${group.fix}`}
                id={`group-${index + 1}`}
                group={group}
                {...common}
              />
            ))}
          </div>
        </Section>
      )}
      {unmatched.length > 0 && <UnmatchedRows rows={unmatched} {...common} />}
      <BlankCells isClearing={choices.blankClears === true} {...common} />
    </>
  )
}

/** The one switch that lets a blank cell take a grade away, with its two outcomes in words. */
function BlankCells({
  isClearing,
  action,
  hidden,
  isReadOnly,
}: Readonly<{
  isClearing: boolean
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  isReadOnly: boolean
}>) {
  return (
    <Section id="blank" title="Empty cells">
      <WizardForm action={action} hidden={hidden} label="What an empty cell does" className="grid gap-2">
        <p className="max-w-prose">
          {isClearing
            ? 'An empty cell takes the grade away. Review shows every grade that would go, in red.'
            : 'An empty cell keeps the grade that is there.'}
        </p>
        {!isReadOnly && (
          <>
            <input type="hidden" name="set.blankClears" value={isClearing ? '' : 'true'} />
            <div>
              <SubmitButton look={isClearing ? 'quiet' : 'danger'} pendingText="Reading the file again…">
                {isClearing ? 'Let empty cells keep the grade' : 'Let empty cells take the grade away'}
              </SubmitButton>
            </div>
          </>
        )}
      </WizardForm>
    </Section>
  )
}
