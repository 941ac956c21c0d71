import 'server-only'
import { z } from 'zod'
import { knownShards } from '@/lib/env'
import { operatorCaller, readOptions, runVerb } from '@/lib/ops/arguments'
import type { Command } from '@/lib/ops/command'
import { asTable } from '@/lib/ops/table'
import { addShard, listShards } from '@/lib/tenancy/shards'

const usage = `shard list [--format text|json]
shard add  --name NAME [--from NUMBER --to NUMBER] [--status open|full|draining]
A shard's name is also the end of its addresses' names in the environment: shard_3 has SHARD_URL_SHARD_3.`

/** `ops shard ...`: the databases that hold schools. */
export const shardCommand: Command = {
  name: 'shard',
  summary: 'list or add shards and the ranges of schools they take',
  run: (args) => runVerb(args, { list, add }, usage),
}

async function list(args: readonly string[]): Promise<string> {
  const { format } = readOptions(args, z.object({ format: z.enum(['text', 'json']).default('text') }), usage)
  const known = new Set(knownShards())
  const shards = (await listShards()).map((shard) => ({ ...shard, hasAddress: known.has(shard.name) }))
  if (format === 'json') return JSON.stringify(shards, null, 2)
  const rows = shards.map(({ name, status, schools, ranges, hasAddress }) => ({
    name,
    status,
    schools: String(schools),
    ranges: ranges.map(({ from, to }) => `${from}-${to}`).join(', ') || '-',
    address: hasAddress ? 'known here' : 'not in this environment',
  }))
  return asTable(rows, 'There are no shards yet.')
}

const addSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, 'must be lower-case letters, digits and underscores'),
  from: z.coerce.number().int().min(1).optional(),
  to: z.coerce.number().int().min(1).optional(),
  status: z.enum(['open', 'full', 'draining']).default('open'),
})

async function add(args: readonly string[]): Promise<string> {
  const { name, from, to, status } = readOptions(args, addSchema, usage)
  const range = from === undefined || to === undefined ? null : { from, to }
  await addShard({ name, status, range }, operatorCaller())
  const takes = range === null ? '' : `, for schools ${range.from}-${range.to}`
  return `Shard ${name} is ${status}${takes}. Next: npm run ops -- migrate.`
}
