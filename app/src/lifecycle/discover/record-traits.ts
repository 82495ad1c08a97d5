// SPDX-License-Identifier: Apache-2.0
// Runs in the sealing thread.
import type { Day } from '../../kit/time.ts'
import { WireArray } from '../../store/wire/index.ts'
import type { KeyedHash } from '../../vault/sealed-batch/index.ts'
import { birthTagType, comparableName, keyWithScope, nameTagType, placeholderReason, type IdentityField } from './identity-keys.rules.ts'
import { textAt, type PackedRows } from './pack-rows.ts'
import { ageOfDays, birthDaysOf, evidenceFields, identityKeysOf, type EvidenceFields } from './record-evidence.rules.ts'

/** Keys and tags of sealed rows. `inner` holds 16 bytes for each key, then 16 for each tag, and needs the vault's outer layer before it is stored (CONTRACTS §13). */
export interface TraitColumns {
  inner: Buffer
  keys: number
  keyRecord: Buffer
  keyType: Buffer
  keyProven: Buffer
  /** Places among the keys whose value is nobody's; after blinding nobody can tell. */
  placeholders: Uint32Array
  placeholderTypes: string[]
  /** Records with a name or birth day, one after the other, 16 bytes each, and for each of them which tags it has (`tagFlags`). */
  tagRecords: Buffer
  tags: Uint8Array
}

/** Which tags a record has: the name's stands before the birth day's; a name that cannot be compared has none. */
export const tagFlags = { name: 1, comparable: 2, birth: 4 } as const

const blindBytes = 16
const idWidth = 16

interface BatchOfRows {
  ids: Buffer
  rows: PackedRows
  today: Day
}

/** 记录特征. Identity keys, person tags and age groups of rows, read from their cells once (CONTRACTS §14; rule B04). */
export class RecordTraits {
  readonly #blind: KeyedHash
  readonly #plan: { sourceId: string; fields: readonly { name: string; type: string }[] }
  readonly #batch: BatchOfRows
  readonly #fields: EvidenceFields
  readonly #ages = new WireArray('text', 1024)
  readonly #keyRecord = new WireArray('bytea', 1024)
  readonly #keyType = new WireArray('text', 1024)
  readonly #keyProven = new WireArray('bool', 1024)
  readonly #placeholders: number[] = []
  readonly #placeholderTypes: string[] = []
  #inner: Buffer
  #innerAt = 0
  #tagInner: Buffer
  #tagAt = 0
  readonly #tags: Uint8Array
  readonly #tagRecords: Buffer
  #tagged = 0

  constructor(plan: { sourceId: string; fields: readonly { name: string; type: string }[] }, blind: KeyedHash, batch: BatchOfRows) {
    const count = batch.rows.ordinals.length
    this.#plan = plan
    this.#blind = blind
    this.#batch = batch
    this.#fields = evidenceFields(plan.fields)
    this.#inner = Buffer.alloc(Math.max(1, count * this.#fields.identity.length) * blindBytes)
    this.#tagInner = Buffer.alloc(Math.max(1, count) * 2 * blindBytes)
    this.#tags = new Uint8Array(count)
    this.#tagRecords = Buffer.alloc(count * idWidth)
    for (let row = 0; row < count; row += 1) this.#take(row)
  }

  ageGroups(): Buffer {
    return this.#ages.end()
  }

  columns(): TraitColumns {
    return {
      inner: Buffer.concat([this.#inner.subarray(0, this.#innerAt), this.#tagInner.subarray(0, this.#tagAt)]), keys: this.#innerAt / blindBytes,
      keyRecord: this.#keyRecord.end(), keyType: this.#keyType.end(), keyProven: this.#keyProven.end(),
      placeholders: Uint32Array.from(this.#placeholders), placeholderTypes: this.#placeholderTypes,
      tagRecords: this.#tagRecords.subarray(0, this.#tagged * idWidth), tags: this.#tags.subarray(0, this.#tagged),
    }
  }

  #take(row: number): void {
    const textOf = (position: number): string | null => this.#text(row, position)
    const keys = identityKeysOf(this.#fields, textOf, this.#batch.today)
    const births = birthDaysOf(this.#fields, keys, textOf)
    this.#ages.text(ageOfDays(births, this.#batch.today))
    this.#takeKeys(row, keys)
    this.#takeTags(row, births[0] ?? null)
  }

  #takeKeys(row: number, keys: readonly (string | null)[]): void {
    for (const [at, field] of this.#fields.identity.entries()) {
      const normalised = keys[at] ?? null
      if (normalised === null) continue
      // The same key twice in a record is one edge, proven when one of them is.
      const isSame = (other: IdentityField, place: number): boolean => other.type === field.type && keys[place] === normalised
      if (this.#fields.identity.findIndex(isSame) !== at) continue
      if (placeholderReason(field.type, normalised) !== null) {
        this.#placeholders.push(this.#innerAt / blindBytes)
        this.#placeholderTypes.push(field.type)
      }
      this.#keyRecord.bytes(this.#batch.ids, row * idWidth, (row + 1) * idWidth)
      this.#keyType.text(field.type)
      this.#keyProven.bool(field.proven || this.#fields.identity.some((other, place) => other.proven && isSame(other, place)))
      this.#digest(`${field.type}\0${keyWithScope(field.type, normalised, this.#plan.sourceId)}`, this.#inner, this.#innerAt)
      this.#innerAt += blindBytes
    }
  }

  /** The blinded name and birth day, of which two bytes each are kept, only to tell that two of them differ. */
  #takeTags(row: number, birthDay: string | null): void {
    const name = this.#fields.nameAt === null ? null : this.#text(row, this.#fields.nameAt)
    const hasName = name !== null && name.trim() !== ''
    const comparable = hasName ? comparableName(name) : null
    const flags = (hasName ? tagFlags.name : 0) | (comparable === null ? 0 : tagFlags.comparable) | (birthDay === null ? 0 : tagFlags.birth)
    if (flags === 0) return
    this.#tags[this.#tagged] = flags
    this.#batch.ids.copy(this.#tagRecords, this.#tagged * idWidth, row * idWidth, (row + 1) * idWidth)
    this.#tagged += 1
    if (comparable !== null) this.#tag(`${nameTagType}\0${comparable}`)
    if (birthDay !== null) this.#tag(`${birthTagType}\0${birthDay}`)
  }

  #tag(text: string): void {
    this.#digest(text, this.#tagInner, this.#tagAt)
    this.#tagAt += blindBytes
  }

  #digest(text: string, into: Buffer, at: number): void {
    const room = this.#blind.room(text.length * 3)
    this.#blind.digest(room.into.write(text, room.at, 'utf8'), into, at, blindBytes)
  }

  #text(row: number, field: number): string | null {
    return textAt(this.#batch.rows, row * this.#plan.fields.length + field)
  }
}
