/** Columns of personal data that only their cells give away, whatever their heading says. Pure. */
import type { Table } from './columns'
import { cleanDigits } from './text'

/** Reasons by column. Identity columns and those the teacher mapped on purpose are never among them. */
export function findPrivateColumns({ rows, roles, layout }: Table): Map<number, string> {
  const columns = layout.columns.flatMap((role, at) =>
    role.kind === 'identity' || (role.kind === 'assignment' && role.choice !== null)
      ? []
      : [{ at, filled: 0, counts: noCounts() }],
  )
  // While nobody knows which column tells the students, a column of e-mail addresses may be the one.
  const isAsked = layout.identity.size === 0
  for (const [index, row] of rows.entries()) {
    if (roles[index] !== 'student') continue
    for (const column of columns) {
      const raw = row[column.at] ?? ''
      if (raw === '') continue
      column.filled++
      const kind = kindOf(raw)
      if (kind !== null && !(isAsked && kind === 'email')) column.counts[kind]++
    }
  }
  return new Map(
    columns.flatMap(({ at, filled, counts }) => {
      const kind = kinds.find((each) => counts[each] > 0 && counts[each] * 2 >= filled)
      return kind === undefined ? [] : [[at, reasons[kind]] as const]
    }),
  )
}

const kinds = ['secret', 'email', 'phone'] as const
type Kind = (typeof kinds)[number]

const reasons: Readonly<Record<Kind, string>> = {
  secret: 'Looks like social security numbers; it is not stored.',
  email: 'Looks like e-mail addresses of somebody else; it is not stored.',
  phone: 'Looks like phone numbers; it is not stored.',
}

const noCounts = (): Record<Kind, number> => ({ secret: 0, email: 0, phone: 0 })

function kindOf(raw: string): Kind | null {
  // Shorter than any of them: nearly every score ends here.
  if (raw.length < 6) return null
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
