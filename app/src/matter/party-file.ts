// SPDX-License-Identifier: Apache-2.0
import {
  envelopeText, fromHex, parseEnvelope, parseVkey, partyFileStatement, PREDICATE, ProofError, sha256, signStatement, statementDigest, toHex, unverifiedStatement, utf8, verifyEnvelope, type DsseEnvelope,
} from '@handover/proof'
import { z } from 'zod'
import { partyRoles, type PartyRole } from '../law/nouns.ts'
import { isCreditCode } from './credit-code.rules.ts'
import { whyRefused } from '../kit/failure.ts'
import { matterFailures } from './matter-failures.ts'
import type { PartySigner } from './party-keys.ts'

const text = (max: number) => z.string().trim().min(1).max(max).regex(/^[^\p{Cc}]*$/u, 'control character')

const partyDetailsSchema = z.strictObject({
  /** 公司全称. */
  name: text(200),
  /** 统一社会信用代码; a foreign register number is accepted when it has another length. */
  creditCode: z.string().regex(/^[0-9A-Z-]{4,40}$/, '4–40 × 0-9 A-Z -').refine((code) => code.length !== 18 || isCreditCode(code), 'check digit'),
  /** 对外联系方式, told to customers (个人信息保护法 第二十二条). */
  contact: text(200),
})

/** What a party says about itself: full name, credit code, contact. */
export type PartyDetails = z.infer<typeof partyDetailsSchema>

const partyFileSchema = partyDetailsSchema.extend({
  party: z.string().regex(/^pty_[0-9a-f]{32}$/),
  role: z.enum(partyRoles),
  vkey: z.string(),
  ageRecipient: z.string().regex(/^age1[02-9ac-hj-np-z]{10,}$/),
})

/** 当事方文件. A party's name, credit code, contact, signing key and age recipient, signed by itself (CONTRACTS §11). */
export type PartyFile = z.infer<typeof partyFileSchema>

/** A party file whose own signature was checked; the digest is SHA-256 of the signed bytes and is what events and spoken words are made of. */
export interface SignedPartyFile {
  file: PartyFile
  digest: Uint8Array
  envelope: DsseEnvelope
}

/** The party's details, checked; refuses an empty name or contact and a credit code whose check digit is wrong. */
export function partyDetails(given: Readonly<Record<keyof PartyDetails, string | undefined>>): PartyDetails {
  const read = partyDetailsSchema.safeParse(given)
  if (read.success) return read.data
  throw matterFailures.PARTY_DETAILS({ what: whyRefused(read.error.issues, 1) })
}

/** Signs the party's own file for a role; the same details and keys give the same bytes. */
export function signPartyFile(signer: PartySigner, details: PartyDetails, role: PartyRole): SignedPartyFile {
  const file = partyFileSchema.parse({ ...details, role, party: signer.vkey.name, vkey: signer.vkey.text, ageRecipient: signer.ageRecipient })
  const envelope = signStatement(partyFileStatement(file), [signer.noteSigner])
  return { file, envelope, digest: digestOf(envelope) }
}

/** Reads a party file that somebody gave us; refuses one that its own key did not sign, or whose id, subject and key do not belong together. */
export function readPartyFile(source: string): SignedPartyFile {
  try {
    // The file comes from outside: its own key is taken from it first, then the signature is checked with that key and the content read from the signed bytes.
    const envelope = parseEnvelope(source)
    const claimed = partyFileSchema.parse(unverifiedStatement(envelope).predicate)
    const vkey = parseVkey(claimed.vkey)
    const { statement } = verifyEnvelope(envelope, [vkey], 1)
    if (statement.predicateType !== PREDICATE.partyFile) throw new ProofError('BAD_STATEMENT', 'not a party file')
    const file = partyFileSchema.parse(statement.predicate)
    if (vkey.name !== file.party || statement.subject[0]?.digest.sha256 !== toHex(sha256(utf8(file.vkey)))) throw new ProofError('BAD_STATEMENT', 'id and key do not belong together')
    if (envelope.signatures.length !== 1) throw new ProofError('BAD_ENVELOPE', 'a party file has one signature')
    return { file, envelope, digest: digestOf(envelope) }
  } catch (error) {
    throw matterFailures.PARTY_FILE_REFUSED({ why: reasonOf(error) }, { cause: error })
  }
}

/** The text of a party file as it is written and exchanged. */
export function partyFileText(signed: SignedPartyFile): string {
  return `${envelopeText(signed.envelope)}\n`
}

/** Why a file from outside was refused, in words without its content. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProofError) return error.code
  if (error instanceof z.ZodError) return `${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.code ?? ''}`
  return 'BAD_FILE'
}

function digestOf(envelope: DsseEnvelope): Uint8Array {
  return fromHex(statementDigest(envelope))
}
