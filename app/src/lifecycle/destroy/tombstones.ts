// SPDX-License-Identifier: Apache-2.0
// 销毁名单. Tombstones are an append-only file beside the database, so that no restore of the database can forget them (CONTRACTS §10).
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { decodeTombstone, encodeRewriteEntry, encodeTombstone, leafHash, MerkleAccumulator, toHex } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { Queryable } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { replayErasures } from './destroy-records.store.ts'
import { countTombstones, streamRewrites, streamTombstones, type TombstoneRow } from './destroy.store.ts'

const entryBytes = 28

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

/** Number and root of all tombstones, as events and certificates name them. */
export async function tombstoneRoot(db: Queryable, scope: Scope): Promise<{ tombstones: number; tombstoneRoot: string }> {
  const tree = new MerkleAccumulator()
  let tombstones = 0
  for await (const entry of tombstoneEntries(db, scope)) {
    tree.push(leafHash(entry))
    tombstones += 1
  }
  return { tombstones, tombstoneRoot: toHex(tree.root()) }
}

/** Brings the file up to the database, durably; refuses a file that says something else or knows more. */
export async function appendTombstones(ctx: Context, matterId: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId }
  const file = tombstoneFile(ctx, matterId)
  mkdirSync(join(ctx.home.paths.objects, 'tombstones'), { recursive: true, mode: 0o700 })
  const handle = openSync(file, existsSync(file) ? 'r+' : 'wx+', 0o600)
  try {
    const there = wholeEntries(fstatSync(handle).size)
    let number = 0
    for await (const rows of streamTombstones(ctx.db, scope)) {
      for (const row of rows) {
        const entry = entryOf(row)
        if (number >= there) writeSync(handle, entry, 0, entryBytes, number * entryBytes)
        else if (!readEntry(handle, number).equals(entry)) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `#${number}` })
        number += 1
      }
    }
    if (there > number) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `${there} > ${number}` })
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Compares the tombstone files of the home with its database before anything is read. A database that is older than its file was restored: what the file names is taken away again
 * (CONTRACTS §10; SECURITY P16). A file that is behind is what a crash leaves, and is brought up. Refuses lists that contradict each other.
 */
export async function replayTombstones(ctx: Context): Promise<{ matterId: string; tombstones: number; records: number }[]> {
  const folder = join(ctx.home.paths.objects, 'tombstones')
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^mat_[0-9a-f]{32}\.bin$/.test(name)) : []
  const replayed = []
  for (const name of files) {
    const found = await replayOne(ctx, name.slice(0, -4))
    if (found !== null) replayed.push(found)
  }
  return replayed
}

async function replayOne(ctx: Context, matterId: string): Promise<{ matterId: string; tombstones: number; records: number } | null> {
  const scope = { tenant: ctx.tenant, matterId }
  const file = tombstoneFile(ctx, matterId)
  const handle = openSync(file, 'r')
  try {
    const there = wholeEntries(fstatSync(handle).size)
    const known = await countTombstones(ctx.db, scope)
    if (known > 0 && there > 0) await refuseOther(ctx, scope, { file, handle, number: Math.min(there, known) - 1 })
    if (known >= there) return null
    return await ctx.db.transaction(async (tx) => {
      let records = 0
      for (let from = known; from < there; from += 5000) {
        const rows = Array.from({ length: Math.min(5000, there - from) }, (_, at) => ({ number: from + at, ...decodeTombstone(readEntry(handle, from + at)) }))
        records += await replayErasures(tx, scope, rows, ctx.now())
      }
      return { matterId, tombstones: there - known, records }
    })
  } finally {
    closeSync(handle)
  }
}

async function refuseOther(ctx: Context, scope: Scope, place: { file: string; handle: number; number: number }): Promise<void> {
  for await (const rows of streamTombstones(ctx.db, scope, place.number)) {
    const [row] = rows
    if (row === undefined || !entryOf(row).equals(readEntry(place.handle, place.number))) throw destroyFailures.TOMBSTONES_DIFFER({ file: place.file, why: `#${place.number}` })
    return
  }
}

/** Where the tombstones of a matter stand; random ids only. */
export function tombstoneFile(ctx: Context, matterId: string): string {
  return join(ctx.home.paths.objects, 'tombstones', `${matterId}.bin`)
}

/** A crash can leave half an entry at the end; it is written again. */
function wholeEntries(bytes: number): number {
  return Math.floor(bytes / entryBytes)
}

function readEntry(handle: number, number: number): Buffer {
  const bytes = Buffer.alloc(entryBytes)
  readSync(handle, bytes, 0, entryBytes, number * entryBytes)
  return bytes
}

function entryOf(row: TombstoneRow): Buffer {
  return Buffer.from(encodeTombstone({ recordId: row.record_id, version: row.version, slot: BigInt(row.slot) }))
}
