// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { ACCEPTANCE_FILES, acceptanceEntries, decodeUtf8Strict, describeLists, envelopeText, parseEnvelope, readAcceptance, readAll, statementDigest, unverifiedStatement, writeTar, type Acceptance, type AcceptanceChain, type Difference, type DsseEnvelope, type SegmentRecord, type TarEntry } from '@handover/proof'
import type { Context } from '../../context.ts'
import { compareLanded } from './compare-landed.ts'
import type { LandedComparison } from './landed-lists.ts'
import { landingTables, type Landing, type LandingTable } from './landing.ts'
import { openLanding } from './open-landing.ts'
import { compareChain, openChain, receiveChainFailures, takeBack } from './receive-chain.ts'
import { openReceivedPackage, type OpenedPackage, type PackageToOpen } from './open-received-package.ts'
import { receiveFailures } from './receive-failures.ts'
import { isVoid, newestReceived, noteAcceptance, noteReceived, receivedPackage } from './received.store.ts'
import { writeStream } from './write-stream.ts'

/** What to receive, into which place, and where the acceptance goes. */
export interface ReceiveOrder extends PackageToOpen {
  into: string
  passwordFile: string | undefined
  output: string
  /** Remove what the destination has of this package and load it again; the earlier ones of its chain too. */
  reload: boolean
  /** Files of the earlier packages of its chain. */
  previous: readonly string[]
}

/** A difference with what the recipient may see on its own screen. */
export interface ShownDifference extends Difference {
  dataSet: string
  titles: string[]
}

/** What receiving found and signed. */
export interface Receiving {
  package: string
  sequence: number
  sender: string
  purpose: 'transfer' | 'custody'
  destination: string
  status: 'complete' | 'differences'
  records: number
  values: number
  checks: number
  /** Segments loaded now; the others were there. */
  loaded: number
  /** The first of the differences; the acceptance lists all of them. */
  differences: ShownDifference[]
  /** How many there are. */
  found: number
  acceptance: string
  repeated: boolean
  notes: string[]
}

/** 接收移交包. Verifies everything, loads what is not loaded yet, reads all of it back from the destination and signs the acceptance (CONTRACTS §8). Again: reads back again and signs anew only when something else is found. Refuses unknown senders, replays, and packages that do not verify, before a value is read in. */
export async function receivePackage(ctx: Context, order: ReceiveOrder): Promise<Receiving> {
  const opened = await openReceivedPackage(ctx, order)
  await refuseReplay(ctx, opened)
  if (await isVoid(ctx.db, ctx.tenant, opened.outer.package)) throw receiveChainFailures.PACKAGE_VOID({ package: opened.outer.package })
  const chain = await openChain(ctx, opened, order)
  const landing = await openLanding(order.into, order.passwordFile)
  try {
    await noteArrival(ctx, opened, landing)
    const tables = landingTables(opened.manifest.dataSets)
    if (order.reload) {
      for (const earlier of chain) {
        await load(ctx, { opened: earlier, landing, tables: landingTables(earlier.manifest.dataSets), reload: true })
        await takeBack(landing, earlier)
      }
    }
    const loaded = await load(ctx, { opened, landing, tables, reload: order.reload })
    await takeBack(landing, opened)
    const found = await readBack(ctx, { opened, landing, tables })
    try {
      const signed = await signAcceptance(ctx, { opened, landing, found, chain: await compareChain(ctx, landing, { opened, chain }), output: order.output })
      const notes = signed.acceptance.status === 'complete' ? await landing.finish(opened.outer.package, [...tables.values()]) : []
      return resultOf(opened, { landing, found, signed, loaded, notes })
    } finally {
      found.close()
    }
  } finally {
    await landing.close()
  }
}

/** The same number with other content, and a number older than the newest, are not what the sender stands by now. */
async function refuseReplay(ctx: Context, { matter, outer, outerDigest, manifest, sender }: OpenedPackage): Promise<void> {
  const known = await receivedPackage(ctx.db, ctx.tenant, outer.package)
  if (known !== null && known.outerDigest.toString('hex') !== outerDigest) throw receiveFailures.PACKAGE_REPLACED({ package: outer.package })
  const newest = await newestReceived(ctx.db, ctx.tenant, { matterId: matter.id, sender: sender.id })
  if (known === null && newest !== null && newest.sequence >= manifest.sequence) throw receiveFailures.PACKAGE_OLD({ sequence: manifest.sequence, newest: newest.sequence })
}

async function noteArrival(ctx: Context, { matter, outer, outerDigest, manifest, sender }: OpenedPackage, landing: Landing): Promise<void> {
  await ctx.db.transaction((tx) => noteReceived(tx, ctx.tenant, {
    id: outer.package, matterId: matter.id, outerDigest: Buffer.from(outerDigest, 'hex'), contentRoot: Buffer.from(manifest.contentRoot, 'hex'), destination: landing.kind,
    sequence: manifest.sequence, sender: sender.id, purpose: manifest.purpose, at: ctx.now(),
  }))
}

interface Loading {
  opened: OpenedPackage
  landing: Landing
  tables: ReadonlyMap<string, LandingTable>
  reload: boolean
}

/** Idempotent by (package, segment): a segment counts when its transaction is committed at the destination. */
async function load(ctx: Context, { opened, landing, tables, reload }: Loading): Promise<number> {
  const { outer } = opened
  await landing.prepare([...tables.values()])
  if (reload) {
    await landing.forget(outer.package, [...tables.values()])
    await landing.prepare([...tables.values()])
  }
  const known = await landing.loaded(outer.package)
  for (const [position, sha256] of known) if (outer.segments[position]?.sha256 !== sha256) throw receiveFailures.LOADED_OTHERWISE({ package: outer.package, segment: position })
  if (known.size === outer.segments.length) return 0
  let count = 0
  for await (const segment of opened.segments()) {
    if (known.has(segment.position)) continue
    await landing.load(outer.package, segment, tables)
    count += 1
    ctx.progress({ zh: '装入', en: 'loading' }, segment.position + 1, outer.segments.length)
  }
  return count
}

function readBack(ctx: Context, { opened, landing, tables }: Omit<Loading, 'reload'>): Promise<LandedComparison> {
  mkdirSync(ctx.home.paths.tmp, { recursive: true, mode: 0o700 })
  return compareLanded(landing, { packageId: opened.outer.package, tables, segments: recordsOf(ctx, opened) }, ctx.home.paths.tmp)
}

async function* recordsOf(ctx: Context, opened: OpenedPackage): AsyncGenerator<Iterable<SegmentRecord>, void, undefined> {
  for await (const segment of opened.segments()) {
    yield segment.records
    ctx.progress({ zh: '读回比对', en: 'reading back' }, segment.position + 1, opened.outer.segments.length)
  }
}

interface Signing {
  opened: OpenedPackage
  landing: Landing
  found: LandedComparison
  output: string
  chain: AcceptanceChain | null
}

interface SignedAcceptance {
  acceptance: Acceptance
  digest: string
  repeated: boolean
}

/** Signs what was found and writes it; when the same was found before, the same bytes are written again. Noted before it is written: a file that left this home is always known to it. */
async function signAcceptance(ctx: Context, { opened, landing, found, chain, output }: Signing): Promise<SignedAcceptance> {
  const lists = await describeLists(found.lists)
  const build = (at: string): TarEntry[] => acceptanceEntries({
    package: opened.outer.package, matter: opened.matter.id, recipient: opened.manifest.recipient.party, outer: opened.outerDigest, contentRoot: opened.manifest.contentRoot,
    values: found.values, refused: [], destination: landing.kind, at, ...(chain === null ? {} : { chain }),
  }, lists, [ctx.signer.noteSigner])
  const known = await receivedPackage(ctx.db, ctx.tenant, opened.outer.package)
  const earlier = known === null || known.acceptance === null ? null : parseEnvelope(known.acceptance)
  const again = earlier === null ? null : await statementOf(build(readAcceptance(unverifiedStatement(earlier)).at))
  const isSame = earlier !== null && again !== null && statementDigest(again) === statementDigest(earlier)
  const envelope = isSame ? again : await statementOf(build(ctx.now()))
  const acceptance = readAcceptance(unverifiedStatement(envelope))
  await ctx.db.transaction((tx) => noteAcceptance(tx, ctx.tenant, { id: opened.outer.package, destination: landing.kind, status: acceptance.status, acceptance: envelopeText(envelope) }))
  await writeStream(output, writeTar(build(acceptance.at)))
  return { acceptance, digest: statementDigest(envelope), repeated: isSame }
}

async function statementOf(entries: readonly TarEntry[]): Promise<DsseEnvelope> {
  const entry = entries.find(({ name }) => name === ACCEPTANCE_FILES.statement)
  if (entry === undefined) throw new Error('assertion failed: an acceptance has its statement')
  return parseEnvelope(decodeUtf8Strict(await readAll(entry.content, entry.size)))
}

interface Outcome {
  landing: Landing
  found: LandedComparison
  signed: SignedAcceptance
  loaded: number
  notes: string[]
}

function resultOf({ manifest, outer, sender, checks, unchecked }: OpenedPackage, { landing, found, signed, loaded, notes }: Outcome): Receiving {
  const { acceptance, digest, repeated } = signed
  return {
    package: outer.package, sequence: manifest.sequence, sender: sender.file.name, purpose: manifest.purpose, destination: landing.kind, status: acceptance.status, records: manifest.records, values: acceptance.values,
    checks, loaded, acceptance: digest, repeated, notes: [...unchecked, ...notes],
    differences: found.shown.map(({ dataSet, ...difference }) => ({
      ...difference, dataSet: dataSet?.name ?? '', titles: difference.fields.map((index) => dataSet?.fields.find((field) => field.index === index)?.name ?? ''),
    })),
    found: Object.values(found.counts).reduce((all, count) => all + count, 0),
  }
}
