// SPDX-License-Identifier: Apache-2.0
import { decodeUtf8Strict, fromBase64Strict, ProofError, sha256, toBase64, toHex, utf8 } from './bytes.ts'
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
  format: oneOf('handover-bundle/v1'),
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

/** Kinds of statement files in a bundle. */
export const STATEMENT_KINDS = ['acceptance', 'approval', 'certificate', 'fact', 'outer', 'reconciliation'] as const
/** One of the kinds of statement files. */
export type StatementKind = (typeof STATEMENT_KINDS)[number]

/** An event of the bundle with its place in the log. */
export type BundleEvent = { leaf: number; salt: Uint8Array; event: string }

/** What a bundle is made of. Lists of entries are in their own order: inventory and books by index, rewrites and tombstones as they happened. */
export type BundleParts = {
  kind: BundleKind
  matter: string
  origin: string
  policy: string
  checkpoint: string
  size: number
  /** All tiles and entry bundles of the log at `size`; `path` as `tilePath` and `entryBundlePath` give it. */
  tiles: readonly { path: string; bytes: Uint8Array }[]
  events: readonly BundleEvent[]
  /** The .bin files, already framed by `frameEntry` one after the other; left out of a public bundle. */
  inventory: Uint8Array
  books: Uint8Array
  rewrites: Uint8Array
  tombstones: Uint8Array
  statements: readonly { kind: StatementKind; envelope: DsseEnvelope }[]
  parties: readonly { role: string; envelope: DsseEnvelope }[]
  signers: readonly NoteSigner[]
}

/** Names of the single files of a bundle. */
export const BUNDLE_FILES = {
  index: 'bundle.json',
  policy: 'policy.txt',
  readme: 'readme.md',
  checkpoint: 'log/checkpoint',
  events: 'events.ndjson',
  inventory: 'inventory.bin',
  books: 'books.bin',
  rewrites: 'rewrites.bin',
  tombstones: 'tombstones.bin',
  seal: 'bundle.sig',
} as const

/** The entries of a bundle tar in their one order; give them to `writeTar`. */
export function bundleEntries(parts: BundleParts): TarEntry[] {
  const files = bundleFiles(parts)
  const index: BundleIndex = {
    format: 'handover-bundle/v1',
    kind: parts.kind,
    matter: parts.matter,
    origin: parts.origin,
    size: parts.size,
    files: files.map(({ name, bytes }) => ({ name, size: bytes.length, sha256: toHex(sha256(bytes)) })),
  }
  const indexBytes = utf8(canonicalJson(index))
  const seal = utf8(sealFiles([{ name: BUNDLE_FILES.index, bytes: indexBytes }], parts.signers))
  return [tarFile(BUNDLE_FILES.index, indexBytes), ...files.map(({ name, bytes }) => tarFile(name, bytes)), tarFile(BUNDLE_FILES.seal, seal)]
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
export function bundleRank(name: string, kind: BundleKind): number {
  const groups = kind === 'parties' ? PARTIES_ORDER : PUBLIC_ORDER
  return groups.findIndex((pattern) => pattern.test(name))
}

const HEAD_ORDER = [/^policy\.txt$/, /^readme\.md$/, /^log\/checkpoint$/, /^log\/tile\//, /^events\.ndjson$/]
const STATEMENT_ORDER = [new RegExp(`^statements/(?:${STATEMENT_KINDS.join('|')})-[0-9]{5}\\.json$`)]
const PARTIES_ORDER = [...HEAD_ORDER, /^inventory\.bin$/, /^books\.bin$/, /^rewrites\.bin$/, /^tombstones\.bin$/, ...STATEMENT_ORDER, /^parties\/[a-z]+(?:-[0-9]+)?\.json$/]
const PUBLIC_ORDER = HEAD_ORDER

function bundleFiles(parts: BundleParts): { name: string; bytes: Uint8Array }[] {
  const tiles = parts.tiles.map(({ path, bytes }) => ({ name: `log/${path}`, bytes }))
  const shared = [
    { name: BUNDLE_FILES.policy, bytes: utf8(parts.policy) },
    { name: BUNDLE_FILES.readme, bytes: utf8(BUNDLE_README) },
    { name: BUNDLE_FILES.checkpoint, bytes: utf8(parts.checkpoint) },
    ...byName(tiles),
    { name: BUNDLE_FILES.events, bytes: encodeBundleEvents(parts.events) },
  ]
  if (parts.kind === 'public') return shared
  return [
    ...shared,
    { name: BUNDLE_FILES.inventory, bytes: parts.inventory },
    { name: BUNDLE_FILES.books, bytes: parts.books },
    { name: BUNDLE_FILES.rewrites, bytes: parts.rewrites },
    { name: BUNDLE_FILES.tombstones, bytes: parts.tombstones },
    ...byName(statementFiles(parts.statements)),
    ...byName(partyFiles(parts.parties)),
  ]
}

function statementFiles(statements: BundleParts['statements']): { name: string; bytes: Uint8Array }[] {
  return STATEMENT_KINDS.flatMap((kind) =>
    statements
      .filter((each) => each.kind === kind)
      .map(({ envelope }, at) => ({ name: `statements/${kind}-${String(at).padStart(5, '0')}.json`, bytes: utf8(envelopeText(envelope)) })),
  )
}

/** The first file of a role is named by the role alone, a second auditor is `auditor-2`. */
function partyFiles(parties: BundleParts['parties']): { name: string; bytes: Uint8Array }[] {
  return parties.map(({ role, envelope }, at) => {
    const number = parties.slice(0, at + 1).filter((each) => each.role === role).length
    return { name: `parties/${role}${number === 1 ? '' : `-${number}`}.json`, bytes: utf8(envelopeText(envelope)) }
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

policy.txt 必须由您自己取得或核对(例如当面核对公钥);包内的 policy.txt 只是制作者的自述,只用它核验时,结果会写明“自述”。

This bundle proves where every value of a matter went, and whether the books balance. It holds no personal information, only salted
commitments, counts and signatures. Verify it offline, trusting nobody:

    npx handover-verify THIS-BUNDLE.tar --policy policy.txt

Obtain or compare policy.txt yourself (public keys, in person for example). The policy.txt inside is only what the producer states;
a verification by it alone is marked "self-declared". Formats: docs/formats.md of the project.
`
