// SPDX-License-Identifier: Apache-2.0
// The door of destruction: orders, executors, certificates, the turn of keys, the ends of copies.
export { destroyFailures } from './destroy-failures.ts'
export { noReceiptReasons, type NoReceiptReason } from '../discover/index.ts'
export { orderStatuses, type CopyEndingPlan, type DestructionOrder, type DestructionScope, type OrderStatus, type RunPermission } from './destruction-order.ts'
export { requestDestruction, scopeOfWord, type RequestedDestruction } from './request-destruction.ts'
export { runDestruction, type RanDestruction } from './run-destruction.ts'
export { bookTurns, turnKeys, type TurnedKeys } from './turn-keys.ts'
export { attestReasons, endCopyByProof, keepReasons, outOfReachReasons, type CopyEndWish } from './end-copy.ts'
export { findOrder, loadOrders } from './destroy.store.ts'
export { copyStatements, insertCopyStatement } from './copy-statement.store.ts'
export { rewriteEntries, tombstoneEntries, tombstoneRoot } from './tombstone-file.ts'
export { cleanLeftovers, type Leftovers } from './clean-leftovers.ts'
export { notingLedger, replayAllTombstones, replayTombstones, type ReplayedTombstones } from './tombstones.ts'
