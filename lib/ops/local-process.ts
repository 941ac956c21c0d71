import 'server-only'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Asks every 25 ms until the question has an answer (`{ value }`). After the deadline throws, naming what was waited for, or returns null when that is null. */
export async function until<T>(seconds: number, what: string, ask: () => Promise<{ value: T } | null>): Promise<T>
export async function until<T>(seconds: number, what: null, ask: () => Promise<{ value: T } | null>): Promise<T | null>
export async function until<T>(seconds: number, what: string | null, ask: () => Promise<{ value: T } | null>): Promise<T | null> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer) return answer.value
    if (Date.now() > deadline) {
      if (what === null) return null
      throw new Error(`Waited ${seconds} s in vain for ${what}.`)
    }
    await pause(25)
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port.')
  return address.port
}

/** Whether a process with this id exists, ours or not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The command line of a process, its words parted by spaces; empty when there is none, or when it ended and nobody took notice. */
export function commandOf(pid: number): string {
  const procFile = `/proc/${pid}/cmdline`
  if (fs.existsSync('/proc/self/cmdline')) return readIfThere(procFile).replaceAll('\0', ' ')
  return spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    // No such process, or it ended while we looked.
    return ''
  }
}
