import fs from 'node:fs'
import path from 'node:path'
import { commandOf, isRunning, until } from '@/lib/ops/local-process'

/** Writes down a server that a test process started, so that the run can end it when the test process could not (Ctrl-C, a crash). */
export function noteProcess(runFolder: string, pid: number, mark: string): void {
  fs.mkdirSync(path.join(runFolder, 'processes'), { recursive: true })
  fs.writeFileSync(path.join(runFolder, 'processes', String(pid)), mark)
}

/** Ends every server noted in this run that is still there, and waits for it. A number that another program has by now is left alone. */
export async function endNotedProcesses(runFolder: string): Promise<void> {
  const killed = killNotedProcesses(runFolder)
  await until(10, 'the servers of the tests to end', async () => (killed.some((isThere) => isThere()) ? null : { value: true }))
}

/** The same without waiting, for a process that is itself ending. Returns, for each server, whether it is still there. */
export function killNotedProcesses(runFolder: string): ReadonlyArray<() => boolean> {
  const folder = path.join(runFolder, 'processes')
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder).flatMap((name) => {
    const pid = Number(name)
    const mark = fs.readFileSync(path.join(folder, name), 'utf8')
    const isThere = () => isRunning(pid) && commandOf(pid).includes(mark)
    if (!isThere()) return []
    process.kill(pid, 'SIGKILL')
    return [isThere]
  })
}
