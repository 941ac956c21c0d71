/**
 * A grade in the words of the system whose file is filled. What a system has no word for is not written: a made-up one would be refused
 * there, or worse, taken for a zero. Pure.
 */
import type { Grade } from '@/lib/gradebook/cell'
import type { DecimalMark } from './locale'

/** What to write, or why nothing can be. */
export type WrittenGrade = Readonly<{ text: string } | { text: null; why: string }>

type Words = Readonly<Partial<Record<Grade['status'], string>>>

const own: Words = { late: 'LATE', excused: 'EX', missing: 'MI', incomplete: 'INC' }
const wordsOf: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['grade-insight', own],
  ['canvas', { excused: 'EX' }],
  ['google-classroom', { excused: 'Excused', missing: 'Missing' }],
  ['powerteacher', { missing: 'MIS', incomplete: 'INC' }],
  ...['moodle', 'brightspace', 'blackboard', 'gradescope', 'sakai'].map((source): [string, Words] => [source, {}]),
])
// Of a file nobody has described: the words most systems know.
const commonWords: Words = { excused: 'EX', missing: 'MI', incomplete: 'INC' }

/** Late and incomplete work with a score goes out as its score, but for our own template, which says both. */
export function writeGrade({ score, status }: Grade, source: string, decimal: DecimalMark): WrittenGrade {
  const number = score === null ? '' : decimal === ',' ? score.replace('.', ',') : score
  const words = wordsOf.get(source) ?? commonWords
  const word = words[status]
  if (status === 'graded') return { text: number }
  if (words === own) return { text: [word, number].filter((part) => part !== '').join(' ') }
  if (number !== '' && status !== 'excused' && status !== 'missing') return { text: number }
  return word === undefined ? { text: null, why: `Such a file has no word for ${status} work.` } : { text: word }
}
