// SPDX-License-Identifier: Apache-2.0
import { encodeBooksEntry, encodeInventoryEntry, encodeRewriteEntry, encodeTombstone, frameEntry } from '../book-leaves.ts'
import type { BooksEntry, InventoryEntry, RewriteEntry, TombstoneEntry } from '../book-leaves.ts'
import { bundleEntries } from '../bundle-file.ts'
import type { BundleEvent, BundleFormat, BundleKind, BundlePadding, StatementKind } from '../bundle-file.ts'
import { readAll } from '../byte-reader.ts'
import { concat, toHex } from '../bytes.ts'
import { checkpointBody } from '../checkpoint.ts'
import type { Cosigner } from '../cosignature.ts'
import type { DsseEnvelope } from '../dsse.ts'
import { eventCommitment, logEntry, paddingEntry } from '../event.ts'
import { canonicalJson } from '../jcs.ts'
import type { JsonObject } from '../jcs.ts'
import { inclusionPath, leafHash, rootOfLeaves } from '../merkle.ts'
import { signNote } from '../note.ts'
import type { NoteSigner } from '../note.ts'
import { encodeRevisionEntry } from '../revision-leaves.ts'
import type { RevisionEntry } from '../revision-leaves.ts'
import { writeTar } from '../tar.ts'
import { logTiles } from '../tiles.ts'
import { formatTlogProof } from '../tlog-proof.ts'
import { brokerWitness, buyerWitness, logKey, sampleBytes, samplePolicy, seller } from './sample-keys.ts'

/** An event before it has a number. */
export type DraftEvent = { type: string; ts: string; body: JsonObject }
/** A matter before it is sealed into a log: a test bends it, then seals it with the real keys. */
export type Draft = {
  events: DraftEvent[]
  inventory: InventoryEntry[]
  books: BooksEntry[]
  rewrites: RewriteEntry[]
  tombstones: TombstoneEntry[]
  revisions: RevisionEntry[]
  statements: { kind: StatementKind; envelope: DsseEnvelope }[]
  parties: { role: string; envelope: DsseEnvelope }[]
  witnesses: Cosigner[]
  sealedBy: NoteSigner
  /** Numbers of events left out of the bundle (not of the log). */
  leftOut: number[]
  logSize: number
  /** Records of each acceptance as it lists them, by the digest of its statement. */
  accepted: { acceptance: string; records: Uint8Array }[]
  /** Leaves of padding that the bundle does not open. */
  closedPadding: number[]
}
/** A matter in its log. */
export type SealedMatter = { draft: Draft; events: BundleEvent[]; padding: BundlePadding[]; entries: Uint8Array[]; checkpoint: string }

export const MATTER = 'mat_00000000000000000000000000000001'
export const ORIGIN = logKey.vkey.name
/** The sample's time, and the next day, when the cooling-off is over. */
export const AT = '2026-11-21T08:00:00.000Z'
export const NEXT_DAY = '2026-11-22T08:00:00.000Z'

/** Body of the matter-closing event from the draft's books, so that a bent book still closes over itself. */
export function booksRootOf(books: readonly BooksEntry[]): string {
  return toHex(rootOfLeaves(books.map((entry) => leafHash(encodeBooksEntry(entry)))))
}

/** Numbers the events, commits them, pads the log and has it signed and cosigned. */
export function sealMatter(draft: Draft): SealedMatter {
  let latest: string = AT
  const events = draft.events.map(({ type, ts: own, body }, at) => {
    // The sample's usual time means: no earlier than the event before; any other time is meant as it stands.
    const ts = own === AT ? latest : own
    latest = ts > latest ? ts : latest
    const event = canonicalJson({ v: 1, t: type, m: MATTER, s: at + 1, ts, ...body })
    return { leaf: at, salt: sampleBytes(`salt ${at}`), event }
  })
  const entries = events.map(({ event, salt }) => logEntry(eventCommitment(event, salt)))
  const padding: BundlePadding[] = []
  for (let leaf = entries.length; leaf < draft.logSize; leaf += 1) padding.push({ leaf, salt: sampleBytes(`padding ${leaf}`) })
  entries.push(...padding.map(({ salt }) => paddingEntry(salt)))
  return { draft, events, padding, entries, checkpoint: signCheckpoint(entries, draft.witnesses) }
}

/** A cosigned checkpoint over entries. */
export function signCheckpoint(entries: readonly Uint8Array[], witnesses: readonly Cosigner[]): string {
  const body = checkpointBody({ origin: ORIGIN, size: BigInt(entries.length), root: rootOfLeaves(entries.map(leafHash)) })
  return signNote(body, [logKey]) + witnesses.map((witness) => witness.cosign(body, 1_790_000_000)).join('')
}

/** tlog-proof of the event at a leaf. */
export function proofOf(matter: SealedMatter, leaf: number, extra: Uint8Array | null = null): string {
  return formatTlogProof({ extra, index: BigInt(leaf), path: inclusionPath(BigInt(leaf), matter.entries.map(leafHash)), checkpoint: matter.checkpoint })
}

/** The bytes of the bundle of a sealed matter. */
export async function bundleBytes(matter: SealedMatter, kind: BundleKind = 'parties', format: BundleFormat = 'handover-bundle/v2'): Promise<Uint8Array> {
  const { draft, entries, checkpoint, padding } = matter
  const isShown = (event: BundleEvent): boolean => (kind === 'parties' ? !draft.leftOut.includes(event.leaf + 1) : /"t":"Matter(Opened|Closed)"/.test(event.event))
  const parts = bundleEntries({
    format,
    kind,
    matter: MATTER,
    origin: ORIGIN,
    policy: samplePolicy,
    checkpoint,
    size: entries.length,
    tiles: await logTiles(entries),
    events: matter.events.filter(isShown),
    padding: padding.filter(({ leaf }) => !draft.closedPadding.includes(leaf)),
    accepted: draft.accepted,
    inventory: framed(draft.inventory.map(encodeInventoryEntry)),
    books: framed(draft.books.map(encodeBooksEntry)),
    rewrites: framed(draft.rewrites.map(encodeRewriteEntry)),
    tombstones: framed(draft.tombstones.map(encodeTombstone)),
    ...(draft.revisions.length === 0 ? {} : { revisions: framed(draft.revisions.map(encodeRevisionEntry)) }),
    statements: draft.statements,
    parties: draft.parties,
    signers: [draft.sealedBy],
  })
  return readAll(writeTar(parts), 64 * 1024 * 1024)
}

/** What every draft starts with. */
export function emptyDraft(): Draft {
  return { events: [], inventory: [], books: [], rewrites: [], tombstones: [], revisions: [], statements: [], parties: [], witnesses: [buyerWitness, brokerWitness], sealedBy: seller, leftOut: [], logSize: 32, accepted: [], closedPadding: [] }
}

function framed(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.map(frameEntry))
}
