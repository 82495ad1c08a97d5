// SPDX-License-Identifier: Apache-2.0
import { ageDecrypt } from '../age.ts'
import { once, readAll } from '../byte-reader.ts'
import { ProofError } from '../bytes.ts'
import { isSegmentLine, openSegment } from '../segment.ts'
import { readShape } from '../shape.ts'
import type { ManifestDataSet, PackageManifest } from '../statements.ts'
import { RecordChecker } from './check-record.ts'

/** What a thread needs to know of a package, once. */
export type SegmentsOf = { package: string; dataSets: ManifestDataSet[]; records: number[]; identities: readonly string[] }
/** What a segment whose records all hold gives: their content leaves one after the other, the first and the last key, the sums by data set. */
export type CheckedSegment = { leaves: Uint8Array<ArrayBuffer>; first: string; last: string; sums: Map<string, { records: number; values: number }> }

const HASH_BYTES = 32
/** A segment is at most 64 MiB unpacked; padded and encrypted it is hardly more. */
export const SEGMENT_BYTES_MAX = 128 * 1024 * 1024

/** The part of a manifest by which segments are checked. */
export function segmentsOf(manifest: PackageManifest, identities: readonly string[]): SegmentsOf {
  return { package: manifest.package, dataSets: manifest.dataSets, records: manifest.segments.map(({ records }) => records), identities }
}

/** Opens segments of one package, in any order, and checks every record in them: order, fields, root (CONTRACTS §7). */
export class SegmentChecker {
  readonly #of: SegmentsOf
  readonly #checkers: Map<string, RecordChecker>

  constructor(of: SegmentsOf) {
    this.#of = of
    this.#checkers = new Map(of.dataSets.map((dataSet) => [dataSet.id, new RecordChecker(dataSet)]))
  }

  /** Throws what does not hold; memory does not grow with the records but for their leaves. */
  async check(file: Uint8Array, index: number): Promise<CheckedSegment> {
    const plain = await readAll(ageDecrypt(once(file), { identities: this.#of.identities }), SEGMENT_BYTES_MAX)
    const { header, count, lines } = openSegment(plain)
    if (header.package !== this.#of.package || header.index !== index) throw new ProofError('BAD_SEGMENT', `segment ${index} is of another package or place`)
    if (this.#of.records[index] !== count) throw new ProofError('COUNTS', `segment ${index} has another number of records`)
    const found: CheckedSegment = { leaves: new Uint8Array(count * HASH_BYTES), first: '', last: '', sums: new Map() }
    let place = 0
    for (const text of lines()) {
      const line = readLine(text)
      const key = line.d + line.r
      if (place > 0 && key <= found.last) throw outOfOrder(line.r)
      const checker = this.#checkers.get(line.d)
      if (checker === undefined) throw new ProofError('COUNTS', `data set ${line.d} is not in the manifest`)
      const { leaf, values } = checker.check(text, line)
      found.leaves.set(leaf, place * HASH_BYTES)
      if (place === 0) found.first = key
      found.last = key
      place += 1
      const sum = found.sums.get(line.d) ?? { records: 0, values: 0 }
      sum.records += 1
      sum.values += values
      found.sums.set(line.d, sum)
    }
    return found
  }
}

/** A record that does not come after the one before it. */
export function outOfOrder(recordId: string): ProofError {
  return new ProofError('ORDER', `record ${recordId} is out of order or there twice`)
}

function readLine(text: string): { d: string; r: string; root: string; f: unknown[]; l: unknown[] } {
  try {
    return readShape(isSegmentLine, JSON.parse(text), 'a record of a segment')
  } catch (error) {
    if (error instanceof ProofError) throw error
    throw new ProofError('BAD_SEGMENT', 'a line of a segment is not JSON')
  }
}
