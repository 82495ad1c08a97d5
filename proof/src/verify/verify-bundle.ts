// SPDX-License-Identifier: Apache-2.0
import { BUNDLE_FILES, bundleRank, decodeBundleEvents, decodePadding, parseBundleIndex } from '../bundle-file.ts'
import type { BundleEvent, BundleIndex } from '../bundle-file.ts'
import { equalBytes, ProofError } from '../bytes.ts'
import { eventCommitment, logEntry, paddingEntry } from '../event.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import { openNote } from '../note.ts'
import { parsePolicy, verifyCosignedCheckpoint } from '../policy.ts'
import type { Policy } from '../policy.ts'
import { parseSeal } from '../seal.ts'
import { decodeEntryBundle, entryBundlePath, logTiles, tileWidth } from '../tiles.ts'
import { bodyOf, eventsOf, readEvent } from './matter-events.ts'
import type { MatterEvent } from './matter-events.ts'
import { fileOf, readBundle, textOf } from './opened-bundle.ts'
import type { FileSource, OpenedBundle, ReadBundle } from './opened-bundle.ts'
import { partyKeys } from './trust.ts'
import type { Trust } from './trust.ts'
import { verifyBooks } from './verify-books.ts'
import { verifyFlows } from './verify-flows.ts'
import type { CheckList } from './verdict.ts'
import type { Words } from './words.ts'

/**
 * Checks a bundle (CONTRACTS §12): form → digests → seal → checkpoint and quorum → log → events, each resting on the one before,
 * then the books and the flows, each on its own, with memory for a hundred bytes a record. Without a policy of the verifier's own the bundle's is taken at its word.
 */
export async function verifyBundle(source: FileSource, trust: Trust, checks: CheckList): Promise<void> {
  const read = await checks.need('form', () => readBundle(source))
  const index = await checks.need('index', () => checkIndex(read))
  const policy = await checks.need('seal', () => checkSeal(read, trust))
  const size = await checks.need('checkpoint', (say) => {
    const accepted = verifyCosignedCheckpoint(textOf(read, BUNDLE_FILES.checkpoint), policy)
    const { origin, size } = accepted.checkpoint
    if (origin !== index.origin || size !== BigInt(index.size)) throw new ProofError('ORIGIN', 'bundle.json speaks of another log or size')
    say({ zh: `${size} 个条目,见证 ${accepted.witnesses.length} 方:${accepted.witnesses.join('、')}`, en: `${size} entries, cosigned by ${accepted.witnesses.length}: ${accepted.witnesses.join(', ')}` })
    return accepted.checkpoint
  })
  const entries = await checks.need('log', () => checkLog(read, index.size, size.root))
  const events = await checks.need('events', (say) => {
    const lines = decodeBundleEvents(fileOf(read, BUNDLE_FILES.events))
    const found = checkEvents(lines, entries, index)
    say(accountForEntries(read, { index, entries, lines }, clockNote(found)))
    return found
  })
  const bundle: OpenedBundle = { ...read, index, events, policy, isGiven: trust.isGiven }
  if (index.format === 'handover-bundle/v1') noteFirstFormat(index, checks)
  const records = await verifyBooks(bundle, checks)
  if (records !== null) return verifyFlows(bundle, records, checks)
  checks.cannot('books', { zh: '这是公开版:只有总数和根,逐条账簿、副本、移交、销毁与审批未核对', en: 'this is a public bundle, of totals and roots: leaves, copies, packages, destruction and approvals were not checked' })
}

/** What a bundle of the first format cannot show by its form. */
function noteFirstFormat(index: BundleIndex, checks: CheckList): void {
  if (index.kind === 'public') return
  checks.lacks('events', { zh: '旧格式的证据包不打开填充条目:未出示的事件与填充无法区分。请向出具方索取新格式的证据包', en: 'a bundle of the first format does not open its padding: an event that is not shown looks the same. Ask the issuer for a bundle of today' })
}

/**
 * Every entry of the log up to its size is either an event that is shown or padding whose salt is shown: nothing is hidden between or behind the
 * events, a second close neither (CONTRACTS §6). A public bundle shows a selection by design.
 */
function accountForEntries(read: ReadBundle, { index, entries, lines }: { index: BundleIndex; entries: readonly Uint8Array[]; lines: readonly BundleEvent[] }, clock: Words): Words {
  const rest = index.size - lines.length
  if (index.kind === 'public' || index.format === 'handover-bundle/v1') return { zh: `${lines.length} 个事件,其余 ${rest} 个条目为填充或未出示${clock.zh}`, en: `${lines.length} events, the other ${rest} entries are padding or not shown${clock.en}` }
  const padding = decodePadding(fileOf(read, BUNDLE_FILES.padding))
  for (const { leaf, salt } of padding) {
    const entry = entries[leaf]
    if (entry === undefined || !equalBytes(entry, paddingEntry(salt))) throw new ProofError('COMMITMENT', `padding at leaf ${leaf}`)
  }
  // No entry is both, so as many as there are entries means all of them.
  const missing = rest - padding.length
  if (missing !== 0) throw new ProofError('HIDDEN_ENTRY', `${missing} entries of the log are neither shown as events nor opened as padding`)
  return { zh: `${lines.length} 个事件,其余 ${rest} 个条目均已打开,确为填充${clock.zh}`, en: `${lines.length} events, the other ${rest} entries were opened and are padding${clock.en}` }
}

/** bundle.json comes first and lists exactly what follows, in the one order, with size and digest. */
function checkIndex(read: ReadBundle): BundleIndex {
  const names = [...read.files.keys()]
  const index = parseBundleIndex(fileOf(read, BUNDLE_FILES.index))
  const wanted = [BUNDLE_FILES.index, ...index.files.map((file) => file.name), BUNDLE_FILES.seal]
  if (names.length !== wanted.length || names.some((name, at) => name !== wanted[at])) throw new ProofError('TAR_FORM', 'files are missing, added or out of order')
  for (const { name, size, sha256: digest } of index.files) {
    const file = read.files.get(name)
    if (file?.size !== size || file.sha256 !== digest) throw new ProofError('DIGEST', name)
  }
  refuseDisorder(index)
  return index
}

function refuseDisorder(index: BundleIndex): void {
  let [lastRank, lastName] = [-1, '']
  for (const { name } of index.files) {
    const rank = bundleRank(name, index)
    if (rank < lastRank || rank < 0 || (rank === lastRank && name <= lastName)) throw new ProofError('TAR_FORM', `${name} has no place there`)
    ;[lastRank, lastName] = [rank, name]
  }
}

/** The producer's seal over bundle.json, and with it over every byte; returns the policy that the rest is checked under. */
function checkSeal(read: ReadBundle, trust: Trust): Policy {
  const policy = trust.policy ?? parsePolicy(textOf(read, BUNDLE_FILES.policy))
  const { body, lines, verifiedBy } = openNote(textOf(read, BUNDLE_FILES.seal), partyKeys(policy))
  if (lines.length !== verifiedBy.length) throw new ProofError('UNKNOWN_SIGNER', 'a signature of the seal is by a key that the policy does not name')
  const [sealed, ...more] = parseSeal(body)
  const digest = read.files.get(BUNDLE_FILES.index)?.sha256
  if (sealed === undefined || more.length > 0 || sealed.name !== BUNDLE_FILES.index || sealed.sha256 !== digest) throw new ProofError('DIGEST', BUNDLE_FILES.index)
  return policy
}

/** Entries lead to the root, and the log's files are exactly those that these entries have. */
async function checkLog(read: ReadBundle, size: number, root: Uint8Array): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = []
  for (let at = 0; at * 256 < size; at += 1) {
    const path = entryBundlePath(at, tileWidth(size, 0, at))
    entries.push(...decodeEntryBundle(fileOf(read, `log/${path}`)))
  }
  if (entries.length !== size) throw new ProofError('LOG_FILES', 'the log has another number of entries than its checkpoint')
  if (!equalBytes(rootOfLeaves(entries.map(leafHash)), root)) throw new ProofError('LOG_ROOT', `${size} entries`)
  const wanted = await logTiles(entries)
  const found = [...read.files.keys()].filter((name) => name.startsWith('log/tile/'))
  if (found.length !== wanted.length) throw new ProofError('LOG_FILES', 'tiles are missing or added')
  for (const { path, bytes } of wanted) if (!equalBytes(fileOf(read, `log/${path}`), bytes)) throw new ProofError('LOG_FILES', path)
  return entries
}

/** Every event is the one committed at its leaf; numbers, leaves and times ascend; for the parties without a gap. */
function checkEvents(lines: readonly BundleEvent[], entries: readonly Uint8Array[], index: BundleIndex): MatterEvent[] {
  const events = lines.map((line) => {
    const entry = entries[line.leaf]
    if (entry === undefined || !equalBytes(entry, logEntry(eventCommitment(line.event, line.salt)))) throw new ProofError('COMMITMENT', `leaf ${line.leaf}`)
    return { ...readEvent(line.event), leaf: line.leaf }
  })
  events.forEach((event, at) => {
    const earlier = events[at - 1]
    if (event.matter !== index.matter) throw new ProofError('ORDER', `event ${event.seq} is of another matter`)
    if (index.kind === 'parties' && event.seq !== at + 1) throw new ProofError('ORDER', `event ${at + 1} is missing`)
    if (earlier === undefined) return
    if (event.seq <= earlier.seq || event.leaf <= earlier.leaf) throw new ProofError('ORDER', `event ${event.seq} is out of order`)
    if (event.ts < earlier.ts) throw new ProofError('ORDER', `event ${event.seq} is earlier than the one before`)
  })
  refuseForeignLog(events, index)
  return events
}

function refuseForeignLog(events: readonly MatterEvent[], index: BundleIndex): void {
  const [opened] = events
  if (opened === undefined || opened.type !== 'MatterOpened') throw new ProofError('TYPE_MISSING', 'MatterOpened is not the first event')
  if (events.some((event) => event !== opened && event.type === 'MatterOpened')) throw new ProofError('ORDER', 'the matter was opened twice')
  if (bodyOf(opened, 'MatterOpened').origin !== index.origin) throw new ProofError('ORIGIN', 'the matter was opened with another log')
}

function clockNote(events: readonly MatterEvent[]): { zh: string; en: string } {
  const isDemo = eventsOf(events, 'MatterOpened').some(({ body }) => body.demo)
  return isDemo ? { zh: ',演示事项:法定时间为注入时钟', en: ', demo matter: the legal time is declared, not real' } : { zh: '', en: '' }
}
