// SPDX-License-Identifier: Apache-2.0
import { fieldLeaf, recordRoot, type CanonicalValue } from '@handover/proof'
import { required } from '../kit/assert.ts'
import { idBytes } from '../kit/ids.ts'
import { keyObjectOf } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { fieldRows, insertReadAudit, lockAndCountReads, recordsById, recordsInOrder, type CipherRecordRow, type ReadAuditLine } from './record-cipher.store.ts'
import { findApproval, type FoundApproval } from './read-approval.store.ts'
import { openSecrets } from './record-secrets.ts'
import { openCompartment, recordKeys } from './seal-record.ts'
import { vaultFailures } from './vault-failures.ts'
import { compartments, type Compartment, type OpenRecord, type ReadGrant, type ReadPurpose, type ReadQuery, type RecordKeys } from './vault.ts'

const batchRecordsDefault = 500
/** Above this many records, reading unmasked is an act of two people (CONTRACTS §18). */
const unapprovedRecordsMax = 500
/** 个人信息保护法 第四十七条第二款: what is sealed may only be stored and protected; re-encrypting is storing, and comparing before an unsealed original goes is protecting. */
const mayOpenSealed: readonly ReadPurpose[] = ['custody', 'receipt', 'rewrite', 'destroy-original', 'delta-scan']

/** Bytes of the disposition vector that close a field (CONTRACTS §3). */
const dispositionByte = { sealed: 3, anonymised: 4, destroyed: 5 } as const

/** What may stand behind a reading, by its purpose (CONTRACTS §§13, 18); a purpose that is not listed takes no approval at all. */
const approvedBy: Partial<Record<ReadPurpose, readonly string[]>> = {
  pack: ['plan', 'request hand-over'], custody: ['plan', 'request hand-over', 'request key-release'], reconcile: ['package'], rewrite: ['request destroy'], 'destroy-original': ['request destroy'],
  reveal: ['request bulk-export'],
}
/** These are parts of an act of two people and are refused without its approval. */
const neverAlone: readonly ReadPurpose[] = ['rewrite', 'destroy-original']

/** The one door to plaintext (CONTRACTS §13): row-secured query → durable line in the door's book → keys → the granted compartments. Refuses an approval that does not exist, is not in force or is of another act, and erased, sealed and unknown records that are asked for by id; a reading in order passes over erased ones and withholds sealed fields. */
export async function* readRecords(room: KeyRoom, grant: ReadGrant, query: ReadQuery): AsyncGenerator<OpenRecord[], void, undefined> {
  await refuseUncovered(room, grant, query.matterId)
  for await (const rows of query.recordIds === undefined ? batchesInOrder(room, grant, query) : batchesById(room, grant, query, query.recordIds)) {
    refuseEndedGrant(room, grant)
    await noteReading(room, grant, query.matterId, rows)
    const records = await openRows(room, grant, query, rows)
    if (records.length > 0) yield records
  }
}

async function* batchesInOrder(room: KeyRoom, grant: ReadGrant, query: ReadQuery): AsyncGenerator<CipherRecordRow[], void, undefined> {
  const limit = query.batchRecords ?? batchRecordsDefault
  let after = { dataSetId: query.after === undefined ? '' : (query.dataSetId ?? ''), ordinal: query.after === undefined ? -1 : Number(query.after) }
  for (;;) {
    const rows = await recordsInOrder(room.main, scopeOf(room, query.matterId), neededCompartments(grant, query), { dataSetId: query.dataSetId ?? null, after, where: query.where ?? {}, limit })
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    if (rows.length < limit) return
    after = { dataSetId: last.data_set_id, ordinal: last.ordinal }
  }
}

async function* batchesById(room: KeyRoom, grant: ReadGrant, query: ReadQuery, recordIds: readonly Uint8Array[]): AsyncGenerator<CipherRecordRow[], void, undefined> {
  const size = query.batchRecords ?? batchRecordsDefault
  const wanted = [...new Set(recordIds.map(hexOf))]
  for (let at = 0; at < wanted.length; at += size) {
    const ids = wanted.slice(at, at + size)
    const rows = await recordsById(room.main, scopeOf(room, query.matterId), neededCompartments(grant, query), ids.map((id) => Buffer.from(id, 'hex')))
    const rowById = new Map(rows.map((row) => [hexOf(row.id), row]))
    yield ids.map((id) => mayBeRead(grant, id, rowById.get(id)))
  }
}

/** The record itself, or the refusal that names it. */
function mayBeRead(grant: ReadGrant, record: string, row: CipherRecordRow | undefined): CipherRecordRow {
  if (row === undefined) throw vaultFailures.VAULT_RECORD_UNKNOWN({ record })
  if (row.erased) throw vaultFailures.RECORD_ERASED({ record })
  const filled = [...row.dispositions].filter((code) => code !== 0)
  if (!mayOpenSealed.includes(grant.purpose) && filled.length > 0 && filled.every((code) => code === dispositionByte.sealed)) throw vaultFailures.RECORD_SEALED({ record })
  return row
}

/** Leaves commit to every field, so they need every compartment; only hashes of what is not granted leave the vault. */
function neededCompartments(grant: ReadGrant, query: ReadQuery): readonly Compartment[] {
  return query.withLeaves === true ? compartments : grant.compartments
}

function refuseEndedGrant(room: KeyRoom, grant: ReadGrant): void {
  if (new Date(room.now()) > new Date(grant.until)) throw vaultFailures.GRANT_ENDED({ until: grant.until })
}

/** The id that a grant names must be that of an approval in force for this kind of reading: the book of readings may not quote what nobody gave. */
export async function refuseUncovered(room: KeyRoom, grant: ReadGrant, matterId: string): Promise<void> {
  const { approval, purpose } = grant
  if (approval === null) {
    if (neverAlone.includes(purpose)) throw vaultFailures.READ_NOT_APPROVED({ purpose, approval: '–' })
    return
  }
  const found = await findApproval(room.main, scopeOf(room, matterId), approval)
  if (found?.isInForce !== true || approvedBy[purpose]?.includes(wordOf(found)) !== true) throw vaultFailures.READ_NOT_APPROVED({ purpose, approval: approval.slice(0, 60) })
}

function wordOf(found: FoundApproval): string {
  return found.kind === 'request' ? `request ${found.act}` : found.kind
}

/** Commits the line before anything is decrypted; without an approval, one person's readings of a day stay within the limit. */
async function noteReading(room: KeyRoom, grant: ReadGrant, matterId: string, rows: readonly CipherRecordRow[]): Promise<void> {
  const scope = scopeOf(room, matterId)
  const dataSets = new Set(rows.map((row) => row.data_set_id))
  const ordinals = rows.map((row) => row.ordinal)
  const line: ReadAuditLine = {
    person: grant.person, purpose: grant.purpose, approval: grant.approval, compartments: grant.compartments, fieldIndexes: grant.fieldIndexes ?? null,
    dataSetId: dataSets.size === 1 ? required(rows[0], 'a batch is not empty').data_set_id : null,
    firstOrdinal: Math.min(...ordinals), lastOrdinal: Math.max(...ordinals), recordIds: rows.map((row) => row.id), at: room.now(),
  }
  if (grant.purpose !== 'reveal' || grant.approval !== null) return insertReadAudit(room.main, scope, line)
  await room.main.transaction(async (tx) => {
    const before = await lockAndCountReads(tx, scope, grant.person, grant.purpose)
    if (before + rows.length > unapprovedRecordsMax) throw vaultFailures.BULK_NEEDS_APPROVAL({ max: unapprovedRecordsMax })
    await insertReadAudit(tx, scope, line)
  })
}

async function openRows(room: KeyRoom, grant: ReadGrant, query: ReadQuery, rows: readonly CipherRecordRow[]): Promise<OpenRecord[]> {
  const secrets = await openSecrets(room, query.matterId, rows.flatMap((row) => (row.slot === null ? [] : [row.slot])))
  const fieldIds = query.withLeaves === true ? await fieldIdsOf(room, query.matterId, rows) : null
  return rows.flatMap((row) => {
    const secret = row.slot === null ? null : (secrets.get(row.slot) ?? null)
    if (secret !== null) return [openRow(room, grant, query, { row, secret, fieldIds: fieldIds?.get(row.data_set_id) ?? null })]
    // Erased between our query and the opening of its key.
    if (query.recordIds !== undefined) throw vaultFailures.RECORD_ERASED({ record: hexOf(row.id) })
    return []
  })
}

function openRow(room: KeyRoom, grant: ReadGrant, query: ReadQuery, found: { row: CipherRecordRow; secret: Buffer; fieldIds: Buffer[] | null }): OpenRecord {
  const { row } = found
  const keys = recordKeys(keyObjectOf(found.secret), row.version, row.dispositions.length)
  const stored = decryptRow(room, query, row, keys)
  const leaves = found.fieldIds === null ? null : leavesOf(row, stored.values, keys.salts, found.fieldIds)
  const granted = stored.values.map((value, at) => (value !== undefined && mayOpen(grant, row, at, stored.compartments[at]) ? value : undefined))
  return {
    recordId: row.id, dataSetId: row.data_set_id, ordinal: row.ordinal, inventoryIndex: row.inventory_index, version: row.version,
    slot: required(row.slot, 'a record with a secret has a slot'), values: granted, salts: keys.salts.map((salt, at) => (granted[at] === undefined ? undefined : salt)),
    ...(leaves === null ? {} : { leaves }), root: row.root, inventoryRoot: row.inventory_root, presence: row.presence, dispositions: row.dispositions,
    ageGroup: row.age_group, facets: row.facets,
  }
}

interface StoredValues {
  values: (CanonicalValue | undefined)[]
  compartments: (Compartment | undefined)[]
}

function decryptRow(room: KeyRoom, query: ReadQuery, row: CipherRecordRow, keys: RecordKeys): StoredValues {
  const values: (CanonicalValue | undefined)[] = Array.from({ length: row.dispositions.length }, () => undefined)
  const places: (Compartment | undefined)[] = values.map(() => undefined)
  for (const compartment of compartments) {
    const sealed = row[compartment]
    if (sealed === null) continue
    const whole = openCompartment(scopeOf(room, query.matterId), keys.compartment(compartment), { recordId: row.id, version: row.version, compartment, sealed }, values)
    if (!whole) throw vaultFailures.CIPHERTEXT_REFUSED({ record: hexOf(row.id) })
    for (const [at, value] of values.entries()) if (value !== undefined) places[at] ??= compartment
  }
  return { values, compartments: places }
}

function mayOpen(grant: ReadGrant, row: CipherRecordRow, at: number, compartment: Compartment | undefined): boolean {
  const code = row.dispositions[at]
  if (compartment === undefined || !grant.compartments.includes(compartment)) return false
  if (grant.fieldIndexes !== undefined && !grant.fieldIndexes.includes(at)) return false
  // What was destroyed or anonymised is given to nobody, even before its ciphertext is rewritten.
  if (code === dispositionByte.destroyed || code === dispositionByte.anonymised) return false
  return code !== dispositionByte.sealed || mayOpenSealed.includes(grant.purpose)
}

/** The salted commitments of all fields; a field left out of the ciphertext commits as null. Refuses a record whose values do not give its root. */
function leavesOf(row: CipherRecordRow, values: readonly (CanonicalValue | undefined)[], salts: readonly Buffer[], fieldIds: readonly Buffer[]): Buffer[] {
  const leaves = values.map((value, at) => {
    const salt = required(salts[at], 'every field has a salt')
    const fieldId = required(fieldIds[at], 'every field of a data set has an id')
    return Buffer.from(fieldLeaf({ salt, recordId: row.id, fieldId, value: value ?? null }))
  })
  if (!row.root.equals(recordRoot(leaves))) throw vaultFailures.CIPHERTEXT_REFUSED({ record: hexOf(row.id) })
  return leaves
}

async function fieldIdsOf(room: KeyRoom, matterId: string, rows: readonly CipherRecordRow[]): Promise<Map<string, Buffer[]>> {
  const fields = await fieldRows(room.main, scopeOf(room, matterId), [...new Set(rows.map((row) => row.data_set_id))])
  const ids = new Map<string, Buffer[]>()
  for (const field of fields) ids.set(field.data_set_id, [...(ids.get(field.data_set_id) ?? []), idBytes('fld', field.id)])
  return ids
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
