// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { namingFile } from '../ledger/index.ts'

/** Writes a private file so that a crash leaves the old or the new one whole, and reads it back; refuses when the bytes differ. */
export async function writeKeyFile(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = await writeBeside(path, bytes)
  await rename(fresh, path)
  await syncDirectory(dirname(path))
  if (!(await readFile(path)).equals(bytes)) throw new Error('the file does not read back as it was written')
}

/** Writes a private file unless one is there; whether it was written. Of two processes at once, one wins. */
export async function createKeyFile(path: string, bytes: Uint8Array): Promise<boolean> {
  const fresh = await writeBeside(path, bytes)
  try {
    await link(fresh, path)
    await syncDirectory(dirname(path))
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(fresh)
  }
}

async function writeBeside(path: string, bytes: Uint8Array): Promise<string> {
  await makeKeyDirectory(dirname(path))
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.new`)
  const file = await open(fresh, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    throw namingFile(error, path)
  } finally {
    await file.close()
  }
  return fresh
}

/** The file that a failed call speaks of, where the system or we have named one. */
export function fileOf(error: unknown): string | null {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : null
}

/** Makes a private directory and its parents so that they survive a power failure: a key must not be lost after something was encrypted under it. */
export async function makeKeyDirectory(directory: string): Promise<void> {
  const firstMade = await mkdir(directory, { recursive: true, mode: 0o700 })
  if (firstMade === undefined) return
  for (let at = directory; at.length >= firstMade.length; at = dirname(at)) await syncDirectory(dirname(at))
}

/** Overwrites a file in place, then takes it away: the method "clear" of NIST SP 800-88, and no more than that on flash or copying file systems. */
export async function clearKeyFile(path: string): Promise<void> {
  const size = await sizeOf(path)
  if (size === null) return
  const file = await open(path, 'r+')
  try {
    await file.write(randomBytes(size), 0, size, 0)
    await file.sync()
  } catch (error) {
    throw namingFile(error, path)
  } finally {
    await file.close()
  }
  await rm(path)
  await syncDirectory(dirname(path))
}

/** The bytes of a file, or null when there is none. */
export async function readKeyFile(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** The names in a directory, none when it does not exist. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** The system's reason of a failure, without paths. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.message.slice(0, 120) : 'unknown'
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return // Windows cannot open a directory; its rename is durable with the file system's journal
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } catch (error) {
    throw namingFile(error, directory)
  } finally {
    await handle.close()
  }
}
