import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { removePostgres, startPostgres } from '@/lib/ops/local-postgres'
import { isRunning } from '@/lib/ops/local-process'

/** The servers of one run of the tests, started once and ended by us. */
export type Servers = Readonly<{ addresses: Readonly<{ postgresAdminUrl: string; runId: string }>; stop: () => Promise<void> }>

const runs = path.join(os.tmpdir(), `grade-insight-tests-${os.userInfo().uid}`)

/** Starts the servers every integration and isolation test shares. Ends what it started when a later one fails. */
export async function startServers(): Promise<Servers> {
  await removeAbandonedRuns()
  const runId = `${process.pid}-${randomBytes(3).toString('hex')}`
  const folder = path.join(runs, runId)
  fs.mkdirSync(folder, { recursive: true })
  const dataDir = path.join(folder, 'postgres')
  const stop = async () => {
    await removePostgres(dataDir)
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    const postgres = await startPostgres({ dataDir, isFast: true })
    return { addresses: { postgresAdminUrl: postgres.adminUrl(), runId }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A run that was killed leaves its servers behind. Its folder carries its process id: when that is gone, so may they. */
async function removeAbandonedRuns(): Promise<void> {
  if (!fs.existsSync(runs)) return
  for (const runId of fs.readdirSync(runs)) {
    if (isRunning(Number(runId.split('-')[0]))) continue
    await removePostgres(path.join(runs, runId, 'postgres'))
    fs.rmSync(path.join(runs, runId), { recursive: true, force: true })
  }
}
