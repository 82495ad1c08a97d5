// SPDX-License-Identifier: Apache-2.0
import { concat, ProofError, sha256, utf8 } from './bytes.ts'

const DOMAIN = utf8('handover/v1/event')
const ENTRY_VERSION = Uint8Array.of(1)

/** Commitment to an event: SHA-256('handover/v1/event' ‖ salt ‖ JSON) (CONTRACTS §6); refuses a salt that is not 32 bytes. */
export function eventCommitment(eventJson: string, salt: Uint8Array): Uint8Array {
  if (salt.length !== 32) throw new ProofError('BAD_SALT', 'the salt of an event has 32 bytes')
  return sha256(DOMAIN, salt, utf8(eventJson))
}

/** What the public sees of an event: a version byte and 32 bytes (CONTRACTS §6). */
export function logEntry(commitment: Uint8Array): Uint8Array {
  if (commitment.length !== 32) throw new ProofError('BAD_ENTRY', 'a commitment has 32 bytes')
  return concat(ENTRY_VERSION, commitment)
}

/** An entry that commits to nothing and looks like any other (CONTRACTS §6: padded batches). */
export function paddingEntry(random: Uint8Array): Uint8Array {
  return logEntry(random)
}
