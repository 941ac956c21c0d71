import 'server-only'
import { z } from 'zod'
import { createDistrict, listDistricts } from '@/lib/district/districts'
import { operatorCaller, readOptions, runVerb } from './arguments'
import type { Command } from './command'
import { asTable } from './table'

const usage = `district create --slug SLUG --name TEXT
district list`

/** `ops district ...`: what schools belong to and who on the console sees them. */
export const districtCommand: Command = {
  name: 'district',
  summary: 'create or list districts',
  run: (args) => runVerb(args, { create, list }, usage),
}

const createSchema = z.object({
  slug: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 lower-case letters, digits and hyphens'),
  name: z.string().trim().min(1).max(200),
})

async function create(args: readonly string[]): Promise<string> {
  const district = readOptions(args, createSchema, usage)
  const id = await createDistrict(district, operatorCaller())
  return `${district.slug} is a district now (id ${id}). Put schools into it with: tenant create --district ${district.slug}`
}

async function list(args: readonly string[]): Promise<string> {
  readOptions(args, z.object({}), usage)
  const districts = await listDistricts()
  return asTable(
    districts.map(({ slug, schools, name }) => ({ slug, schools: String(schools), name })),
    'There are no districts yet.',
  )
}
