// SPDX-License-Identifier: Apache-2.0
import { encodeAcceptedRecords, recordSetRoot } from '../acceptance-file.ts'
import { sha256, toHex, utf8 } from '../bytes.ts'
import { signStatement } from '../dsse.ts'
import { acceptanceStatement, packageOuterStatement, reconciliationStatement, statementDigest } from '../statements.ts'
import { addEvent, eventAt, sampleDraft, sampleOuter } from './sample-draft.ts'
import { buyer, sampleBytes, seller } from './sample-keys.ts'
import { AT, MATTER } from './sample-matter.ts'
import type { Draft } from './sample-matter.ts'
import { dsText, sampleDataSets, sampleMoves, sampleRecords } from './sample-records.ts'
import type { SampleDataSet, SampleRecord } from './sample-records.ts'

const sent = sampleRecords.filter(({ fates }) => fates.includes('transferred'))

/** Which records the recipient says that it found in the package of a data set; honestly those of the data set. */
export type Sorting = (record: SampleRecord, ds: SampleDataSet) => boolean

/** The sample matter with its records in two packages, one a data set. */
export function draftOfTwoPackages(isIn: Sorting = (record, ds) => record.ds === ds): Draft {
  const draft = sampleDraft()
  const at = draft.events.indexOf(eventAt(draft, 'PackageIssued'))
  const end = draft.events.indexOf(eventAt(draft, 'Reconciled'))
  draft.events.splice(at, end - at + 1)
  draft.statements = draft.statements.filter(({ kind }) => !['outer', 'acceptance', 'reconciliation'].includes(kind))
  draft.accepted = []
  const before = draft.events.length
  addEvent(draft, 'CopyOpened', { copy: 'cpy_package', kind: 'package', holder: 'pty_transferor', ds: null, values: 1 })
  const proofs = sampleDataSets.map((ds, number) => addPackage(draft, { ds, number: number + 1, records: sent.filter((record) => isIn(record, ds)) }))
  eventAt(draft, 'CopyEnded').body['proof'] = proofs[0] ?? ''
  draft.events.splice(at, 0, ...draft.events.splice(before))
  return draft
}

/** One package from issue to reconciliation; returns the digest of its acceptance. */
function addPackage(draft: Draft, { ds, number, records }: { ds: SampleDataSet; number: number; records: readonly SampleRecord[] }): string {
  const id = `pkg_${String(number).padStart(32, '0')}`
  const moves = (from: string, to: string): ReturnType<typeof sampleMoves> => sampleMoves('transferred', from, to).filter((posting) => posting.ds === dsText(ds))
  const values = moves('pending', 'in-transit').reduce((sum, { n }) => sum + n, 0)
  const outer = signStatement(packageOuterStatement({ ...sampleOuter, package: id }), [seller])
  const list = encodeAcceptedRecords(records.map((record) => ({ recordId: record.id, root: record.root, seen: 1 })))
  const acceptedRoot = toHex(recordSetRoot(records.map((record) => ({ recordId: record.id, root: record.root }))))
  const shared = { package: id, matter: MATTER, outer: statementDigest(outer), contentRoot: toHex(sampleBytes(id)), acceptedRoot, at: AT }
  const acceptance = signStatement(
    acceptanceStatement({ ...shared, recipient: 'pty_transferee', records: records.length, values, refused: [], destination: 'sqlite', status: 'complete', recordsDigest: toHex(sha256(list)), differencesDigest: toHex(sha256(utf8(''))) }),
    [buyer],
  )
  const digest = statementDigest(acceptance)
  const reconciliation = signStatement(reconciliationStatement({ ...shared, acceptance: digest, sentRoot: acceptedRoot, matched: records.length, missing: 0, extra: 0, changed: 0, duplicate: 0 }), [seller, buyer])
  draft.statements.push({ kind: 'outer', envelope: outer }, { kind: 'acceptance', envelope: acceptance }, { kind: 'reconciliation', envelope: reconciliation })
  draft.accepted.push({ acceptance: digest, records: list })
  addEvent(draft, 'PackageIssued', { package: id, sequence: number, to: 'pty_transferee', purpose: 'transfer', outer: statementDigest(outer), manifest: toHex(sampleBytes('manifest')), records: records.length, values, postings: moves('pending', 'in-transit') })
  addEvent(draft, 'AcceptanceReceived', { package: id, acceptance: digest, status: 'complete' })
  addEvent(draft, 'Reconciled', { package: id, statement: statementDigest(reconciliation), root: acceptedRoot, matched: records.length, postings: moves('in-transit', 'transferred') })
  return digest
}
