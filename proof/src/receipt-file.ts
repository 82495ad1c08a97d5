// SPDX-License-Identifier: Apache-2.0
import { ProofError, toBase64, utf8 } from './bytes.ts'
import { preAuthEncoding } from './dsse.ts'
import { canonicalJson, parseCanonicalJson } from './jcs.ts'
import type { NoteSigner } from './note.ts'
import { isCount, isDigest, isHexId, isInstant, isText, listOf, objectOf, oneOf, orNull, readShape } from './shape.ts'
import type { Shaped } from './shape.ts'

const isOpenedField = objectOf({ field: isCount, salt: isText, kind: oneOf('n', 't', 'b'), value: orNull(isText) })
/** A field whose value the subject was given: `kind` n null, t text, b bytes in base64. */
export type ReceiptField = Shaped<typeof isOpenedField>

const isRecord = objectOf({
  index: isCount,
  recordId: isHexId,
  dataSet: isText,
  presence: isText,
  leaves: listOf(isDigest),
  vector: orNull(isText),
  opened: listOf(isOpenedField),
})
/** One record of a receipt: all its field leaves as inventoried, and its disposition vector when the books are closed. */
export type ReceiptRecord = Shaped<typeof isRecord>

const isBatch = objectOf({ event: isCount, path: listOf(isText) })
/** A multiproof (base64 hashes) from records of the receipt to the root in the event at that index of `events`. */
export type ReceiptBatch = Shaped<typeof isBatch>

const isReceiptEvent = objectOf({ event: isText, salt: isText, proof: isText })
/** A committed event with its salt and the tlog-proof of its entry. */
export type ReceiptEvent = Shaped<typeof isReceiptEvent>

const isSignature = objectOf({ keyid: isText, sig: isText })
const receiptMembers = {
  format: oneOf('handover-receipt/v1'),
  matter: isText,
  asOf: isInstant,
  dataSets: listOf(objectOf({ id: isText, fields: listOf(isText) })),
  records: listOf(isRecord),
  inventory: listOf(isBatch),
  books: orNull(isBatch),
  events: listOf(isReceiptEvent),
}
const isReceipt = objectOf(receiptMembers)
const isSignedReceipt = objectOf({ ...receiptMembers, signatures: listOf(isSignature) })

/** 回执. What became of one subject's records, checkable by the subject alone (CONTRACTS §14); `asOf` is the time of its last event. */
export type Receipt = Shaped<typeof isReceipt>
/** A receipt with the issuer's signatures. */
export type SignedReceipt = Shaped<typeof isSignedReceipt>

/** DSSE payload type of a receipt. */
export const RECEIPT_TYPE = 'application/vnd.handover.receipt+json'

/** The bytes that the issuer signs. */
export function receiptMessage(receipt: Receipt): Uint8Array {
  return preAuthEncoding(RECEIPT_TYPE, utf8(canonicalJson(signedMembers(receipt))))
}

/** The text of a receipt file, signed by its issuer so that every byte has a signer. */
export function encodeReceipt(receipt: Receipt, signers: readonly NoteSigner[]): string {
  const message = receiptMessage(receipt)
  return canonicalJson({ ...signedMembers(receipt), signatures: signers.map(({ vkey, sign }) => ({ keyid: vkey.text, sig: toBase64(sign(message)) })) })
}

/** The receipt of a file's text; refuses text that is not canonical, lacks a member or has one that nobody signed. Signatures are not verified. */
export function parseReceipt(text: string): SignedReceipt {
  const receipt = readShape(isSignedReceipt, parseCanonicalJson(text), 'the receipt')
  if (Object.keys(receipt).length !== Object.keys(receiptMembers).length + 1) throw new ProofError('BAD_SHAPE', 'the receipt has a member that is not signed')
  return receipt
}

function signedMembers({ format, matter, asOf, dataSets, records, inventory, books, events }: Receipt): Receipt {
  return { format, matter, asOf, dataSets, records, inventory, books, events }
}
