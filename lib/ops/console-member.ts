import 'server-only'
import { z } from 'zod'
import { createConsoleMember, disableConsoleMember, listConsoleMembers, resetConsolePassword } from '@/lib/auth/console-people'
import { inventPassword } from '@/lib/auth/passwords'
import { ProblemError } from '@/lib/errors'
import { districtIdOf } from '@/lib/tenancy/lifecycle'
import { operatorCaller, readOptions, runVerb } from './arguments'
import type { Command } from './command'
import { asTable } from './table'

const usage = `console-member create         --email E-MAIL --name TEXT --role ROLE [--district SLUG]
console-member list
console-member reset-password --email E-MAIL
console-member disable        --email E-MAIL
Roles: platform_operator (every school, no district), district_admin, district_viewer (their --district)`

/** `ops console-member ...`: people who sign in to the console. The first of them can only be made here. */
export const consoleMemberCommand: Command = {
  name: 'console-member',
  summary: 'add a person to the console, list them, reset a password, or shut one out',
  run: (args) => runVerb(args, { create, list, 'reset-password': reset, disable }, usage),
}

const one = z.object({ email: z.email() })
const createSchema = one.extend({
  name: z.string().trim().min(1).max(200),
  role: z.enum(['platform_operator', 'district_admin', 'district_viewer']),
  district: z.string().optional(),
})

async function create(args: readonly string[]): Promise<string> {
  const { email, name, role, district } = readOptions(args, createSchema, usage)
  const districtId = district === undefined ? null : await districtIdOf(district)
  const password = inventPassword()
  const id = await createConsoleMember({ email, displayName: name, role, districtId, password }, operatorCaller())
  return `Console member ${id} is added. Password, shown this once: ${password}`
}

async function list(args: readonly string[]): Promise<string> {
  readOptions(args, z.object({}), usage)
  const members = await listConsoleMembers()
  const rows = members.map(({ email, role, district, isDisabled, name }) => {
    return { email, role, district: district ?? 'every', state: isDisabled ? 'disabled' : 'active', name }
  })
  return asTable(rows, 'Nobody can sign in to the console yet.')
}

async function reset(args: readonly string[]): Promise<string> {
  const { email } = readOptions(args, one, usage)
  const password = inventPassword()
  await saying(email, resetConsolePassword(email, password, operatorCaller()))
  return `New password, shown this once: ${password}\nEvery session of this person has ended.`
}

async function disable(args: readonly string[]): Promise<string> {
  const { email } = readOptions(args, one, usage)
  await saying(email, disableConsoleMember(email, operatorCaller()))
  return 'This person can no longer sign in, and every session of theirs has ended.'
}

/** The same, with a 404 in the operator's words. */
async function saying(email: string, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'not_found') throw error
    throw new ProblemError('not_found', `The console knows nobody with the e-mail ${email}.`, { cause: error })
  }
}
