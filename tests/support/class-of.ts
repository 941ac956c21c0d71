/** A class and term as an import finds it, out of a few lines. */
import type { ClassAssignment, ClassState } from '@/lib/imports/class-state'

/** An assignment of 20 points without a date. */
export function workOf(id: string, title: string, more: Partial<ClassAssignment> = {}): ClassAssignment {
  return { id, title, maxPoints: '20', dueOn: null, categoryId: null, isExtraCredit: false, isPublished: true, ...more }
}

type Given = Partial<Omit<ClassState, 'grades' | 'tags' | 'links'>> &
  Readonly<{
    grades?: Readonly<Record<string, readonly string[]>>
    tags?: Readonly<Record<string, readonly string[]>>
    links?: Readonly<Record<string, string>>
  }>

/** A class without anything but letters, and what is given. */
export function classOf({ grades = {}, tags = {}, links = {}, ...more }: Given = {}): ClassState {
  return {
    ...{ classId: 'class', className: '5b', termId: 'term', termName: 'Autumn', categories: [], assignments: [], students: [] },
    ...{ mappings: [], actor: 'member:me' },
    letters: [
      { letter: 'A', fromPercent: '90' },
      { letter: 'B', fromPercent: '80' },
    ],
    grades: new Map(Object.entries(grades)),
    tags: new Map(Object.entries(tags)),
    links: new Map(Object.entries(links)),
    ...more,
  }
}
