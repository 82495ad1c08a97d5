// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readlinkSync } from 'node:fs'

/** Names this process so that another one can tell whether it still lives: number, start time (numbers are used again) and space of numbers (containers). */
export function processMark(): string {
  return `${process.pid} ${startTime(process.pid) ?? 0} ${numberSpace()}`
}

/** Whether the process of this mark is known to have ended; one of another container is never known to. */
export function isKnownDead(mark: string): boolean {
  const [pid, start, space] = mark.split(' ')
  if (pid === undefined || start === undefined || space !== numberSpace()) return false
  if (process.platform === 'linux') return startTime(Number(pid)) !== start
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

/** When a living process began, in clock ticks since the boot (proc(5), field 22); undefined for one that has ended or only waits to be reaped. */
function startTime(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function numberSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  } catch {
    return '0'
  }
}
