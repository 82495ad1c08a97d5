// SPDX-License-Identifier: Apache-2.0
import { decodeUtf8Strict, ProofError } from '../bytes.ts'
import { parseCheckpoint } from '../checkpoint.ts'
import { parseNote } from '../note.ts'
import { parseOpenedEvent } from '../package-file.ts'
import { verifyCosignedCheckpoint } from '../policy.ts'
import { parseTlogProof } from '../tlog-proof.ts'
import type { Trust } from './trust.ts'
import { noteUncosigned, verifyIncludedEvent } from './verify-inclusion-of-event.ts'
import type { CheckList } from './verdict.ts'

/** Checks a checkpoint: its form, and under a policy log signature and quorum (FORMATS §§2, 4). */
export async function verifyCheckpoint(text: string, trust: Trust, checks: CheckList): Promise<void> {
  await checks.need('form', (say) => {
    const { origin, size } = parseCheckpoint(parseNote(text).body)
    say({ zh: `日志 ${origin},${size} 个条目`, en: `log ${origin}, ${size} entries` })
  })
  const { policy } = trust
  if (policy === null) return noteUncosigned(trust, checks)
  await checks.also('checkpoint', (say) => {
    const { witnesses } = verifyCosignedCheckpoint(text, policy)
    say({ zh: `见证 ${witnesses.length} 方:${witnesses.join('、')}`, en: `cosigned by ${witnesses.length}: ${witnesses.join(', ')}` })
  })
}

/** Checks a tlog-proof whose `extra` holds the event that it proves; without it there is no leaf to check (docs/formats.md). */
export async function verifyTlogProofFile(text: string, trust: Trust, checks: CheckList): Promise<void> {
  const proof = await checks.need('form', () => parseTlogProof(text))
  await checks.need('inclusion', (say) => {
    if (proof.extra === null) throw new ProofError('NO_LEAF', 'the line "extra" with the event is missing')
    const { event, size, witnesses } = verifyIncludedEvent(parseOpenedEvent(decodeUtf8Strict(proof.extra)), text, trust)
    say({ zh: `事件 ${event.seq}(${event.type})在 ${size} 个条目之中,见证 ${witnesses.length} 方`, en: `event ${event.seq} (${event.type}) among ${size} entries, ${witnesses.length} witnesses` })
  })
  noteUncosigned(trust, checks)
}
