// SPDX-License-Identifier: Apache-2.0
// Runs in the sealing thread: no database, no files, no vault; keys and rows come with the order and are wiped after it.
import { randomFillSync } from 'node:crypto'
import { idBytes } from '../../kit/ids.ts'
import type { Day } from '../../kit/time.ts'
import { accountCode } from '../../law/nouns.ts'
import { wireArrayOf, WireArray } from '../../store/wire/index.ts'
import { KeyedHash, RecordSealer } from '../../vault/sealed-batch/index.ts'
import type { SealingKeys } from '../../vault/index.ts'
import { compartmentOf } from './inventory.ts'
import type { PackedRows } from './pack-rows.ts'
import { RecordTraits, type TraitColumns } from './record-traits.ts'

/** How the rows of one data set become records. */
export interface SealPlan {
  dataSetId: string
  sourceId: string
  fields: readonly { id: string; name: string; type: string; grade: string }[]
}

/** Rows to seal, with the secrets that are already safe in the key store (keys before ciphertext, CONTRACTS §5). */
export interface SealOrder {
  plan: SealPlan
  rows: PackedRows
  firstSlot: number
  secrets: Buffer
  today: Day
}

/** Sealed rows as columns: each Buffer is a binary array parameter (`store/wire`), but the blind indexes, which still need their outer layer. */
export interface SealedRows {
  rows: number
  record: { id: Buffer; ordinal: Buffer; index: Buffer; slot: Buffer; presence: Buffer; dispositions: Buffer; root: Buffer; ageGroup: Buffer }
  ciphertext: { recordId: Buffer; compartment: Buffer; sealed: Buffer }
  traits: TraitColumns
}

const secretBytes = 32
const idWidth = 16
const nonceBytes = 12
const rootBytes = 32

/** 封存. Seals rows: record ids, salts, leaves, record roots, ciphertext by compartment, inner blind indexes, age groups (CONTRACTS §§1–3, 13). */
export class RowSealer {
  readonly #keys: SealingKeys
  readonly #ids: KeyedHash
  readonly #blind: KeyedHash

  constructor(keys: SealingKeys) {
    this.#keys = keys
    this.#ids = new KeyedHash(keys.ids)
    this.#blind = new KeyedHash(keys.blind)
  }

  seal({ plan, rows, firstSlot, secrets, today }: SealOrder): SealedRows {
    const count = rows.ordinals.length
    const width = plan.fields.length
    const ids = this.#recordIds(idBytes('ds', plan.dataSetId), rows.ordinals)
    const sealer = new RecordSealer(this.#keys, { ids: Buffer.concat(plan.fields.map((field) => idBytes('fld', field.id))), compartments: plan.fields.map(compartmentOf) })
    const nonces = randomFillSync(Buffer.allocUnsafe(count * sealer.compartments * nonceBytes))
    const out = { recordId: new WireArray('bytea', count * 40), compartment: new WireArray('text', count * 24), sealed: new WireArray('bytea', rows.plain.length + count * width * 8) }
    const roots = Buffer.alloc(count * rootBytes)
    for (let row = 0; row < count; row += 1) {
      const one = { id: ids.subarray(row * idWidth, (row + 1) * idWidth), secret: secrets.subarray(row * secretBytes, (row + 1) * secretBytes), row, nonces: nonces.subarray(row * sealer.compartments * nonceBytes) }
      sealer.seal(one, rows, out, roots.subarray(row * rootBytes, (row + 1) * rootBytes))
    }
    sealer.wipe()
    secrets.fill(0)
    const traits = new RecordTraits(plan, this.#blind, { ids, rows, today })
    const slots = rows.ordinals.map((_, at) => firstSlot + at)
    const record = { id: wireArrayOf('bytea', ids, idWidth), ordinal: int8Array(rows.ordinals), index: int8Array(rows.indexes), slot: int8Array(slots), root: wireArrayOf('bytea', roots, rootBytes), ...presenceOf(rows, count, width), ageGroup: traits.ageGroups() }
    const columns = { rows: count, record, ciphertext: { recordId: out.recordId.end(), compartment: out.compartment.end(), sealed: out.sealed.end() }, traits: traits.columns() }
    rows.plain.fill(0)
    return columns
  }

  /** Forgets all keys. */
  wipe(): void {
    this.#ids.wipe()
    this.#blind.wipe()
  }

  /** Record id = HMAC(matter id key, data set id ‖ ordinal at first scan), 16 bytes (CONTRACTS §2). */
  #recordIds(dataSet: Buffer, ordinals: Float64Array): Buffer {
    const ids = Buffer.alloc(ordinals.length * idWidth)
    const { into, at } = this.#ids.room(idWidth + 8)
    into.set(dataSet, at)
    for (const [row, ordinal] of ordinals.entries()) {
      into.writeBigUInt64BE(BigInt(ordinal), at + idWidth)
      this.#ids.digest(idWidth + 8, ids, row * idWidth, idWidth)
    }
    return ids
  }
}

function int8Array(numbers: Float64Array): Buffer {
  const array = new WireArray('int8', numbers.length * 12)
  for (const number of numbers) array.int8(number)
  return array.end()
}

/** Presence bitmap (field 0 is the lowest bit of byte 0) and opening dispositions of each row. */
function presenceOf(rows: PackedRows, count: number, width: number): { presence: Buffer; dispositions: Buffer } {
  const bitmapBytes = Math.ceil(width / 8)
  const presence = new WireArray('bytea', count * (4 + bitmapBytes))
  const dispositions = new WireArray('bytea', count * (4 + width))
  for (let row = 0; row < count; row += 1) {
    const bitmap = presence.room(bitmapBytes)
    const vector = dispositions.room(width)
    bitmap.into.fill(0, bitmap.at, bitmap.at + bitmapBytes)
    for (let field = 0; field < width; field += 1) {
      const cell = row * width + field
      const isPresent = (rows.start[cell + 1] ?? 0) > (rows.start[cell] ?? 0)
      if (isPresent) bitmap.into[bitmap.at + (field >> 3)] = (bitmap.into[bitmap.at + (field >> 3)] ?? 0) | (1 << (field & 7))
      vector.into[vector.at + field] = isPresent ? accountCode.pending : 0
    }
  }
  return { presence: presence.end(), dispositions: dispositions.end() }
}
