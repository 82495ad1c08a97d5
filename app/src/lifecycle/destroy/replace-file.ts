// SPDX-License-Identifier: Apache-2.0
// Replacing a file so that a crash leaves the old or the new one whole, and the old bytes are written over before their name goes ("clear", NIST SP 800-88).
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, linkSync, openSync, readSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { destroyFailures } from './destroy-failures.ts'

/** Where the new content of a file is written before it takes the file's place; beside it, so that renaming is one step. */
export function workName(path: string, orderId: string, part: 'new' | 'old'): string {
  const id = createHash('sha256').update(`${orderId}/${basename(path)}`).digest('hex').slice(0, 16)
  return join(dirname(path), `.handover-${id}-${part}${extname(path)}`)
}

/** Puts the finished new file in the place of the old one and wipes the old bytes. May be called again after a crash at any point. */
export function putInPlace(path: string, orderId: string): void {
  const fresh = workName(path, orderId, 'new')
  const old = workName(path, orderId, 'old')
  inFile(path, () => {
    if (existsSync(fresh)) {
      if (existsSync(path) && !existsSync(old)) keepName(path, old)
      renameSync(fresh, path)
      syncFolder(dirname(path))
    }
    wipe(old)
  })
}

/** SHA-256 of a file, read in pieces. */
export function digestOfFile(path: string): Buffer {
  const hash = createHash('sha256')
  const handle = openSync(path, 'r')
  try {
    const piece = Buffer.alloc(1024 * 1024)
    for (let n = readSync(handle, piece); n > 0; n = readSync(handle, piece)) hash.update(piece.subarray(0, n))
  } finally {
    closeSync(handle)
  }
  return hash.digest()
}

/** Writes over a file and takes its name away; nothing to do is no error. */
export function wipe(path: string): void {
  inFile(path, () => {
    if (!existsSync(path)) return
    const handle = openSync(path, 'r+')
    try {
      const zeros = Buffer.alloc(64 * 1024)
      const { size } = fstatSync(handle)
      for (let at = 0; at < size; at += zeros.length) writeSync(handle, zeros, 0, Math.min(zeros.length, size - at), at)
      fsyncSync(handle)
      ftruncateSync(handle)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    unlinkSync(path)
    syncFolder(dirname(path))
  })
}

/** A new file beside the old one with the same rights; what an interrupted run left is begun anew. */
export function createBeside(path: string, orderId: string): { file: string; handle: number } {
  const file = workName(path, orderId, 'new')
  return inFile(path, () => {
    wipe(file)
    return { file, handle: openSync(file, 'wx', statSync(path).mode & 0o777) }
  })
}

/** Turns what the system says into a failure that names the file. */
export function inFile<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error) throw destroyFailures.ORIGINAL_IO({ file: basename(path), why: error.code }, { cause: error })
    throw error
  }
}

/** A second name for the old bytes, so that they can be wiped after the new file has taken the name; file systems without links move it. */
function keepName(path: string, old: string): void {
  try {
    linkSync(path, old)
  } catch {
    renameSync(path, old)
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
