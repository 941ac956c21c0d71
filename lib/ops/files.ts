import 'server-only'
import { randomUUID } from 'node:crypto'
import { purgeFiles } from '@/lib/jobs/purge'
import { runVerb } from '@/lib/ops/arguments'
import type { Command } from '@/lib/ops/command'

const usage = 'files purge      delete uploaded files that are past their 90 days, in every school; a worker does it daily'

/** `ops files ...`: the kept originals of imports. A repeat finds nothing. */
export const filesCommand: Command = {
  name: 'files',
  summary: 'delete uploaded files that are past their time',
  run: (args) => runVerb(args, { purge }, usage),
}

async function purge(): Promise<string> {
  const count = await purgeFiles(`purge-${randomUUID()}`)
  return count === 0 ? 'No uploaded file was past its time.' : `Deleted ${count} uploaded ${count === 1 ? 'file' : 'files'}.`
}
