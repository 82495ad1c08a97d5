// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import {
  ACCEPTANCE_FILES, AcceptedRecordsWalk, decodeUtf8Strict, DifferencesWalk, parseEnvelope, parseVkey, ProofError, readAcceptance, readAll, readTar, statementDigest, toHex, unverifiedStatement, verifyEnvelope, verifyFile,
  type Acceptance, type Difference, type DsseEnvelope,
} from '@handover/proof'
import type { Party } from '../../matter/index.ts'
import { reconcileFailures } from './reconcile-failures.ts'

/** 验收单文件. An acceptance whose form, digests, roots and counts hold; whose signature it is, is checked by `isSignedByParty`. */
export interface AcceptanceFile {
  file: string
  acceptance: Acceptance
  envelope: DsseEnvelope
  digest: string
}

/** What looks at the lists of an acceptance; a row of `records.bin` is valid only during the call. */
export interface AcceptanceReader {
  record(row: Buffer): void
  difference(difference: Difference): void
}

const statementBytesMax = 64 * 1024 * 1024

/** Reads the statement of an acceptance that somebody gave us, after the verifier's own checks of all of it; under the policy when there is one. Refuses what does not hold together. */
export async function readAcceptanceFile(file: string, policy: string | undefined, language: 'zh' | 'en'): Promise<AcceptanceFile> {
  const verdict = await verifyFile(file, { ...(policy === undefined ? {} : { policy }), language })
  if (verdict.what !== 'acceptance' || !verdict.ok) throw reconcileFailures.ACCEPTANCE_REFUSED({ why: verdict.checks.filter((check) => !check.ok).map((check) => check.detail).join('; ') || verdict.what })
  const envelope = parseEnvelope(decodeUtf8Strict(await statementBytes(file)))
  return { file, envelope, digest: statementDigest(envelope), acceptance: readAcceptance(unverifiedStatement(envelope)) }
}

async function statementBytes(file: string): Promise<Uint8Array> {
  for await (const { name, content } of readTar(createReadStream(file))) if (name === ACCEPTANCE_FILES.statement) return readAll(content, statementBytesMax)
  throw reconcileFailures.ACCEPTANCE_REFUSED({ why: ACCEPTANCE_FILES.statement })
}

/** Reads both lists of an acceptance in order, with flat memory. The file could have been exchanged since it was verified: refuses lists that are not those of the statement. */
export async function readAcceptanceLists({ file, acceptance }: AcceptanceFile, reader: AcceptanceReader): Promise<void> {
  const records = new AcceptedRecordsWalk((row) => reader.record(row))
  const differences = new DifferencesWalk((difference) => reader.difference(difference))
  for await (const { name, content } of readTar(createReadStream(file, { highWaterMark: 256 * 1024 }))) {
    const walk = name === ACCEPTANCE_FILES.records ? records : name === ACCEPTANCE_FILES.differences ? differences : null
    if (walk !== null) for await (const part of content) walk.take(part)
  }
  if (toHex(records.digest()) !== acceptance.recordsDigest) throw reconcileFailures.ACCEPTANCE_REFUSED({ why: ACCEPTANCE_FILES.records })
  if (toHex(differences.digest()) !== acceptance.differencesDigest) throw reconcileFailures.ACCEPTANCE_REFUSED({ why: ACCEPTANCE_FILES.differences })
}

/** Whether the party's own key signed the envelope. */
export function isSignedByParty(envelope: DsseEnvelope, party: Party): boolean {
  try {
    return verifyEnvelope(envelope, [parseVkey(party.file.vkey)], 1).signedBy.length === 1
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}
