// SPDX-License-Identifier: Apache-2.0
import { decodeBooksEntry, decodeInventoryEntry, decodeRewriteEntry, decodeTombstone, dispositionCode, unframeEntries } from '../book-leaves.ts'
import { BUNDLE_FILES } from '../bundle-file.ts'
import { ProofError, toHex } from '../bytes.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import { eventsOf } from './matter-events.ts'
import { fileOf } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'

/** Leaf hashes of the bundle's tombstones, in their order. */
export function tombstoneLeaves(bundle: OpenedBundle): Uint8Array[] {
  return Array.from(unframeEntries(fileOf(bundle.files, BUNDLE_FILES.tombstones)), leafHash)
}

/**
 * The list of erased record versions: as long as each event says and with its root, every one of the inventory, none twice; what an order
 * destroyed is what it announced; and no value is booked as destroyed whose key has no tombstone (CONTRACTS §§5, 10). Returns their number.
 */
export function checkTombstones(bundle: OpenedBundle): number {
  const erased = erasedVersions(bundle)
  const leaves = tombstoneLeaves(bundle)
  const intended = eventsOf(bundle.events, 'DestructionIntended')
  const destroyed = eventsOf(bundle.events, 'RecordsDestroyed')
  let length = 0
  for (const { body, seq } of [...intended, ...destroyed].sort((a, b) => a.seq - b.seq)) {
    if (body.tombstones < length || body.tombstones > leaves.length) throw new ProofError('TOMBSTONES', `event ${seq}: the list became shorter`)
    if (toHex(rootOfLeaves(leaves.slice(0, body.tombstones))) !== body.tombstoneRoot) throw new ProofError('TOMBSTONES', `event ${seq}: another root`)
    length = body.tombstones
  }
  if (length !== leaves.length) throw new ProofError('TOMBSTONES', 'there are tombstones that no event speaks of')
  for (const { body, seq } of destroyed) {
    const announced = intended.some((intent) => intent.seq < seq && intent.body.order === body.order && intent.body.tombstoneRoot === body.tombstoneRoot)
    if (!announced) throw new ProofError('TOMBSTONES', `event ${seq}: ${body.order} did not announce what it destroyed`)
  }
  refuseUnerased(bundle, erased)
  return leaves.length
}

/** "record version" of every tombstone; refuses an unknown record and one that occurs twice. */
function erasedVersions(bundle: OpenedBundle): Set<string> {
  const known = new Set(Array.from(unframeEntries(fileOf(bundle.files, BUNDLE_FILES.inventory)), (entry) => toHex(decodeInventoryEntry(entry).recordId)))
  const erased = new Set<string>()
  for (const { recordId, version } of Array.from(unframeEntries(fileOf(bundle.files, BUNDLE_FILES.tombstones)), decodeTombstone)) {
    const key = `${toHex(recordId)} ${version}`
    if (!known.has(toHex(recordId)) || erased.has(key)) throw new ProofError('TOMBSTONES', 'a tombstone is of no record or occurs twice')
    erased.add(key)
  }
  return erased
}

/** A destroyed value stood in every version before the newest, in the newest too unless that was sealed anew without it. */
function refuseUnerased(bundle: OpenedBundle, erased: ReadonlySet<string>): void {
  const newest = new Map<string, number>()
  for (const { recordId, version } of Array.from(unframeEntries(fileOf(bundle.files, BUNDLE_FILES.rewrites)), decodeRewriteEntry)) newest.set(toHex(recordId), version)
  const destroyedCode = dispositionCode('destroyed')
  for (const { recordId, vector } of Array.from(unframeEntries(fileOf(bundle.files, BUNDLE_FILES.books)), decodeBooksEntry)) {
    if (!vector.includes(destroyedCode)) continue
    const id = toHex(recordId)
    const last = newest.get(id) ?? 1
    const isWhole = vector.every((code) => code === 0 || code === destroyedCode)
    const gone = last === 1 || isWhole ? last : last - 1
    for (let version = 1; version <= gone; version += 1) {
      if (!erased.has(`${id} ${version}`)) throw new ProofError('TOMBSTONES', `record ${id} is booked as destroyed, but the key of version ${version} has no tombstone`)
    }
  }
}
