// SPDX-License-Identifier: Apache-2.0
import { fromBase64Strict, ProofError, toHex } from '../bytes.ts'
import { envelopeText, parseEnvelope, preAuthEncoding, unverifiedStatement } from '../dsse.ts'
import type { Statement } from '../dsse.ts'
import { isEd25519Signature } from '../ed25519.ts'
import { parseVkey } from '../note.ts'
import type { Vkey } from '../note.ts'
import type { PartyRole, Policy } from '../policy.ts'
import { statementDigest } from '../statements.ts'

/** Whom the verifier believes: its own policy, or (self-declared) what the file says of itself, or nobody. */
export type Trust = { policy: Policy | null; isGiven: boolean }

/** A statement whose every signature held; `text` is the file. */
export type OpenedStatement = { statement: Statement; signedBy: Vkey[]; digest: string; payload: Uint8Array }

/** Keys of the policy's parties, of some roles when given. */
export function partyKeys(policy: Policy, roles?: readonly PartyRole[]): Vkey[] {
  return policy.parties.filter(({ role }) => roles === undefined || roles.includes(role)).map(({ vkey }) => vkey)
}

/**
 * Opens a statement file. Stricter than DSSE: the file must be canonical, and every signature must hold under the key in its keyid;
 * under a policy each of those keys must be among `allowed`. Without a policy the keyids are taken at their word.
 */
export function openStatement(text: string, trust: Trust, allowed: (policy: Policy) => readonly Vkey[]): OpenedStatement {
  const envelope = parseEnvelope(text)
  // Files written for people end with a line feed; nothing else may differ.
  if (envelopeText(envelope) !== text.replace(/\n$/, '')) throw new ProofError('NOT_CANONICAL_JSON', 'the envelope')
  const payload = fromBase64Strict(envelope.payload)
  const message = preAuthEncoding(envelope.payloadType, payload)
  const signedBy = verifySignatures(message, envelope.signatures, trust.policy === null ? null : allowed(trust.policy))
  return { statement: unverifiedStatement(envelope), signedBy, digest: statementDigest(envelope), payload }
}

/** Checks that every signature holds under the key of its keyid, each key once; `known` null takes the keyids at their word. */
export function verifySignatures(message: Uint8Array, signatures: readonly { keyid: string; sig: string }[], known: readonly Vkey[] | null): Vkey[] {
  const signers = signatures.map(({ keyid, sig }) => {
    const signer = parseVkey(keyid)
    const place = `key ${signer.name}+${toHex(signer.keyId)}`
    if (known !== null && !known.some((vkey) => isSameKey(vkey, signer))) throw new ProofError('UNKNOWN_SIGNER', place)
    if (!isEd25519Signature(signer.publicKey, message, fromBase64Strict(sig))) throw new ProofError('BAD_SIGNATURE', place)
    return signer
  })
  const distinct = new Set(signers.map((vkey) => toHex(vkey.publicKey)))
  if (signers.length === 0 || distinct.size !== signers.length) throw new ProofError('BAD_ENVELOPE', 'no signature, or one key signed twice')
  return signers
}

/** Whether two verifier keys are the same key under the same name. */
export function isSameKey(a: Vkey, b: Vkey): boolean {
  return a.text === b.text
}
