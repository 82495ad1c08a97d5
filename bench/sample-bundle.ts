// SPDX-License-Identifier: Apache-2.0
// A closed matter of any size, made of salted commitments over invented values: what the verifier reads, without a database.
import {
  acceptanceStatement, acceptedRow, approvalDigest, approvalStatement, bundleEntries, canonicalJson, checkpointBody, cosigner, digestOf, encodeBooksEntry, encodeInventoryEntry, eventCommitment, frameEntry,
  leafHash, logEntry, logTiles, MerkleAccumulator, noteSigner, packageOuterStatement, paddingEntry, partyFileStatement, presenceBitmap, reconciliationStatement, rootOfLeaves, sha256, signNote, signStatement,
  statementDigest, toHex, utf8, writeTar, type BundleParts, type DsseEnvelope, type JsonObject, type StatementKind, type StoredFile,
} from '@handover/proof'
import { createReadStream, createWriteStream, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'

const bytes = (name: string): Uint8Array => sha256(utf8(`bench ${name}`))
const id = (name: string): Uint8Array => bytes(name).subarray(0, 16)
const signer = (name: string): ReturnType<typeof noteSigner> => noteSigner({ name, seed: bytes(`key ${name}`) })

export const seller = signer('seller.bench')
const buyer = signer('buyer.bench')
const people = [signer('asks.bench'), signer('approves.bench')] as const
export const logKey = signer('log.bench/1')
const witnesses = ['one', 'two'].map((name) => cosigner({ name: `witness.${name}.bench`, seed: bytes(name) }))
export const matter = `mat_${toHex(id('matter'))}`
export const dataSet = { id: id('customers'), text: `ds_${toHex(id('customers'))}`, fields: Array.from({ length: 12 }, (_, at) => `fld_${toHex(id(`field ${at}`))}`) }
const at = '2026-11-21T08:00:00.000Z'

/** The policy under which the matter holds. */
export const policy = `log ${logKey.vkey.text}
${witnesses.map((witness, n) => `witness w${n} ${witness.vkey.text}`).join('\n')}
group q all w0 w1
quorum q
party transferor ${seller.vkey.text}
party transferee ${buyer.vkey.text}
${people.map((person) => `approver ${person.vkey.text}`).join('\n')}
`

/** Record n: every third has an empty cell; the even ones are transferred, the odd ones kept. */
export function recordOf(n: number): { recordId: Uint8Array; presence: Uint8Array; vector: Uint8Array; leaves: Uint8Array[]; root: Uint8Array } {
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(n))
  const present = dataSet.fields.map((_, field) => (n + field) % 36 !== 0)
  const leaves = dataSet.fields.map((_, field) => digestOf(Buffer.concat([Buffer.from([0, field]), number])))
  return { recordId: digestOf(Buffer.concat([Buffer.from('id'), number])).subarray(0, 16), presence: presenceBitmap(present), vector: Uint8Array.from(present, (is) => (is ? (n % 2 === 0 ? 1 : 2) : 0)), leaves, root: rootOfLeaves(leaves) }
}

export type SampleEvent = { leaf: number; salt: Uint8Array; event: string }
/** The matter in its log. */
export type SampleLog = { events: SampleEvent[]; entries: Uint8Array[]; padding: { leaf: number; salt: Uint8Array }[]; checkpoint: string }

/** Numbers events, pads and signs. */
function sealLog(drafts: readonly { t: string; body: JsonObject }[]): SampleLog {
  const events = drafts.map(({ t, body }, leaf) => ({ leaf, salt: bytes(`salt ${leaf}`), event: canonicalJson({ v: 1, t, m: matter, s: leaf + 1, ts: at, ...body }) }))
  const padding = Array.from({ length: 32 - events.length }, (_, n) => ({ leaf: events.length + n, salt: bytes(`padding ${n}`) }))
  const entries = [...events.map(({ event, salt }) => logEntry(eventCommitment(event, salt))), ...padding.map(({ salt }) => paddingEntry(salt))]
  const body = checkpointBody({ origin: logKey.vkey.name, size: BigInt(entries.length), root: rootOfLeaves(entries.map(leafHash)) })
  return { events, entries, padding, checkpoint: signNote(body, [logKey]) + witnesses.map((witness) => witness.cosign(body, 1_790_000_000)).join('') }
}

/** Writes the large files of a bundle below `folder` with flat memory. */
async function writeLeaves(size: number, folder: string): Promise<{ inventory: StoredFile; books: StoredFile; accepted: StoredFile; inventoryRoot: string; booksRoot: string; acceptedRoot: string; values: number[]; sent: number[] }> {
  const [inventory, books] = [new LeafFile(join(folder, 'inventory.bin')), new LeafFile(join(folder, 'books.bin'))]
  const [values, sent] = [dataSet.fields.map(() => 0), dataSet.fields.map(() => 0)]
  const rows: Buffer[] = []
  for (let n = 0; n < size; n += 1) {
    const { recordId, presence, vector, root } = recordOf(n)
    await inventory.add(encodeInventoryEntry({ index: BigInt(n), recordId, dataSetId: dataSet.id, presence, recordRoot: root }))
    await books.add(encodeBooksEntry({ index: BigInt(n), recordId, vector }))
    vector.forEach((code, field) => {
      if (code !== 0) values[field] = (values[field] ?? 0) + 1
      if (code === 1) sent[field] = (sent[field] ?? 0) + 1
    })
    if (n % 2 === 0) rows.push(Buffer.from(acceptedRow({ recordId, root, seen: 1 })))
  }
  const list = new LeafFile(join(folder, 'accepted.bin'), false)
  for (const row of rows.sort((one, other) => one.compare(other))) await list.add(row, row.subarray(0, 48))
  return { inventory: await inventory.end(), books: await books.end(), accepted: await list.end(), inventoryRoot: inventory.root(), booksRoot: books.root(), acceptedRoot: list.root(), values, sent }
}

class LeafFile {
  readonly #path: string
  readonly #isFramed: boolean
  readonly #out: ReturnType<typeof createWriteStream>
  readonly #hash = createHash('sha256')
  readonly #tree = new MerkleAccumulator()
  #size = 0

  constructor(path: string, isFramed = true) {
    this.#path = path
    this.#isFramed = isFramed
    this.#out = createWriteStream(path, { highWaterMark: 1 << 20 })
  }

  async add(entry: Uint8Array, leaf = entry): Promise<void> {
    const part = this.#isFramed ? frameEntry(entry) : entry
    this.#hash.update(part)
    this.#tree.push(leafHash(leaf))
    this.#size += part.length
    if (!this.#out.write(part)) await once(this.#out, 'drain')
  }

  async end(): Promise<StoredFile> {
    this.#out.end()
    await finished(this.#out)
    return { size: this.#size, sha256: this.#hash.digest('hex'), open: () => createReadStream(this.#path, { highWaterMark: 1 << 18 }) }
  }

  root(): string {
    return toHex(this.#tree.root())
  }
}

/** Writes `bundle.tar` of a closed matter with so many records below `folder`; returns its log and the path. */
export async function writeSampleBundle(size: number, folder: string): Promise<{ file: string; log: SampleLog; inventoryRoot: string; booksRoot: string }> {
  const leaves = await writeLeaves(size, folder)
  const statements: { kind: StatementKind; envelope: DsseEnvelope }[] = []
  const named = (kind: StatementKind, envelope: DsseEnvelope): string => (statements.push({ kind, envelope }), statementDigest(envelope))
  const parties = ([['transferor', seller], ['transferee', buyer]] as const).map(([role, party]) => {
    const file = { party: `pty_${role}`, role, name: `测试${role}`, creditCode: '91000000000000000X', contact: 'desk', vkey: party.vkey.text, ageRecipient: `age1${role}` }
    return { role, envelope: signStatement(partyFileStatement(file), [party]) }
  })
  const move = (counts: readonly number[], from: string, to: string): JsonObject[] => dataSet.fields.flatMap((f, field) => ((counts[field] ?? 0) === 0 ? [] : [{ ds: dataSet.text, f, from, to, n: counts[field] ?? 0 }]))
  const kept = leaves.values.map((count, field) => count - (leaves.sent[field] ?? 0))
  const [discovered, transferred] = [leaves.values, leaves.sent].map((counts) => counts.reduce((sum, n) => sum + n, 0))
  const approve = (request: string, act: string, parameters: JsonObject): { t: string; body: JsonObject } => {
    const approval = { request, matter, act, parameters, requestedBy: people[0].vkey.name, requestedAt: at }
    named('approval', signStatement(approvalStatement(approval), people))
    return { t: 'ApprovalGranted', body: { request, act, digest: approvalDigest(approval), by: [people[1].vkey.name], identitiesVerified: true, coolingOffHours: null } }
  }
  const plan = { plan: 'pln_1', digest: toHex(bytes('plan')) }
  const outerFile = { package: 'pkg_1', matter, origin: logKey.vkey.name, recipientKey: toHex(sha256(utf8('age1transferee'))), segments: [], manifest: { name: 'manifest.age', bytes: 1, sha256: toHex(bytes('m')) } }
  const outer = named('outer', signStatement(packageOuterStatement(outerFile), [seller]))
  const records = Math.ceil(size / 2)
  const shared = { package: 'pkg_1', matter, outer, contentRoot: toHex(bytes('content')), acceptedRoot: leaves.acceptedRoot, at }
  const acceptance = named('acceptance', signStatement(acceptanceStatement({ ...shared, recipient: 'pty_transferee', records, values: transferred ?? 0, refused: [], destination: 'sqlite', status: 'complete', recordsDigest: leaves.accepted.sha256, differencesDigest: toHex(sha256(utf8(''))) }), [buyer]))
  const reconciliation = named('reconciliation', signStatement(reconciliationStatement({ ...shared, acceptance, sentRoot: leaves.acceptedRoot, matched: records, missing: 0, extra: 0, changed: 0, duplicate: 0 }), [seller, buyer]))
  const counts = { transferred: transferred ?? 0, kept: (discovered ?? 0) - (transferred ?? 0), sealed: 0, anonymised: 0, destroyed: 0 }
  const by = { transferred: records, kept: size - records, sealed: 0, anonymised: 0, destroyed: 0, mixed: 0 }
  const closed = { booksRoot: leaves.booksRoot, records: size, discovered: discovered ?? 0, dispositions: counts }
  const log = sealLog([
    { t: 'MatterOpened', body: { type: 'asset-transfer', origin: logKey.vkey.name, parties: parties.map(({ role, envelope }) => ({ role, party: `pty_${role}`, digest: statementDigest(envelope) })), settings: toHex(bytes('settings')), demo: false } },
    { t: 'InventoryCommitted', body: { ds: dataSet.text, first: 0, records: size, root: leaves.inventoryRoot, fields: dataSet.fields.map((f, field) => ({ f, values: leaves.values[field] ?? 0 })), postings: move(leaves.values, 'discovered', 'pending') } },
    approve('apr_1', 'hand-over', { ...plan, to: ['pty_transferee'] }), { t: 'PlanApproved', body: { ...plan, lines: [] } },
    { t: 'PackageIssued', body: { package: 'pkg_1', sequence: 1, to: 'pty_transferee', purpose: 'transfer', outer, manifest: toHex(bytes('m')), records, values: transferred ?? 0, postings: move(leaves.sent, 'pending', 'in-transit') } },
    { t: 'AcceptanceReceived', body: { package: 'pkg_1', acceptance, status: 'complete' } },
    { t: 'Reconciled', body: { package: 'pkg_1', statement: reconciliation, root: leaves.acceptedRoot, matched: records, postings: move(leaves.sent, 'in-transit', 'transferred') } },
    { t: 'DispositionsPosted', body: { plan: 'pln_1', postings: move(kept, 'pending', 'kept') } },
    approve('apr_2', 'close', closed), { t: 'MatterClosed', body: { ...closed, recordsBy: by, subjectsBy: by } },
  ])
  const parts: BundleParts = {
    kind: 'parties', matter, origin: logKey.vkey.name, policy, checkpoint: log.checkpoint, size: log.entries.length, tiles: await logTiles(log.entries), events: log.events, padding: log.padding,
    inventory: leaves.inventory, books: leaves.books, rewrites: new Uint8Array(0), tombstones: new Uint8Array(0), accepted: [{ acceptance, records: leaves.accepted }], statements, parties, signers: [seller],
  }
  const file = join(folder, 'bundle.tar')
  const out = createWriteStream(file)
  for await (const part of writeTar(bundleEntries(parts))) if (!out.write(part)) await once(out, 'drain')
  out.end()
  await finished(out)
  writeFileSync(join(folder, 'policy.txt'), policy)
  return { file, log, inventoryRoot: leaves.inventoryRoot, booksRoot: leaves.booksRoot }
}
