// SPDX-License-Identifier: Apache-2.0
import { ageEncrypt, ageRecipient, newAgeIdentity } from '../age.ts'
import { once, readAll } from '../byte-reader.ts'
import { sha256, toHex, utf8 } from '../bytes.ts'
import { envelopeText, signStatement } from '../dsse.ts'
import { MerkleAccumulator } from '../merkle.ts'
import { packageEntries, segmentName } from '../package-file.ts'
import { compareRecords, encodeSegment, segmentContentLeaf } from '../segment.ts'
import type { SegmentRecord } from '../segment.ts'
import { packageManifestStatement, packageOuterStatement, statementDigest } from '../statements.ts'
import type { ManifestDataSet, PackageManifest } from '../statements.ts'
import { tarFile, writeTar } from '../tar.ts'
import { isValue } from '../values.ts'
import { AT, PACKAGE } from './sample-draft.ts'
import { buyer, sampleBytes, seller } from './sample-keys.ts'
import { emptyDraft, MATTER, ORIGIN, proofOf, sealMatter } from './sample-matter.ts'
import { sampleDataSets, sampleRecords } from './sample-records.ts'

/** A package file and the identity that opens it. */
export type SamplePackage = { bytes: Uint8Array; identity: string }

/** The sample package; `bend` changes records before they are encrypted, `bendManifest` what the sender then signs. */
export async function samplePackage(bend: (records: SegmentRecord[]) => void = () => {}, bendManifest: (manifest: PackageManifest) => void = () => {}): Promise<SamplePackage> {
  const identity = await newAgeIdentity()
  const recipient = await ageRecipient(identity)
  const honest = sentRecords()
  const records = sentRecords()
  bend(records)
  const segments = await encryptSegments(records, recipient)
  const manifest = manifestOf(honest, recipient, segments)
  bendManifest(manifest)
  const inner = signStatement(packageManifestStatement(manifest), [seller])
  const manifestFile = await readAll(ageEncrypt(once(utf8(envelopeText(inner))), [recipient]), 1e7)
  const files = segments.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: toHex(sha256(bytes)) }))
  const outer = signStatement(
    packageOuterStatement({
      package: PACKAGE, matter: MATTER, origin: ORIGIN, recipientKey: toHex(sha256(utf8(recipient))), segments: files, manifest: { name: 'manifest.age', bytes: manifestFile.length, sha256: toHex(sha256(manifestFile)) },
    }),
    [seller],
  )
  const draft = emptyDraft()
  draft.events.push({
    type: 'PackageIssued', ts: AT,
    body: { package: PACKAGE, sequence: 1, to: 'pty_transferee', purpose: 'transfer', outer: statementDigest(outer), manifest: statementDigest(inner), records: manifest.records, values: manifest.values, postings: [] },
  })
  const matter = sealMatter(draft)
  const [issued] = matter.events
  if (issued === undefined) throw new Error('the sample has no event')
  const entries = packageEntries({
    outer, issued, proof: proofOf(matter, 0), segments: segments.map(({ name, bytes }) => tarFile(name, bytes)), manifest: { size: manifestFile.length, content: once(manifestFile) }, signers: [seller],
  })
  return { bytes: await readAll(writeTar(entries), 1e8), identity }
}

/** The records that are handed over, in package order: transferred fields with value and salt, the others as leaves. */
export function sentRecords(): SegmentRecord[] {
  const sent = sampleRecords.filter(({ fates }) => fates.includes('transferred'))
  return sent
    .map((record) => {
      const isSent = (at: number): boolean => record.fates[at] === 'transferred' || record.fates[at] === 'empty'
      return {
        dataSetId: record.ds.id,
        recordId: record.id,
        version: 1,
        root: record.root,
        fields: record.values.flatMap((value, index) => (isSent(index) ? [{ index, value, salt: record.salts[index] ?? new Uint8Array(0) }] : [])),
        leaves: record.leaves.flatMap((leafHash, index) => (isSent(index) ? [] : [{ index, leafHash }])),
      }
    })
    .sort(compareRecords)
}

async function encryptSegments(records: readonly SegmentRecord[], recipient: string): Promise<{ name: string; bytes: Uint8Array; records: number }[]> {
  const parts = [records.slice(0, 2), records.slice(2)]
  const segments = []
  for (const [index, part] of parts.entries()) {
    const bytes = await readAll(ageEncrypt(once(encodeSegment({ package: PACKAGE, index }, part)), [recipient]), 1e7)
    segments.push({ name: segmentName(index), bytes, records: part.length })
  }
  return segments
}

function manifestOf(records: readonly SegmentRecord[], recipient: string, segments: readonly { name: string; bytes: Uint8Array; records: number }[]): PackageManifest {
  const dataSets: ManifestDataSet[] = sampleDataSets.map((ds, at) => ({
    id: toHex(ds.id), name: `表${at}`, kind: 'sheet', fields: ds.fields.map((field, index) => ({ id: toHex(field), index, name: `列${index}`, type: 'text', grade: 'general' })),
    ...countOf(records.filter((record) => toHex(record.dataSetId) === toHex(ds.id))),
  }))
  const tree = new MerkleAccumulator()
  for (const record of records) {
    const dataSet = dataSets.find(({ id }) => id === toHex(record.dataSetId))
    if (dataSet !== undefined) tree.push(segmentContentLeaf(record, dataSet))
  }
  const party = (name: string, vkey: string, ageKey: string): PackageManifest['sender'] => ({ party: `pty_${name}`, name, creditCode: '91000000000000000X', vkey, ageRecipient: ageKey })
  return {
    package: PACKAGE, matter: MATTER, origin: ORIGIN, sequence: 1, previous: null, purpose: 'transfer', sender: party('transferor', seller.vkey.text, 'age1transferor'), recipient: party('transferee', buyer.vkey.text, recipient),
    plan: toHex(sampleBytes('plan')), rulesVersion: '1', purposes: ['after-sales'], duties: ['PIPL 22'], suppression: [], dataSets, segments: segments.map(({ name, bytes, records: count }) => ({ name, sha256: toHex(sha256(bytes)), records: count })),
    ...countOf(records), contentRoot: toHex(tree.root()), nonce: toHex(sampleBytes('nonce')), priorCheckpoint: null, issuedAt: AT,
  }
}

function countOf(records: readonly SegmentRecord[]): { records: number; values: number } {
  return { records: records.length, values: records.reduce((sum, { fields }) => sum + fields.filter(({ value }) => isValue(value)).length, 0) }
}
