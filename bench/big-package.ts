// SPDX-License-Identifier: Apache-2.0
// A package of any number of invented customers, made with the library's own parts: the input of the benchmarks of the receiving side.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ageEncrypt, ageRecipient, contentLeaf, deriveSalts, encodeSegment, envelopeText, fieldLeaf, MerkleAccumulator, newAgeIdentity, once, packageEntries, packageManifestStatement, packageOuterStatement, readAll, recordRoot, segmentName,
  signStatement, statementDigest, toHex, utf8, writeTar, type ManifestDataSet, type PackageManifest, type SegmentRecord, type TarEntry,
} from '@handover/proof'
import { writeStream } from '../app/src/lifecycle/hand-over/index.ts'
import { buyer, seller } from '../proof/src/testing/sample-keys.ts'
import { AT, emptyDraft, MATTER, ORIGIN, proofOf, sealMatter } from '../proof/src/testing/sample-matter.ts'
import { generatedColumns, generateRows } from '../tools/generate-rows.ts'

const packageId = 'pkg_00000000000000000000000000000009'
const dataSetId = 'da'.repeat(16)
const fieldIds = generatedColumns.map((_, index) => createHash('sha256').update(`field ${index}`).digest().subarray(0, 16))
/** As `pack` cuts them: about 4 MiB of lines. */
const recordsASegment = 4000

/** A package file and the identity that opens it. */
export interface BigPackage {
  file: string
  identity: string
  manifest: string
}

/** Where the package stands. */
export function bigPackageIn(folder: string): BigPackage {
  return { file: join(folder, 'package.tar'), identity: existsSync(join(folder, 'identity')) ? readFileSync(join(folder, 'identity'), 'utf8') : '', manifest: join(folder, 'manifest.json') }
}

/** Makes the package once: all twelve columns are handed over. */
export async function makeBigPackage(records: number, folder: string): Promise<BigPackage> {
  const made = bigPackageIn(folder)
  if (existsSync(made.file)) return made
  const identity = await newAgeIdentity()
  const recipient = await ageRecipient(identity)
  const parts = join(folder, 'segments')
  mkdirSync(parts, { recursive: true })
  const rows = join(folder, 'rows.csv')
  generateRows({ rows: records, seed: 'receive', file: rows })
  const tree = new MerkleAccumulator()
  const segments: { name: string; bytes: number; sha256: string; records: number }[] = []
  let values = 0
  let batch: SegmentRecord[] = []
  const flush = async (): Promise<void> => {
    const bytes = await readAll(ageEncrypt(once(encodeSegment({ package: packageId, index: segments.length }, batch)), [recipient]), 1e8)
    writeFileSync(join(parts, String(segments.length)), bytes)
    segments.push({ name: segmentName(segments.length), bytes: bytes.length, sha256: digestOf(bytes), records: batch.length })
    batch = []
  }
  for (const { id, cells } of rowsInOrder(rows)) {
    const record = recordOf(id, cells)
    values += cells.filter((cell) => cell !== '').length
    tree.push(contentLeaf({ recordId: id, fields: record.fields.map(({ index, value }) => ({ fieldId: fieldIds[index] ?? id, value })) }))
    batch.push(record)
    if (batch.length === recordsASegment) await flush()
  }
  if (batch.length > 0) await flush()
  const entries = await sealed({ recipient, parts, segments, records, values, contentRoot: toHex(tree.root()), manifestFile: made.manifest })
  await writeStream(made.file, writeTar(entries))
  writeFileSync(join(folder, 'identity'), identity, { mode: 0o600 })
  rmSync(parts, { recursive: true })
  rmSync(rows)
  return { ...made, identity }
}

/** Rows in the order of record ids, as a package has them. */
function* rowsInOrder(file: string): Generator<{ id: Buffer; cells: string[] }, void, undefined> {
  const bytes = readFileSync(file)
  const starts: number[] = []
  for (let at = bytes.indexOf('\r\n') + 2; at < bytes.length; at = bytes.indexOf('\r\n', at) + 2) starts.push(at)
  const rows = starts.map((at, number) => ({ at, id: createHash('sha256').update(`record ${number}`).digest().subarray(0, 16) })).sort((a, b) => Buffer.compare(a.id, b.id))
  for (const { at, id } of rows) yield { id, cells: cellsOf(bytes.toString('utf8', at, bytes.indexOf('\r\n', at))) }
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}

function recordOf(recordId: Buffer, cells: readonly string[]): SegmentRecord {
  const salts = deriveSalts(createHash('sha256').update(recordId).digest(), 1, cells.length)
  const fields = cells.map((value, index) => ({ index, value, salt: salts[index] ?? recordId }))
  const root = recordRoot(fields.map(({ index, value, salt }) => fieldLeaf({ salt, recordId, fieldId: fieldIds[index] ?? recordId, value })))
  return { dataSetId: Buffer.from(dataSetId, 'hex'), recordId, version: 1, root, fields, leaves: [] }
}

interface Sealing {
  recipient: string
  parts: string
  segments: readonly { name: string; bytes: number; sha256: string; records: number }[]
  records: number
  values: number
  contentRoot: string
  manifestFile: string
}

/** Manifest, outer statement, the event in a log of its own, and the entries of the tar. */
async function sealed({ recipient, parts, segments, records, values, contentRoot, manifestFile }: Sealing): Promise<AsyncIterable<TarEntry>> {
  const dataSet: ManifestDataSet = { id: dataSetId, name: '客户', kind: 'csv', records, values, fields: generatedColumns.map((name, index) => ({ id: toHex(fieldIds[index] ?? Buffer.of()), index, name, type: 'text', grade: 'general' })) }
  const party = (name: string, vkey: string, age: string): PackageManifest['sender'] => ({ party: `pty_${name}`, name, creditCode: '91000000000000000X', vkey, ageRecipient: age })
  const manifest: PackageManifest = {
    package: packageId, matter: MATTER, origin: ORIGIN, sequence: 1, previous: null, purpose: 'transfer', sender: party('transferor', seller.vkey.text, 'age1transferor'), recipient: party('transferee', buyer.vkey.text, recipient),
    plan: '00'.repeat(32), rulesVersion: '1', purposes: ['售后服务'], duties: [], suppression: [], dataSets: [dataSet], segments: segments.map(({ name, sha256, records: count }) => ({ name, sha256, records: count })),
    records, values, contentRoot, nonce: '01'.repeat(32), priorCheckpoint: null, issuedAt: AT,
  }
  writeFileSync(manifestFile, JSON.stringify(manifest))
  const inner = signStatement(packageManifestStatement(manifest), [seller])
  const sealedManifest = await readAll(ageEncrypt(once(utf8(envelopeText(inner))), [recipient]), 1e8)
  const outer = signStatement(packageOuterStatement({
    package: packageId, matter: MATTER, origin: ORIGIN, recipientKey: digestOf(utf8(recipient)), segments: segments.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })), manifest: { name: 'manifest.age', bytes: sealedManifest.length, sha256: digestOf(sealedManifest) },
  }), [seller])
  const draft = emptyDraft()
  draft.events.push({ type: 'PackageIssued', ts: AT, body: { package: packageId, sequence: 1, to: 'pty_transferee', purpose: 'transfer', outer: statementDigest(outer), manifest: statementDigest(inner), records, values, postings: [] } })
  const matter = sealMatter(draft)
  const [issued] = matter.events
  if (issued === undefined) throw new Error('the log has no event')
  const files = segments.map(({ name, bytes }, at): TarEntry => ({ name, size: bytes, content: { [Symbol.asyncIterator]: () => createReadStream(join(parts, String(at)))[Symbol.asyncIterator]() } }))
  return packageEntries({ outer, issued, proof: proofOf(matter, 0), segments: files, manifest: { size: sealedManifest.length, content: once(sealedManifest) }, signers: [seller] })
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
