// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ledgerFailures } from './ledger-failures.ts'

/** Writes a file so that after a crash either the old or the whole new one is there, also after a power cut. */
export function writeDurable(file: string, bytes: Uint8Array, mode = 0o644): void {
  inFolder(file, () => {
    const temporary = writeTemporary(file, bytes, mode)
    renameSync(temporary, file)
    syncFolder(dirname(file))
  })
}

/**
 * Writes several files so that after a crash each is there old, new or not at all, never in part; all are durable when it returns. The disk
 * takes the syncs of many files together, which costs little more than one.
 */
export async function writeManyDurable(files: readonly { file: string; bytes: Uint8Array }[], written: () => void): Promise<void> {
  const temporaries = files.map(({ file }) => `${file}.${process.pid}-${randomBytes(4).toString('hex')}.new`)
  try {
    for (const { file } of files) inFolder(file, () => makeFolders(dirname(file)))
    await Promise.all(files.map(({ file, bytes }, at) => writeSynced(temporaries[at] ?? file, bytes).catch((error: unknown) => inFolder(file, () => { throw error }))))
    files.forEach(({ file }, at) => {
      inFolder(file, () => renameSync(temporaries[at] ?? file, file))
      written()
    })
    for (const folder of new Set(files.map(({ file }) => dirname(file)))) inFolder(folder, () => syncFolder(folder))
  } catch (error) {
    for (const temporary of temporaries) rmSync(temporary, { force: true })
    throw error
  }
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o644)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a file only if there is none; returns whether it did. Two writers at once: one wins, whole. */
export function writeOnce(file: string, bytes: Uint8Array, mode: number): boolean {
  return inFolder(file, () => {
    const temporary = writeTemporary(file, bytes, mode)
    try {
      linkSync(temporary, file)
      syncFolder(dirname(file))
      return true
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false
      throw error
    } finally {
      rmSync(temporary, { force: true })
    }
  })
}

/** The system names no path when a call on an open file fails, and its owner has to know which disk is full (SECURITY P02): the same error with the path of the file it concerns. */
export function namingFile(error: unknown, path: string): unknown {
  return error instanceof Error && 'syscall' in error && !('path' in error) ? Object.assign(error, { path }) : error
}

/** Runs a part of which every system error concerns this file. */
export function inNamedFile<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw namingFile(error, path)
  }
}

/** The bytes of a file, or null when there is none. */
export function readIfThere(file: string): Buffer | null {
  return inFolder(file, () => {
    try {
      return readFileSync(file)
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null
      throw error
    }
  })
}

function writeTemporary(file: string, bytes: Uint8Array, mode: number): string {
  makeFolders(dirname(file))
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.new`
  const handle = openSync(temporary, 'wx', mode)
  try {
    let at = 0
    while (at < bytes.length) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  return temporary
}

/** A new folder is durable only when its parent was synced too. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  makeFolders(dirname(folder))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  syncFolder(dirname(folder))
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there; NTFS journals the rename
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function inFolder<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw ledgerFailures.LOG_IO({ file, why: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' }, { cause: error })
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
