import 'server-only'
import fs from 'node:fs'
import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { log } from '@/lib/log'
import { processWide } from '@/lib/process-wide'

/**
 * Who comes first where background work and pages share a machine. Postgres has no say in that, the system has: a process may be made
 * one that runs when nobody else wants the processor.
 */
const state = processWide('gives-way', () => ({ isOn: false }))

/**
 * From now on, for good, this process comes after all others that want a processor, and so do those of a Postgres on this very machine
 * that work for it alone. What the system does not allow is noted and left.
 */
export async function giveWay(): Promise<void> {
  state.isOn = true
  await lower(process.pid)
}

/** Whether server processes that work for this one are to be lowered as well. */
export function givesWay(): boolean {
  return state.isOn
}

/** Lowers a server process of Postgres when it is one of this machine. `pid` is what it says of itself. */
export async function lowerServer(pid: number): Promise<void> {
  if (isPostgres(pid)) await lower(pid)
}

/** Another machine's number may be anybody's here. */
function isPostgres(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres')
  } catch {
    return false
  }
}

async function lower(pid: number): Promise<void> {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_LOW)
    await lowerSession(pid)
  } catch (error) {
    log.warn('priority_not_set', {}, error)
  }
}

const lowest = '19'
const triesMax = 5
const againMs = 120

/**
 * Linux may weigh whole sessions against each other, and then a process' own priority counts only within its session. One that
 * leads a session of its own, as servers do, is lowered with it; a session shared with others, as in a terminal, stays as it is.
 */
async function lowerSession(pid: number): Promise<void> {
  const file = `/proc/${pid}/autogroup`
  if (!fs.existsSync(file) || sessionOf(pid) !== pid) return
  for (let tries = 1; ; tries++) {
    try {
      fs.writeFileSync(file, lowest)
      return
    } catch (error) {
      // The system takes such a wish every tenth of a second only.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN') || tries === triesMax) throw error
    }
    await pause(againMs)
  }
}

function sessionOf(pid: number): number {
  // After the name, which stands in brackets and may hold anything: state, parent, group, session.
  const [, , , session] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return Number(session)
}
