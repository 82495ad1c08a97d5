// SPDX-License-Identifier: Apache-2.0
import { BUNDLE_FILES } from '../bundle-file.ts'
import { digestOf, ProofError, toHex } from '../bytes.ts'
import { MerkleAccumulator } from '../merkle.ts'
import { eventsOf } from './matter-events.ts'
import { forEachEntry, largeFile } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { RecordColumns } from './record-columns.ts'
import type { Revisions } from './revisions.ts'

const ENTRY_BYTES = 60
const FRAME_BYTES = ENTRY_BYTES + 4

/** The rewrites of a bundle in flat columns, and for each record the last of its own; `seqs` is the event by which a rewrite was booked. */
export class Rewrites {
  readonly #roots: Buffer
  readonly #versions: Uint32Array
  readonly #seqs: Float64Array
  readonly #earlier: Int32Array
  readonly #last: Int32Array
  #count = 0

  constructor(rewrites: number, records: number) {
    this.#roots = Buffer.alloc(rewrites * 32)
    this.#versions = new Uint32Array(rewrites)
    this.#seqs = new Float64Array(rewrites)
    this.#earlier = new Int32Array(rewrites)
    this.#last = new Int32Array(records).fill(-1)
  }

  add(index: number, sealed: { version: number; root: Buffer }, seq: number): void {
    const at = this.#count
    sealed.root.copy(this.#roots, at * 32)
    this.#versions[at] = sealed.version
    this.#seqs[at] = seq
    this.#earlier[at] = this.#last[index] ?? -1
    this.#last[index] = at
    this.#count += 1
  }

  /** Newest version of a record; 1 when it was never rewritten. */
  newestVersion(index: number): number {
    let newest = 1
    for (let at = this.#last[index] ?? -1; at >= 0; at = this.#earlier[at] ?? -1) newest = Math.max(newest, this.#versions[at] ?? 1)
    return newest
  }

  /** Root of a record as an event found it, or null when it was still that of the inventory. */
  rootBefore(index: number, seq: number): Buffer | null {
    let [newest, found] = [-1, -1] // rewrites and revisions come from two lists, so they are in no common order
    for (let at = this.#last[index] ?? -1; at >= 0; at = this.#earlier[at] ?? -1) {
      const booked = this.#seqs[at] ?? 0
      if (booked < seq && booked > newest) [newest, found] = [booked, at]
    }
    return found < 0 ? null : this.#roots.subarray(found * 32, (found + 1) * 32)
  }
}

/** Reads the list of rewrites event by event: each part has its event's root, every rewritten record is in the inventory. Refuses rewrites that no event speaks of. */
export async function readRewrites(bundle: OpenedBundle, columns: RecordColumns, revisions: Revisions): Promise<Rewrites> {
  const events = eventsOf(bundle.events, 'RecordsRewritten').filter(({ body, seq }) => !isEmptyPart(body, seq))
  const rewrites = new Rewrites(Math.floor((bundle.files.get(BUNDLE_FILES.rewrites)?.size ?? 0) / FRAME_BYTES) + revisions.length, columns.count)
  for (const { index, version, root, seq } of revisions) rewrites.add(index, { version, root }, seq)
  let [at, inPart] = [0, 0]
  let tree = new MerkleAccumulator()
  await forEachEntry(largeFile(bundle, BUNDLE_FILES.rewrites), (entry, leafInput) => {
    const event = events[at]
    if (event === undefined) throw new ProofError('COUNTS', 'there are rewrites that no event speaks of')
    if (entry.length !== ENTRY_BYTES) throw new ProofError('BAD_LEAF', 'a rewrite leaf has a wrong length')
    const index = entry.readUInt32BE(0) * 2 ** 32 + entry.readUInt32BE(4)
    if (!columns.isRecord(index, entry.subarray(8, 24))) throw new ProofError('BIJECTION', `rewrite of leaf ${index}`)
    rewrites.add(index, { version: entry.readUInt32BE(24), root: entry.subarray(28) }, event.seq)
    tree.push(digestOf(leafInput))
    inPart += 1
    if (inPart < event.body.records) return
    if (toHex(tree.root()) !== event.body.root) throw new ProofError('ROOT', `rewrites of event ${event.seq}`)
    ;[at, inPart] = [at + 1, 0]
    tree = new MerkleAccumulator()
  })
  if (at !== events.length) throw new ProofError('ROOT', `rewrites of event ${events[at]?.seq ?? 0}`)
  return rewrites
}

/** An event that adds none has the root of nothing. */
function isEmptyPart(body: { records: number; root: string }, seq: number): boolean {
  if (body.records > 0) return false
  if (body.root !== toHex(new MerkleAccumulator().root())) throw new ProofError('ROOT', `rewrites of event ${seq}`)
  return true
}
