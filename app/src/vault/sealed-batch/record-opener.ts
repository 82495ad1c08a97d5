// SPDX-License-Identifier: Apache-2.0
import { createDecipheriv, createSecretKey, hash } from 'node:crypto'
import { boundTo } from '../seal-bytes.ts'
import type { KeyScope } from '../key-page.ts'
import { deriveBytes } from './derive-bytes.ts'
import { headOf, leadingRowBytes } from './sealed-row.ts'

/** An opened record as spans over one buffer; everything is overwritten by the next opening. */
export interface OpenedRow {
  recordId: Buffer
  version: number
  root: Buffer
  width: number
  dispositions: Buffer
  /** The values' bytes; `start` and `length` say where a field's are. */
  plain: Buffer
  start: Int32Array
  length: Int32Array
  /** 0 null, 1 text, 2 bytes, `absent` when the field is not in the ciphertext. */
  tag: Uint8Array
  /** 16 bytes a field. */
  salts: Buffer
  /** 32 bytes a field. */
  leaves: Buffer
}

const compartmentNames = ['general', 'sensitive', 'text'] as const
const saltInfo = Buffer.from('handover/v1/salts', 'utf8')
const compartmentInfo = Buffer.from('handover/v1/compartments', 'utf8')
const saltsABlock = 510
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const fieldHeadBytes = 7
const leafHeadBytes = 58
/** Value of `tag` for a field that is not in the ciphertext; it commits as null. */
const absent = 255

/** Opens sealed rows one after the other with the least work a record: derives, decrypts, commits, and compares with the record's root. Not for two records at once. */
export class RecordOpener {
  private readonly bindings: readonly Buffer[]
  private plain = Buffer.alloc(1 << 16)
  private leafText = Buffer.alloc(1 << 16)
  private readonly nodeText = Buffer.alloc(65, 1)
  private derived = Buffer.alloc(0)
  private levels = Buffer.alloc(0)
  private row: OpenedRow | null = null

  constructor(scope: KeyScope) {
    this.bindings = compartmentNames.map((name) => Buffer.concat([boundTo('record', scope.tenant, scope.matterId, name), Buffer.alloc(1 + 16 + 4)]))
  }

  /** The record whose row begins here; null when key, binding, ciphertext or commitments do not fit each other. */
  open(rows: Buffer, at: number, secret: Uint8Array, fieldIds: Buffer): OpenedRow | null {
    const head = headOf(rows, at)
    const width = head.dispositions.length
    if (fieldIds.length !== width * 16) return null
    const row = this.rowFor(width)
    Object.assign(row, head)
    this.derive(secret, head.version, width)
    row.salts = this.derived.subarray(0, width * 16)
    const whole = this.decrypt(rows, at + leadingRowBytes(width), row)
    this.derived.fill(0, width * 16)
    if (!whole) return null
    this.commit(row, fieldIds)
    return this.rootOf(row) ? row : null
  }

  private rowFor(width: number): OpenedRow {
    if (this.row?.width !== width) {
      this.derived = Buffer.alloc(width * 16 + compartmentNames.length * keyBytes)
      this.levels = Buffer.alloc(width * 32)
      const none = Buffer.alloc(0)
      this.row = { recordId: none, version: 0, root: none, dispositions: none, width, plain: this.plain, start: new Int32Array(width), length: new Int32Array(width), tag: new Uint8Array(width), salts: none, leaves: Buffer.alloc(width * 32) }
    }
    return this.row
  }

  private derive(secret: Uint8Array, version: number, width: number): void {
    const outputs: { info: Uint8Array; bytes: number }[] = []
    for (let block = 0; block * saltsABlock < width; block += 1) outputs.push({ info: Buffer.concat([saltInfo, u32(version), u32(block)]), bytes: Math.min(saltsABlock, width - block * saltsABlock) * 16 })
    deriveBytes(secret, [...outputs, { info: Buffer.concat([compartmentInfo, u32(version)]), bytes: compartmentNames.length * keyBytes }], this.derived)
  }

  private decrypt(rows: Buffer, start: number, row: OpenedRow): boolean {
    row.tag.fill(absent)
    let at = start
    let used = 0
    for (const [order, binding] of this.bindings.entries()) {
      const size = rows.readInt32BE(at)
      at += 4
      if (size < 0) continue
      const keyAt = row.width * 16 + order * keyBytes
      binding.set(row.recordId, binding.length - 20)
      binding.writeUInt32BE(row.version, binding.length - 4)
      const length = this.openInto(this.derived.subarray(keyAt, keyAt + keyBytes), binding, rows.subarray(at, at + size), used)
      if (length < 0 || !readFields(this.plain, used, used + length, row)) return false
      used += length
      at += size
    }
    row.plain = this.plain
    return true
  }

  /** Length of the plaintext that now stands in `plain`, or -1. */
  private openInto(key: Buffer, binding: Buffer, sealed: Buffer, used: number): number {
    const end = sealed.length - tagBytes
    if (end < nonceBytes) return -1
    const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), sealed.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(binding)
    decipher.setAuthTag(sealed.subarray(end))
    const plain = decipher.update(sealed.subarray(nonceBytes, end))
    try {
      decipher.final()
    } catch {
      plain.fill(0)
      return -1
    }
    this.plain = withRoom(this.plain, used + plain.length)
    plain.copy(this.plain, used)
    plain.fill(0)
    return plain.length
  }

  /** SHA-256(0x00 ‖ salt ‖ record ‖ field ‖ tag ‖ length ‖ bytes) of every field (CONTRACTS §3). */
  private commit(row: OpenedRow, fieldIds: Buffer): void {
    for (let field = 0; field < row.width; field += 1) {
      const isThere = row.tag[field] !== absent
      const length = isThere ? (row.length[field] ?? 0) : 0
      this.leafText = withRoom(this.leafText, leafHeadBytes + length)
      const text = this.leafText
      text[0] = 0
      row.salts.copy(text, 1, field * 16, field * 16 + 16)
      row.recordId.copy(text, 17)
      fieldIds.copy(text, 33, field * 16, field * 16 + 16)
      text[49] = isThere ? (row.tag[field] ?? 0) : 0
      text.writeUInt32BE(0, 50)
      text.writeUInt32BE(length, 54)
      if (length > 0) row.plain.copy(text, leafHeadBytes, row.start[field], (row.start[field] ?? 0) + length)
      row.leaves.write(hash('sha256', text.subarray(0, leafHeadBytes + length), 'binary'), field * 32, 32, 'latin1')
    }
  }

  /** Whether the leaves lead to the record's root: pairs level by level, an odd one goes up as it is (RFC 6962 §2.1). */
  private rootOf(row: OpenedRow): boolean {
    const { levels, nodeText } = this
    row.leaves.copy(levels)
    for (let nodes = row.width; nodes > 1; nodes = Math.ceil(nodes / 2)) {
      for (let pair = 0; pair * 2 < nodes; pair += 1) {
        if (pair * 2 + 1 === nodes) {
          levels.copy(levels, pair * 32, pair * 64, pair * 64 + 32)
          continue
        }
        levels.copy(nodeText, 1, pair * 64, pair * 64 + 64)
        levels.write(hash('sha256', nodeText, 'binary'), pair * 32, 32, 'latin1')
      }
    }
    return row.width > 0 && levels.compare(row.root, 0, row.root.length, 0, 32) === 0
  }
}

/** Inside a compartment: for each field u16 index ‖ u8 tag ‖ u32 length ‖ bytes. */
function readFields(plain: Buffer, from: number, to: number, row: OpenedRow): boolean {
  let at = from
  while (at + fieldHeadBytes <= to) {
    const index = plain.readUInt16BE(at)
    const tag = plain[at + 2] ?? absent
    const length = plain.readUInt32BE(at + 3)
    const start = at + fieldHeadBytes
    at = start + length
    if (index >= row.width || tag > 2 || at > to) return false
    row.tag[index] = tag
    row.start[index] = start
    row.length[index] = length
  }
  return at === to
}

function withRoom(buffer: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> {
  if (buffer.length >= bytes) return buffer
  const larger = Buffer.alloc(Math.max(bytes, buffer.length * 2))
  buffer.copy(larger)
  buffer.fill(0)
  return larger
}

function u32(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
