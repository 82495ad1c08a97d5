// SPDX-License-Identifier: Apache-2.0
import { concat, ProofError, sha256, utf8 } from './bytes.ts'

const DOMAIN = utf8('handover/v1/event')
const PADDING_DOMAIN = utf8('handover/v1/padding')
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

/**
 * Commitment of an entry that stands for no event: SHA-256('handover/v1/padding' ‖ salt). Until its salt is shown it looks like any other (CONTRACTS §6);
 * with it a bundle proves that nothing is hidden there. Refuses a salt that is not 32 bytes.
 */
export function paddingCommitment(salt: Uint8Array): Uint8Array {
  if (salt.length !== 32) throw new ProofError('BAD_SALT', 'the salt of a padding entry has 32 bytes')
  return sha256(PADDING_DOMAIN, salt)
}

/** The entry that a padded batch is filled up with (CONTRACTS §6). */
export function paddingEntry(salt: Uint8Array): Uint8Array {
  return logEntry(paddingCommitment(salt))
}
