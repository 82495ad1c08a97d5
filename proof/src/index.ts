// SPDX-License-Identifier: Apache-2.0
export { ProofError, compareBytes, concat, decodeUtf8Strict, digestOf, equalBytes, fromBase64Strict, fromHex, sha256, toBase64, toHex, u16be, u32be, u64be, utf8 } from './bytes.ts'
export { ByteReader, once, readAll } from './byte-reader.ts'
export { canonicalJson, isJsonObject, parseCanonicalJson, parseJsonStrict } from './jcs.ts'
export type { JsonObject, JsonValue } from './jcs.ts'
export { consistencyPath, emptyRoot, inclusionPath, leafHash, MerkleAccumulator, nodeHash, rootOfLeaves, splitPoint, verifyConsistency, verifyInclusion } from './merkle.ts'
export type { Consistency, Inclusion } from './merkle.ts'
export { buildMultiproof, multiproofRanges, rootFromMultiproof } from './multiproof.ts'
export type { Multiproof, PlacedLeaf } from './multiproof.ts'
export { ed25519Signer, isEd25519Signature } from './ed25519.ts'
export type { Ed25519Signer } from './ed25519.ts'
export { makeVkey, NOTE_COSIGNATURE, NOTE_ED25519, noteSigner, openNote, parseNote, parseNoteLines, parseVkey, signNote, vkeyText } from './note.ts'
export type { Note, NoteLine, NoteSigner, Vkey } from './note.ts'
export { checkpointBody, parseCheckpoint } from './checkpoint.ts'
export type { Checkpoint } from './checkpoint.ts'
export { equivocationText, isEquivocationText, openEquivocation } from './equivocation.ts'
export type { Equivocation } from './equivocation.ts'
export { cosigner, readCosignatures } from './cosignature.ts'
export type { Cosignature, Cosigner } from './cosignature.ts'
export { PARTY_ROLES, parsePolicy, quorumMet, verifyCosignedCheckpoint } from './policy.ts'
export type { CosignedCheckpoint, PartyRole, Policy, WitnessGroup } from './policy.ts'
export { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.ts'
export type { TlogProof } from './tlog-proof.ts'
export { decodeEntryBundle, encodeEntryBundle, entryBundlePath, logTiles, splitHashes, tilePath, tilesForRange, TileTree, tileWidth } from './tiles.ts'
export type { ReadTile, Tile } from './tiles.ts'
export {
  addSignatures,
  envelopeJson,
  envelopeText,
  ID_PREFIX,
  parseEnvelope,
  preAuthEncoding,
  PREDICATE,
  signStatement,
  statement,
  STATEMENT_TYPE,
  unverifiedStatement,
  verifyEnvelope,
} from './dsse.ts'
export type { DsseEnvelope, Statement, StatementSubject, VerifiedStatement } from './dsse.ts'
export { readTar, tarFile, writeTar } from './tar.ts'
export type { TarEntry } from './tar.ts'
export { contentLeaf, deriveSalts, encodeValue, fieldLeaf, isValue, recordRoot } from './values.ts'
export type { CanonicalValue, FieldCommitment, RecordContent } from './values.ts'
export {
  booksLeaf,
  decodeBooksEntry,
  decodeInventoryEntry,
  decodeRewriteEntry,
  decodeTombstone,
  dispositionCode,
  dispositionOfCode,
  DISPOSITIONS,
  encodeBooksEntry,
  encodeInventoryEntry,
  encodeRewriteEntry,
  encodeTombstone,
  FINAL_DISPOSITIONS,
  frameEntry,
  inventoryLeaf,
  isPresent,
  presenceBitmap,
  rewriteLeaf,
  tombstoneLeaf,
  unframeEntries,
} from './book-leaves.ts'
export type { BooksEntry, DispositionName, InventoryEntry, RewriteEntry, TombstoneEntry } from './book-leaves.ts'
export { acceptanceChainOf, packageDeltaOf } from './package-delta.ts'
export type { AcceptanceChain, PackageDelta } from './package-delta.ts'
export { decodeRevisionEntry, encodeRevisionEntry } from './revision-leaves.ts'
export type { RevisionEntry } from './revision-leaves.ts'
export { eventCommitment, logEntry, paddingCommitment, paddingEntry } from './event.ts'
export { mayMove, MOVES } from './moves.ts'
export { ageDearmor, ageDecrypt, ageEncrypt, ageRecipient, newAgeIdentity } from './age.ts'
export type { AgeKeys } from './age.ts'
export { statementDigest } from './statements.ts'
export {
  acceptanceStatement,
  approvalDigest,
  approvalStatement,
  erasureCertificateStatement,
  packageManifestStatement,
  packageOuterStatement,
  partyFileStatement,
  readAcceptance,
  readApproval,
  readErasureCertificate,
  readFact,
  readPackageManifest,
  readPackageOuter,
  readPartyFile,
  readReconciliation,
  reconciliationStatement,
} from './statements.ts'
export type { Acceptance, Approval, ErasureCertificate, ManifestDataSet, ManifestParty, PackageManifest, PackageOuter, PartyFile, Reconciliation, SignedFact } from './statements.ts'
export { compareRecords, decodeSegment, encodeSegment, encodeSegmentLines, hasZstd, openSegment, parseRecordLine, segmentContentLeaf, verifySegmentRecord } from './segment.ts'
export type { SegmentHeader, SegmentRecord } from './segment.ts'
export { parseSeal, sealFiles } from './seal.ts'
export type { SealedFile } from './seal.ts'
export { openedEventLeaf, openedEventText, PACKAGE_FILES, packageEntries, parseOpenedEvent, segmentName } from './package-file.ts'
export type { OpenedEvent, PackageParts } from './package-file.ts'
export {
  ACCEPTANCE_FILES,
  acceptanceEntries,
  acceptanceLists,
  ACCEPTED_ROW_BYTES,
  acceptedRow,
  AcceptedRecordsWalk,
  compareDifferences,
  decodeAcceptedRecords,
  decodeDifferences,
  describeLists,
  differenceLine,
  DifferencesWalk,
  encodeAcceptedRecords,
  encodeDifferences,
  recordSetRoot,
} from './acceptance-file.ts'
export type { AcceptanceFacts, AcceptanceLists, AcceptedRecord, DescribedLists, Difference, RereadableFile, WalkedRecords } from './acceptance-file.ts'
export { encodeReceipt, parseReceipt, RECEIPT_TYPE, receiptMessage } from './receipt-file.ts'
export { codeOfSecret, secretOfCode } from './receipt-code.ts'
export { isSealedReceiptFile, openSealedReceipt, sealReceiptFile } from './sealed-receipt-file.ts'
export type { Receipt, ReceiptBatch, ReceiptEvent, ReceiptField, ReceiptRecord, SignedReceipt } from './receipt-file.ts'
export { acceptedName, BUNDLE_FILES, bundleEntries, decodeBundleEvents, decodePadding, encodeBundleEvents, encodePadding, parseBundleIndex, STATEMENT_KINDS } from './bundle-file.ts'
export type { BundleEvent, BundleFormat, BundleIndex, BundleKind, BundlePadding, BundleParts, FileContent, StatementKind, StoredFile } from './bundle-file.ts'
export type { FileSource } from './verify/opened-bundle.ts'
export { exitCodeOf, verifyFile, verifySource } from './verify/verify-file.ts'
export type { VerifyOptions } from './verify/verify-file.ts'
export type { Check, FileKind, Language, Verdict } from './verify/verdict.ts'
export { verdictWords } from './verify/verdict-words.ts'
export { checkWords } from './verify/words.ts'
export type { CheckName } from './verify/words.ts'
export { verifierPage } from './page-file.ts'
export { run as runVerifyCommand } from './cli.ts'
