import { FixGroupCard } from '@/components/imports/fix-group'
import type { WizardAction } from '@/components/imports/wizard-form'
import { Section } from '@/components/ui/card'
import type { Format } from '@/components/ui/format'
import type { FixGroup } from '@/lib/imports/wizard-views'

/** Questions of a step that block the import, above everything else the step says. Nothing when there are none. */
export function OpenQuestions({
  groups,
  ...common
}: Readonly<{
  groups: readonly FixGroup[]
  action: WizardAction
  hidden: Readonly<Record<string, string>>
  isReadOnly: boolean
  format: Format
}>) {
  const open = groups.filter(({ severity }) => severity === 'block')
  if (open.length === 0) return null
  return (
    <Section id="questions" title="Answer this first">
      <div className="grid gap-3">
        {open.map((group, index) => (
          <FixGroupCard key={`${group.code} ${group.title}`} id={`question-${index + 1}`} group={group} {...common} />
        ))}
      </div>
    </Section>
  )
}
