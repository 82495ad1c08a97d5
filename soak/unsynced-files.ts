// SPDX-License-Identifier: Apache-2.0
// What a power cut would take: bytes that this process wrote to a file and never synced. (Renames that were not synced are kept: only contents are lost here.)
import fs from 'node:fs'

const original = { fstatSync: fs.fstatSync, statSync: fs.statSync, truncateSync: fs.truncateSync }
const pathsByHandle = new Map<number, string>()
/** For each file with unsynced bytes, how long it was at its last sync. */
const syncedBytes = new Map<string, number>()
const known = new Map<string, number>()

/** The path behind a file descriptor, or its number as text. */
export function pathOfHandle(handle: unknown): string {
  return typeof handle === 'number' ? (pathsByHandle.get(handle) ?? `fd ${handle}`) : 'unknown'
}

/** A file was opened: by number, or by an open file of node:fs/promises. */
export function noteOpened(path: unknown, flags: unknown, result: unknown): void {
  const handle = typeof result === 'object' && result !== null && 'fd' in result ? result.fd : result
  if (typeof handle !== 'number') return
  pathsByHandle.set(handle, String(path))
  const isKept = typeof flags === 'string' && (flags.startsWith('a') || flags.startsWith('r'))
  known.set(String(path), isKept ? bytesOf(String(path)) : 0)
}

/** Bytes were written that are not on the disk yet. */
export function noteWritten(path: string): void {
  if (!syncedBytes.has(path)) syncedBytes.set(path, known.get(path) ?? 0)
}

/** All bytes of the file are on the disk. */
export function noteSynced(path: string): void {
  syncedBytes.delete(path)
  known.set(path, bytesOf(path))
}

/** The file has another name; its unsynced bytes go with it. */
export function noteMoved(from: string, to: string): void {
  const bytes = syncedBytes.get(from)
  syncedBytes.delete(from)
  syncedBytes.delete(to)
  if (bytes !== undefined) syncedBytes.set(to, bytes)
  for (const [handle, path] of pathsByHandle) if (path === from) pathsByHandle.set(handle, to)
}

/** The file has a second name for the same bytes. */
export function noteLinked(from: string, to: string): void {
  const bytes = syncedBytes.get(from)
  if (bytes !== undefined) syncedBytes.set(to, bytes)
}

/** The file is gone. */
export function forgetSynced(path: string): void {
  syncedBytes.delete(path)
}

/** Cuts every file back to what was synced. */
export function loseUnsynced(): void {
  for (const [path, bytes] of syncedBytes) {
    if (fs.existsSync(path) && original.statSync(path).isFile() && bytesOf(path) > bytes) original.truncateSync(path, bytes)
  }
}

function bytesOf(path: string): number {
  try {
    return original.statSync(path).size
  } catch {
    return 0
  }
}
