// SPDX-License-Identifier: Apache-2.0
import { equalBytes, eventCommitment, isPresent, leafHash, MerkleAccumulator, toHex } from '@handover/proof'
import { accountOfCode, dispositions, type Disposition } from '../law/nouns.ts'
import type { Queryable } from '../store/index.ts'
import { linesOfPostings, bodyOfEvent } from './append-event.ts'
import { fieldPlaces, streamRecords, streamVectorsBySubject, sumPostings, type FieldPlace } from './books.store.ts'
import type { ByDisposition, EventBodies } from './events.ts'
import { eventsOfType, streamEvents, type MatterScope } from './events.store.ts'
import { columnOf, differencesOfLines, emptyLine, placeOf, problemsOfLines, totalOfLines, type BookProblem, type MainBookLine } from './main-book.rules.ts'
import { booksEntryOf, inventoryEntries, rootOfEntries } from './record-leaves.ts'

/** What a full check of the books found; `problems` is empty when everything agrees. */
export interface BooksCheck {
  balanced: boolean
  records: number
  events: number
  lines: MainBookLine[]
  problems: BookProblem[]
}

/** 主账. One line for each field of each data set, in the order of the fields (CONTRACTS §4). */
export async function mainBook(db: Queryable, scope: MatterScope): Promise<MainBookLine[]> {
  const [places, sums] = [await fieldPlaces(db, scope), await sumPostings(db, scope, null)]
  const posted = new Map(linesOfPostings(sums).map((line) => [placeOf(line), line]))
  return places.map((place) => posted.get(placeOf(place)) ?? emptyLine(place.ds, place.f))
}

/**
 * 核账. Recounts every disposition vector and presence bitmap against the postings, every inventory root against its event and every event
 * against its commitment (STYLE maxim 11). Data sets that are still being read in are left out. Changes nothing.
 */
export async function verifyBooks(db: Queryable, scope: MatterScope): Promise<BooksCheck> {
  const committed = (await eventsOfType(db, scope, 'InventoryCommitted')).map((event) => inventorySaid(event.json))
  const counted = new Set(committed.map((inventory) => inventory.ds))
  const recount = await recountVectors(db, scope, counted)
  const posted = linesOfPostings(await sumPostings(db, scope, null))
  const roots = await checkInventoryRoots(db, scope, committed)
  const events = await checkEvents(db, scope)
  const problems = [...problemsOfLines(posted), ...differencesOfLines(posted, recount.lines, ['posted', 'counted']), ...recount.problems, ...roots, ...events.problems]
  return { balanced: problems.length === 0, records: recount.records, events: events.count, lines: await mainBook(db, scope), problems }
}

/** 结算. What `MatterClosed` says of the books: root of the books leaves, field values, records and subjects by disposition (CONTRACTS §4). */
export async function closingBalance(db: Queryable, scope: MatterScope): Promise<EventBodies['MatterClosed']> {
  const total = totalOfLines(await mainBook(db, scope))
  const tree = new MerkleAccumulator()
  const recordsBy = { ...nothingByDisposition(), mixed: 0 }
  let records = 0
  for await (const batch of streamRecords(db, scope)) {
    for (const record of batch) {
      tree.push(leafHash(booksEntryOf(record)))
      recordsBy[columnOfBits(accountBits(record.vector))] += 1
      records += 1
    }
  }
  const subjectsBy = await countSubjects(db, scope)
  const byDisposition = nothingByDisposition()
  for (const disposition of dispositions) byDisposition[disposition] = total[columnOf[disposition]]
  return { booksRoot: toHex(tree.root()), records, discovered: total.discovered, dispositions: byDisposition, recordsBy, subjectsBy }
}

/** Subjects by the one disposition of all their records, or `mixed`. */
async function countSubjects(db: Queryable, scope: MatterScope): Promise<ByDisposition & { mixed: number }> {
  const counted = { ...nothingByDisposition(), mixed: 0 }
  let subject: string | null = null
  let found = 0
  for await (const batch of streamVectorsBySubject(db, scope)) {
    for (const row of batch) {
      if (row.subject !== subject) {
        if (subject !== null) counted[columnOfBits(found)] += 1
        subject = row.subject
        found = 0
      }
      found |= accountBits(row.vector)
    }
  }
  if (subject !== null) counted[columnOfBits(found)] += 1
  return counted
}

/** An event that was changed in the database may say anything. */
function inventorySaid(json: string): InventorySaid {
  const { ds, root, first, records } = bodyOfEvent(json)
  const countOf = (value: unknown): number => (typeof value === 'number' ? value : -1)
  return { ds: typeof ds === 'string' ? ds : '', root: typeof root === 'string' ? root : '', first: countOf(first), records: countOf(records) }
}

/** A data set grows by a delta scan, so each inventory is a range of it (CONTRACTS §2). */
interface InventorySaid {
  ds: string
  root: string
  first: number
  records: number
}

function nothingByDisposition(): ByDisposition {
  return { transferred: 0, kept: 0, sealed: 0, anonymised: 0, destroyed: 0 }
}

/** One bit for each account that occurs in a vector. */
function accountBits(vector: Uint8Array): number {
  let bits = 0
  for (const code of vector) if (code !== 0) bits |= 1 << code
  return bits
}

/** The one final disposition of a record or subject; several, none, or an unfinished account is `mixed`, so that the columns add up. */
function columnOfBits(bits: number): Disposition | 'mixed' {
  return dispositions.find((_, at) => bits === 1 << (at + 1)) ?? 'mixed'
}

async function recountVectors(db: Queryable, scope: MatterScope, dataSets: ReadonlySet<string>): Promise<{ lines: MainBookLine[]; problems: BookProblem[]; records: number }> {
  const places = await fieldPlaces(db, scope)
  const placesByDataSet = Map.groupBy(places, (place) => place.ds)
  const lineByPlace = new Map(places.map((place) => [placeOf(place), emptyLine(place.ds, place.f)]))
  const problems: BookProblem[] = []
  let records = 0
  for await (const batch of streamRecords(db, scope)) {
    for (const record of batch) {
      if (!dataSets.has(record.ds)) continue
      records += 1
      // A later version's root is named by its own event, which the bundle's verifier compares.
      if (record.version === 1 && !equalBytes(record.root, record.inventoryRoot)) problems.push({ ds: record.ds, f: '', account: 'record', why: `record number ${record.index} was never changed and has another root than in the inventory` })
      for (const place of placesByDataSet.get(record.ds) ?? []) countCell(record, place, lineByPlace, problems)
    }
  }
  return { lines: [...lineByPlace.values()].filter((line) => line.discovered > 0), problems, records }
}

function countCell(record: { presence: Uint8Array; vector: Uint8Array; index: number }, place: FieldPlace, lineByPlace: Map<string, MainBookLine>, problems: BookProblem[]): void {
  const code = record.vector[place.position] ?? 0
  const account = accountOfCode(code)
  const line = lineByPlace.get(placeOf(place))
  if (isPresent(record.presence, place.position) !== (code !== 0) || (code !== 0 && account === undefined)) {
    problems.push({ ds: place.ds, f: place.f, account: 'presence', why: `record number ${record.index}: presence and disposition contradict each other` })
  }
  if (line === undefined || account === undefined) return
  line.discovered += 1
  line[columnOf[account]] += 1
}

async function checkInventoryRoots(db: Queryable, scope: MatterScope, committed: readonly InventorySaid[]): Promise<BookProblem[]> {
  const problems: BookProblem[] = []
  for (const { ds, root, first, records } of committed) {
    if ((await rootOfEntries(inventoryEntries(db, scope, ds, { first, records }))) !== root) problems.push({ ds, f: '', account: 'inventory', why: 'the records do not have the committed root' })
  }
  return problems
}

async function checkEvents(db: Queryable, scope: MatterScope): Promise<{ problems: BookProblem[]; count: number }> {
  const problems: BookProblem[] = []
  let count = 0
  for await (const batch of streamEvents(db, scope)) {
    for (const event of batch) {
      count += 1
      if (event.seq !== count) problems.push({ ds: '', f: '', account: 'event', why: `event ${count} is missing` })
      if (!equalBytes(eventCommitment(event.json, event.salt), event.commitment)) problems.push({ ds: '', f: '', account: 'event', why: `event ${event.seq} does not fit its commitment` })
    }
  }
  return { problems, count }
}
