import type { ImportCounts, ImportSummary, ReviewPage } from '@/lib/imports/views'
import type { MapColumn, WizardView } from '@/lib/imports/wizard-views'

/** One import as the wizard shows it, with something of everything: for tests of the components that draw it. */

const counts: ImportCounts = {
  ...{
    studentsMatched: 28,
    studentsNew: 1,
    studentsEnrolled: 0,
    assignmentsMatched: 2,
    assignmentsNew: 1,
    assignmentsChanged: 0,
  },
  ...{ cellsNew: 20, cellsChanged: 3, cellsCleared: 2, cellsUnchanged: 40, cellsKept: 2, cellsRejected: 2, rowsRejected: 2 },
}

export const summary: ImportSummary = {
  ...{ id: '0198a2f0-0000-7000-8000-000000000001', classId: '0198a2f0-0000-7000-8000-000000000002' },
  ...{
    className: 'Biology 9A',
    termName: 'Autumn 2026',
    state: 'planned',
    fileName: 'grades (1).csv',
    fileSha256: 'f'.repeat(64),
  },
  ...{ source: 'canvas', sourceLabel: 'Canvas', actorName: 'Olena Hrytsenko', createdAt: '2026-11-27T10:00:00Z' },
  ...{ committedAt: null, undoneAt: null, canUndo: false, canRedo: false, hasChanges: true, undoUntil: null, counts },
}

const column = (at: number, heading: string, more: Partial<MapColumn>): MapColumn => ({
  ...{ at, name: String.fromCharCode(65 + at), heading, role: 'ignored', identity: null, confidence: 'sure', reason: null },
  ...{ isPrivate: false, samples: [], title: '', maxPoints: null, dueOn: null, category: null, tags: [] },
  ...{ choice: null, target: null },
  ...more,
})

const chip = (value: string, options: readonly (readonly [string, string, string | null])[], isChosen = false) => ({
  ...{ value, isChosen },
  options: options.map(([option, label, sample]) => ({ value: option, label, sample })),
})

const quiz = { id: '0198a2f0-0000-7000-8000-00000000000a', title: 'Quiz 1' }

export const wizard: WizardView = {
  summary,
  planHash: 'a'.repeat(64),
  choices: { numbers: ',' },
  steps: [
    { step: 'shape', state: 'done', count: 0 },
    { step: 'map', state: 'open', count: 1 },
    { step: 'fix', state: 'open', count: 5 },
    { step: 'review', state: 'later', count: 0 },
  ],
  next: 'map',
  shape: {
    encoding: chip('windows-1252', [
      ['utf-8', 'UTF-8', 'Mu�oz'],
      ['windows-1252', 'Western European', 'Muñoz'],
      ['windows-1251', 'Cyrillic', 'Muсoz'],
      ['macintosh', 'Old Mac', 'MuÒoz'],
    ]),
    delimiter: chip(';', [
      [',', 'Comma', null],
      [';', 'Semicolon', 'Muñoz | Ana | 8,5'],
      ['\t', 'Tab', null],
    ]),
    part: null,
    headingRow: chip(
      '3',
      Array.from({ length: 10 }, (_, at) => [String(at + 1), `Row ${at + 1}`, at === 2 ? 'Student, ID' : null] as const),
    ),
    numbers: chip(
      ',',
      [
        ['.', 'Point', '85'],
        [',', 'Comma', '8.5'],
      ],
      true,
    ),
    dates: chip('dmy', [
      ['dmy', 'Day first', '3 Nov 2026'],
      ['mdy', 'Month first', '11 Mar 2026'],
    ]),
    preview: [
      { row: 1, role: 'title', cells: ['Biology 9A', '', '', ''] },
      { row: 3, role: 'heading', cells: ['Student', 'ID', 'Quiz 1', 'Essay'] },
      { row: 4, role: 'describing', cells: ['Points Possible', '', '20', '100'] },
      { row: 5, role: 'student', cells: ['Muñoz, Ana', '104', '8,5', '80'] },
      { row: 6, role: 'student', cells: ['كوفال, ماريا', '105', '9O', ''] },
      { row: 7, role: 'skipped', cells: ['Student, Test', '', '0', '0'] },
    ],
    skipped: [{ kind: 'row', where: 'Row 7', reason: 'Canvas’s test student is no student.' }],
  },
  map: {
    columns: [
      column(0, 'Student', { role: 'identity', identity: 'lastName', samples: ['Muñoz, Ana', 'كوفال, ماريا'] }),
      column(1, 'ID', { role: 'identity', identity: 'number', confidence: 'likely', samples: ['104', '105'] }),
      column(2, 'Quiz 1 (4411)', {
        ...{
          role: 'assignment',
          samples: ['8,5', '9O', '17'],
          title: 'Quiz 1',
          maxPoints: '20',
          target: { ...quiz, category: 'Tests' },
        },
      }),
      column(3, 'Final Essay on the causes of everything that ever went wrong', {
        ...{ role: 'assignment', confidence: 'guess', samples: ['80'], title: 'Final Essay', tags: ['writing'] },
        choice: { use: 'assignment' },
      }),
      column(4, 'Current Score', { reason: 'A total the other system computed.', samples: ['87.5'] }),
      column(5, 'Date of birth', { reason: 'Looks like a date of birth.', isPrivate: true }),
    ],
    assignments: [{ ...quiz, maxPoints: '20', dueOn: '2026-11-03', category: 'Tests' }],
    categories: ['Tests'],
    tags: ['writing'],
    isFromSaved: true,
    problems: [],
  },
  fix: {
    groups: [
      {
        ...{ code: 'not_a_number', title: 'Cells that are no number', severity: 'reject', count: 2 },
        fix: 'Type the number, or leave the cell empty.',
        cells: [
          { row: 6, column: 2, where: 'Row 6, Quiz 1', student: 'كوفال, ماريا', value: '9O', edited: null },
          { row: 9, column: 3, where: 'Row 9, Final Essay', student: 'Lee, Sam', value: '', edited: '70' },
        ],
        problems: [],
        bulk: [{ field: 'cells', value: '', label: 'Leave them all empty' }],
      },
      {
        ...{ code: 'negative_score', title: 'Scores below zero', severity: 'block', count: 1, cells: [] },
        fix: 'Say whether scores below zero count.',
        problems: [
          {
            ...{ row: 8, column: 'Quiz 1', value: '-5', code: 'negative_score', severity: 'block', fix: 'Say so.' },
            message: 'Row 8, Quiz 1: -5 is below zero.',
          },
        ],
        bulk: [
          { field: 'negatives', value: 'take', label: 'They count' },
          { field: 'negatives', value: 'leave_out', label: 'Leave them out' },
        ],
      },
    ],
    unmatched: [
      {
        ...{ row: 12, name: 'Koval, Marija', identifiers: ['m.koval@old.example'], choice: null },
        candidates: [
          {
            ...{ studentId: '0198a2f0-0000-7000-8000-0000000000b1', name: 'Koval, Mariya' },
            ...{ identifiers: ['mariya.koval@northside.example'], why: 'The name is nearly the same.' },
          },
        ],
      },
      { row: 13, name: 'Okafor, Ada', identifiers: [], candidates: [], choice: { use: 'new' } },
    ],
  },
  conflicts: [
    {
      ...{ row: 5, column: 2, student: 'Muñoz, Ana', assignment: 'Quiz 1', now: '9', wanted: '8.5' },
      ...{ by: 'Marcus Reed', at: '2026-11-26T14:05:00Z', choice: 'keep' },
    },
    {
      ...{ row: 6, column: 3, student: 'كوفال, ماريا', assignment: 'Final Essay', now: '', wanted: 'MI' },
      ...{ by: null, at: null, choice: 'take' },
    },
  ],
  conflictCounts: { all: 2, kept: 1 },
}

export const review: ReviewPage = {
  summary,
  planHash: wizard.planHash,
  columns: [
    {
      assignmentId: quiz.id,
      title: 'Quiz 1',
      state: 'matched',
      maxPoints: { old: '20', new: '20' },
      dueOn: { old: null, new: null },
      ...{ category: null, tags: [] },
    },
    {
      ...{ assignmentId: null, title: 'Final Essay', state: 'new' },
      ...{ maxPoints: { old: null, new: '100' }, dueOn: { old: null, new: '2026-11-03' } },
      ...{ category: null, tags: ['writing'] },
    },
  ],
  rows: [
    {
      ...{
        studentId: 's1',
        name: 'Muñoz, Ana',
        state: 'matched',
        totalBefore: '79.5',
        totalAfter: '81',
        letterBefore: 'C',
        letterAfter: 'B',
      },
      cells: [
        ['kept', '9', '8.5'],
        ['new', '', '80'],
      ],
    },
    {
      ...{
        studentId: null,
        name: 'Okafor, Ada',
        state: 'new',
        totalBefore: null,
        totalAfter: '70',
        letterBefore: null,
        letterAfter: 'C',
      },
      cells: [
        ['new', '', '14'],
        ['rejected', '', ''],
      ],
    },
    {
      ...{
        studentId: 's3',
        name: 'كوفال, ماريا',
        state: 'matched',
        totalBefore: '91',
        totalAfter: '88',
        letterBefore: 'A',
        letterAfter: 'B',
      },
      cells: [
        ['cleared', '17', ''],
        ['changed', 'LATE 40', '70'],
      ],
    },
    {
      ...{
        studentId: 's4',
        name: 'Lee, Sam',
        state: 'matched',
        totalBefore: '50',
        totalAfter: '50',
        letterBefore: 'F',
        letterAfter: 'F',
      },
      cells: [
        ['same', '10', '10'],
        ['same', 'EX', 'EX'],
      ],
    },
  ],
  rowCount: 4,
  problems: [],
  ignored: wizard.shape.skipped,
  warnings: ['3 scores are above the maximum.'],
  overview: {
    studentsWritten: 3,
    rowsChanged: 3,
    columns: [
      { new: 1, changed: 0, cleared: 1, rejected: 0, conflicts: 1 },
      { new: 1, changed: 1, cleared: 0, rejected: 1, conflicts: 0 },
    ],
    crossings: [
      { row: 5, name: 'Muñoz, Ana', from: 'C', to: 'B', isUp: true },
      { row: 6, name: 'كوفال, ماريا', from: 'A', to: 'B', isUp: false },
    ],
  },
}
