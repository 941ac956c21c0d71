import type { ConsoleRole, Role } from '@/lib/auth/rights'

const names: Readonly<Record<Role | ConsoleRole, string>> = {
  student: 'Student',
  guardian: 'Guardian',
  teacher: 'Teacher',
  school_admin: 'School admin',
  district_viewer: 'District viewer',
  district_admin: 'District admin',
  platform_operator: 'Platform operator',
}

/** 'Teacher, Guardian': roles as people say them. */
export function roleNames(roles: readonly (Role | ConsoleRole)[]): string {
  return roles.map((role) => names[role]).join(', ')
}
