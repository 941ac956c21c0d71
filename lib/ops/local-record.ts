import 'server-only'
import fs from 'node:fs'
import { z } from 'zod'
import { commandOf, isRunning, until } from '@/lib/ops/local-process'

/**
 * Who runs on a data folder right now, written down so that two never do, and so that what a killed run (kill -9) left behind is
 * ended by the next. A process is known by its id and a word of its command line, because ids are used again.
 */
type Running = z.infer<typeof runningSchema>
const knownProcess = z.object({ pid: z.number().int().positive(), mark: z.string().min(1) })
const runningSchema = z.object({ owner: knownProcess, children: z.array(knownProcess) })

/** Ours to add children to, and to release at the end. */
export type RunRecord = Readonly<{ addChild: (pid: number, mark: string) => void; release: () => void }>

/** Takes the data folder for this process, ending what a killed run left. Throws a plain sentence when another run has it. */
export async function takeRecord(file: string, mark: string): Promise<RunRecord> {
  const before = read(file)
  if (before && isAlive(before.owner) && before.owner.pid !== process.pid)
    throw new Error(`It already runs here, as process ${before.owner.pid}. Stop that one first (Ctrl-C in its terminal).`)
  for (const child of before?.children ?? []) await end(child)

  let running: Running = { owner: { pid: process.pid, mark }, children: [] }
  const write = () => fs.writeFileSync(file, JSON.stringify(running), { mode: 0o600 })
  write()
  return {
    addChild: (pid, childMark) => {
      running = { ...running, children: [...running.children, { pid, mark: childMark }] }
      write()
    },
    release: () => fs.rmSync(file, { force: true }),
  }
}

/** Each leads a process group of its own, and its children go with it. */
async function end(child: Running['owner']): Promise<void> {
  if (!isAlive(child)) return
  process.kill(-child.pid, 'SIGKILL')
  await until(10, `process ${child.pid} to end`, async () => (isAlive(child) ? null : { value: true }))
}

function read(file: string): Running | null {
  if (!fs.existsSync(file)) return null
  try {
    return runningSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))
  } catch {
    // Cut off while it was written: then nothing was started yet.
    return null
  }
}

const isAlive = ({ pid, mark }: Running['owner']) => isRunning(pid) && commandOf(pid).includes(mark)
