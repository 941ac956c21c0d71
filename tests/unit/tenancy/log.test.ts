import { describe, expect, it } from 'vitest'
import { createLog, masked } from '@/lib/log'

function lines(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const written: string[] = []
  write(createLog('debug', { write: (line) => written.push(line) }))
  return written.map((line) => JSON.parse(line))
}

describe('a log line', () => {
  it('is one JSON object with its event, request and tenant', () => {
    const [line] = lines((log) => log.info('import_committed', { request: 'r1', tenant: 't1', rows: 30 }))
    expect(line).toMatchObject({ level: 'info', msg: 'import_committed', request: 'r1', tenant: 't1', rows: 30 })
  })

  it('drops every key that is not on the list', () => {
    const sneaky = { request: 'r1', student: 'Olena Koval', email: 'olena@example.org', score: 9.5 }
    const [line] = lines((log) => log.info('cell_saved', sneaky))
    expect(line).toMatchObject({ request: 'r1' })
    expect(JSON.stringify(line)).not.toMatch(/Olena|example\.org|9\.5/)
  })

  it('keeps names, e-mails and grades of an error out, and says where it came from', () => {
    const database = Object.assign(new Error('invalid input syntax for type numeric: "9O" of olena@example.org, percent 87.5'), {
      code: '22P02',
      detail: 'Failing row contains (Olena Koval, 9.5).',
    })
    const [line] = lines((log) =>
      log.error('import_failed', { request: 'r1' }, new Error('Could not save “Olena Koval”', { cause: database })),
    )
    expect(JSON.stringify(line)).not.toMatch(/Olena|example\.org|9O|87\.5|9\.5/)
    expect(line).toMatchObject({ error: { name: 'Error', cause: { code: '22P02' } } })
    expect(JSON.stringify(line)).toMatch(/log\.test\.ts/)
  })

  it('prefers the note that was written for the log', () => {
    const problem = Object.assign(new Error('Olena Koval is not in this class'), { internal: 'student=0190 class=0191' })
    const [line] = lines((log) => log.warn('refused', {}, problem))
    expect(line).toMatchObject({ error: { text: 'student=0190 class=0191' } })
    expect(JSON.stringify(line)).not.toMatch(/Olena/)
  })

  it('masks what is thrown and is no error', () => {
    expect(JSON.stringify(lines((log) => log.error('odd', {}, 'Olena Koval')))).not.toMatch(/Olena/)
  })
})

describe('masking', () => {
  it.each([
    ['Key (tenant_id, email)=(0190, olena@example.org) already exists', 'Key (tenant_id, email)=[value] already exists'],
    ['Unexpected token O in "Olena, 9.5"', 'Unexpected token O in [value]'],
    ['mean 87,5 of 12', 'mean [number] of 12'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'],
    ['tenant 0190a1b2-0000-7000-8000-000000000001', 'tenant 0190a1b2-0000-7000-8000-000000000001'],
  ])('%s', (text, expected) => {
    expect(masked(text)).toBe(expected)
  })
})
