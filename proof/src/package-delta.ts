// SPDX-License-Identifier: Apache-2.0
import { isCount, isDigest, isHexId, isText, listOf, objectOf, readShape } from './shape.ts'
import type { Shape, Shaped } from './shape.ts'
import type { Acceptance, PackageManifest } from './statements.ts'

const isDelta = objectOf({ replaced: listOf(isHexId), withdrawn: listOf(isHexId) })
/** 增量包. What a later package takes back from the earlier ones of its chain (CONTRACTS §7): records that it sends anew in a later version, and records that the recipient must delete. Hexadecimal record ids, ascending. */
export type PackageDelta = Shaped<typeof isDelta>

const isChain = objectOf({
  packages: listOf(objectOf({ package: isText, records: isCount, root: isDigest })),
  withdrawn: objectOf({ records: isCount, root: isDigest }),
})
/**
 * 包链. What an acceptance says of the earlier packages of its chain, read back from the same destination: how many of each one's records still stand there and the root over them (as `acceptedRoot` is
 * made), and how many records the recipient deleted because they were withdrawn, with the root over their ids.
 */
export type AcceptanceChain = Shaped<typeof isChain>

/** What the package takes back; nothing in a first package. Refuses another form. */
export function packageDeltaOf(manifest: PackageManifest): PackageDelta {
  return memberOf(manifest, 'delta', isDelta) ?? { replaced: [], withdrawn: [] }
}

/** What an acceptance says of its chain; null for a first package. Refuses another form. */
export function acceptanceChainOf(acceptance: Acceptance): AcceptanceChain | null {
  return memberOf(acceptance, 'chain', isChain)
}

function memberOf<T>(from: object, name: string, shape: Shape<T>): T | null {
  return Object.hasOwn(from, name) ? readShape(shape, Reflect.get(from, name), `the member ${name}`) : null
}
