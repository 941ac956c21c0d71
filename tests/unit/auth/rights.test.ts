import { describe, expect, test } from 'vitest'
import { viewerOf } from '@/lib/auth/member'
import { consoleViewerOf } from '@/lib/auth/members'
import { allRights, type ConsoleRole, type Right, type Role, rightsOf, rightsOfRole } from '@/lib/auth/rights'

// Written out on purpose and not derived: a change of the table in lib/auth/rights.ts must be meant twice.
const matrix: Record<Role | ConsoleRole, Record<Right, boolean>> = {
  student: row('own.read'),
  guardian: row('own.read'),
  teacher: row('classes.read', 'grades.read', 'grades.import', 'grades.export', 'students.read'),
  school_admin: row(
    ...(['classes.read', 'grades.read', 'grades.import', 'grades.export', 'students.read'] as const),
    ...(['people.read', 'people.import', 'audit.read', 'tokens.manage'] as const),
  ),
  district_viewer: row('schools.read'),
  district_admin: row('schools.read'),
  platform_operator: row('schools.read', 'schools.manage'),
}

function row(...rights: Right[]): Record<Right, boolean> {
  const all = { 'own.read': false, 'classes.read': false, 'grades.read': false, 'grades.import': false, 'grades.export': false }
  const more = {
    'students.read': false,
    'people.read': false,
    'people.import': false,
    'audit.read': false,
    'tokens.manage': false,
  }
  return {
    ...all,
    ...more,
    'schools.read': false,
    'schools.manage': false,
    ...Object.fromEntries(rights.map((right) => [right, true])),
  }
}

const roles = Object.keys(matrix).filter((role): role is Role | ConsoleRole => role in rightsOfRole)

describe('the role matrix', () => {
  test('knows every role and every right', () => {
    expect(roles.toSorted()).toEqual(Object.keys(rightsOfRole).toSorted())
    for (const role of roles) expect(Object.keys(matrix[role]).toSorted()).toEqual([...allRights].toSorted())
  })

  for (const role of roles) {
    test.each(allRights)(`${role}: %s`, (right) => {
      expect(rightsOf([role]).has(right)).toBe(matrix[role][right])
    })
  }

  test('a member with two roles has both roles’ rights and nothing more', () => {
    const both = rightsOf(['teacher', 'guardian'])
    expect([...both].toSorted()).toEqual([...rightsOf(['teacher']), ...rightsOf(['guardian'])].toSorted())
  })

  test('nobody of a school may look at other schools, and nobody of the console at a school’s rows', () => {
    for (const role of ['student', 'guardian', 'teacher', 'school_admin'] as const) {
      expect(rightsOf([role]).has('schools.read')).toBe(false)
    }
    for (const role of ['district_viewer', 'district_admin', 'platform_operator'] as const) {
      expect([...rightsOf([role])].every((right) => right.startsWith('schools.'))).toBe(true)
    }
  })
})

describe('what a member may reach', () => {
  const person = { id: 'm', tenantId: 't', displayName: 'Olena', email: 'o@x.example', studentId: null, version: 1, locale: null }

  test('a teacher reaches their classes, not the school', () => {
    expect(viewerOf({ ...person, roles: ['teacher'] }).scope).toEqual({
      ...{ kind: 'member', memberId: 'm', teaches: true, studentId: null, guards: false },
    })
  })

  test('a school admin reaches the school', () => {
    expect(viewerOf({ ...person, roles: ['school_admin', 'guardian'] }).scope).toEqual({ kind: 'school' })
  })

  test('a linked student record is worth nothing without the role of a student', () => {
    const scope = viewerOf({ ...person, roles: ['guardian'], studentId: 's' }).scope
    expect(scope).toMatchObject({ studentId: null, guards: true, teaches: false })
  })

  test('a member without roles has no right and reaches nothing', () => {
    const viewer = viewerOf({ ...person, roles: [], studentId: 's' })
    expect(viewer.rights.size).toBe(0)
    expect(viewer.scope).toMatchObject({ studentId: null, guards: false, teaches: false })
  })

  test('a district’s person without a district sees no school', () => {
    const member = { id: 'c', displayName: 'Dana', email: 'd@x.example', districtId: null, version: 1 }
    expect(consoleViewerOf({ ...member, role: 'district_admin' }).rights.size).toBe(0)
    expect(consoleViewerOf({ ...member, role: 'platform_operator' }).rights.has('schools.manage')).toBe(true)
    expect(consoleViewerOf({ ...member, role: 'district_admin', districtId: 'd' }).rights.has('schools.read')).toBe(true)
  })
})
