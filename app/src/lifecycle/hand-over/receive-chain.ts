// SPDX-License-Identifier: Apache-2.0
// The recipient's side of a chain of packages: in order, without a gap, and read back as a whole (CONTRACTS §§7, 8).
import { AcceptedRecordsWalk, leafHash, MerkleAccumulator, packageDeltaOf, toHex, type AcceptanceChain, type SegmentRecord } from '@handover/proof'
import type { Context } from '../../context.ts'
import { failures } from '../../kit/failure.ts'
import { compareLanded } from './compare-landed.ts'
import { landingTables, type Landing } from './landing.ts'
import { openReceivedPackage, type OpenedPackage, type PackageToOpen } from './open-received-package.ts'
import { receivedPackages } from './received.store.ts'

/** Failures of receiving a chain of packages. */
export const receiveChainFailures = failures({
  CHAIN_BROKEN: {
    exit: 65,
    zh: '移交包 {package} 接在 {previous} 之后,而本方最近对账签认的是 {newest};次序不对、有缺漏或有分叉,没有装入任何内容',
    en: 'Package {package} follows {previous}, but the newest one reconciled here is {newest}: out of order, a gap or a fork; nothing was loaded',
    remedy: { zh: '按签发次序接收并对账;若对方另发了一个包,请对方说明', en: 'Receive and reconcile the packages in the order of issue; if the other side issued another one, ask why' },
  },
  PACKAGE_SUPERSEDED: {
    exit: 65,
    zh: '移交包 {package} 之后的 {newest} 已经装入并对账;再次接收旧包会恢复已被替换或撤回的记录,没有装入任何内容',
    en: 'Package {newest}, which follows {package}, was loaded and reconciled; receiving the older one again would bring back replaced or withdrawn records, so nothing was loaded',
    remedy: { zh: '无需操作;如需整库重装,请对最新的包使用 --reload 并以 --previous 给出此前各包', en: 'Nothing is needed; to load all again, receive the newest package with --reload and the earlier ones as --previous' },
  },
  PACKAGE_VOID: {
    exit: 65,
    zh: '移交包 {package} 已随事项终止作废,不能接收',
    en: 'Package {package} became void when the matter was abandoned and cannot be received',
    remedy: { zh: '请删除该文件', en: 'Delete the file' },
  },
  PREVIOUS_FILE_NEEDED: {
    exit: 2,
    zh: '读回全部记录需要此前各移交包的原件,缺:{packages}',
    en: 'Reading back everything needs the earlier packages; missing: {packages}',
    remedy: { zh: '用 --previous 文件 逐个给出此前收到的移交包', en: 'Give each earlier package with --previous FILE' },
  },
  CHAIN_DIFFERS: {
    exit: 3,
    zh: '此前移交包 {package} 的记录在接收目标里与应有的不符({differences} 处);本包已装入,但不出具验收单',
    en: 'Records of the earlier package {package} stand otherwise in the destination than they should ({differences} differences); this package is loaded, but no acceptance was signed',
    remedy: { zh: '查明是谁改动了接收目标;或加 --reload(并以 --previous 给出此前各包)整库重装', en: 'Find out who changed the destination, or load all again with --reload and the earlier packages as --previous' },
  },
})

/** The earlier packages of the chain, opened and verified anew, oldest first; empty for a first package. Refuses a package that does not follow the newest reconciled one, and earlier files that are missing. */
export async function openChain(ctx: Context, opened: OpenedPackage, order: PackageToOpen & { previous: readonly string[] }): Promise<OpenedPackage[]> {
  const { matter, sender, manifest, outer } = opened
  const known = (await receivedPackages(ctx.db, ctx.tenant, { matterId: matter.id, sender: sender.id })).filter(({ status }) => status === 'reconciled')
  const later = known.findLast(({ sequence }) => sequence > manifest.sequence)
  if (later !== undefined) throw receiveChainFailures.PACKAGE_SUPERSEDED({ package: outer.package, newest: later.id })
  const earlier = known.filter(({ sequence }) => sequence < manifest.sequence)
  const newest = earlier.at(-1)?.id ?? null
  if (manifest.previous !== newest) throw receiveChainFailures.CHAIN_BROKEN({ package: outer.package, previous: manifest.previous ?? '–', newest: newest ?? '–' })
  const files = new Map<string, OpenedPackage>()
  for (const file of order.previous) {
    const found = await openReceivedPackage(ctx, { ...order, file })
    files.set(`${found.outer.package} ${found.outerDigest}`, found)
  }
  const chain = earlier.map(({ id, outerDigest }) => ({ id, found: files.get(`${id} ${outerDigest.toString('hex')}`) }))
  const missing = chain.filter(({ found }) => found === undefined).map(({ id }) => id)
  if (missing.length > 0) throw receiveChainFailures.PREVIOUS_FILE_NEEDED({ packages: missing.join(', ') })
  return chain.flatMap(({ found }) => found ?? [])
}

/** Takes out of the destination what this package replaces and withdraws; again it changes nothing. */
export async function takeBack(landing: Landing, { outer, manifest }: OpenedPackage): Promise<void> {
  const { replaced, withdrawn } = packageDeltaOf(manifest)
  const ids = [...replaced, ...withdrawn]
  if (ids.length > 0) await landing.takeBack(outer.package, ids)
}

/** 读回全链. Reads back what is left of every earlier package; null for a first one. Refuses a destination where that is not what it should be. */
export async function compareChain(ctx: Context, landing: Landing, { opened, chain }: { opened: OpenedPackage; chain: readonly OpenedPackage[] }): Promise<AcceptanceChain | null> {
  if (chain.length === 0) return null
  const packages: AcceptanceChain['packages'] = []
  for (const [at, earlier] of chain.entries()) {
    const gone = new Set([...chain.slice(at + 1), opened].flatMap(({ manifest }) => Object.values(packageDeltaOf(manifest)).flat()))
    packages.push(await compareEarlier(ctx, landing, { earlier, gone }))
  }
  const { withdrawn } = packageDeltaOf(opened.manifest)
  const tree = new MerkleAccumulator()
  for (const id of withdrawn) tree.push(leafHash(Buffer.from(id, 'hex')))
  return { packages, withdrawn: { records: withdrawn.length, root: toHex(tree.root()) } }
}

async function compareEarlier(ctx: Context, landing: Landing, { earlier, gone }: { earlier: OpenedPackage; gone: ReadonlySet<string> }): Promise<AcceptanceChain['packages'][number]> {
  const { outer, manifest } = earlier
  const found = await compareLanded(landing, { packageId: outer.package, tables: landingTables(manifest.dataSets), segments: standing(earlier, gone) }, ctx.home.paths.tmp)
  try {
    const differences = Object.values(found.counts).reduce((sum, count) => sum + count, 0)
    if (differences > 0) throw receiveChainFailures.CHAIN_DIFFERS({ package: outer.package, differences })
    const walk = new AcceptedRecordsWalk()
    for await (const part of found.lists.records.open()) walk.take(part)
    const { count, root } = walk.finish()
    return { package: outer.package, records: count, root: toHex(root) }
  } finally {
    found.close()
  }
}

/** The records of a package that no later one took back. */
async function* standing(earlier: OpenedPackage, gone: ReadonlySet<string>): AsyncGenerator<Iterable<SegmentRecord>, void, undefined> {
  for await (const { records } of earlier.segments()) yield withoutGone(records, gone)
}

function* withoutGone(records: Iterable<SegmentRecord>, gone: ReadonlySet<string>): Generator<SegmentRecord, void, undefined> {
  for (const record of records) if (!gone.has(Buffer.from(record.recordId).toString('hex'))) yield record
}
