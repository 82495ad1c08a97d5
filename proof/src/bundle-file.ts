// SPDX-License-Identifier: Apache-2.0
import { once } from './byte-reader.ts'
import { decodeUtf8Strict, fromBase64Strict, ProofError, sha256, toBase64, toHex, u64be, utf8, view } from './bytes.ts'
import { envelopeText } from './dsse.ts'
import type { DsseEnvelope } from './dsse.ts'
import { canonicalJson, parseCanonicalJson } from './jcs.ts'
import type { NoteSigner } from './note.ts'
import { sealFiles } from './seal.ts'
import { isCount, isDigest, isText, listOf, objectOf, oneOf, readShape } from './shape.ts'
import type { Shaped } from './shape.ts'
import { tarFile } from './tar.ts'
import type { TarEntry } from './tar.ts'

const isIndex = objectOf({
  format: oneOf('handover-bundle/v1', 'handover-bundle/v2'),
  kind: oneOf('parties', 'public'),
  matter: isText,
  origin: isText,
  size: isCount,
  files: listOf(objectOf({ name: isText, size: isCount, sha256: isDigest })),
})
/** `bundle.json`: what the bundle is about and all its other files in order (CONTRACTS §12). */
export type BundleIndex = Shaped<typeof isIndex>
/** For the parties everything; for the public totals and roots only (CONTRACTS §3). */
export type BundleKind = BundleIndex['kind']

/** Which of the formats a bundle is in: v1 does not account for every entry of the log, and does not tell which record went into which package. */
export type BundleFormat = BundleIndex['format']

/** Kinds of statement files in a bundle; `copy` is what somebody signed about the end of a copy. */
export const STATEMENT_KINDS = ['acceptance', 'approval', 'certificate', 'copy', 'fact', 'outer', 'reconciliation'] as const
/** One of the kinds of statement files. */
export type StatementKind = (typeof STATEMENT_KINDS)[number]

/** An event of the bundle with its place in the log. */
export type BundleEvent = { leaf: number; salt: Uint8Array; event: string }
/** An entry of the log that stands for no event, opened by its salt. */
export type BundlePadding = { leaf: number; salt: Uint8Array }

/** A file too large to be held in memory: its size, digest, and how to read it from its beginning. */
export type StoredFile = { size: number; sha256: string; open: () => AsyncIterable<Uint8Array> }
/** Content of a file of a bundle. */
export type FileContent = Uint8Array | StoredFile

/** What a bundle is made of. Lists of entries are in their own order: inventory and books by index, rewrites and tombstones as they happened. */
export type BundleParts = {
  format?: BundleFormat
  kind: BundleKind
  matter: string
  origin: string
  policy: string
  checkpoint: string
  size: number
  /** All tiles and entry bundles of the log at `size`; `path` as `tilePath` and `entryBundlePath` give it. */
  tiles: readonly { path: string; bytes: Uint8Array }[]
  events: readonly BundleEvent[]
  /** The entries of the log that stand for no event, with their salts (v2, parties). */
  padding?: readonly BundlePadding[]
  /** The verifier in one page, for people without our program (v2). */
  page?: Uint8Array | null
  /** The .bin files, already framed by `frameEntry` one after the other; left out of a public bundle. */
  inventory: FileContent
  books: FileContent
  rewrites: FileContent
  /** What delta scans found anew, as it happened (v2); left out where there was none. */
  revisions?: FileContent
  tombstones: FileContent
  /** `records.bin` of each acceptance that was agreed upon, by the digest of its statement (v2). */
  accepted?: readonly { acceptance: string; records: FileContent }[]
  statements: readonly { kind: StatementKind; envelope: DsseEnvelope }[]
  parties: readonly { role: string; envelope: DsseEnvelope }[]
  signers: readonly NoteSigner[]
}

/** Names of the single files of a bundle. */
export const BUNDLE_FILES = {
  index: 'bundle.json',
  policy: 'policy.txt',
  readme: 'readme.md',
  page: 'verify.html',
  checkpoint: 'log/checkpoint',
  events: 'events.ndjson',
  padding: 'padding.bin',
  inventory: 'inventory.bin',
  books: 'books.bin',
  rewrites: 'rewrites.bin',
  revisions: 'revisions.bin',
  tombstones: 'tombstones.bin',
  seal: 'bundle.sig',
} as const

/** The entries of a bundle tar in their one order; give them to `writeTar`. */
export function bundleEntries(parts: BundleParts): TarEntry[] {
  const files = bundleFiles(parts)
  const index: BundleIndex = {
    format: parts.format ?? 'handover-bundle/v2',
    kind: parts.kind,
    matter: parts.matter,
    origin: parts.origin,
    size: parts.size,
    files: files.map(({ name, content }) => ({ name, ...sizeAndDigest(content) })),
  }
  const indexBytes = utf8(canonicalJson(index))
  const seal = utf8(sealFiles([{ name: BUNDLE_FILES.index, bytes: indexBytes }], parts.signers))
  return [tarFile(BUNDLE_FILES.index, indexBytes), ...files.map(entryOf), tarFile(BUNDLE_FILES.seal, seal)]
}

function sizeAndDigest(content: FileContent): { size: number; sha256: string } {
  return content instanceof Uint8Array ? { size: content.length, sha256: toHex(sha256(content)) } : { size: content.size, sha256: content.sha256 }
}

function entryOf({ name, content }: NamedFile): TarEntry {
  if (content instanceof Uint8Array) return { name, size: content.length, content: once(content) }
  // Opened when its turn comes: a file that nobody reads must not stay open.
  return { name, size: content.size, content: { [Symbol.asyncIterator]: () => content.open()[Symbol.asyncIterator]() } }
}

/** Rows of u64 leaf ‖ salt (32), ascending by leaf. */
export function encodePadding(padding: readonly BundlePadding[]): Uint8Array {
  return Buffer.concat(padding.flatMap(({ leaf, salt }) => [u64be(leaf), salt])) // not spread into arguments: there may be many
}

/** The rows of `padding.bin`; refuses a cut file and leaves out of order. */
export function decodePadding(bytes: Uint8Array): BundlePadding[] {
  const buffer = view(bytes)
  if (buffer.length % PADDING_ROW_BYTES !== 0) throw new ProofError('CUT', 'padding.bin is cut')
  let last = -1
  return Array.from({ length: buffer.length / PADDING_ROW_BYTES }, (_, row) => {
    const at = row * PADDING_ROW_BYTES
    const leaf = Number(buffer.readBigUInt64BE(at))
    if (leaf <= last) throw new ProofError('ORDER', 'padding.bin is out of order')
    last = leaf
    return { leaf, salt: buffer.subarray(at + 8, at + PADDING_ROW_BYTES) }
  })
}

const PADDING_ROW_BYTES = 40

/** Name of the file with the records of an acceptance, by the digest of its statement. */
export function acceptedName(acceptance: string): string {
  return `accepted/${acceptance}.bin`
}

/** Files of a bundle that grow with the records: they are never held in memory. */
export function isLargeFile(name: string): boolean {
  return /^(?:inventory|books|rewrites|revisions|tombstones)\.bin$|^accepted\//.test(name)
}

/** The index of a bundle; refuses text that is not canonical. */
export function parseBundleIndex(bytes: Uint8Array): BundleIndex {
  return readShape(isIndex, parseCanonicalJson(decodeUtf8Strict(bytes)), 'bundle.json')
}

/** One canonical line an event. */
export function encodeBundleEvents(events: readonly BundleEvent[]): Uint8Array {
  return utf8(events.map(({ leaf, salt, event }) => `${canonicalJson({ leaf, salt: toBase64(salt), event })}\n`).join(''))
}

const isEventLine = objectOf({ leaf: isCount, salt: isText, event: isText })

/** The lines of `events.ndjson`; refuses lines that are not canonical. */
export function decodeBundleEvents(bytes: Uint8Array): BundleEvent[] {
  const lines = decodeUtf8Strict(bytes).split('\n')
  if (lines.pop() !== '') throw new ProofError('CUT', 'events.ndjson is cut')
  return lines.map((line) => {
    const { leaf, salt, event } = readShape(isEventLine, parseCanonicalJson(line), 'a line of events.ndjson')
    return { leaf, salt: fromBase64Strict(salt), event }
  })
}

/** Where a file of a bundle stands: its group's rank, or -1 for a name that no bundle has. Within a group names ascend. */
export function bundleRank(name: string, index: Pick<BundleIndex, 'kind' | 'format'>): number {
  return ORDER[index.format][index.kind].findIndex((pattern) => pattern.test(name))
}

const LOG_ORDER = [/^log\/checkpoint$/, /^log\/tile\//, /^events\.ndjson$/]
const LEAVES_ORDER = [/^inventory\.bin$/, /^books\.bin$/, /^rewrites\.bin$/, /^revisions\.bin$/, /^tombstones\.bin$/]
const PARTY_ORDER = [/^parties\/[a-z]+(?:-[0-9]+)?\.json$/]
const V1_HEAD = [/^policy\.txt$/, /^readme\.md$/, ...LOG_ORDER]
const V2_HEAD = [/^policy\.txt$/, /^readme\.md$/, /^verify\.html$/, ...LOG_ORDER]
const ORDER: Record<BundleFormat, Record<BundleKind, readonly RegExp[]>> = {
  'handover-bundle/v1': { public: V1_HEAD, parties: [...V1_HEAD, ...LEAVES_ORDER, statementNames(STATEMENT_KINDS.filter((kind) => kind !== 'copy')), ...PARTY_ORDER] },
  'handover-bundle/v2': { public: V2_HEAD, parties: [...V2_HEAD, /^padding\.bin$/, ...LEAVES_ORDER, /^accepted\/[0-9a-f]{64}\.bin$/, statementNames(STATEMENT_KINDS), ...PARTY_ORDER] },
}

function statementNames(kinds: readonly string[]): RegExp {
  return new RegExp(`^statements/(?:${kinds.join('|')})-[0-9]{5}\\.json$`)
}

type NamedFile = { name: string; content: FileContent }

function bundleFiles(parts: BundleParts): NamedFile[] {
  const isV1 = parts.format === 'handover-bundle/v1'
  const shared = [
    { name: BUNDLE_FILES.policy, content: utf8(parts.policy) },
    { name: BUNDLE_FILES.readme, content: utf8(BUNDLE_README) },
    ...(isV1 || parts.page === undefined || parts.page === null ? [] : [{ name: BUNDLE_FILES.page, content: parts.page }]),
    { name: BUNDLE_FILES.checkpoint, content: utf8(parts.checkpoint) },
    ...byName(parts.tiles.map(({ path, bytes }) => ({ name: `log/${path}`, content: bytes }))),
    { name: BUNDLE_FILES.events, content: encodeBundleEvents(parts.events) },
  ]
  if (parts.kind === 'public') return shared
  return [
    ...shared,
    ...(isV1 ? [] : [{ name: BUNDLE_FILES.padding, content: encodePadding(parts.padding ?? []) }]),
    { name: BUNDLE_FILES.inventory, content: parts.inventory },
    { name: BUNDLE_FILES.books, content: parts.books },
    { name: BUNDLE_FILES.rewrites, content: parts.rewrites },
    ...(parts.revisions === undefined ? [] : [{ name: BUNDLE_FILES.revisions, content: parts.revisions }]),
    { name: BUNDLE_FILES.tombstones, content: parts.tombstones },
    ...(isV1 ? [] : byName((parts.accepted ?? []).map(({ acceptance, records }) => ({ name: acceptedName(acceptance), content: records })))),
    ...byName(statementFiles(parts.statements.filter(({ kind }) => !isV1 || kind !== 'copy'))),
    ...byName(partyFiles(parts.parties)),
  ]
}

function statementFiles(statements: BundleParts['statements']): NamedFile[] {
  return STATEMENT_KINDS.flatMap((kind) =>
    statements
      .filter((each) => each.kind === kind)
      .map(({ envelope }, at) => ({ name: `statements/${kind}-${String(at).padStart(5, '0')}.json`, content: utf8(envelopeText(envelope)) })),
  )
}

/** The first file of a role is named by the role alone, a second auditor is `auditor-2`. */
function partyFiles(parties: BundleParts['parties']): NamedFile[] {
  return parties.map(({ role, envelope }, at) => {
    const number = parties.slice(0, at + 1).filter((each) => each.role === role).length
    return { name: `parties/${role}${number === 1 ? '' : `-${number}`}.json`, content: utf8(envelopeText(envelope)) }
  })
}

function byName<T extends { name: string }>(files: readonly T[]): T[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** README of every bundle, in Chinese and English. */
const BUNDLE_README = `# 清交证据包 · Handover proof bundle

本文件包证明:一个事项中的全部信息值各去了哪里,账是否平。它不含任何个人信息的内容,只含加盐承诺、计数和签名。
核验方法(断网即可,无需信任本文件的制作者):

    npx handover-verify 本文件包.tar --policy policy.txt

没有 Node 时,也可以用浏览器打开随包的 verify.html(不联网),把本文件包拖进去;但 verify.html 同样出自制作者之手,要紧时请用您自己取得的核验程序。
policy.txt 必须由您自己取得或核对(例如当面核对公钥);包内的 policy.txt 只是制作者的自述,只用它核验时,结果会写明“自述”。

This bundle proves where every value of a matter went, and whether the books balance. It holds no personal information, only salted
commitments, counts and signatures. Verify it offline, trusting nobody:

    npx handover-verify THIS-BUNDLE.tar --policy policy.txt

Without Node, open the enclosed verify.html in a browser (it uses no network) and drop this bundle on it; it comes from the producer too,
so where it matters use a verifier of your own. Obtain or compare policy.txt yourself (public keys, in person for example). The policy.txt inside is only what the producer states;
a verification by it alone is marked "self-declared". Formats: docs/formats.md of the project.
`
