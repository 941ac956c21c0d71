import 'server-only'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { EnvironmentError } from '@/lib/env'
import { ProblemError } from '@/lib/errors'
import { describeError } from '@/lib/log'
import type { AnsweringCommand, Command } from '@/lib/ops/command'
import { importCommand } from '@/lib/ops/import-check'
import { takeRunningEnv } from '@/lib/ops/running-env'

/**
 * Runs one command and returns the exit code: 0 done, 1 refused or failed, 2 not understood. What a person can mend is one message
 * on stderr without a stack trace; a surprise is said in a line with its kind, and in full with OPS_DEBUG=1.
 */
export async function runOps([name, ...args]: readonly string[]): Promise<number> {
  if (name === importCommand.name) return run(importCommand, args)
  // Loaded only now: what needs no database is not to pay for the clients of one.
  const { commands } = await import('@/lib/ops/commands')
  if (name === undefined || ['help', '--help', '-h'].includes(name)) {
    process.stdout.write(help(commands))
    return name === undefined ? 2 : 0
  }
  const command = commands.find((each) => each.name === name)
  if (command !== undefined) return run(command, args)
  process.stderr.write(`There is no command "${name}".\n\n${help(commands)}`)
  return 2
}

async function run(command: Command | AnsweringCommand, args: readonly string[]): Promise<number> {
  try {
    if ('answer' in command) return await command.answer(args)
    await command.run(args)
    return 0
  } catch (error) {
    return said(error)
  }
}

function help(commands: readonly (Command | AnsweringCommand)[]): string {
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

async function close(): Promise<void> {
  const [registry, redis, db] = await Promise.all([
    import('@/lib/tenancy/registry'),
    import('@/lib/redis'),
    import('@/lib/db/close'),
  ])
  await registry.closeRegistry()
  redis.closeRedis()
  await db.closeAll()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  takeRunningEnv(path.resolve('.data'))
  const args = process.argv.slice(2)
  process.exitCode = await runOps(args)
  if (args[0] !== importCommand.name) await close()
}
