import { describe, expect, test } from 'vitest'
import { foldEmail } from '@/lib/auth/member'
import { hashPassword, inventPassword, isPasswordRight } from '@/lib/auth/passwords'

describe('a password', () => {
  test('is kept as argon2id and found right again', async () => {
    const hash = await hashPassword('correct horse battery')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await isPasswordRight('correct horse battery', hash)).toBe(true)
    expect(await isPasswordRight('correct horse batterz', hash)).toBe(false)
  })

  test('is the same typed composed or decomposed', async () => {
    expect(await isPasswordRight('parol\u0439 1234', await hashPassword('parol\u0438\u0306 1234'))).toBe(true)
  })

  test('is never right for somebody who has none', async () => {
    expect(await isPasswordRight('', null)).toBe(false)
    expect(await isPasswordRight('anything at all', null)).toBe(false)
  })

  test('takes like work for somebody who does not exist', async () => {
    const hash = await hashPassword('correct horse battery')
    await isPasswordRight('warm up the dummy', null)
    const [known, unknown] = [await medianMilliseconds(hash), await medianMilliseconds(null)]
    // Without the dummy hash the second would be hundreds of times faster.
    expect(unknown / known).toBeGreaterThan(0.2)
    expect(unknown / known).toBeLessThan(5)
  })

  test('that is invented is long, plain to read, and another each time', () => {
    const invented = Array.from({ length: 200 }, inventPassword)
    for (const password of invented) expect(password).toMatch(/^([a-hj-km-np-z2-9]{4}-){4}[a-hj-km-np-z2-9]{4}$/)
    expect(new Set(invented).size).toBe(200)
  })
})

async function medianMilliseconds(hash: string | null): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 7; round++) {
    const start = performance.now()
    await isPasswordRight('a wrong password', hash)
    times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)[3] ?? Number.NaN
}

test('an e-mail is compared without case and outer blanks', () => {
  expect(foldEmail('  Olena.Hrytsenko@Northside.Example ')).toBe('olena.hrytsenko@northside.example')
})
