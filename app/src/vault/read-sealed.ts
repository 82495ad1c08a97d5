// SPDX-License-Identifier: Apache-2.0
import { assert, required } from '../kit/assert.ts'
import { dirOfPage, entryAt, isErased, keyBytes, placeOf, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { pagesWithDirectories } from './key-store.store.ts'
import { withPresentEpoch } from './matter-keys.ts'
import { refuseUncovered } from './read-records.ts'
import { insertReadAudit } from './record-cipher.store.ts'
import { openDirectories, openPageRow } from './record-secrets.ts'
import { slotAt, rowBytesAt, type SealedBatch } from './sealed-batch/index.ts'
import { packedRecords, type PackedRows } from './sealed-rows.store.ts'
import { vaultFailures } from './vault-failures.ts'
import type { ReadGrant, SealedQuery } from './vault.ts'

const idBytes = 16
const batchRecordsDefault = 1000
/** So many pages are opened at once: 1 MiB of secrets. */
const pagesAtOnce = 256

/** The one door (CONTRACTS §13) for long acts that decrypt in worker threads: the same row-secured query and durable line in the door's book before anything is handed out, but records leave sealed, beside their secrets. Refuses a grant without approval, and erased, unknown or rewritten records. The worker refuses what the grant's purpose may not open. */
export async function* readSealed(room: KeyRoom, grant: ReadGrant, query: SealedQuery): AsyncGenerator<SealedBatch, void, undefined> {
  const { recordIds, slots } = query
  assert(recordIds.length === slots.length * idBytes, 'every record has an id and a slot')
  if (grant.approval === null) throw vaultFailures.BULK_NEEDS_APPROVAL({ max: 0 })
  await refuseUncovered(room, grant, query.matterId)
  const secrets = await secretsOf(room, query)
  const size = query.batchRecords ?? batchRecordsDefault
  try {
    for (let at = 0; at < slots.length; at += size) {
      const end = Math.min(at + size, slots.length)
      if (new Date(room.now()) > new Date(grant.until)) throw vaultFailures.GRANT_ENDED({ until: grant.until })
      const ids = recordIds.subarray(at * idBytes, end * idBytes)
      const packed = await packedRecords(room.main, scopeOf(room, query.matterId), ids)
      const rows = refuseUnreadable(packed, ids, slots.subarray(at, end))
      await insertReadAudit(room.main, scopeOf(room, query.matterId), auditLine(room, grant, packed, ids))
      yield { rows, secrets: Buffer.from(secrets.subarray(at * keyBytes, end * keyBytes)), records: end - at }
    }
  } finally {
    secrets.fill(0)
  }
}

function auditLine(room: KeyRoom, grant: ReadGrant, packed: PackedRows, ids: Uint8Array) {
  return {
    person: grant.person, purpose: grant.purpose, approval: grant.approval, compartments: grant.compartments, fieldIndexes: grant.fieldIndexes ?? null,
    dataSetId: packed.first_set === packed.last_set ? packed.first_set : null, firstOrdinal: packed.first_ordinal ?? 0, lastOrdinal: packed.last_ordinal ?? 0,
    recordIds: Array.from({ length: ids.length / idBytes }, (_, at) => ids.subarray(at * idBytes, (at + 1) * idBytes)), at: room.now(),
  }
}

/** The rows, each with the slot whose secret was opened for it; else the refusal that names the record. */
function refuseUnreadable(packed: PackedRows, ids: Uint8Array, slots: Float64Array): Buffer {
  const [erased] = packed.erased ?? []
  if (erased !== undefined) throw vaultFailures.RECORD_ERASED({ record: erased.toString('hex') })
  const rows = packed.rows ?? Buffer.alloc(0)
  let at = 0
  for (const [place, slot] of slots.entries()) {
    const record = Buffer.from(ids.subarray(place * idBytes, (place + 1) * idBytes))
    if (at >= rows.length || !record.equals(rows.subarray(at, at + idBytes))) throw vaultFailures.VAULT_RECORD_UNKNOWN({ record: record.toString('hex') })
    if (slotAt(rows, at) !== slot) throw vaultFailures.RECORD_ERASED({ record: record.toString('hex') })
    at += rowBytesAt(rows, at)
  }
  return rows
}

/** The secrets of all slots, 32 bytes each in their order: every page is opened once, however the slots lie. */
async function secretsOf(room: KeyRoom, { matterId, slots, recordIds }: SealedQuery): Promise<Buffer> {
  const scope = scopeOf(room, matterId)
  const order = new Uint32Array(slots.length).map((_, at) => at).sort((a, b) => (slots[a] ?? 0) - (slots[b] ?? 0))
  const secrets = Buffer.alloc(slots.length * keyBytes)
  for (let at = 0; at < order.length;) {
    const pages: number[] = []
    let end = at
    for (; end < order.length; end += 1) {
      const { page } = placeOf(slots[order[end] ?? 0] ?? 0)
      if (pages.at(-1) === page) continue
      if (pages.length === pagesAtOnce) break
      pages.push(page)
    }
    await openPages(room, scope, { pages, wanted: order.subarray(at, end), slots, into: secrets, recordIds })
    at = end
  }
  return secrets
}

async function openPages(room: KeyRoom, scope: KeyScope, part: { pages: readonly number[]; wanted: Uint32Array; slots: Float64Array; into: Buffer; recordIds: Uint8Array }): Promise<void> {
  await withPresentEpoch(async () => {
    const rows = await pagesWithDirectories(room.keys, scope, part.pages, [...new Set(part.pages.map(dirOfPage))])
    const directories = await openDirectories(room, scope, rows.directories)
    const opened = new Map(rows.pages.map((row) => [row.page, openPageRow(scope, directories, row)]))
    for (const directory of directories.values()) directory.pageKeys.fill(0)
    for (const place of part.wanted) {
      const slot = part.slots[place] ?? 0
      const { page, secretAt } = placeOf(slot)
      const secrets = opened.get(page)
      if (secrets === undefined) throw vaultFailures.SECRET_NEVER_GIVEN({ slot })
      const secret = entryAt(required(secrets, 'the page was opened'), secretAt)
      if (isErased(secret)) throw vaultFailures.RECORD_ERASED({ record: Buffer.from(part.recordIds.subarray(place * idBytes, (place + 1) * idBytes)).toString('hex') })
      secret.copy(part.into, place * keyBytes)
    }
    for (const secrets of opened.values()) secrets.fill(0)
  })
}
