// SPDX-License-Identifier: Apache-2.0
// Before anything is read: the tombstone list must be the newest witnessed one, and the database must have forgotten what it names (CONTRACTS §10; SECURITY P16).
import { decodeTombstone } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { bodyOfEvent, type NewestHead } from '../../ledger/index.ts'
import type { Scope } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { replayErasures } from './destroy-records.store.ts'
import { countTombstones, mattersWithLog, streamTombstones } from './destroy.store.ts'
import { appendTombstones, entryBytes, entryOf, openTombstones, tombstoneFile, type OpenTombstones } from './tombstone-file.ts'
import { noteTombstones, readTombstoneNote, type NumberRange, type TombstoneNote } from './tombstone-note.ts'

const entriesPerTransaction = 5000

/** What comparing and replaying a tombstone list came to. */
export interface ReplayedTombstones {
  matterId: string
  /** Entries of the list. */
  tombstones: number
  /** Entries that the database did not have, and how many of its records they took away. */
  replayed: number
  records: number
  /** Who vouched for the size of the log: witnesses, our own published checkpoint alone, or nobody (a matter without policy). */
  comparedWith: 'witnesses' | 'own-checkpoint' | 'nobody'
  /** Witnesses that did not answer, and why. */
  silent: string[]
}

/** Every matter of the home that has a log or a list, before anything is read; see `replayTombstones`. */
export async function replayAllTombstones(ctx: Context): Promise<ReplayedTombstones[]> {
  const replayed = []
  for (const matterId of await mattersWithLog(ctx.db, ctx.tenant)) replayed.push(await replayTombstones(ctx, matterId))
  return replayed
}

/**
 * 重放销毁名单. Compares the tombstone list of a matter with the newest witnessed root, and takes away again what a restored database had forgotten; records that a delta had revised meanwhile stay in the books without a key until a delta scan fills them. A database that is as new as its witnesses says itself
 * which list is the newest; for an older one the party's signed note beside the list does, and only when it is as new as what the witnesses saw. A list that is behind a new database is what a crash
 * leaves, and is brought up. Refuses an old list (TOMBSTONES_BEHIND) and lists that contradict each other (TOMBSTONES_DIFFER). May be repeated.
 */
export async function replayTombstones(ctx: Context, matterId: string): Promise<ReplayedTombstones> {
  const head = await ctx.ledger.newestHead(matterId)
  const note = readTombstoneNote(ctx, matterId)
  if (head !== null && head.size > head.databaseSize) refuseOldNote(matterId, note, head)
  const list = openTombstones(ctx, matterId)
  try {
    refuseOtherList(ctx, matterId, list, note)
    await refuseOtherThanEvents(ctx, matterId, list, note)
    const { known, records } = await bringUp(ctx, matterId, list, note?.revised ?? [])
    return {
      matterId, tombstones: Math.max(list.count, known), replayed: Math.max(0, list.count - known), records,
      comparedWith: head === null ? 'nobody' : head.answered.length > 0 ? 'witnesses' : 'own-checkpoint', silent: head?.silent ?? [],
    }
  } finally {
    list.close()
  }
}

/** The same ledger, which signs after each publication what the tombstone list then was. */
export function notingLedger(ctx: Context): Pick<Context['ledger'], 'publish'> {
  const inner = ctx.ledger
  return {
    publish: async (matterId) => {
      const published = await inner.publish(matterId)
      await noteTombstones(ctx, matterId, Number(published.checkpoint.size))
      return published
    },
  }
}

/** The database lost events that only it could read, so somebody else must say how many destructions were among them. */
function refuseOldNote(matterId: string, note: TombstoneNote | null, head: NewestHead): void {
  const known = note?.size ?? 0
  if (known < head.size) throw destroyFailures.TOMBSTONES_BEHIND({ matter: matterId, who: head.who, seen: head.size, known: Math.max(known, head.databaseSize) })
}

function refuseOtherList(ctx: Context, matterId: string, list: OpenTombstones, note: TombstoneNote | null): void {
  if (note === null || note.tombstones === 0) return
  const file = tombstoneFile(ctx, matterId)
  if (list.count < note.tombstones) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `${list.count} < ${note.tombstones}` })
  if (list.sha256(note.tombstones) !== note.sha256) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: 'SHA-256' })
}

const announced = z.object({ tombstones: z.int(), tombstoneRoot: z.string() })

/** The newest event that announced a destruction names the list as it was then; what came later in the list came behind it. */
async function refuseOtherThanEvents(ctx: Context, matterId: string, list: OpenTombstones, note: TombstoneNote | null): Promise<void> {
  const [event] = (await ctx.ledger.eventsOfType(matterId, 'DestructionIntended')).slice(-1)
  if (event === undefined) return
  const { tombstones, tombstoneRoot } = announced.parse(bodyOfEvent(event.json))
  const file = tombstoneFile(ctx, matterId)
  if (list.count < tombstones) {
    const known = await countTombstones(ctx.db, { tenant: ctx.tenant, matterId })
    if (known < tombstones) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `${Math.max(known, list.count)} < ${tombstones}` })
    return // a crash came between the announcement and the file
  }
  const root = note?.tombstones === tombstones ? note.root : list.root(tombstones)
  if (root !== tombstoneRoot) throw destroyFailures.TOMBSTONES_DIFFER({ file, why: `root #${event.seq}` })
}

async function bringUp(ctx: Context, matterId: string, list: OpenTombstones, revised: readonly NumberRange[]): Promise<{ known: number; records: number }> {
  const scope = { tenant: ctx.tenant, matterId }
  const known = await countTombstones(ctx.db, scope)
  if (known > 0 && list.count > 0) await refuseOtherRow(ctx, scope, list, Math.min(list.count, known) - 1)
  if (known > list.count) await appendTombstones(ctx, matterId)
  if (known >= list.count) return { known, records: 0 }
  const records = await ctx.db.transaction(async (tx) => {
    let met = 0
    for (let from = known; from < list.count; from += entriesPerTransaction) {
      const bytes = list.entries(from, Math.min(entriesPerTransaction, list.count - from))
      const rows = Array.from({ length: bytes.length / entryBytes }, (_, at) => {
        const number = from + at
        return { number, isRevised: revised.some(({ first, last }) => number >= first && number <= last), ...decodeTombstone(bytes.subarray(at * entryBytes, (at + 1) * entryBytes)) }
      })
      met += await replayErasures(tx, scope, rows, ctx.now())
    }
    return met
  })
  return { known, records }
}

async function refuseOtherRow(ctx: Context, scope: Scope, list: OpenTombstones, number: number): Promise<void> {
  for await (const rows of streamTombstones(ctx.db, scope, number)) {
    const [row] = rows
    if (row === undefined || !entryOf(row).equals(list.entries(number, 1))) throw destroyFailures.TOMBSTONES_DIFFER({ file: tombstoneFile(ctx, scope.matterId), why: `#${number}` })
    return
  }
}
