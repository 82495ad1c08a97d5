// SPDX-License-Identifier: Apache-2.0
// What a power cut would take: bytes that this thread wrote to a file and never synced, and names (made, moved, taken away) in a folder that was not synced since.
import fs from 'node:fs'
import { dirname, join } from 'node:path'

const original = {
  existsSync: fs.existsSync, linkSync: fs.linkSync, lstatSync: fs.lstatSync, mkdirSync: fs.mkdirSync, renameSync: fs.renameSync, rmSync: fs.rmSync, statSync: fs.statSync, truncateSync: fs.truncateSync,
}
const pathsByHandle = new Map<number, string>()
/** For each file with unsynced bytes, how long it was at its last sync. */
const syncedBytes = new Map<string, number>()
const known = new Map<string, number>()

/** A name that changed and whose folder was not synced since; `saved` is a second name, elsewhere, of the file that lost this one. */
interface NameChange {
  from: string | null
  to: string | null
  saved: string | null
}

const nameChanges: NameChange[] = []
const savedByPath = new Map<string, string>()
const isThereBefore = new Map<string, boolean>()
/** Where files that lose their name are kept for a power cut; on the file system of the homes. Without it names are never lost. */
const undoFolder = process.env['SOAK_UNDO']
let savedCount = 0

/** The path behind a file descriptor, or its number as text. */
export function pathOfHandle(handle: unknown): string {
  return typeof handle === 'number' ? (pathsByHandle.get(handle) ?? `fd ${handle}`) : 'unknown'
}

/** A file is about to be made, replaced or taken away: what is there now is kept. */
export function beforeNameChange(path: string): void {
  if (undoFolder === undefined) return
  const isThere = original.existsSync(path)
  isThereBefore.set(path, isThere)
  if (!isThere || !original.lstatSync(path).isFile()) return
  const saved = join(undoFolder, `${process.pid}-${Math.random().toString(16).slice(2, 8)}-${(savedCount += 1)}`)
  try {
    original.mkdirSync(undoFolder, { recursive: true })
    original.linkSync(path, saved)
    savedByPath.set(path, saved)
  } catch {
    // A file system without hard links: the name is not lost then.
  }
}

/** A file was opened: by number, or by an open file of node:fs/promises. */
export function noteOpened(path: unknown, flags: unknown, result: unknown): void {
  const handle = typeof result === 'object' && result !== null && 'fd' in result ? result.fd : result
  if (typeof handle !== 'number') return
  pathsByHandle.set(handle, String(path))
  const isKept = flags === undefined || (typeof flags === 'string' && (flags.startsWith('a') || flags.startsWith('r')))
  known.set(String(path), isKept ? bytesOf(String(path)) : 0)
  if (!isReading(flags) && isThereBefore.get(String(path)) === false) noteMade(String(path))
}

/** Whether a file is opened without a chance to make it. */
export function isReading(flags: unknown): boolean {
  return flags === undefined || flags === null || flags === 'r' || typeof flags === 'function' || (typeof flags === 'number' && (flags & 3) === 0)
}

/** A file or folder has come. */
export function noteMade(path: string): void {
  isThereBefore.delete(path)
  if (undoFolder !== undefined) nameChanges.push({ from: null, to: path, saved: null })
}

/** Bytes were written that are not on the disk yet. */
export function noteWritten(path: string): void {
  if (isThereBefore.get(path) === false) noteMade(path)
  if (!syncedBytes.has(path)) syncedBytes.set(path, known.get(path) ?? 0)
}

/** All bytes of the file, or all names of the folder, are on the disk. */
export function noteSynced(path: string): void {
  syncedBytes.delete(path)
  known.set(path, bytesOf(path))
  for (let at = nameChanges.length - 1; at >= 0; at -= 1) {
    const change = nameChanges[at]
    if (change === undefined || dirname(change.to ?? change.from ?? '') !== path) continue
    if (change.saved !== null) original.rmSync(change.saved, { force: true })
    nameChanges.splice(at, 1)
  }
}

/** The file has another name; its unsynced bytes go with it. */
export function noteMoved(from: string, to: string): void {
  const bytes = syncedBytes.get(from)
  syncedBytes.delete(from)
  syncedBytes.delete(to)
  if (bytes !== undefined) syncedBytes.set(to, bytes)
  for (const [handle, path] of pathsByHandle) if (path === from) pathsByHandle.set(handle, to)
  isThereBefore.delete(to)
  nameChanges.push({ from, to, saved: takeSaved(to) })
}

/** The file has a second name for the same bytes. */
export function noteLinked(from: string, to: string): void {
  const bytes = syncedBytes.get(from)
  if (bytes !== undefined) syncedBytes.set(to, bytes)
  noteMade(to)
}

/** The file is gone. */
export function forgetSynced(path: string): void {
  syncedBytes.delete(path)
  isThereBefore.delete(path)
  const saved = takeSaved(path)
  if (saved !== null) nameChanges.push({ from: path, to: null, saved })
}

function takeSaved(path: string): string | null {
  const saved = savedByPath.get(path) ?? null
  savedByPath.delete(path)
  return saved
}

/** Cuts every file back to what was synced; with `names`, takes back every name that was not synced as well, newest first. */
export function loseUnsynced(names: boolean): void {
  for (const [path, bytes] of syncedBytes) {
    if (original.existsSync(path) && original.statSync(path).isFile() && bytesOf(path) > bytes) original.truncateSync(path, bytes)
  }
  if (!names || undoFolder === undefined) return
  for (const change of nameChanges.toReversed()) takeBackName(change)
}

function takeBackName({ from, to, saved }: NameChange): void {
  try {
    if (to !== null && from !== null) original.renameSync(to, from)
    else if (to !== null) original.rmSync(to, { recursive: true, force: true })
    if (saved !== null) original.renameSync(saved, to ?? from ?? saved)
  } catch {
    // Somebody else has moved it on since.
  }
}

function bytesOf(path: string): number {
  try {
    return original.statSync(path).size
  } catch {
    return 0
  }
}
