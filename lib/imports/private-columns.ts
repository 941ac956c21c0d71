/** Columns of personal data that only their cells give away, whatever their heading says. Pure. */
import type { Table } from './columns'
import { canTellStudents } from './identity-words'
import { cleanDigits } from './text'

/** Reasons by column. Identity columns and those the teacher mapped on purpose are never among them. */
export function findPrivateColumns({ rows, roles, layout }: Table): Map<number, string> {
  const students = rows.filter((_, at) => roles[at] === 'student')
  // While nobody knows which column tells the students, a column of e-mail addresses may be the one.
  const searched = kinds.filter((kind) => kind !== 'email' || canTellStudents(layout.identity))
  return new Map(
    layout.columns.flatMap((role, at) => {
      if (role.kind === 'identity' || (role.kind === 'assignment' && role.choice !== null)) return []
      const kind = kindOfColumn(students, at, searched)
      return kind === null ? [] : [[at, reasons[kind]] as const]
    }),
  )
}

/** What at least half of a column's filled cells look like. */
function kindOfColumn(students: readonly (readonly string[])[], at: number, searched: readonly Kind[]): Kind | null {
  const counts = { secret: 0, email: 0, phone: 0 }
  let filled = 0
  for (const row of students) {
    const raw = row[at] ?? ''
    if (raw === '') continue
    filled++
    // Shorter than any of them: nearly every score ends here.
    const kind = raw.length < shortest ? null : kindOf(raw)
    if (kind !== null) counts[kind]++
  }
  return searched.find((kind) => counts[kind] > 0 && counts[kind] * 2 >= filled) ?? null
}

const shortest = 'a@b.co'.length

const kinds = ['secret', 'email', 'phone'] as const
type Kind = (typeof kinds)[number]

const reasons: Readonly<Record<Kind, string>> = {
  secret: 'Looks like social security numbers; it is not stored.',
  email: 'Looks like e-mail addresses of somebody else; it is not stored.',
  phone: 'Looks like phone numbers; it is not stored.',
}

function kindOf(raw: string): Kind | null {
  const text = cleanDigits(raw)
  if (/^\d{3}[- ]\d{2}[- ]\d{4}$/.test(text)) return 'secret'
  if (isEmail(text)) return 'email'
  return isPhone(text) ? 'phone' : null
}

/** One e-mail address and nothing else. */
export function isEmail(text: string): boolean {
  return /^[^\s@,;]+@[^\s@,;]+$/.test(text)
}

// Nine to fifteen digits in groups; a date has eight, and a number no hyphen, bracket or plus.
function isPhone(text: string): boolean {
  if (!/^\+?[\d(][\d() ./-]*\d$/.test(text) || !/[-( +]/.test(text)) return false
  const digits = text.replace(/\D/g, '').length
  return digits >= 9 && digits <= 15
}
