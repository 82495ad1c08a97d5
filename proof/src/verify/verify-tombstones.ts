// SPDX-License-Identifier: Apache-2.0
import { BUNDLE_FILES } from '../bundle-file.ts'
import { digestOf, ProofError, toHex } from '../bytes.ts'
import { MerkleAccumulator } from '../merkle.ts'
import { eventsOf } from './matter-events.ts'
import { forEachEntry, largeFile } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { RecordColumns } from './record-columns.ts'
import type { Revisions } from './revisions.ts'
import type { Rewrites } from './rewrites.ts'

const ENTRY_BYTES = 28
const VERSION_BITS = 32

/** The list of tombstones, read once: its length, its root at the lengths that papers speak of, which versions were erased, and the first thing that is wrong with it. */
export type Tombstones = { count: number; rootAt: ReadonlyMap<number, string>; erased: ErasedVersions; problem: ProofError | null }

/** Which versions of which records have a tombstone: a bit each for the first versions, which is nearly all there are. */
class ErasedVersions {
  readonly #bits: Uint32Array
  readonly #later = new Set<string>()

  constructor(records: number) {
    this.#bits = new Uint32Array(records)
  }

  /** Whether it was new. */
  add(index: number, version: number): boolean {
    if (this.has(index, version)) return false
    if (version < VERSION_BITS) this.#bits[index] = (this.#bits[index] ?? 0) | (1 << version)
    else this.#later.add(`${index} ${version}`)
    return true
  }

  has(index: number, version: number): boolean {
    return version < VERSION_BITS ? ((this.#bits[index] ?? 0) & (1 << version)) !== 0 : this.#later.has(`${index} ${version}`)
  }
}

/** Reads the list; `lengths` are those at which its root is wanted. What is wrong with an entry is kept for its check, so that other checks can go on. */
export async function readTombstones(bundle: OpenedBundle, columns: RecordColumns, lengths: readonly number[]): Promise<Tombstones> {
  const wanted = new Set(lengths)
  const tree = new MerkleAccumulator()
  const rootAt = new Map<number, string>()
  const erased = new ErasedVersions(columns.count)
  let count = 0
  let problem: ProofError | null = null
  if (wanted.has(0)) rootAt.set(0, toHex(tree.root()))
  await forEachEntry(largeFile(bundle, BUNDLE_FILES.tombstones), (entry, leafInput) => {
    if (entry.length !== ENTRY_BYTES) throw new ProofError('BAD_LEAF', 'a tombstone has a wrong length')
    const index = columns.indexOf(entry.subarray(0, 16))
    if (index < 0 || !erased.add(index, entry.readUInt32BE(16))) problem ??= new ProofError('TOMBSTONES', 'a tombstone is of no record or occurs twice')
    tree.push(digestOf(leafInput))
    count += 1
    if (wanted.has(count)) rootAt.set(count, toHex(tree.root()))
  })
  return { count, rootAt, erased, problem }
}

/** The lengths of the list at which events state its root. */
export function statedLengths(bundle: OpenedBundle): number[] {
  return [...eventsOf(bundle.events, 'DestructionIntended'), ...eventsOf(bundle.events, 'RecordsDestroyed'), ...eventsOf(bundle.events, 'RecordsRevised')].map(({ body }) => body.tombstones)
}

/**
 * The list of erased record versions: as long as each event says and with its root, every one of the inventory, none twice; what an order
 * destroyed is what it announced; and no value is booked as destroyed whose key has no tombstone (CONTRACTS §§5, 10). Returns their number.
 */
export function checkTombstones(bundle: OpenedBundle, tombstones: Tombstones, records: { columns: RecordColumns; rewrites: Rewrites | null; revisions: Revisions }): number {
  if (tombstones.problem !== null) throw tombstones.problem
  const intended = eventsOf(bundle.events, 'DestructionIntended')
  const destroyed = eventsOf(bundle.events, 'RecordsDestroyed')
  let length = 0
  for (const { body, seq } of [...intended, ...destroyed, ...eventsOf(bundle.events, 'RecordsRevised')].sort((a, b) => a.seq - b.seq)) {
    if (body.tombstones < length || body.tombstones > tombstones.count) throw new ProofError('TOMBSTONES', `event ${seq}: the list became shorter`)
    if (tombstones.rootAt.get(body.tombstones) !== body.tombstoneRoot) throw new ProofError('TOMBSTONES', `event ${seq}: another root`)
    length = body.tombstones
  }
  if (length !== tombstones.count) throw new ProofError('TOMBSTONES', 'there are tombstones that no event speaks of')
  for (const { body, seq } of destroyed) {
    const announced = intended.some((intent) => intent.seq < seq && intent.body.order === body.order && intent.body.tombstoneRoot === body.tombstoneRoot)
    if (!announced) throw new ProofError('TOMBSTONES', `event ${seq}: ${body.order} did not announce what it destroyed`)
  }
  refuseUnerased(tombstones.erased, records)
  for (const { index, version } of records.revisions) {
    if (!tombstones.erased.has(index, version - 1)) throw new ProofError('TOMBSTONES', `record ${records.columns.idText(index)} has version ${version}, but the key of the one before has no tombstone`)
  }
  return tombstones.count
}

/** A destroyed value stood in every version before the newest, in the newest too unless that was sealed anew without it. */
function refuseUnerased(erased: ErasedVersions, { columns, rewrites }: { columns: RecordColumns; rewrites: Rewrites | null }): void {
  for (let index = 0; index < columns.count; index += 1) {
    const ends = columns.ends[index] ?? 0
    if ((ends & 1) === 0) continue
    const last = rewrites?.newestVersion(index) ?? 1
    const isWhole = ends === 1
    const gone = last === 1 || isWhole ? last : last - 1
    for (let version = 1; version <= gone; version += 1) {
      if (!erased.has(index, version)) throw new ProofError('TOMBSTONES', `record ${columns.idText(index)} is booked as destroyed, but the key of version ${version} has no tombstone`)
    }
  }
}
