// SPDX-License-Identifier: Apache-2.0
// A low-level byte file: a million records go through here, so nothing is allocated for a field.
import { hash } from 'node:crypto'
import { fromHex } from '../bytes.ts'
import { parseRecordLine, segmentContentLeaf, verifySegmentRecord } from '../segment.ts'
import type { ManifestDataSet } from '../statements.ts'
import { isValue } from '../values.ts'

/** What a record that holds gives: its leaf under the content root and how many values it carries. */
export type CheckedRecord = { leaf: Uint8Array; values: number }

const HASH_BYTES = 32
const ID_BYTES = 16
/** 0x00 ‖ salt ‖ record id, before the field id in a field's commitment. */
const PREFIX_BYTES = 1 + 2 * ID_BYTES
const VALUE_HEAD_BYTES = 9
const VIEWS = 1024
const SALT = /^[A-Za-z0-9+/]{21}[AQgw]==$/
const LEAF = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/**
 * Checks records of one data set: field leaves lead to the root (CONTRACTS §3), and gives the content leaf. The usual form of a line is hashed from buffers that
 * are used again for every record; whatever is out of the ordinary goes through `verifySegmentRecord`, which says what is wrong with it.
 */
export class RecordChecker {
  readonly #dataSet: ManifestDataSet
  readonly #ids: Uint8Array[]
  readonly #hashes: Buffer
  readonly #node = Buffer.alloc(1 + 2 * HASH_BYTES)
  #field: Buffer = Buffer.alloc(4096)
  #content: Buffer = Buffer.alloc(16_384)
  #fieldViews: (Buffer | undefined)[] = []
  #end = 0
  #values = 0

  constructor(dataSet: ManifestDataSet) {
    this.#dataSet = dataSet
    this.#ids = dataSet.fields.map((field) => fromHex(field.id))
    this.#hashes = Buffer.alloc(HASH_BYTES * Math.max(1, dataSet.fields.length))
    this.#node[0] = 1
  }

  /** The record of a line whose JSON was read; throws RECORD_ROOT, RECORD_FIELDS or BAD_SEGMENT when it does not hold. */
  check(text: string, line: { r: string; root: string; f: readonly unknown[]; l: readonly unknown[] }): CheckedRecord {
    if (!this.#hashLine(line) || this.#root() !== line.root) return this.#checkSlowly(text)
    return { leaf: Buffer.from(hash('sha256', this.#content.subarray(0, this.#end), 'binary'), 'binary'), values: this.#values }
  }

  #checkSlowly(text: string): CheckedRecord {
    const record = parseRecordLine(text)
    verifySegmentRecord(record, this.#dataSet)
    return { leaf: segmentContentLeaf(record, this.#dataSet), values: record.fields.filter(({ value }) => isValue(value)).length }
  }

  /** Fills the field hashes and the content; false when the line is not in the usual form. */
  #hashLine({ r, f, l }: { r: string; f: readonly unknown[]; l: readonly unknown[] }): boolean {
    const width = this.#ids.length
    if (f.length + l.length !== width) return false
    this.#content[0] = 0
    this.#content.write(r, 1, 'hex')
    this.#content.copy(this.#field, 1 + ID_BYTES, 1, 1 + ID_BYTES)
    this.#end = 1 + ID_BYTES
    this.#values = 0
    let [field, leaf] = [0, 0]
    for (let index = 0; index < width; index += 1) {
      if (this.#isField(f[field], index)) field += 1
      else if (this.#isLeaf(l[leaf], index)) leaf += 1
      else return false
    }
    return true
  }

  #isLeaf(item: unknown, index: number): boolean {
    if (!Array.isArray(item) || item.length !== 2 || item[0] !== index) return false
    const text: unknown = item[1]
    if (typeof text !== 'string' || !LEAF.test(text)) return false
    this.#hashes.write(text, index * HASH_BYTES, 'base64')
    return true
  }

  #isField(item: unknown, index: number): boolean {
    if (!Array.isArray(item) || item.length !== 4 || item[0] !== index) return false
    const kind: unknown = item[1]
    const value: unknown = item[2]
    const salt: unknown = item[3]
    if (typeof salt !== 'string' || !SALT.test(salt)) return false
    const start = this.#end
    if (!this.#writeValue(index, kind, value)) return false
    this.#field.write(salt, 1, 'base64')
    this.#content.copy(this.#field, PREFIX_BYTES, start, this.#end)
    this.#hashes.write(hash('sha256', this.#fieldView(PREFIX_BYTES + this.#end - start), 'binary'), index * HASH_BYTES, 'binary')
    return true
  }

  /** field id ‖ tag ‖ length ‖ bytes: the end of the field's commitment and a part of the content. Bytes are rare and go the slow way. */
  #writeValue(index: number, kind: unknown, value: unknown): boolean {
    const id = this.#ids[index]
    const isText = kind === 't' && typeof value === 'string'
    if (id === undefined || !(isText || (kind === 'n' && value === null))) return false
    const text = isText ? value : ''
    if (!text.isWellFormed()) return false
    this.#makeRoom(ID_BYTES + VALUE_HEAD_BYTES + 3 * text.length)
    const content = this.#content
    content.set(id, this.#end)
    const at = this.#end + ID_BYTES
    content[at] = isText ? 1 : 0
    const length = text === '' ? 0 : content.write(text, at + VALUE_HEAD_BYTES, 'utf8')
    content.writeUInt32BE(0, at + 1) // a segment unpacks to 64 MiB at most
    content.writeUInt32BE(length, at + 5)
    this.#end = at + VALUE_HEAD_BYTES + length
    this.#values += length > 0 ? 1 : 0
    return true
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes > this.#content.length) this.#content = Buffer.concat([this.#content, Buffer.alloc(this.#content.length + bytes)])
    if (PREFIX_BYTES + bytes <= this.#field.length) return
    this.#field = Buffer.concat([this.#field, Buffer.alloc(this.#field.length + bytes)])
    this.#fieldViews = []
  }

  /** The first bytes of the field buffer; most fields are short, and making a view takes longer than hashing it. */
  #fieldView(length: number): Buffer {
    if (length >= VIEWS) return this.#field.subarray(0, length)
    const known = this.#fieldViews[length]
    if (known !== undefined) return known
    const made = this.#field.subarray(0, length)
    this.#fieldViews[length] = made
    return made
  }

  /** The record root: hashes of a level in pairs, an odd last one moves up; that is the tree of RFC 6962 §2.1. */
  #root(): string {
    let count = this.#ids.length
    if (count === 0) return ''
    while (count > 1) {
      const pairs = count >> 1
      for (let pair = 0; pair < pairs; pair += 1) {
        this.#hashes.copy(this.#node, 1, pair * 2 * HASH_BYTES, (pair * 2 + 2) * HASH_BYTES)
        this.#hashes.write(hash('sha256', this.#node, 'binary'), pair * HASH_BYTES, 'binary')
      }
      if (count % 2 === 1) this.#hashes.copy(this.#hashes, pairs * HASH_BYTES, (count - 1) * HASH_BYTES, count * HASH_BYTES)
      count = pairs + (count % 2)
    }
    return this.#hashes.toString('hex', 0, HASH_BYTES)
  }
}
