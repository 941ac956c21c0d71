import fs from 'node:fs'
import path from 'node:path'
import { commandOf, isRunning, until } from '@/lib/ops/local-process'

/** Writes down a server that a test process started, so that the run can end it when the test process could not (Ctrl-C, a crash). */
export function noteProcess(runFolder: string, pid: number, mark: string): void {
  fs.mkdirSync(path.join(runFolder, 'processes'), { recursive: true })
  fs.writeFileSync(path.join(runFolder, 'processes', String(pid)), mark)
}

/** Ends every server noted in this run that is still there. A number that was given to another program since is left alone. */
export async function endNotedProcesses(runFolder: string): Promise<void> {
  const folder = path.join(runFolder, 'processes')
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder)) {
    const pid = Number(name)
    const mark = fs.readFileSync(path.join(folder, name), 'utf8')
    const isOurs = () => isRunning(pid) && commandOf(pid).includes(mark)
    if (!isOurs()) continue
    process.kill(pid, 'SIGKILL')
    await until(10, `process ${pid} to end`, async () => (isOurs() ? null : { value: true }))
  }
}
