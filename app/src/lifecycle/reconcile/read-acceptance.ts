// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import {
  ACCEPTANCE_FILES, decodeAcceptedRecords, decodeDifferences, decodeUtf8Strict, parseEnvelope, parseVkey, ProofError, readAcceptance, readAll, readTar, statementDigest, unverifiedStatement, verifyEnvelope, verifyFile,
  type Acceptance, type AcceptedRecord, type Difference, type DsseEnvelope,
} from '@handover/proof'
import type { Party } from '../../matter/index.ts'
import { reconcileFailures } from './reconcile-failures.ts'

/** 验收单文件. An acceptance whose form, digests, roots and counts hold; whose signature it is, is checked by `refuseOtherSigner`. */
export interface AcceptanceFile {
  acceptance: Acceptance
  envelope: DsseEnvelope
  digest: string
  records: AcceptedRecord[]
  differences: Difference[]
}

const fileBytesMax = 1536 * 1024 * 1024

/** Reads an acceptance that somebody gave us with the verifier's own checks; under the policy when there is one. Refuses what does not hold together. */
export async function readAcceptanceFile(file: string, policy: string | undefined, language: 'zh' | 'en'): Promise<AcceptanceFile> {
  const verdict = await verifyFile(file, { ...(policy === undefined ? {} : { policy }), language })
  if (verdict.what !== 'acceptance' || !verdict.ok) throw reconcileFailures.ACCEPTANCE_REFUSED({ why: verdict.checks.filter((check) => !check.ok).map((check) => check.detail).join('; ') || verdict.what })
  const files = new Map<string, Uint8Array>()
  for await (const { name, content } of readTar(createReadStream(file))) files.set(name, await readAll(content, fileBytesMax))
  const bytesOf = (name: string): Uint8Array => files.get(name) ?? new Uint8Array()
  const envelope = parseEnvelope(decodeUtf8Strict(bytesOf(ACCEPTANCE_FILES.statement)))
  return {
    envelope, digest: statementDigest(envelope), acceptance: readAcceptance(unverifiedStatement(envelope)),
    records: decodeAcceptedRecords(bytesOf(ACCEPTANCE_FILES.records)), differences: decodeDifferences(bytesOf(ACCEPTANCE_FILES.differences)),
  }
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
