// SPDX-License-Identifier: Apache-2.0
import { concat, decodeUtf8Strict, fromBase64Strict, fromHex, ProofError, toBase64, toHex, utf8 } from './bytes.ts'
import { isEd25519Signature } from './ed25519.ts'
import { canonicalJson, isJsonObject, parseJsonStrict } from './jcs.ts'
import type { JsonObject, JsonValue } from './jcs.ts'
import type { NoteSigner, Vkey } from './note.ts'

/** The one prefix of our ids; change it once, when a domain exists (CONTRACTS §11). */
export const ID_PREFIX = 'https://handover.example/'
const ATTESTATION = `${ID_PREFIX}attestation/`
/** Predicate types of our signed statements (FORMATS §10). */
export const PREDICATE = {
  plan: `${ATTESTATION}handover-plan/v1`,
  packageOuter: `${ATTESTATION}package-outer/v1`,
  packageManifest: `${ATTESTATION}package-manifest/v1`,
  acceptance: `${ATTESTATION}acceptance/v1`,
  reconciliation: `${ATTESTATION}reconciliation/v1`,
  erasureCertificate: `${ATTESTATION}erasure-certificate/v1`,
  approval: `${ATTESTATION}approval/v1`,
  fact: `${ATTESTATION}fact/v1`,
  partyFile: `${ATTESTATION}party-file/v1`,
  noticeBatch: `${ATTESTATION}notice-batch/v1`,
  piaReport: `${ATTESTATION}pia-report/v1`,
  copyEnded: `${ATTESTATION}copy-ended/v1`,
} as const

/** Media type of an in-toto statement inside an envelope. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json'
const STATEMENT_V1 = 'https://in-toto.io/Statement/v1'

/** What a statement is about: a name and the SHA-256 of its bytes, lower-case hexadecimal. */
export type StatementSubject = { name: string; digest: { sha256: string } }
/** in-toto statement v1 (FORMATS §10). */
export type Statement = { subject: StatementSubject[]; predicateType: string; predicate: JsonObject }
/** DSSE envelope (FORMATS §10). Our writers put the signer's vkey text into `keyid`; no decision is made on it. */
export type DsseEnvelope = { payloadType: string; payload: string; signatures: { keyid: string; sig: string }[] }
/** What a verified envelope says and which trusted keys signed it, each once. */
export type VerifiedStatement = { statement: Statement; signedBy: Vkey[]; payload: Uint8Array }

/** The bytes that a DSSE signature covers. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType)
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload)
}

/** A statement; refuses one without a subject or with a digest that is not SHA-256. */
export function statement(parts: Statement): Statement {
  return readStatement(statementJson(parts))
}

/** An envelope over the canonical JSON of a statement, signed by all signers. */
export function signStatement(content: Statement, signers: readonly NoteSigner[]): DsseEnvelope {
  return addSignatures({ payloadType: STATEMENT_TYPE, payload: toBase64(utf8(canonicalJson(statementJson(content)))), signatures: [] }, signers)
}

/** The same envelope with more signatures, for a second party that signs the same bytes (CONTRACTS §8). */
export function addSignatures(envelope: DsseEnvelope, signers: readonly NoteSigner[]): DsseEnvelope {
  const message = preAuthEncoding(envelope.payloadType, decodeEitherBase64(envelope.payload))
  const added = signers.map(({ vkey, sign }) => ({ keyid: vkey.text, sig: toBase64(sign(message)) }))
  return { ...envelope, signatures: [...envelope.signatures, ...added] }
}

/** The canonical text of an envelope, as we write it to files. */
export function envelopeText(envelope: DsseEnvelope): string {
  return canonicalJson(envelopeJson(envelope))
}

/** The envelope as a plain JSON value. */
export function envelopeJson(envelope: DsseEnvelope): JsonObject {
  return { payloadType: envelope.payloadType, payload: envelope.payload, signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig })) }
}

/** The envelope of a text or JSON value; ignores unknown fields as DSSE asks, refuses missing ones. Nothing is verified. */
export function parseEnvelope(source: string | JsonValue): DsseEnvelope {
  const value = typeof source === 'string' ? parseJsonStrict(source) : source
  if (!isJsonObject(value) || !Array.isArray(value['signatures'])) throw new ProofError('BAD_ENVELOPE', 'not a DSSE envelope')
  const signatures = value['signatures'].map((each) => {
    if (!isJsonObject(each) || typeof each['sig'] !== 'string') throw new ProofError('BAD_ENVELOPE', 'a signature of the envelope is malformed')
    return { keyid: typeof each['keyid'] === 'string' ? each['keyid'] : '', sig: each['sig'] }
  })
  const { payloadType, payload } = value
  if (typeof payloadType !== 'string' || typeof payload !== 'string') throw new ProofError('BAD_ENVELOPE', 'the envelope has no payload')
  return { payloadType, payload, signatures }
}

/** The statement inside, if at least `threshold` DISTINCT trusted keys signed it; throws THRESHOLD otherwise (FORMATS §10). */
export function verifyEnvelope(source: string | JsonValue | DsseEnvelope, trusted: readonly Vkey[], threshold = 1): VerifiedStatement {
  const envelope = parseEnvelope(source)
  const payload = decodeEitherBase64(envelope.payload)
  const message = preAuthEncoding(envelope.payloadType, payload)
  const signedBy = new Map<string, Vkey>()
  for (const { sig } of envelope.signatures) {
    const signature = decodeEitherBase64(sig)
    const signer = trusted.find((vkey) => isEd25519Signature(vkey.publicKey, message, signature))
    if (signer !== undefined) signedBy.set(toHex(signer.publicKey), signer)
  }
  if (signedBy.size < threshold || threshold < 1) throw new ProofError('THRESHOLD', `${signedBy.size} trusted keys signed, ${threshold} are needed`)
  return { statement: statementOfPayload(envelope.payloadType, payload), signedBy: [...signedBy.values()], payload }
}

/** The statement of an envelope WITHOUT looking at signatures; for finding out whom to ask, never for deciding. */
export function unverifiedStatement(source: string | JsonValue | DsseEnvelope): Statement {
  const envelope = parseEnvelope(source)
  return statementOfPayload(envelope.payloadType, decodeEitherBase64(envelope.payload))
}

function statementOfPayload(payloadType: string, payload: Uint8Array): Statement {
  if (payloadType !== STATEMENT_TYPE) throw new ProofError('BAD_STATEMENT', 'the envelope holds something other than a statement')
  return readStatement(parseJsonStrict(decodeUtf8Strict(payload)))
}

function readStatement(value: JsonValue): Statement {
  if (!isJsonObject(value) || value['_type'] !== STATEMENT_V1) throw new ProofError('BAD_STATEMENT', 'not an in-toto statement v1')
  const { subject, predicateType, predicate } = value
  if (!Array.isArray(subject) || subject.length === 0) throw new ProofError('BAD_STATEMENT', 'the statement is about nothing')
  if (typeof predicateType !== 'string' || !isJsonObject(predicate)) throw new ProofError('BAD_STATEMENT', 'the statement has no predicate')
  return { subject: subject.map(readSubject), predicateType, predicate }
}

function readSubject(value: JsonValue): StatementSubject {
  const digest = isJsonObject(value) ? value['digest'] : undefined
  const sha256 = isJsonObject(digest) ? digest['sha256'] : undefined
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || typeof sha256 !== 'string' || fromHex(sha256).length !== 32) {
    throw new ProofError('BAD_STATEMENT', 'a subject has no name or no SHA-256')
  }
  return { name: value['name'], digest: { sha256 } }
}

function statementJson(parts: Statement): JsonObject {
  return { _type: STATEMENT_V1, subject: parts.subject.map(({ name, digest }) => ({ name, digest: { sha256: digest.sha256 } })), predicateType: parts.predicateType, predicate: parts.predicate }
}

/** DSSE verifiers accept standard and URL-safe base64; both strictly. */
function decodeEitherBase64(text: string): Uint8Array {
  return fromBase64Strict(/[-_]/.test(text) ? text.replaceAll('-', '+').replaceAll('_', '/') : text)
}
