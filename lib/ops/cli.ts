import 'server-only'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { closeAll } from '@/lib/db/close'
import { EnvironmentError } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import { describeError } from '@/lib/log'
import { auditCommand } from '@/lib/ops/audit'
import { bootstrapCommand } from '@/lib/ops/bootstrap'
import type { Command } from '@/lib/ops/command'
import { consoleMemberCommand } from '@/lib/ops/console-member'
import { districtCommand } from '@/lib/ops/district'
import { filesCommand } from '@/lib/ops/files'
import { isolationCommand } from '@/lib/ops/isolation'
import { memberCommand } from '@/lib/ops/member'
import { migrateCommand } from '@/lib/ops/migrate'
import { registryCommand } from '@/lib/ops/registry'
import { takeRunningEnv } from '@/lib/ops/running-env'
import { shardCommand } from '@/lib/ops/shard'
import { tenantCommand } from '@/lib/ops/tenant'
import { tokenCommand } from '@/lib/ops/token'
import { workerCommand } from '@/lib/ops/worker'
import { closeRedis } from '@/lib/redis'
import { closeRegistry } from '@/lib/tenancy/registry'

/** Every command of `npm run ops`, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  bootstrapCommand,
  migrateCommand,
  isolationCommand,
  shardCommand,
  districtCommand,
  tenantCommand,
  memberCommand,
  consoleMemberCommand,
  tokenCommand,
  auditCommand,
  registryCommand,
  filesCommand,
  workerCommand,
]

/**
 * Runs one command and returns the exit code: 0 done, 1 refused or failed, 2 not understood. What a person can mend is one message
 * on stderr without a stack trace; a surprise is said in a line with its kind, and in full with OPS_DEBUG=1.
 */
export async function runOps([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || ['help', '--help', '-h'].includes(name)) {
    process.stdout.write(help())
    return name === undefined ? 2 : 0
  }
  const command = commands.find((each) => each.name === name)
  if (command === undefined) {
    process.stderr.write(`There is no command "${name}".\n\n${help()}`)
    return 2
  }
  try {
    await command.run(args)
    return 0
  } catch (error) {
    return said(error)
  }
}

function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return `Usage: npm run ops -- COMMAND ...\n\n${lines.join('\n')}\n\nA command without its arguments says which it takes.\n`
}

function said(error: unknown): number {
  if (error instanceof ProblemError || error instanceof EnvironmentError) {
    process.stderr.write(`${error.message}\n`)
    return error instanceof ProblemError && error.code === 'invalid_input' ? 2 : 1
  }
  const { name, code, text } = describeError(error)
  process.stderr.write(`Something broke: ${[name, code, text].filter(Boolean).join(' ')}\nSee all of it with OPS_DEBUG=1.\n`)
  if (process.env.OPS_DEBUG === '1') process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  takeRunningEnv(path.resolve('.data'))
  process.exitCode = await runOps(process.argv.slice(2))
  await closeRegistry()
  closeRedis()
  await closeAll()
}
