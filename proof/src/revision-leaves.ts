// SPDX-License-Identifier: Apache-2.0
import { concat, ProofError, u16be, u32be, u64be, view } from './bytes.ts'

/** 更新叶. A record of the inventory as a delta scan found it anew: its version and root from then on, and the fields it has since (CONTRACTS §2). */
export type RevisionEntry = { index: bigint; recordId: Uint8Array; version: number; presence: Uint8Array; recordRoot: Uint8Array }

/** Entry bytes: u64 index ‖ record id ‖ u32 version ‖ u16 length ‖ bitmap ‖ record root. */
export function encodeRevisionEntry(entry: RevisionEntry): Uint8Array {
  if (entry.recordId.length !== 16 || entry.recordRoot.length !== 32) throw new ProofError('BAD_ID', 'a revision has an id or root of another length')
  return concat(u64be(entry.index), entry.recordId, u32be(entry.version), u16be(entry.presence.length), entry.presence, entry.recordRoot)
}

/** The revision entry of its bytes; refuses any other length. */
export function decodeRevisionEntry(bytes: Uint8Array): RevisionEntry {
  const buffer = view(bytes)
  const width = buffer.length < 30 ? -1 : buffer.readUInt16BE(28)
  if (buffer.length !== 30 + width + 32) throw new ProofError('BAD_LEAF', 'a revision leaf has a wrong length')
  return {
    index: buffer.readBigUInt64BE(0), recordId: buffer.subarray(8, 24), version: buffer.readUInt32BE(24), presence: buffer.subarray(30, 30 + width), recordRoot: buffer.subarray(30 + width),
  }
}
