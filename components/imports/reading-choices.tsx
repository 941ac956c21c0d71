import { SelectField } from '@/components/ui/field'

/** What a person can say about a file that does not say it itself. An empty value leaves the decision to the importer. */
export const readingChoices = [
  {
    name: 'numbers',
    label: 'Decimal mark',
    options: [
      ['', 'Work it out'],
      ['.', 'Point, as in 8.5'],
      [',', 'Comma, as in 8,5'],
    ],
  },
  {
    name: 'dates',
    label: 'Dates',
    options: [
      ['', 'Work it out'],
      ['dmy', 'Day first, as in 31/12/2026'],
      ['mdy', 'Month first, as in 12/31/2026'],
    ],
  },
  {
    name: 'negatives',
    label: 'Scores below zero',
    options: [
      ['', 'Ask me'],
      ['take', 'Take them'],
      ['leave_out', 'Leave them out'],
    ],
  },
  {
    name: 'sameTitles',
    label: 'Two columns with one title',
    options: [
      ['', 'Ask me'],
      ['different', 'They are different assignments'],
    ],
  },
  {
    name: 'conflicts',
    label: 'Grades changed by hand since the last import',
    options: [
      ['', 'Keep them'],
      ['take', 'The file wins'],
    ],
  },
] as const

/** The choices as a part of the upload form that opens when it is needed. */
export function ReadingChoices({ isOpen }: Readonly<{ isOpen: boolean }>) {
  return (
    <details open={isOpen} className="rounded-lg border border-line bg-surface">
      <summary className="flex min-h-11 items-center gap-2 px-4 py-2 font-medium">
        <span aria-hidden="true">▸</span>
        How to read this file
      </summary>
      <div className="grid gap-4 border-t border-line p-4 sm:grid-cols-2">
        {readingChoices.map(({ name, label, options }) => (
          <SelectField key={name} id={name} name={name} label={label}>
            {options.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </SelectField>
        ))}
      </div>
    </details>
  )
}
