// SPDX-License-Identifier: Apache-2.0
import { parseCheckpoint } from '../checkpoint.ts'
import { verifyInclusion } from '../merkle.ts'
import { parseNote } from '../note.ts'
import { openedEventLeaf } from '../package-file.ts'
import type { OpenedEvent } from '../package-file.ts'
import { parseTlogProof, verifyTlogProof } from '../tlog-proof.ts'
import { readEvent } from './matter-events.ts'
import type { MatterEvent } from './matter-events.ts'
import type { Trust } from './trust.ts'
import type { CheckList } from './verdict.ts'

/** An event that is in a log, and which log; `witnesses` is empty without a policy. */
export type IncludedEvent = { event: MatterEvent; origin: string; size: bigint; witnesses: string[] }

/**
 * Checks that an opened event is in the log that the proof's checkpoint heads. Under a policy signature and quorum must hold;
 * without one only the path is checked, and the caller says so with `noteUncosigned`.
 */
export function verifyIncludedEvent(opened: OpenedEvent, proofText: string, trust: Trust): IncludedEvent {
  const proof = parseTlogProof(proofText)
  const leaf = openedEventLeaf(opened)
  const event = readEvent(opened.event)
  if (trust.policy !== null) {
    const { checkpoint, witnesses } = verifyTlogProof(proof, leaf, trust.policy)
    return { event, origin: checkpoint.origin, size: checkpoint.size, witnesses }
  }
  const { origin, size, root } = parseCheckpoint(parseNote(proof.checkpoint).body)
  verifyInclusion({ index: proof.index, size, leafHash: leaf, path: proof.path, root })
  return { event, origin, size, witnesses: [] }
}

/** Says that nobody vouches for a checkpoint when there is no policy. */
export function noteUncosigned(trust: Trust, checks: CheckList): void {
  if (trust.policy !== null) return
  checks.cannot('checkpoint', { zh: '没有信任策略,检查点的签名与见证未核对', en: 'without a policy, the signature and witnesses of the checkpoint were not checked' })
}
