import 'server-only'
import { z } from 'zod'
import { createMember, disableMember, memberIdByEmail, resetPassword } from '@/lib/auth/people'
import { inventPassword } from '@/lib/auth/passwords'
import { operator, readOptions, runVerb, schoolNamed } from './arguments'

const usage = `member create         --tenant SLUG --email E-MAIL --name TEXT --role ROLE[,ROLE] [--student ID]
member reset-password --tenant SLUG --email E-MAIL
member disable        --tenant SLUG --email E-MAIL
Roles: student, guardian, teacher, school_admin`

/** `ops member ...`: people of a school who sign in. */
export const memberCommand = {
  name: 'member',
  summary: 'add a person to a school, reset their password, or shut them out',
  run: (args: readonly string[]) => runVerb(args, { create, 'reset-password': reset, disable }, usage),
}

const one = z.object({ tenant: z.string(), email: z.email() })
const createSchema = one.extend({
  name: z.string().trim().min(1).max(200),
  role: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(z.enum(['student', 'guardian', 'teacher', 'school_admin']))),
  student: z.uuid().optional(),
})

async function create(args: readonly string[]): Promise<string> {
  const { tenant, email, name, role: roles, student } = readOptions(args, createSchema, usage)
  const password = inventPassword()
  const person = { email, displayName: name, roles, password, studentId: student ?? null }
  const id = await createMember(await schoolNamed(tenant), operator, person)
  return `Member ${id} is added to ${tenant}. Password, shown this once: ${password}`
}

async function reset(args: readonly string[]): Promise<string> {
  const { tenant, email } = readOptions(args, one, usage)
  const ctx = await schoolNamed(tenant)
  const password = inventPassword()
  await resetPassword(ctx, operator, await memberIdByEmail(ctx, email), password)
  return `New password, shown this once: ${password}\nEvery session of this person has ended.`
}

async function disable(args: readonly string[]): Promise<string> {
  const { tenant, email } = readOptions(args, one, usage)
  const ctx = await schoolNamed(tenant)
  await disableMember(ctx, operator, await memberIdByEmail(ctx, email))
  return 'This person can no longer sign in, and every session of theirs has ended.'
}
