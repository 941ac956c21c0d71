import 'server-only'
import { auditCommand } from '@/lib/ops/audit'
import { bootstrapCommand } from '@/lib/ops/bootstrap'
import type { AnsweringCommand, Command } from '@/lib/ops/command'
import { consoleMemberCommand } from '@/lib/ops/console-member'
import { districtCommand } from '@/lib/ops/district'
import { filesCommand } from '@/lib/ops/files'
import { importCommand } from '@/lib/ops/import-check'
import { isolationCommand } from '@/lib/ops/isolation'
import { memberCommand } from '@/lib/ops/member'
import { migrateCommand } from '@/lib/ops/migrate'
import { registryCommand } from '@/lib/ops/registry'
import { rosterCommand } from '@/lib/ops/roster-check'
import { shardCommand } from '@/lib/ops/shard'
import { tenantCommand } from '@/lib/ops/tenant'
import { tokenCommand } from '@/lib/ops/token'
import { workerCommand } from '@/lib/ops/worker'

/** Every command of `npm run ops`, in the order in which the help lists them. */
export const commands: readonly (Command | AnsweringCommand)[] = [
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
  importCommand,
  rosterCommand,
  workerCommand,
]
