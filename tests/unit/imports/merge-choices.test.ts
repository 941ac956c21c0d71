import { describe, expect, it } from 'vitest'
import type { ImportChoices } from '@/lib/imports/choices'
import { choicesPatchSchema, mergeChoices } from '@/lib/imports/merge-choices'

const before: ImportChoices = {
  encoding: 'utf-8',
  negatives: 'take',
  columns: { '3': { use: 'ignore' }, '4': { use: 'assignment', title: 'Quiz' } },
  cells: { '7:3': '5' },
  students: { '7': { use: 'new' } },
  conflictCells: { '7:3': 'take' },
}

describe('a patch of choices', () => {
  it('leaves what it does not speak of', () => {
    expect(mergeChoices(before, {})).toEqual(before)
    expect(mergeChoices(before, { numbers: undefined, encoding: undefined, cells: undefined })).toEqual(before)
  })

  it('sets, and null takes back', () => {
    expect(mergeChoices(before, { negatives: null, numbers: ',' })).toEqual({
      ...Object.fromEntries(Object.entries(before).filter(([field]) => field !== 'negatives')),
      numbers: ',',
    })
  })

  it('speaks of single columns, cells, rows and conflicts, and the last one taken back leaves nothing behind', () => {
    const after = mergeChoices(before, {
      columns: { '3': null, '5': { use: 'ignore' } },
      cells: { '7:3': null },
      students: { '8': { use: 'skip' } },
    })
    expect(after.columns).toEqual({ '4': { use: 'assignment', title: 'Quiz' }, '5': { use: 'ignore' } })
    expect(after).not.toHaveProperty('cells')
    expect(after.students).toEqual({ '7': { use: 'new' }, '8': { use: 'skip' } })
    expect(mergeChoices(before, { columns: null })).not.toHaveProperty('columns')
  })

  it.each(['delimiter', 'part'] as const)('of another %s forgets what was said of places, which are others now', (field) => {
    expect(mergeChoices(before, { [field]: ';' })).toEqual({ encoding: 'utf-8', negatives: 'take', [field]: ';' })
    expect(mergeChoices({ ...before, [field]: ';' }, { [field]: ';', numbers: '.' })).toEqual({
      ...before,
      [field]: ';',
      numbers: '.',
    })
  })

  it('of another encoding or heading row keeps them', () => {
    expect(mergeChoices(before, { encoding: 'big5', headingRow: 2 })).toEqual({ ...before, encoding: 'big5', headingRow: 2 })
  })
})

describe('the schema of a patch', () => {
  it('takes null for every field and every part', () => {
    const patch = {
      numbers: null,
      columns: { '3': null },
      cells: { '7:3': null },
      students: { '7': null },
      conflictCells: { '7:3': null },
    }
    expect(choicesPatchSchema.parse(patch)).toEqual(patch)
    expect(choicesPatchSchema.parse({ columns: null, part: null })).toEqual({ columns: null, part: null })
  })

  it.each([
    { numbers: 'x' },
    { headingRow: 0 },
    { columns: { x: null } },
    { columns: { '3': { use: 'assignment', maxPoints: 'many' } } },
    { cells: { '0:1': 'x' } },
    { students: { '7': { use: 'student', studentId: 'not an id' } } },
  ])('refuses %j', (patch) => {
    expect(choicesPatchSchema.safeParse(patch).success).toBe(false)
  })
})
