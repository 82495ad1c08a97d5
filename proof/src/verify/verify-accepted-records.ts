// SPDX-License-Identifier: Apache-2.0
import { AcceptedRecordsWalk } from '../acceptance-file.ts'
import { acceptedName } from '../bundle-file.ts'
import { ProofError, toHex } from '../bytes.ts'
import { eventsOf } from './matter-events.ts'
import { largeFile } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { FieldCounts } from './record-columns.ts'
import type { RecordColumns } from './record-columns.ts'
import type { Rewrites } from './rewrites.ts'
import type { Agreed } from './verify-packages.ts'

const NOBODY = 0
const SEVERAL = 65_535
/** A record's owner is a number of 16 bits. */
const PACKAGES_MAX = SEVERAL - 1

type Records = { columns: RecordColumns; rewrites: Rewrites | null }

/**
 * Binds records to packages (CONTRACTS §8): the list of each agreed acceptance is the one that its recipient signed; every record in it is of
 * the inventory, under the root that it had when the package was issued; transferred values stand exactly in the records that were accepted,
 * as many by field as their packages carried; sealed ones with a custodian likewise as far as nothing took them back. Refuses lists that nobody agreed upon.
 */
export async function checkAcceptedRecords(bundle: OpenedBundle, agreed: readonly Agreed[], records: Records): Promise<void> {
  refuseStrayLists(bundle, agreed)
  if (agreed.length > PACKAGES_MAX) throw new ProofError('TOO_LARGE', 'more packages than can be checked')
  const owners = new Uint16Array(records.columns.count)
  const seenByPackage: Map<string, number>[] = []
  for (const [at, each] of agreed.entries()) seenByPackage.push(await readList(bundle, each, records, (index) => own(owners, index, { each, number: at + 1 })))
  const alone = valuesOfOneOwner(records.columns, owners, agreed.length)
  for (const [at, each] of agreed.entries()) refuseOtherValues(bundle, each, { most: seenByPackage[at] ?? new Map(), least: alone[at] ?? new Map() })
}

function refuseStrayLists(bundle: OpenedBundle, agreed: readonly Agreed[]): void {
  const wanted = new Set(agreed.map(({ digest }) => acceptedName(digest)))
  for (const name of bundle.files.keys()) if (name.startsWith('accepted/') && !wanted.has(name)) throw new ProofError('UNNAMED', name)
}

/** Only transfers own their values; what a custodian holds sealed may end otherwise later. */
function own(owners: Uint16Array, index: number, { each, number }: { each: Agreed; number: number }): void {
  if (each.issued.body.purpose !== 'transfer') return
  owners[index] = owners[index] === NOBODY ? number : SEVERAL
}

/** Reads one list; returns how many values of each field its records have in the account of the package's purpose. */
async function readList(bundle: OpenedBundle, { issued, acceptance, digest }: Agreed, { columns, rewrites }: Records, onRecord: (index: number) => void): Promise<Map<string, number>> {
  const place = issued.body.package
  const isTransfer = issued.body.purpose === 'transfer'
  const bits = isTransfer ? columns.transferred : columns.sealed
  const name = acceptedName(digest)
  if (bundle.files.get(name)?.sha256 !== acceptance.recordsDigest) throw new ProofError('ACCEPTANCE', `${place}: the list of its records is missing or another than was signed`)
  const values = new FieldCounts(columns)
  const left = fieldsThatLeft(bundle, issued)
  const walk = new AcceptedRecordsWalk((row) => {
    const index = columns.indexOf(row.subarray(0, 16))
    if (index < 0) throw new ProofError('ACCEPTANCE', `${place}: record ${toHex(row.subarray(0, 16))} is not in the inventory`)
    const root = rewrites?.rootBefore(index, issued.seq) ?? columns.rootOf(index)
    if (row.compare(root, 0, 32, 16, 48) !== 0 || row.readUInt16BE(48) !== 1) throw new ProofError('ACCEPTANCE', `${place}: record ${columns.idText(index)} was accepted with another content, or twice`)
    if (values.addRecord(index, bits) === 0 && isTransfer && left.size === 0) throw new ProofError('ACCEPTANCE', `${place}: record ${columns.idText(index)} was accepted, and no value of it is booked as transferred`)
    onRecord(index)
  })
  for await (const part of largeFile(bundle, name)) walk.take(part)
  const found = walk.finish()
  if (toHex(found.root) !== acceptance.acceptedRoot || found.count !== acceptance.records) throw new ProofError('ACCEPTANCE', `${place}: its list leads to another root`)
  return values.byKey()
}

/** Transferred values by field of the records that one package alone carried; refuses a transferred value in a record that no package carried. */
function valuesOfOneOwner(columns: RecordColumns, owners: Uint16Array, packages: number): Map<string, number>[] {
  const nobodys = new FieldCounts(columns)
  const alone = Array.from({ length: packages }, () => new FieldCounts(columns))
  for (let index = 0; index < columns.count; index += 1) {
    const owner = owners[index] ?? NOBODY
    if (owner === SEVERAL) continue
    const found = (alone[owner - 1] ?? nobodys).addRecord(index, columns.transferred)
    if (owner === NOBODY && found > 0) throw new ProofError('ACCEPTANCE', `record ${columns.idText(index)} is booked as transferred, and nobody accepted it`)
  }
  return alone.map((counts) => counts.byKey())
}

/**
 * The postings of a package lie between what its own records have and what it can have shared with others; without shared records these are
 * equal. Where a later event took values back out of the account, the package may have carried more than its records have now.
 */
function refuseOtherValues(bundle: OpenedBundle, { issued }: Agreed, values: { most: ReadonlyMap<string, number>; least: ReadonlyMap<string, number> }): void {
  const isTransfer = issued.body.purpose === 'transfer'
  const posted = new Map(issued.postings.map(({ ds, f, n }) => [`${ds} ${f}`, n]))
  const left = fieldsThatLeft(bundle, issued)
  for (const key of new Set([...posted.keys(), ...values.least.keys()])) {
    const n = posted.get(key) ?? 0
    const tooMany = n > (values.most.get(key) ?? 0) && !left.has(key)
    const tooFew = isTransfer && n < (values.least.get(key) ?? 0)
    if (tooMany || tooFew) throw new ProofError('ACCEPTANCE', `${issued.body.package}: ${n} values of ${key} posted, its records have ${values.most.get(key) ?? 0}`)
  }
}

/** Fields of which a later event took values out of the account in which the package ended. */
function fieldsThatLeft(bundle: OpenedBundle, { body, seq }: Agreed['issued']): Set<string> {
  const account = body.purpose === 'transfer' ? 'transferred' : 'sealed'
  const later = bundle.events.filter((event) => event.seq > seq).flatMap(({ postings }) => postings)
  return new Set(later.filter(({ from }) => from === account).map(({ ds, f }) => `${ds} ${f}`))
}

/** Packages for transfer that were agreed upon, in the order of their events. */
export function transfersOf(agreed: readonly Agreed[]): Agreed[] {
  return agreed.filter(({ issued }) => issued.body.purpose === 'transfer')
}

/**
 * A bundle of the first format has no lists: with one package for transfer the records with a transferred value are held against the accepted
 * root. False when there are several, because it does not tell which record went into which.
 */
export function checkTransferredRecords(bundle: OpenedBundle, agreed: readonly Agreed[], { columns, rewrites }: Records): boolean {
  const [only, ...more] = transfersOf(agreed)
  if (only === undefined) return eventsOf(bundle.events, 'Reconciled').length === agreed.length
  if (more.length > 0) return false
  const counts = new FieldCounts(columns)
  const sent: Buffer[] = []
  for (let index = 0; index < columns.count; index += 1) {
    if (counts.addRecord(index, columns.transferred) === 0) continue
    const root = rewrites?.rootBefore(index, only.issued.seq) ?? columns.rootOf(index)
    sent.push(Buffer.concat([columns.ids.subarray(index * 16, (index + 1) * 16), root, Uint8Array.of(0, 1)]))
  }
  const walk = new AcceptedRecordsWalk()
  for (const row of sent.sort((one, other) => one.compare(other))) walk.take(row)
  if (toHex(walk.finish().root) !== only.acceptance.acceptedRoot) throw new ProofError('ACCEPTANCE', `${only.issued.body.package}: the records booked as transferred are not those that were accepted`)
  return true
}
