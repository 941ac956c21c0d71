import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runOps } from '@/lib/ops/cli'
import { oneRosterTables, zipFile } from '../../support/roster-files'

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-roster-check-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

async function check(name: string, content: string | Uint8Array, ...args: readonly string[]) {
  const file = path.join(folder, name)
  fs.writeFileSync(file, content)
  let said = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  try {
    const code = await runOps(['roster', 'check', file, ...args])
    return { code, said, answer: said === '' ? null : JSON.parse(said) }
  } finally {
    write.mockRestore()
  }
}

describe('ops roster check', () => {
  it('says what a OneRoster archive holds, without a database', async () => {
    const school = {
      users: [{ id: 'S1', role: 'student', last: 'Koval', first: 'Mariya', email: 'm@x.example' }],
      classes: [{ id: 'C1', title: 'Biology' }],
      enrolments: [{ class: 'C1', user: 'S1' }],
    }
    const { code, answer, said } = await check('oneroster.zip', zipFile(oneRosterTables(school)).bytes)
    expect(code).toBe(0)
    expect(answer).toMatchObject({ outcome: 'ok', source: 'oneroster', students: 1, classes: 1, enrolments: 1, problems: [] })
    for (const secret of ['Koval', 'm@x.example', '555-0001', 'hunter2']) expect(said).not.toContain(secret)
  })

  it('ends with 1 for the question a CSV file leaves open, with 0 once it is answered, and with 2 for what is no roster', async () => {
    const students = 'last name,first name\nKoval,Mariya\n'
    expect(await check('students.csv', students)).toMatchObject({ code: 1, answer: { outcome: 'ask' } })
    expect(await check('students.csv', students, '--coverage', 'whole')).toMatchObject({
      code: 0,
      answer: { whole: ['students'] },
    })
    expect(await check('menu.csv', 'dish,price\nsoup,4\n', '--coverage', 'whole')).toMatchObject({
      code: 2,
      answer: { outcome: 'refuse' },
    })
  })
})
