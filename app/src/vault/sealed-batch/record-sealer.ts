// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createSecretKey, hash } from 'node:crypto'
import type { WireArray } from '../../store/wire/index.ts'
import type { KeyScope } from '../key-page.ts'
import { boundTo } from '../seal-bytes.ts'
import { deriveBytes } from './derive-bytes.ts'

/** Cells of many rows as bytes: cell c of row r is number r · width + c, from `start[n]` to `start[n + 1]` in `plain`. `tag`: 0 null, 1 text (UTF-8), 2 bytes. */
export interface PackedCells {
  plain: Buffer
  start: Uint32Array
  tag: Uint8Array
}

/** Where sealed compartments go: one item in each array for each compartment. */
export interface SealedColumns {
  recordId: WireArray
  compartment: WireArray
  sealed: WireArray
}

const compartmentNames = ['general', 'sensitive', 'text'] as const
const saltInfo = Buffer.from('handover/v1/salts', 'utf8')
const compartmentInfo = Buffer.from('handover/v1/compartments', 'utf8')
const saltsABlock = 510
const keyBytes = 32
const hashBytes = 32
const nonceBytes = 12
const tagBytes = 16
const fieldHeadBytes = 7
const leafHeadBytes = 58

/** Seals the records of one data set one after the other with the least work a record, byte for byte as `sealRecord`, `fieldLeaf` and `recordRoot` do (CONTRACTS §3). Version 1 only: a record that is entered. */
export class RecordSealer {
  readonly #width: number
  readonly #fieldIds: Buffer
  readonly #places: readonly { name: (typeof compartmentNames)[number]; fields: readonly number[]; binding: Buffer }[]
  readonly #outputs: readonly { info: Uint8Array; bytes: number }[]
  readonly #derived: Buffer
  readonly #leaves: Buffer
  readonly #node = Buffer.alloc(1 + 2 * hashBytes, 1)
  #text = Buffer.alloc(1 << 14)

  constructor(scope: KeyScope, fields: { ids: Buffer; compartments: readonly string[] }) {
    this.#width = fields.compartments.length
    this.#fieldIds = fields.ids
    this.#places = compartmentNames.flatMap((name) => {
      const mine = fields.compartments.flatMap((one, at) => (one === name ? [at] : []))
      return mine.length === 0 ? [] : [{ name, fields: mine, binding: Buffer.concat([boundTo('record', scope.tenant, scope.matterId, name), Buffer.alloc(1 + 16), u32(1)]) }]
    })
    const blocks = Array.from({ length: Math.ceil(this.#width / saltsABlock) }, (_, block) => block)
    this.#outputs = [
      ...blocks.map((block) => ({ info: Buffer.concat([saltInfo, u32(1), u32(block)]), bytes: Math.min(saltsABlock, this.#width - block * saltsABlock) * 16 })),
      { info: Buffer.concat([compartmentInfo, u32(1)]), bytes: compartmentNames.length * keyBytes },
    ]
    this.#derived = Buffer.alloc(this.#width * 16 + compartmentNames.length * keyBytes)
    this.#leaves = Buffer.alloc(this.#width * hashBytes)
  }

  /** Seals one row; `nonces` holds 12 random bytes for each compartment. Writes the record root into `root`. */
  seal(record: { id: Buffer; secret: Uint8Array; row: number; nonces: Buffer }, cells: PackedCells, out: SealedColumns, root: Buffer): void {
    deriveBytes(record.secret, this.#outputs, this.#derived)
    this.#commit(record, cells, root)
    for (const [at, place] of this.#places.entries()) {
      const key = createSecretKey(this.#derived.subarray(this.#width * 16 + compartmentNames.indexOf(place.name) * keyBytes, this.#width * 16 + (compartmentNames.indexOf(place.name) + 1) * keyBytes))
      const length = this.#encode(place.fields, record.row, cells)
      place.binding.set(record.id, place.binding.length - 20)
      const nonce = record.nonces.subarray(at * nonceBytes, (at + 1) * nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(place.binding)
      const sealed = cipher.update(this.#text.subarray(0, length))
      cipher.final()
      const target = out.sealed.room(nonceBytes + length + tagBytes)
      target.into.set(nonce, target.at)
      target.into.set(sealed, target.at + nonceBytes)
      target.into.set(cipher.getAuthTag(), target.at + nonceBytes + length)
      out.recordId.bytes(record.id)
      out.compartment.text(place.name)
    }
    this.#derived.fill(0)
  }

  /** How many nonces a record needs. */
  get compartments(): number {
    return this.#places.length
  }

  /** Forgets the last row. */
  wipe(): void {
    this.#text.fill(0)
    this.#leaves.fill(0)
  }

  /** Field leaves into one buffer, then level by level: a last odd node goes up unchanged, which is the tree of RFC 6962 §2.1. */
  #commit(record: { id: Buffer; row: number }, cells: PackedCells, root: Buffer): void {
    for (let field = 0; field < this.#width; field += 1) this.#leaf(record.id, field, cells, record.row * this.#width + field)
    for (let left = this.#width; left > 1; left = (left + 1) >> 1) {
      for (let pair = 0; pair < left >> 1; pair += 1) {
        this.#leaves.copy(this.#node, 1, pair * 2 * hashBytes, (pair + 1) * 2 * hashBytes)
        this.#leaves.write(hash('sha256', this.#node, 'binary'), pair * hashBytes, hashBytes, 'latin1')
      }
      if (left % 2 === 1) this.#leaves.copyWithin((left >> 1) * hashBytes, (left - 1) * hashBytes, left * hashBytes)
    }
    if (this.#width === 0) root.write(hash('sha256', '', 'binary'), 0, hashBytes, 'latin1')
    else this.#leaves.copy(root, 0, 0, hashBytes)
  }

  #leaf(recordId: Buffer, field: number, cells: PackedCells, cell: number): void {
    const start = cells.start[cell] ?? 0
    const length = (cells.start[cell + 1] ?? 0) - start
    const text = this.#room(leafHeadBytes + length)
    text[0] = 0
    this.#derived.copy(text, 1, field * 16, (field + 1) * 16)
    recordId.copy(text, 17)
    this.#fieldIds.copy(text, 33, field * 16, (field + 1) * 16)
    text[49] = cells.tag[cell] ?? 0
    text.writeUInt32BE(0, 50)
    text.writeUInt32BE(length, 54)
    cells.plain.copy(text, leafHeadBytes, start, start + length)
    this.#leaves.write(hash('sha256', text.subarray(0, leafHeadBytes + length), 'binary'), field * hashBytes, hashBytes, 'latin1')
  }

  /** The fields of a compartment: u16 index ‖ u8 tag ‖ u32 length ‖ bytes for each. */
  #encode(fields: readonly number[], row: number, cells: PackedCells): number {
    let at = 0
    for (const field of fields) {
      const cell = row * this.#width + field
      const start = cells.start[cell] ?? 0
      const length = (cells.start[cell + 1] ?? 0) - start
      const text = this.#room(at + fieldHeadBytes + length)
      text.writeUInt16BE(field, at)
      text[at + 2] = cells.tag[cell] ?? 0
      text.writeUInt32BE(length, at + 3)
      cells.plain.copy(text, at + fieldHeadBytes, start, start + length)
      at += fieldHeadBytes + length
    }
    return at
  }

  #room(bytes: number): Buffer {
    if (bytes <= this.#text.length) return this.#text
    const larger = Buffer.alloc(bytes * 2)
    this.#text.copy(larger)
    this.#text.fill(0)
    this.#text = larger
    return larger
  }
}

function u32(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
