import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { rightsOfScopes } from '@/lib/api/bearer'
import { parseBody, readBody } from '@/lib/api/body'
import { openCursor, sealCursor } from '@/lib/api/cursor'
import { classGradesPage } from '@/lib/api/grades'
import { operations } from '@/lib/api/operations'
import { problemResponse } from '@/lib/api/problem'
import { problemDocument } from '@/lib/api/schemas'
import { allTokenScopes, readToken, signToken } from '@/lib/api/token'
import { forgetEnv } from '@/lib/env'
import { type ProblemCode, ProblemError, problemStatus } from '@/lib/errors'
import { packCells } from '@/lib/gradebook/cell'
import type { GradebookView } from '@/lib/gradebook/views'
import { newId } from '@/lib/ids'

beforeAll(() => {
  vi.stubEnv('CONTROL_URL', 'postgres://nobody@127.0.0.1:1/none')
  for (const name of ['NEXTAUTH_SECRET', 'CONTEXT_SECRET', 'TOKEN_SECRET', 'FILES_SECRET']) vi.stubEnv(name, name.padEnd(40, '.'))
  forgetEnv()
})

afterAll(() => {
  vi.unstubAllEnvs()
  forgetEnv()
})

describe('a cursor', () => {
  const place = { tenantId: newId(), list: 'listStudents' }

  test('comes back as it was, whatever the list put into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (inner) => {
        expect(openCursor(place, sealCursor(place, inner) ?? '')).toBe(inner)
      }),
    )
  })

  test('is of no use for another school or another list', () => {
    const sealed = sealCursor(place, 'abc') ?? ''
    expect(problemOf(() => openCursor({ ...place, tenantId: newId() }, sealed)).code).toBe('invalid_input')
    expect(problemOf(() => openCursor({ ...place, list: 'listClasses' }, sealed)).code).toBe('invalid_input')
  })

  test('that somebody touched is refused', () => {
    const sealed = sealCursor(place, 'abcdef') ?? ''
    for (let at = 0; at < sealed.length; at++) {
      const touched = sealed.slice(0, at) + (sealed[at] === 'x' ? 'y' : 'x') + sealed.slice(at + 1)
      // Unused low bits of the last base64 digit of the text decode alike: what is opened is then still the sealed text.
      const opened = outcomeOf(() => openCursor(place, touched))
      expect(opened === 'abcdef' || opened === 'invalid_input', `${at}: ${touched}`).toBe(true)
    }
    for (const wrong of ['', '.', 'abc', `${sealed}.`, sealed.slice(0, -1), `x${sealed}`]) {
      expect(['invalid_input', 'abcdef']).toContain(outcomeOf(() => openCursor(place, wrong)))
    }
    expect(outcomeOf(() => openCursor(place, `${Buffer.from('other').toString('base64url')}.${sealed.split('.')[1]}`))).toBe(
      'invalid_input',
    )
  })

  test('is null at the end of a list', () => {
    expect(sealCursor(place, null)).toBeNull()
  })
})

describe('an API token', () => {
  const claims = { jti: newId(), tids: [newId(), newId()], scopes: ['grades:read'] }
  const tomorrow = () => new Date(Date.now() + 86_400_000)

  test('says what it was made with', async () => {
    expect(await readToken(await signToken(claims, tomorrow()))).toEqual(claims)
  })

  test('that is over, altered, or signed by somebody else is nothing', async () => {
    const token = await signToken(claims, tomorrow())
    expect(await readToken(await signToken(claims, new Date(Date.now() - 60_000)))).toBeNull()
    const [head = '', body = '', seal = ''] = token.split('.')
    const wider = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), tids: [newId()] }))
    expect(await readToken([head, wider.toString('base64url'), seal].join('.'))).toBeNull()
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    expect(await readToken([none, body, ''].join('.'))).toBeNull()
    vi.stubEnv('TOKEN_SECRET', 'another secret'.padEnd(40, '.'))
    forgetEnv()
    expect(await readToken(token)).toBeNull()
    vi.stubEnv('TOKEN_SECRET', 'TOKEN_SECRET'.padEnd(40, '.'))
    forgetEnv()
    expect(await readToken(token)).toEqual(claims)
  })

  test('can never manage people, tokens or the audit, whatever its scopes', () => {
    const rights = rightsOfScopes(allTokenScopes)
    for (const right of ['people.read', 'audit.read', 'tokens.manage', 'own.read', 'schools.read', 'schools.manage'] as const) {
      expect(rights.has(right)).toBe(false)
    }
    expect([...rightsOfScopes(['classes:read'])]).toEqual(['classes.read'])
    expect(rightsOfScopes([]).size).toBe(0)
  })
})

describe('a request body', () => {
  const upload = (length: number, headers: Record<string, string> = {}) =>
    new Request('http://api.localhost/api/v1/imports', { method: 'POST', body: new Uint8Array(length), headers })

  test('is read whole', async () => {
    expect((await readBody(upload(3), 'json')).bytes).toEqual(new Uint8Array(3))
  })

  test('that was cut off on its way is refused, not taken for a shorter file', async () => {
    await expect(readBody(upload(10, { 'content-length': '11' }), 'file')).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('that announces too much is refused before it is read', async () => {
    const request = upload(1, { 'content-length': '30000000' })
    await expect(readBody(request, 'file')).rejects.toMatchObject({ code: 'too_large' })
    expect(request.bodyUsed).toBe(false)
  })

  test('that is too large without saying so is refused while it is read', async () => {
    await expect(readBody(upload(22_500_000), 'file')).rejects.toMatchObject({ code: 'too_large' })
    await expect(readBody(upload(100_001), 'json')).rejects.toMatchObject({ code: 'too_large' })
  })

  test('of a form gives the file as it was sent', async () => {
    const form = new FormData()
    form.set('file', new File([new Uint8Array([0xef, 0xbb, 0xbf, 0, 13, 10])], 'оцінки.csv'))
    const received = await readBody(new Request('http://x/', { method: 'POST', body: form }), 'file')
    const { file } = await parseBody(operations.planImport, received)
    expect(file.name).toBe('оцінки.csv')
    expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([0xef, 0xbb, 0xbf, 0, 13, 10])
  })

  test.each([
    ['no form', { body: 'a,b', headers: { 'content-type': 'text/csv' } }, 'body'],
    ['a broken form', { body: 'a,b', headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 'body'],
    ['a form without a file', { body: formOf({ other: 'x' }) }, 'body.file'],
    ['a text where the file belongs', { body: formOf({ file: 'x' }) }, 'body.file'],
  ])('of an upload that is %s names what is wrong', async (_, init, field) => {
    const received = await readBody(new Request('http://x/', { method: 'POST', ...init }), 'file')
    await expect(parseBody(operations.planImport, received)).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ field }],
    })
  })

  test.each(['{', '', '[]', '{"planHash": 1}', '\u00ff'])('%j is no commit', async (text) => {
    const received = await readBody(new Request('http://x/', { method: 'POST', body: text }), 'json')
    await expect(parseBody(operations.commitImport, received)).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('a problem', () => {
  test.each(Object.keys(problemStatus).filter((code): code is ProblemCode => code in problemStatus))(
    '%s is a problem document',
    async (code) => {
      const error = new ProblemError(code, 'What happened.', {
        fields: { name: 'Too long.' },
        internal: 'secret',
        retryAfterSeconds: 7,
      })
      const response = problemResponse(error, 'r-1')
      expect(response.status).toBe(problemStatus[code])
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect(response.headers.get('retry-after')).toBe('7')
      expect(response.headers.has('www-authenticate')).toBe(response.status === 401)
      const text = await response.text()
      expect(text).not.toContain('secret')
      const document = problemDocument.parse(JSON.parse(text))
      expect(document).toMatchObject({ code, status: response.status, detail: 'What happened.', requestId: 'r-1' })
      expect(document.problems).toMatchObject([{ field: 'name', message: 'Too long.' }])
    },
  )
})

describe('a class’s grades, page by page', () => {
  const view = gradebook(7)

  test.each([1, 2, 3, 7, 200])('are the whole class once, %i students a page', (limit) => {
    const seen: string[] = []
    let cursor: string | undefined
    for (let pages = 0; pages < 10; pages++) {
      const page = classGradesPage(view, cursor === undefined ? { limit } : { limit, cursor })
      expect(page.items.length).toBeLessThanOrEqual(limit)
      seen.push(...page.items.map(({ studentId, grades }) => `${studentId} ${grades.map(({ score }) => score).join()}`))
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    expect(seen).toEqual(view.students.map(({ id }, index) => `${id} ${index}`))
  })

  test('no grade is no entry, and a zero is a zero', () => {
    const { items } = classGradesPage(view, { limit: 1 })
    expect(items[0]?.grades).toEqual([{ assignmentId: view.assignments[0]?.id, score: '0', status: 'graded' }])
  })

  test('a student who left between two pages starts the list again instead of skipping somebody', () => {
    expect(problemOf(() => classGradesPage(view, { limit: 2, cursor: newId() })).code).toBe('invalid_input')
  })
})

function gradebook(count: number): GradebookView {
  const none = { percent: null, letter: null, earned: '0', possible: '0', countedItems: 0 }
  const term = { id: newId(), name: 'Autumn', startsOn: '2026-09-01', endsOn: '2026-12-20', isLocked: false, isCurrent: true }
  const assignment = {
    maxPoints: '20',
    dueOn: null,
    category: null,
    tags: [],
    isExtraCredit: false,
    isPublished: true,
    meanPercent: null,
  }
  return {
    class: { id: newId(), name: 'Biology 9A', subject: null },
    term,
    terms: [term],
    students: Array.from({ length: count }, (_, index) => ({
      ...{ id: newId(), name: `Pupil ${index}`, section: null, totals: { current: none, ifMissingIsZero: none } },
    })),
    assignments: [
      { id: newId(), title: 'Quiz 1', ...assignment },
      { id: newId(), title: 'Essay', ...assignment },
    ],
    cells: packCells(Array.from({ length: count }, (_, index) => [String(index), ''])),
    colours: { greenPercent: 80, amberPercent: 60 },
    canImport: true,
    canExport: true,
    gradedAt: null,
  }
}

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

function problemOf(act: () => unknown): ProblemError {
  try {
    act()
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function outcomeOf(act: () => string): string {
  try {
    return act()
  } catch (error) {
    if (error instanceof ProblemError) return error.code
    throw error
  }
}
