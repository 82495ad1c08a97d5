// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file of ours that nobody else may open, to be written and read by its handle. */
export interface PrivateFile {
  fd: number
  /** Another way to its bytes, where the system has one for files without a name. */
  path: string
  remove(): void
}

const folderStart = 'handover-private-'
const ABANDONED_MS = 3_600_000
let isSwept = false

/** A new folder that only we may enter. What killed processes left in theirs is deleted when a process makes its first. */
export function privateFolder(): string {
  sweepOnce()
  return mkdtempSync(join(tmpdir(), `${folderStart}${process.pid}-`))
}

/** Makes a private file. It loses its name before the first byte is written, so that even a killed process leaves nothing that could be opened; only Windows keeps the name while it is open. */
export function openPrivateFile(): PrivateFile {
  const folder = privateFolder()
  const path = join(folder, 'copy')
  const fd = openSync(path, 'wx+', 0o600)
  const isNameless = process.platform !== 'win32'
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true })
  if (isNameless) removeFolder()
  return {
    fd,
    path: process.platform === 'linux' ? `/proc/self/fd/${fd}` : path,
    remove: () => {
      closeSync(fd)
      if (!isNameless) removeFolder()
    },
  }
}

/** Deletes what processes that are no more left behind. */
function sweepOnce(): void {
  if (isSwept) return
  isSwept = true
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(folderStart) ? /^(\d+)-/.exec(name.slice(folderStart.length))?.[1] : undefined
    if (owner !== undefined && !isRunning(Number(owner)) && isOld(join(tmpdir(), name))) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** Another container may share the folder and not its processes. */
function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_MS
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
