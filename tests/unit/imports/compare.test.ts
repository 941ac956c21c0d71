import { describe, expect, it } from 'vitest'
import type { ImportChoices } from '@/lib/imports/choices'
import type { AskedCells, CellPast } from '@/lib/imports/class-state'
import { compareCells } from '@/lib/imports/compare'
import { createProblems } from '@/lib/imports/problems'
import type { PlannedAssignment } from '@/lib/imports/stored-plan'
import { classOf, workOf } from '../../support/class-of'

const planned = (id: string | null, at: number): PlannedAssignment => ({
  ...{ id, state: id === null ? 'new' : 'matched', title: `Work ${at}`, old: null, maxPoints: '100', dueOn: null, columns: [at] },
})

type Given = Readonly<{
  old?: readonly string[]
  past?: Readonly<Record<string, Partial<CellPast>>>
  choices?: Pick<ImportChoices, 'conflicts' | 'conflictCells'>
  isNew?: boolean
  source?: string
  exportedAt?: string | null
}>

/** One student in row 7 against a class that has two assignments; a third column makes a new one. */
async function compare(
  cells: readonly string[],
  { old = ['', ''], past = {}, choices = {}, isNew = false, source = 'x', exportedAt = null }: Given = {},
) {
  const problems = createProblems()
  const asked: AskedCells[] = []
  const state = classOf({ assignments: [workOf('a', 'A'), workOf('b', 'B')], grades: { s: old } })
  const student = { id: isNew ? null : 's', state: 'matched' as const, row: 7, lastName: 'Lee', firstName: 'Sam', adds: [] }
  const compared = await compareCells(
    async (wanted) => {
      asked.push(wanted)
      return new Map(
        Object.entries(past).map(([place, cell]) => [`0\t${place}`, { texts: [], lastKind: 'import', isSince: false, ...cell }]),
      )
    },
    state,
    { rows: [{ student, cells }], assignments: [planned('a', 3), planned('b', 4), planned(null, 5)], source },
    { ...choices, exportedAt },
    problems,
    {},
  )
  return {
    next: compared.next[0],
    old: compared.old[0],
    tally: Object.fromEntries(Object.entries(compared.tally.kinds).filter(([, count]) => count > 0)),
    kept: compared.conflicts,
    asked: asked.flatMap(({ places }) => places),
    wanted: asked[0],
    problems: problems.list(),
    codes: problems.list().map(({ code }) => code),
  }
}

describe('a cell', () => {
  it('is new, changed, the same, kept or taken away', async () => {
    expect(await compare(['5', '6', '7'], { old: ['', '6'] })).toMatchObject({
      next: ['5', '=', '7'],
      old: ['', '6', ''],
      tally: { new: 2, same: 1 },
    })
    expect(await compare(['5', '', ''], { old: ['4', '6'] })).toMatchObject({
      next: ['5', '', ''],
      tally: { changed: 1, kept: 1 },
    })
    expect(await compare(['CLEAR', 'CLEAR', 'CLEAR'], { old: ['4', ''] })).toMatchObject({
      next: ['CLEAR', '', ''],
      tally: { cleared: 1 },
    })
  })

  it('that was left out counts as that', async () => {
    expect(await compare(['!', '!', ''], { old: ['4', ''] })).toMatchObject({ next: ['!', '!', ''], tally: { rejected: 2 } })
  })

  it('of a student who is new has no past to ask for', async () => {
    expect(await compare(['5', '6', '7'], { isNew: true })).toMatchObject({ asked: [], tally: { new: 3 } })
  })

  it('is asked about only where it would change something that is there', async () => {
    expect((await compare(['5', '6', '7'], { old: ['5', '1'] })).asked).toEqual(['2'])
    expect((await compare(['', '', '7'], { old: ['5', '1'] })).asked).toEqual([])
    expect((await compare(['6', '=', ''], { old: ['5', '1'], exportedAt: '2026-10-01T08:00:00Z' })).wanted).toEqual({
      ...{ studentIds: ['s'], places: ['1'], count: 1, since: '2026-10-01T08:00:00Z' },
      assignmentIds: ['a', 'b', '00000000-0000-0000-0000-000000000000'],
    })
    expect((await compare(['6', '2', '7'], { old: ['5', '1'] })).wanted).toMatchObject({
      places: ['1\t2'],
      count: 2,
      since: null,
    })
  })

  it('has nothing before it in an assignment that is not of the class any more', async () => {
    const gone = await compare(['5', '6', '7'], { old: ['5'] })
    expect(gone).toMatchObject({ next: ['=', '6', '7'], old: ['5', '', ''] })
  })
})

describe('a mark that the source of the file cannot write', () => {
  it.each(['canvas', 'google-classroom', 'moodle', 'brightspace', 'blackboard', 'gradescope', 'sakai', 'oneroster-1.1'])(
    'stays with the same score out of %s',
    async (source) => {
      const { next } = await compare(['85', '40.5', '4'], { old: ['LATE 85', 'INC 40.5'], source })
      expect(next).toEqual(['=', '=', '4'])
    },
  )

  it.each([
    ['85', 'LATE 86'],
    ['8', 'LATE 85'],
    ['85', 'LATE 85 '],
    ['85', 'X LATE 85'],
    ['85', 'EX'],
    ['85', ''],
  ])('%j over %j is no such score', async (token, old) => {
    expect((await compare([token, '', ''], { old: [old, ''], source: 'canvas' })).next?.[0]).toBe(token)
  })

  it('goes where the source can say that work was late', async () => {
    const { next } = await compare(['85', '', ''], { old: ['LATE 85', ''], source: 'grade-insight' })
    expect(next?.[0]).toBe('85')
  })
})

describe('a conflict', () => {
  const old = ['4', '6']

  it.each([
    [
      'changed_by_hand',
      { lastKind: 'edit', texts: ['4'] },
      'somebody changed this grade by hand after the last import. It was kept',
    ],
    ['older_value', { texts: ['5', '4'] }, 'this value is older than what stands there, which was kept'],
    ['graded_since_export', { isSince: true, texts: ['4'] }, 'somebody graded this after the file was downloaded. It was kept'],
  ] as const)('%s keeps what stands there and says so', async (code, past, reason) => {
    const { next, kept, tally, problems } = await compare(['5', '', ''], { old, past: { '1': past } })
    expect({ next, kept, tally }).toEqual({ next: ['~5', '', ''], kept: 1, tally: { kept: 2 } })
    expect(problems).toEqual([
      {
        ...{ row: 7, column: 'Work 3', value: '5', code, severity: 'warn' },
        message: `Row 7, Work 3: ${reason}; the file's '5' was not taken.`,
        fix: 'To take the value of the file, say so at the review.',
      },
    ])
  })

  it('is one however long ago the cell had the value of the file', async () => {
    const past = { '1': { texts: ['2', '5', '3', '4'] } }
    expect((await compare(['5', '', ''], { old, past })).codes).toEqual(['older_value'])
    expect((await compare(['2', '', ''], { old, past })).codes).toEqual(['older_value'])
    expect((await compare(['6', '', ''], { old, past })).codes).toEqual([])
  })

  it('is none when the last change was an import and the value was never there before', async () => {
    const { next, kept, codes } = await compare(['5', '', ''], { old, past: { '1': { texts: ['5', '4'].reverse() } } })
    expect({ next, kept, codes }).toEqual({ next: ['5', '', ''], kept: 0, codes: [] })
  })

  it('of a grade to be taken away is one when the cell was empty before', async () => {
    expect((await compare(['CLEAR', '', ''], { old, past: { '1': { texts: ['', '4'] } } })).next).toEqual(['~CLEAR', '', ''])
    expect((await compare(['CLEAR', '', ''], { old, past: { '1': { texts: ['3', '4'] } } })).next).toEqual(['CLEAR', '', ''])
  })

  it('goes to the file when the teacher says so, for all or for one cell; the cell’s word counts more', async () => {
    const past = { '1': { lastKind: 'edit', texts: ['4'] }, '2': { lastKind: 'edit', texts: ['6'] } } as const
    const both = ['5', '7', '']
    expect(await compare(both, { old, past, choices: { conflicts: 'take' } })).toMatchObject({
      next: ['^5', '^7', ''],
      kept: 0,
      tally: { changed: 2 },
      codes: [],
    })
    expect((await compare(both, { old, past, choices: { conflictCells: { '7:4': 'take' } } })).next).toEqual(['~5', '^7', ''])
    expect((await compare(both, { old, past, choices: { conflicts: 'take', conflictCells: { '7:3': 'keep' } } })).next).toEqual([
      '~5',
      '^7',
      '',
    ])
    expect((await compare(both, { old, past, choices: { conflicts: 'keep', conflictCells: { '8:3': 'take' } } })).kept).toBe(2)
  })
})
