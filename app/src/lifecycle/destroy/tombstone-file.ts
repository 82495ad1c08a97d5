// SPDX-License-Identifier: Apache-2.0
// 销毁名单. Tombstones are an append-only file beside the database, so that no restore of the database can forget them (CONTRACTS §10).
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encodeRewriteEntry, encodeTombstone, leafHash, MerkleAccumulator, toHex } from '@handover/proof'
import type { Context } from '../../context.ts'
import { namingFile } from '../../ledger/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import { findTombstoneHead, putTombstoneHead, streamRewrites, streamTombstones, tombstonesAtOnce, tombstonesFrom, type TombstoneRow } from './destroy.store.ts'
import { destroyFailures } from './destroy-failures.ts'
import { TombstoneTree } from './tombstone-tree.rules.ts'

/** Bytes of one tombstone: record id, version, key slot. */
export const entryBytes = 28
const entriesPerRead = 32 * 1024

/** Tombstone entries in their order, as the bundle and the file hold them. */
export async function* tombstoneEntries(db: Queryable, scope: Scope): AsyncGenerator<Buffer, void, undefined> {
  for await (const rows of streamTombstones(db, scope)) for (const row of rows) yield entryOf(row)
}

/** Rewrite entries in their order, as the bundle holds them. */
export async function* rewriteEntries(db: Queryable, scope: Scope): AsyncGenerator<Buffer, void, undefined> {
  for await (const rows of streamRewrites(db, scope)) {
    for (const row of rows) yield Buffer.from(encodeRewriteEntry({ index: BigInt(row.index), recordId: row.record_id, version: row.version, recordRoot: row.root }))
  }
}

/** How many tombstones, and their root: as events and certificates name them. */
export interface TombstoneRoot {
  tombstones: number
  tombstoneRoot: string
}

/** Number and root of all tombstones in the database, from the tree that was put away and what came since. */
export async function tombstoneRoot(db: Queryable, scope: Scope): Promise<TombstoneRoot> {
  const tree = await presentTree(db, scope)
  return { tombstones: tree.size, tombstoneRoot: toHex(tree.root()) }
}

/** The same, and puts the tree away for the next destruction; in the transaction that wrote the tombstones, under the matter's lock. */
export async function growTombstoneTree(tx: Tx, scope: Scope): Promise<TombstoneRoot> {
  const tree = await presentTree(tx, scope)
  await putTombstoneHead(tx, scope, { size: tree.size, peaks: tree.peaks() })
  return { tombstones: tree.size, tombstoneRoot: toHex(tree.root()) }
}

async function presentTree(db: Queryable, scope: Scope): Promise<TombstoneTree> {
  const [head, first] = await Promise.all([findTombstoneHead(db, scope), tombstonesFrom(db, scope)])
  const tree = new TombstoneTree(head ?? undefined)
  // Outside the matter's lock another destruction may have put its tree away between the two.
  const next = first[0]?.number === tree.size ? first : await tombstonesFrom(db, scope, tree.size)
  for (let rows = next; rows.length > 0; rows = rows.length < tombstonesAtOnce ? [] : await tombstonesFrom(db, scope, tree.size)) {
    for (const row of rows) tree.push(leafHash(entryOf(row)))
  }
  return tree
}

/** Where the tombstones of a matter stand; random ids only. */
export function tombstoneFile(ctx: Context, matterId: string): string {
  return join(ctx.home.paths.objects, 'tombstones', `${matterId}.bin`)
}

/** Brings the file up to the database, durably; refuses a file that says something else or knows more. */
export async function appendTombstones(ctx: Context, matterId: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId }
  const file = tombstoneFile(ctx, matterId)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const handle = openSync(file, existsSync(file) ? 'r+' : 'wx+', 0o600)
  try {
    const there = wholeEntries(fstatSync(handle).size)
    let number = Math.max(0, there - 1) // the last one is compared, the others are bound by the note
    for await (const rows of streamTombstones(ctx.db, scope, number)) {
      const entries = rows.map(entryOf)
      const last = entries[0]
      if (number === there - 1 && last !== undefined && !readEntries(handle, number, 1).equals(last)) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `#${number}` })
      const fresh = Buffer.concat(entries.slice(Math.max(0, there - number)))
      for (let at = 0; at < fresh.length; ) at += writeSync(handle, fresh, at, fresh.length - at, Math.max(number, there) * entryBytes + at)
      number += rows.length
    }
    if (there > number) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `${there} > ${number}` })
    fsyncSync(handle)
    syncFolder(dirname(file))
  } catch (error) {
    throw namingFile(error, file)
  } finally {
    closeSync(handle)
  }
}

/** An open tombstone file. */
export interface OpenTombstones {
  /** Whole entries in it. */
  count: number
  entries(from: number, count: number): Buffer
  sha256(count: number): string
  root(count: number): string
  close(): void
}

/** Opens the tombstone file of a matter for reading; one that does not exist is empty. */
export function openTombstones(ctx: Context, matterId: string): OpenTombstones {
  const file = tombstoneFile(ctx, matterId)
  const handle = existsSync(file) ? openSync(file, 'r') : null
  const entries = (from: number, count: number): Buffer => (handle === null ? Buffer.alloc(0) : readEntries(handle, from, count))
  const over = (count: number, take: (bytes: Buffer) => void): void => {
    for (let at = 0; at < count; at += entriesPerRead) take(entries(at, Math.min(entriesPerRead, count - at)))
  }
  return {
    count: handle === null ? 0 : wholeEntries(fstatSync(handle).size),
    entries,
    sha256: (count) => {
      const hash = createHash('sha256')
      over(count, (bytes) => hash.update(bytes))
      return hash.digest('hex')
    },
    root: (count) => {
      const tree = new MerkleAccumulator()
      over(count, (bytes) => {
        for (let at = 0; at < bytes.length; at += entryBytes) tree.push(leafHash(bytes.subarray(at, at + entryBytes)))
      })
      return toHex(tree.root())
    },
    close: () => (handle === null ? undefined : closeSync(handle)),
  }
}

/** A crash can leave half an entry at the end; it is written again. */
function wholeEntries(bytes: number): number {
  return Math.floor(bytes / entryBytes)
}

function readEntries(handle: number, from: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * entryBytes)
  for (let at = 0; at < bytes.length; ) {
    const n = readSync(handle, bytes, at, bytes.length - at, from * entryBytes + at)
    if (n === 0) throw new Error('assertion failed: the tombstone file is only ever appended to')
    at += n
  }
  return bytes
}

/** A tombstone as bytes. */
export function entryOf(row: TombstoneRow): Buffer {
  return Buffer.from(encodeTombstone({ recordId: row.record_id, version: row.version, slot: BigInt(row.slot) }))
}

/** A new name is durable only when its folder was synced. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
