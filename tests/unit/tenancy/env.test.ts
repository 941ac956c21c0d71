import { describe, expect, it, vi } from 'vitest'
import { EnvironmentError, readEnv, shardUrl } from '@/lib/env'

const usable = {
  NEXTAUTH_SECRET: 'n'.repeat(32),
  CONTEXT_SECRET: 'c'.repeat(32),
  TOKEN_SECRET: 't'.repeat(32),
  FILES_SECRET: 'f'.repeat(32),
  CONTROL_URL: 'postgres://gi_control:pw@127.0.0.1:5432/control',
}

function problemsOf(source: Record<string, string | undefined>): readonly string[] {
  try {
    readEnv(source)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems
    throw error
  }
  return []
}

describe('the environment', () => {
  it('is read with its defaults', () => {
    expect(readEnv(usable)).toMatchObject({
      PORT: 3000,
      ROOT_DOMAIN: 'localhost:3000',
      APP_PROTO: 'http',
      POOL_MAX: 10,
      LOG_LEVEL: 'info',
    })
  })

  it('takes an empty value as not set', () => {
    expect(readEnv({ ...usable, REDIS_URL: '', PORT: '' })).toMatchObject({ PORT: 3000 })
  })

  it('says everything that is wrong at once, by name', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      APP_PROTO: 'ftp',
      NEXTAUTH_SECRET: 'short',
      SHARD_URL_SHARD_1: 'localhost',
      REDIS_URL: 'localhost',
    })
    const names = problems.map((problem) => problem.split(' ')[0])
    expect(names.sort()).toEqual(
      [
        'APP_PROTO',
        'CONTEXT_SECRET',
        'CONTROL_URL',
        'FILES_SECRET',
        'NEXTAUTH_SECRET',
        'PORT',
        'REDIS_URL',
        'SHARD_URL_SHARD_1',
        'TOKEN_SECRET',
      ].sort(),
    )
    expect(problems).toContain('CONTEXT_SECRET is missing')
  })

  it('never repeats a value', () => {
    const bad = { ...usable, CONTROL_URL: 'mysql://root:hunter2@db', NEXTAUTH_SECRET: 'hunter3', SHARD_URL_SHARD_1: 'hunter4' }
    expect(problemsOf(bad)).toHaveLength(3)
    expect(problemsOf(bad).join()).not.toMatch(/hunter/)
  })

  it('refuses NEXTAUTH_URL, which would send every school to one host', () => {
    expect(problemsOf({ ...usable, NEXTAUTH_URL: 'http://localhost:3000' })).toEqual([
      'NEXTAUTH_URL must not be set: each school signs in on its own host',
    ])
  })

  it.each(['https://gradeinsight.com', 'GradeInsight.com', 'localhost:3000/', '*.gradeinsight.com'])(
    'refuses %s as root domain',
    (domain) => {
      expect(problemsOf({ ...usable, ROOT_DOMAIN: domain })).toHaveLength(1)
    },
  )

  it('finds a shard by its name, and names the variable that is missing', () => {
    vi.stubEnv('SHARD_URL_SHARD_1', 'postgres://gi_app@127.0.0.1/shard_1')
    expect(shardUrl('shard_1')).toBe('postgres://gi_app@127.0.0.1/shard_1')
    expect(() => shardUrl('shard_2')).toThrow(/SHARD_URL_SHARD_2 is missing/)
    vi.unstubAllEnvs()
  })
})
