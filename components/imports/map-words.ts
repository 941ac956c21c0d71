import type { ColumnFields } from '@/components/imports/choice-fields'
import type { BadgeTone } from '@/components/ui/badge'
import type { IdentityRole } from '@/lib/imports/formats/format'
import type { MapColumn } from '@/lib/imports/wizard-views'

/** What a column of identity says, as people read it. */
export const identityWords: Readonly<Record<IdentityRole, string>> = {
  lastName: 'Last name',
  firstName: 'First name',
  fullName: 'Whole name',
  email: 'E-mail',
  number: 'Student number',
  username: 'User name',
  sis: 'Number in the school’s office system',
}

/** How sure the reading of a column is. */
export function confidenceWords({ confidence, choice }: Pick<MapColumn, 'confidence' | 'choice'>): {
  word: string
  tone: BadgeTone
} {
  if (choice !== null) return { word: 'You said so', tone: 'accent' }
  if (confidence === 'sure') return { word: 'Sure', tone: 'good' }
  return confidence === 'likely' ? { word: 'Likely', tone: 'plain' } : { word: 'A guess, please check', tone: 'watch' }
}

/** A column as the fields of its form show it. */
export function fieldsOf(column: MapColumn): ColumnFields {
  return {
    use: kindOf(column),
    to: column.target?.id ?? 'new',
    title: column.title,
    points: column.maxPoints ?? '',
    due: column.dueOn ?? '',
    // What only the file says moves no assignment of the class, and is not put into the teacher's mouth.
    category: column.target !== null && column.choice === null ? '' : (column.category ?? ''),
    tags: column.tags.join(', '),
  }
}

function kindOf({ role, identity }: MapColumn): string {
  if (role === 'identity' && identity !== null) return `identity:${identity}`
  return role === 'assignment' ? 'assignment' : 'ignore'
}

/** One line that says what becomes of a column. */
export function outcomeWords({ role, identity, target, isPrivate }: MapColumn): string {
  if (role === 'identity') return identity === null ? 'Says who the student is' : identityWords[identity]
  if (role === 'assignment') return target === null ? 'A new assignment' : 'An assignment of this class'
  return isPrivate ? 'Left out, private' : 'Left out'
}
