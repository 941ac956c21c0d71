import { describe, expect, test } from 'vitest'
import { detectLayout, type Layout } from '@/lib/imports/detect'
import { blackboard } from '@/lib/imports/formats/blackboard'
import { brightspace } from '@/lib/imports/formats/brightspace'
import { canvas } from '@/lib/imports/formats/canvas'
import { type Format, identityRoles } from '@/lib/imports/formats/format'
import { generic } from '@/lib/imports/formats/generic'
import { googleClassroom } from '@/lib/imports/formats/google-classroom'
import { gradeInsight } from '@/lib/imports/formats/grade-insight'
import { gradescope } from '@/lib/imports/formats/gradescope'
import { formats } from '@/lib/imports/formats/known'
import { moodle } from '@/lib/imports/formats/moodle'
import { sakai } from '@/lib/imports/formats/sakai'
import { rowRoles } from '@/lib/imports/row-roles'
import { foldHeading } from '@/lib/imports/text'

/** Headings that make a file one of the source, whatever stands before them. */
const marks: readonly (readonly [Format, readonly string[]])[] = [
  [gradeInsight, ['Last Name', 'First Name', 'student_email', 'student_number', 'sis_id', 'username']],
  [googleClassroom, ['Last Name', 'First Name', 'Email Address', 'Overall Grade']],
  [canvas, ['SIS Login ID', 'Root Account', 'Integration ID', 'Section']],
  [moodle, ['Last downloaded from this course', 'Username', 'Email address']],
  [blackboard, ['Username', 'Last Access', 'Availability', 'Child Course ID']],
  [brightspace, ['Username', 'End-of-Line Indicator']],
  [gradescope, ['SID', 'Total Lateness (H:M:S)']],
  [sakai, ['Student ID', 'Quiz 1 [10]']],
]

function layoutOf(rows: readonly (readonly string[])[]): Layout {
  const detected = detectLayout(rows)
  if (detected.kind !== 'layout') throw new Error(detected.problem.code)
  return detected.layout
}

const listsOf = ({ identity, rows, columns, signs, cells }: Format) => [
  ...Object.values(identity),
  ...Object.values(rows),
  ...Object.values(columns),
  ...[signs.strong, signs.weak, Object.keys(cells)],
]

test.each(formats.map((format) => [format.source, format] as const))(
  '%s: every word is written as headings are folded',
  (_, format) => {
    const words = listsOf(format).flat()
    expect(words.filter((word) => word === '' || foldHeading(word) !== word)).toEqual([])
  },
)

describe.each(marks.map(([format, headings]) => [format.source, format, headings] as const))(
  'a file of %s',
  (_, format, headings) => {
    const wordsOf = <Key extends string>(lists: Readonly<Record<Key, readonly string[]>>, keys: readonly Key[]) =>
      keys.flatMap((key) => lists[key].map((word) => [word, key] as const))
    const read = (word: string) => {
      const layout = layoutOf([
        [word, ...headings],
        ['x', ...headings.map(() => 'x')],
      ])
      return [layout.format.source, layout.columns[0]] as const
    }

    test('names who a row is by every word of its own', () => {
      for (const [word, role] of wordsOf(format.identity, identityRoles)) {
        expect([word, ...read(word)]).toEqual([word, format.source, { kind: 'identity', role }])
      }
    })

    test('knows every column beside the scores', () => {
      const kinds = {
        grade: 'grade',
        points: 'points',
        state: 'state',
        exportedAt: 'exportedAt',
        computed: 'ignored',
        note: 'note',
      } as const
      for (const [word, key] of wordsOf(format.columns, ['grade', 'points', 'state', 'exportedAt', 'computed', 'note'])) {
        const [source, role] = read(word)
        expect([word, source, role?.kind]).toEqual([word, format.source, kinds[key]])
      }
    })

    test('knows every row that describes the assignments', () => {
      const width = headings.length
      const settings = (word: string) => [...headings.map(() => ''), word]
      const roleOf = (row: readonly string[]) => {
        const rows = [[...headings, 'Quiz'], row, [...headings.map(() => 'x'), '7']]
        return rowRoles(rows, layoutOf(rows))[1]
      }
      for (const [word, role] of wordsOf(format.rows, ['dates', 'points'])) {
        expect([word, roleOf([word, ...new Array<string>(width).fill('')])]).toEqual([word, role])
      }
      for (const word of format.rows.settings) expect([word, roleOf(settings(word))]).toEqual([word, 'settings'])
    })
  },
)

test('a table of another kind knows every word of every source', () => {
  for (const format of formats) {
    for (const role of identityRoles) {
      for (const word of format.identity[role])
        expect([word, identityRoles.some((own) => generic.identity[own].includes(word))]).toEqual([word, true])
    }
  }
})

const near: readonly (readonly [Format, string, string])[] = [
  [blackboard, 'Sum [Total Pts: up to 5 Score] |7', 'note Sum [Total Pts: up to 5 Score] |7'],
  [blackboard, 'Sum[Total Pts: up to 5 Score]|7', 'note Sum[Total Pts: up to 5 Score]|7'],
  [blackboard, 'Sum [Total Pts: up to 5 Score] |7 x', 'title'],
  [blackboard, 'Pledge[Total Pts: 5.5 Text]', 'ignored Pledge[Total Pts: 5.5 Text]'],
  [blackboard, 'Pledge[Total Pts: 12 Complete/Incomplete]|7', 'ignored Pledge[Total Pts: 12 Complete/Incomplete]|7'],
  [blackboard, 'Pledge [Total Pts: 5 Text] x', 'title'],
  [blackboard, 'Mark[Total Pts: 50 Letter]|7', 'letter Mark /50 #7'],
  [blackboard, 'Mark [Total Pts: 50 Letter]', 'letter Mark /50'],
  [blackboard, 'Mark [Total Pts: 50 Letter] x', 'title'],
  [blackboard, 'Quiz[Total Pts: 10 Score]|7', 'score Quiz /10 #7'],
  [blackboard, 'Quiz [Total Pts: 10 Score] x', 'title'],
  [brightspace, 'Unit Numerator', 'note Unit Numerator'],
  [brightspace, 'Unit Numerator x', 'title'],
  [canvas, 'Override Score', 'note Override Score'],
  [canvas, 'Override Score x', 'title'],
  [canvas, 'My Override Score', 'title'],
  [canvas, 'Override Score (12)', 'score Override Score (12)'],
  [canvas, 'Override Score (12) b (c)', 'note Override Score (12) b (c)'],
  [canvas, 'Final Score (12) b (c)', 'note Final Score (12) b (c)'],
  [canvas, 'Quiz(20)', 'score Quiz (20)'],
  [canvas, 'Quiz (12.25)', 'score Quiz (12.25)'],
  [canvas, 'Quiz (20) x', 'title'],
  [gradescope, 'HW - Max Points', 'points HW - Max Points'],
  [gradescope, 'HW - Max Points x', 'title'],
  [gradescope, 'HW - Submission Time x', 'title'],
  [gradescope, 'HW - Lateness (H:M:S) x', 'title'],
  [gradescope, 'Run - Lateness (H:M:S)', 'title'],
  [gradescope, '12: Sum (5 pts)', 'ignored 12: Sum (5 pts)'],
  [gradescope, '1.12: Sum(5 pts)', 'ignored 1.12: Sum(5 pts)'],
  [gradescope, 'Part 1: Sum (5 pts)', 'title'],
  [gradescope, '1: Sum (5 pts) x', 'title'],
  [moodle, 'Quiz (Real)', 'score Quiz'],
  [moodle, 'Quiz (Real) x', 'title'],
  [moodle, 'Quiz (Percentage) x', 'title'],
  [moodle, 'Quiz (Letter) x', 'title'],
  [moodle, 'Quiz (Feedback) x', 'title'],
  [moodle, 'Feedback: HW', 'ignored Feedback: HW'],
  [moodle, 'My feedback: HW', 'title'],
  [sakai, '#x', 'ignored #x'],
  [sakai, 'No. # 1', 'title'],
  [sakai, 'x * y', 'title'],
  [sakai, 'Quiz[10]', 'score Quiz /10'],
  [sakai, 'Quiz [10] x', 'title'],
]
test.each(near.map(([format, heading, said]) => [format.source, heading, said, format] as const))(
  '%s: the heading %j is %s',
  (_, heading, said, format) => {
    const beside = marks.find(([source]) => source === format)?.[1] ?? []
    const role = layoutOf([
      [heading, ...beside, 'HW'],
      ['x', ...beside, '7'],
    ]).columns[0]
    if (role?.kind !== 'assignment') {
      expect(role !== undefined && 'title' in role ? `${role.kind} ${role.title}` : role).toBe(said)
      return
    }
    const { points, id, number } = role.parts
    const parts = [points && `/${points}`, id && `#${id}`, number && `(${number})`].filter((part) => part !== '')
    expect(role.isKnown ? [role.shown, role.title, ...parts].join(' ') : role.title).toBe(said === 'title' ? heading : said)
  },
)
