import type { NavItem } from '@/components/shell/nav-links'
import type { Right } from '@/lib/auth/rights'

type Part = NavItem & Readonly<{ right: Right | null }>

const schoolParts: readonly Part[] = [
  { href: '/', label: 'Home', segment: null, right: null },
  { href: '/classes', label: 'Classes', segment: 'classes', right: 'classes.read' },
  { href: '/students', label: 'Students', segment: 'students', right: 'students.read' },
  { href: '/imports', label: 'Imports', segment: 'imports', right: 'grades.import' },
  { href: '/people', label: 'People', segment: 'people', right: 'people.read' },
  { href: '/audit', label: 'Audit', segment: 'audit', right: 'audit.read' },
]

/** The parts of a school's site these rights open. Each page checks its right again. */
export function schoolNavigation(rights: ReadonlySet<Right>): readonly NavItem[] {
  return schoolParts
    .filter(({ right }) => right === null || rights.has(right))
    .map(({ href, label, segment }) => ({ href, label, segment }))
}
