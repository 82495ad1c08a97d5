// SPDX-License-Identifier: Apache-2.0
import { fromBase64Strict, ProofError, sha256, toHex, utf8 } from './bytes.ts'
import { PREDICATE, statement } from './dsse.ts'
import type { DsseEnvelope, Statement } from './dsse.ts'
import { canonicalJson } from './jcs.ts'
import type { JsonObject } from './jcs.ts'
import { isCount, isDigest, isFlag, isHexId, isInstant, isJsonMembers, isText, listOf, objectOf, oneOf, orNull, readShape } from './shape.ts'
import type { Shape, Shaped } from './shape.ts'

/** Digest by which events and statements name a statement: SHA-256 of its payload, so that a further signature does not change it. */
export function statementDigest(envelope: DsseEnvelope): string {
  return toHex(sha256(fromBase64Strict(envelope.payload)))
}

const isParty = objectOf({ party: isText, name: isText, creditCode: isText, vkey: isText, ageRecipient: isText })
/** 当事方. A party as a manifest names it (CONTRACTS §7). */
export type ManifestParty = Shaped<typeof isParty>

const isPartyFile = objectOf({ party: isText, role: isText, name: isText, creditCode: isText, contact: isText, vkey: isText, ageRecipient: isText })
/** 当事方文件. Who a party is and its keys, signed by itself (CONTRACTS §11). */
export type PartyFile = Shaped<typeof isPartyFile>

const isFileDigest = objectOf({ name: isText, bytes: isCount, sha256: isDigest })
const isPackageOuter = objectOf({
  package: isText,
  matter: isText,
  origin: isText,
  recipientKey: isDigest,
  segments: listOf(isFileDigest),
  manifest: isFileDigest,
})
/** 移交包外封. What anybody may see of a package: ids and digests of ciphertext; `recipientKey` is SHA-256 of the age recipient's text. */
export type PackageOuter = Shaped<typeof isPackageOuter>

const isManifestField = objectOf({ id: isHexId, index: isCount, name: isText, type: isText, grade: isText })
const isManifestDataSet = objectOf({ id: isHexId, name: isText, kind: isText, fields: listOf(isManifestField), records: isCount, values: isCount })
/** One data set as the manifest describes it; names are here because the manifest is encrypted. */
export type ManifestDataSet = Shaped<typeof isManifestDataSet>

const isPackageManifest = objectOf({
  package: isText,
  matter: isText,
  origin: isText,
  sequence: isCount,
  previous: orNull(isText),
  purpose: oneOf('transfer', 'custody'),
  sender: isParty,
  recipient: isParty,
  plan: isDigest,
  rulesVersion: isText,
  purposes: listOf(isText),
  duties: listOf(isText),
  suppression: listOf(isText),
  dataSets: listOf(isManifestDataSet),
  segments: listOf(objectOf({ name: isText, sha256: isDigest, records: isCount })),
  records: isCount,
  values: isCount,
  contentRoot: isDigest,
  nonce: isDigest,
  priorCheckpoint: orNull(isText),
  issuedAt: isInstant,
})
/** 移交包内清单. Everything that a package binds (CONTRACTS §7); only ever inside `manifest.age`. */
export type PackageManifest = Shaped<typeof isPackageManifest>

const isAcceptance = objectOf({
  package: isText,
  matter: isText,
  recipient: isText,
  outer: isDigest,
  contentRoot: isDigest,
  acceptedRoot: isDigest,
  records: isCount,
  values: isCount,
  refused: listOf(objectOf({ recordId: isHexId, code: isText })),
  destination: isText,
  status: oneOf('complete', 'differences'),
  recordsDigest: isDigest,
  differencesDigest: isDigest,
  at: isInstant,
})
/** 验收单. What the recipient read back from its own destination (CONTRACTS §8); `destination` is a kind such as `sqlite`, never a path. */
export type Acceptance = Shaped<typeof isAcceptance>

const isReconciliation = objectOf({
  package: isText,
  matter: isText,
  outer: isDigest,
  acceptance: isDigest,
  contentRoot: isDigest,
  sentRoot: isDigest,
  acceptedRoot: isDigest,
  matched: isCount,
  missing: isCount,
  extra: isCount,
  changed: isCount,
  duplicate: isCount,
  at: isInstant,
})
/** 对账单. One root that both parties sign (CONTRACTS §8). */
export type Reconciliation = Shaped<typeof isReconciliation>

const isErasureCertificate = objectOf({
  order: isText,
  matter: isText,
  status: oneOf('pending', 'final'),
  method: oneOf('clear', 'cryptographic-erase', 'destroy'),
  tool: objectOf({ name: isText, version: isText }),
  target: objectOf({ system: isText, copies: listOf(isText), records: isCount, values: isCount, recordSet: isDigest, tombstones: isCount, tombstoneRoot: isDigest }),
  keys: objectOf({ destroyed: isCount, epoch: isCount, chain: isText, storedAt: listOf(isText) }),
  backups: listOf(objectOf({ backup: isText, expires: isInstant })),
  outOfReach: listOf(objectOf({ copy: isText, why: isText })),
  verification: objectOf({ by: isText, how: isText, sample: isCount, result: isText }),
  requester: isText,
  executor: isText,
  approvers: listOf(isText),
  approval: isText,
  identitiesVerified: isFlag,
  clock: oneOf('real', 'declared'),
  requestedAt: isInstant,
  destroyedAt: isInstant,
  issuedAt: isInstant,
})
const isWaiver = orNull(isText)
const areGateOverrides = listOf(objectOf({ override: isText, rule: isText, codes: listOf(isText), article: isText, opinion: isDigest, until: isText, approval: isText }))
/** 改判. A gate rule that named people had overridden, as a certificate names it (law register §9). */
export type CertifiedOverride = Shaped<typeof areGateOverrides>[number]
/** 销毁证明. Erasure certificate in the spirit of NIST SP 800-88 (FORMATS §10); `withoutReceipts` says why nobody could get a receipt before, where two people approved that (CONTRACTS §9); `gateOverrides` names every gate rule that people had overridden in the matter until then; `requester` and `approvers` are ids of people (names of their keys), `method` as CONTRACTS §5. */
export type ErasureCertificate = Shaped<typeof isErasureCertificate> & { withoutReceipts?: string; gateOverrides?: CertifiedOverride[] }

const isApproval = objectOf({ request: isText, matter: isText, act: isText, parameters: isJsonMembers, requestedBy: isText, requestedAt: isInstant })
/** 审批. Dual control: requester and approvers sign this same statement, each with a key of its own (FORMATS §10); a person's id is the name of their key. */
export type Approval = Shaped<typeof isApproval>

const isFact = objectOf({ fact: isText, matter: isText, name: isText, recordedAt: isInstant })
/** 事实. The common part of a signed fact record (CONTRACTS §17); its value is a further member, checked by the room that reads it. */
export type SignedFact = Shaped<typeof isFact>

/** Statement about a party file; its subject is the digest of the signing key's text. */
export function partyFileStatement(file: PartyFile): Statement {
  return about(file.party, digestOfText(file.vkey), PREDICATE.partyFile, file)
}

/** Statement about a package's ciphertext files. */
export function packageOuterStatement(outer: PackageOuter): Statement {
  const files = [...outer.segments, outer.manifest]
  return statement({ subject: files.map(({ name, sha256: digest }) => ({ name, digest: { sha256: digest } })), predicateType: PREDICATE.packageOuter, predicate: outer })
}

/** Statement about a package's content; its subject is the content root. */
export function packageManifestStatement(manifest: PackageManifest): Statement {
  return about(manifest.package, manifest.contentRoot, PREDICATE.packageManifest, manifest)
}

/** Statement that a package was received; its subject is the outer statement. */
export function acceptanceStatement(acceptance: Acceptance): Statement {
  return about(acceptance.package, acceptance.outer, PREDICATE.acceptance, acceptance)
}

/** Statement that both parties hold the same; its subject is the outer statement. */
export function reconciliationStatement(reconciliation: Reconciliation): Statement {
  return about(reconciliation.package, reconciliation.outer, PREDICATE.reconciliation, reconciliation)
}

/** Statement about an erasure; its subject is the tombstone root. */
export function erasureCertificateStatement(certificate: ErasureCertificate): Statement {
  return about(certificate.order, certificate.target.tombstoneRoot, PREDICATE.erasureCertificate, certificate)
}

/** Digest of exactly this act with these parameters in this matter: what an approval is about. */
export function approvalDigest({ act, matter, parameters }: Pick<Approval, 'act' | 'matter' | 'parameters'>): string {
  return digestOfText(canonicalJson({ act, matter, parameters }))
}

/** Statement that requester and approvers sign; its subject is the approval's digest. */
export function approvalStatement(approval: Approval): Statement {
  return about(approval.request, approvalDigest(approval), PREDICATE.approval, approval)
}

/** The party file of a statement; refuses another predicate or shape, and a subject that is not the digest of its key. */
export function readPartyFile(from: Statement): PartyFile {
  const file = readAs(from, PREDICATE.partyFile, isPartyFile, 'a party file')
  refuseSubject(from, digestOfText(file.vkey))
  return file
}

/** The outer part of a package; refuses another predicate or shape. */
export function readPackageOuter(from: Statement): PackageOuter {
  return readAs(from, PREDICATE.packageOuter, isPackageOuter, 'outer.json')
}

/** The manifest of a package; refuses another predicate, shape or subject. */
export function readPackageManifest(from: Statement): PackageManifest {
  const manifest = readAs(from, PREDICATE.packageManifest, isPackageManifest, 'the manifest')
  refuseSubject(from, manifest.contentRoot)
  return manifest
}

/** The acceptance of a statement; refuses another predicate, shape or subject. */
export function readAcceptance(from: Statement): Acceptance {
  const acceptance = readAs(from, PREDICATE.acceptance, isAcceptance, 'the acceptance')
  refuseSubject(from, acceptance.outer)
  return acceptance
}

/** The reconciliation of a statement; refuses another predicate, shape or subject. */
export function readReconciliation(from: Statement): Reconciliation {
  const reconciliation = readAs(from, PREDICATE.reconciliation, isReconciliation, 'the reconciliation')
  refuseSubject(from, reconciliation.outer)
  return reconciliation
}

/** The certificate of a statement; refuses another predicate, shape or subject. */
export function readErasureCertificate(from: Statement): ErasureCertificate {
  const certificate: ErasureCertificate = readAs(from, PREDICATE.erasureCertificate, isErasureCertificate, 'the certificate')
  // Absent where all had their receipts; anything but a reason in words is no certificate of ours.
  readShape(isWaiver, certificate.withoutReceipts ?? null, 'the reason why there are no receipts')
  readShape(areGateOverrides, certificate.gateOverrides ?? [], 'the gate rules that were overridden')
  refuseSubject(from, certificate.target.tombstoneRoot)
  return certificate
}

/** The approval of a statement; refuses another predicate, shape or subject. */
export function readApproval(from: Statement): Approval {
  const approval = readAs(from, PREDICATE.approval, isApproval, 'the approval')
  refuseSubject(from, approvalDigest(approval))
  return approval
}

/** The common part of a fact; refuses another predicate or shape. */
export function readFact(from: Statement): SignedFact {
  return readAs(from, PREDICATE.fact, isFact, 'the fact')
}

function about(name: string, digest: string, predicateType: string, predicate: JsonObject): Statement {
  return statement({ subject: [{ name, digest: { sha256: digest } }], predicateType, predicate })
}

function readAs<T>(from: Statement, predicateType: string, shape: Shape<T>, what: string): T {
  if (from.predicateType !== predicateType) throw new ProofError('WRONG_PREDICATE', `${what} is a statement of another kind`)
  return readShape(shape, from.predicate, what)
}

/** A statement whose subject and predicate speak of different things would let one be shown for the other. */
function refuseSubject(from: Statement, digest: string): void {
  if (from.subject.length !== 1 || from.subject[0]?.digest.sha256 !== digest) throw new ProofError('WRONG_SUBJECT', 'the subject of a statement is not what its predicate speaks of')
}

function digestOfText(text: string): string {
  return toHex(sha256(utf8(text)))
}
