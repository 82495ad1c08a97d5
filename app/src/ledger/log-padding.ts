// SPDX-License-Identifier: Apache-2.0
import { paddingEntry, sha256, equalBytes, logEntry, utf8, type BundlePadding, type NoteSigner } from '@handover/proof'
import type { Queryable } from '../store/index.ts'
import type { MatterScope } from './events.store.ts'
import { streamPlaced } from './log.store.ts'

/**
 * Salt of the padding at a leaf of this log. It follows from the log's key, so that no restore of the database can lose it, and nobody else can tell
 * padding from events before it is shown (CONTRACTS §6). The signed text is no note: no checkpoint could ever be made of it.
 */
export function paddingSalt(signer: NoteSigner, leaf: number): Uint8Array {
  return sha256(signer.sign(utf8(`handover/v1/padding-salt\0${signer.vkey.name}\0${leaf}`)))
}

/** The padding of a log up to a size with its salts, for the parties' bundle; `unopened` counts entries that are neither events nor padding of this key (an event that a restored database lost). */
export async function openPadding(db: Queryable, scope: MatterScope, log: { signer: NoteSigner; size: number }): Promise<{ padding: BundlePadding[]; unopened: number }> {
  const padding: BundlePadding[] = []
  let unopened = 0
  for await (const batch of streamPlaced(db, scope, 0, log.size)) {
    for (const { index, commitment, isPadding } of batch) {
      if (!isPadding) continue
      const salt = paddingSalt(log.signer, index)
      if (equalBytes(paddingEntry(salt), logEntry(commitment))) padding.push({ leaf: index, salt })
      else unopened += 1
    }
  }
  return { padding, unopened }
}
