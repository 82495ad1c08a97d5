// SPDX-License-Identifier: Apache-2.0
// Opened records in a flat file, and the work of the packing kernel on them: what `pack` does behind the vault's door.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ageEncrypt, encodeSegmentLines, once, readAll, segmentName } from '@handover/proof'
import { SegmentWriter, type SentShape } from '../app/src/lifecycle/hand-over/segment/index.ts'
import type { OpenedRow } from '../app/src/vault/sealed-batch/index.ts'
import { generatedColumns, generateRows } from '../tools/generate-rows.ts'

/** Records of one segment, as `pack` cuts them. */
export const recordsASegment = 1000
const width = generatedColumns.length
const rowHeadBytes = 16 + 32 + width * 16
/** All twelve columns of the generated table go. */
export const kernelShape: SentShape = { dataSetId: Buffer.alloc(16, 0xda), fieldIds: Buffer.concat(generatedColumns.map((_, index) => hashOf(`field ${index}`).subarray(0, 16))), positions: generatedColumns.map((_, index) => index) }

/** Files of the benchmark's input. */
export function kernelFiles(folder: string): { rows: string; places: string; lines: string; table: string } {
  return { rows: join(folder, 'records.bin'), places: join(folder, 'segments.json'), lines: join(folder, 'lines.ndjson'), table: join(folder, 'customers.csv') }
}

/** Writes the records (id, root, salts, values), where each segment's begin, and the plaintext lines that the yardstick compresses and encrypts. */
export function makeKernelInput(records: number, folder: string): void {
  const files = kernelFiles(folder)
  generateRows({ rows: records, seed: 'pack', file: files.table })
  const bytes = readFileSync(files.table)
  const [rows, lines] = [openSync(files.rows, 'w', 0o600), openSync(files.lines, 'w', 0o600)]
  const places: number[] = [0]
  let parts: Buffer[] = []
  let at = bytes.indexOf('\r\n') + 2
  for (let number = 0; number < records; number += 1) {
    const end = bytes.indexOf('\r\n', at)
    parts.push(rowOf(number, bytes.toString('utf8', at, end)))
    at = end + 2
    if (parts.length < recordsASegment && number < records - 1) continue
    const segment = Buffer.concat(parts)
    writeSync(rows, segment)
    writeSync(lines, linesOf(segment, new SegmentWriter()).lines)
    places.push((places.at(-1) ?? 0) + segment.length)
    parts = []
  }
  closeSync(rows)
  closeSync(lines)
  writeFileSync(files.places, JSON.stringify(places))
}

function rowOf(number: number, line: string): Buffer {
  const values = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => Buffer.from(quoted?.replaceAll('""', '"') ?? plain ?? ''))
  const salts = Buffer.concat(values.map((_, field) => hashOf(`salt ${number} ${field}`).subarray(0, 16)))
  const lengths = Buffer.alloc(values.length * 4)
  for (const [field, value] of values.entries()) lengths.writeUInt32BE(value.length, field * 4)
  return Buffer.concat([hashOf(`record ${number}`).subarray(0, 16), hashOf(`root ${number}`), salts, lengths, ...values])
}

/** Lines, content leaves and roots of a segment's records. */
export function linesOf(segment: Buffer, writer: SegmentWriter): ReturnType<SegmentWriter['take']> {
  const row: OpenedRow = {
    recordId: segment, root: segment, salts: segment, plain: segment, version: 1, width, dispositions: Buffer.alloc(width, 6), leaves: Buffer.alloc(width * 32),
    start: new Int32Array(width), length: new Int32Array(width), tag: new Uint8Array(width).fill(1),
  }
  for (let at = 0; at < segment.length;) {
    row.recordId = segment.subarray(at, at + 16)
    row.root = segment.subarray(at + 16, at + 48)
    row.salts = segment.subarray(at + 48, at + rowHeadBytes)
    let value = at + rowHeadBytes + width * 4
    for (let field = 0; field < width; field += 1) {
      row.start[field] = value
      row.length[field] = segment.readUInt32BE(at + rowHeadBytes + field * 4)
      value += row.length[field] ?? 0
    }
    writer.add(row, kernelShape)
    at = value
  }
  return writer.take()
}

/** One segment from its opened records: lines, leaves, compressed, encrypted, digested. */
export async function sealSegment(index: number, segment: Buffer, recipient: string, writer: SegmentWriter): Promise<{ name: string; bytes: Uint8Array; sha256: string; leaves: Uint8Array }> {
  const { lines, leaves } = linesOf(segment, writer)
  const bytes = await readAll(ageEncrypt(once(encodeSegmentLines({ package: 'pkg_bench', index }, lines, leaves.length / 32)), [recipient]), 1e8)
  return { name: segmentName(index), bytes, sha256: createHash('sha256').update(bytes).digest('hex'), leaves }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
