// SPDX-License-Identifier: Apache-2.0
import { ProofError, type CanonicalValue } from '@handover/proof'
import type { SourceRow } from '../../sources/index.ts'
import type { PackedCells } from '../../vault/sealed-batch/index.ts'

/** Rows on their way to the sealing thread: cells as bytes, and where each row stands in its source and in the inventory. All buffers are of their own, so that they can be handed over. */
export interface PackedRows extends PackedCells {
  ordinals: Float64Array
  indexes: Float64Array
}

/** One row to be packed. */
export interface RowPlace {
  row: Pick<SourceRow, 'ordinal' | 'cells'>
  /** Its place in the inventory. */
  index: number
}

/** Packs rows of one data set; a short row ends in empty cells. Refuses text with lone surrogates (CONTRACTS §1). */
export function packRows(rows: readonly RowPlace[], width: number): PackedRows {
  const start = new Uint32Array(rows.length * width + 1)
  const tag = new Uint8Array(rows.length * width)
  let plain = Buffer.from(new ArrayBuffer(rows.length * width * 24 + 1024))
  let at = 0
  for (const [number, { row }] of rows.entries()) {
    for (let field = 0; field < width; field += 1) {
      const value = row.cells[field]?.value ?? null
      const most = value === null ? 0 : typeof value === 'string' ? value.length * 3 : value.length
      if (at + most > plain.length) plain = enlarged(plain, at, most)
      tag[number * width + field] = value === null ? 0 : typeof value === 'string' ? 1 : 2
      at += writeValue(value, plain, at)
      start[number * width + field + 1] = at
    }
  }
  return { plain, start, tag, ordinals: Float64Array.from(rows, ({ row }) => row.ordinal), indexes: Float64Array.from(rows, ({ index }) => index) }
}

function enlarged(plain: Buffer, used: number, need: number): Buffer<ArrayBuffer> {
  const larger = Buffer.from(new ArrayBuffer(Math.max(plain.length * 2, used + need)))
  plain.copy(larger, 0, 0, used)
  plain.fill(0)
  return larger
}

function writeValue(value: CanonicalValue, plain: Buffer, at: number): number {
  if (value === null) return 0
  if (typeof value !== 'string') {
    plain.set(value, at)
    return value.length
  }
  if (!value.isWellFormed()) throw new ProofError('LONE_SURROGATE', 'text has a lone surrogate')
  return plain.write(value, at, 'utf8')
}

/** The text of a packed cell; null for empty cells and cells that are not text. */
export function textAt(cells: PackedCells, cell: number): string | null {
  const [from, to] = [cells.start[cell] ?? 0, cells.start[cell + 1] ?? 0]
  return cells.tag[cell] === 1 && to > from ? cells.plain.toString('utf8', from, to) : null
}
