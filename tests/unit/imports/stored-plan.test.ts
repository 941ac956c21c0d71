import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodePlan, encodePlan, kindOfCell, type StoredPlan, writtenBy } from '@/lib/imports/stored-plan'

const plan: StoredPlan = {
  ...{ version: 1, classId: 'c', termId: 't', fileSha256: 'f', students: [], assignments: [], next: '5', old: '' },
  ...{ problems: [], ignored: [], warnings: ['é'], rejects: { describing: [], rows: [], delimiter: ',' } },
}

describe('a stored plan', () => {
  it('is the text whose UTF-8 bytes are hashed, and comes back as it was', () => {
    const { text, hash } = encodePlan(plan)
    expect(hash).toBe(createHash('sha256').update(Buffer.from(text, 'utf8')).digest('hex'))
    expect(decodePlan(text, hash)).toEqual(plan)
  })

  it('is not there yet while the file is read', () => {
    expect(() => decodePlan('', encodePlan(plan).hash)).toThrow(
      expect.objectContaining({ code: 'conflict', message: 'This file is still being read. Wait until its plan is made.' }),
    )
  })

  it('is refused when it is not what was hashed', () => {
    const { text, hash } = encodePlan(plan)
    expect(() => decodePlan(`${text} `, hash)).toThrow('a stored plan does not have its hash')
  })
})

describe('a cell of a plan', () => {
  it.each([
    // next, old, what a commit writes, how the review shows it
    ['', '', '', 'same'],
    ['', '5', '', 'kept'],
    ['=', '5', '', 'same'],
    ['!', '5', '', 'rejected'],
    ['~7', '5', '', 'kept'],
    ['^7', '5', '7', 'changed'],
    ['^CLEAR', '5', 'CLEAR', 'cleared'],
    ['CLEAR', '5', 'CLEAR', 'cleared'],
    ['7', '', '7', 'new'],
    ['7', '5', '7', 'changed'],
    ['LATE 7', '7', 'LATE 7', 'changed'],
  ])('%j over %j writes %j and is %s', (next, old, written, kind) => {
    expect([writtenBy(next), kindOfCell(next, old)]).toEqual([written, kind])
  })
})
