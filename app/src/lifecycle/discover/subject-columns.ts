// SPDX-License-Identifier: Apache-2.0
import { ageGroups } from '../../law/nouns.ts'
import type { CopiedRows, Tx } from '../../store/index.ts'
import { IdTable } from './id-table.ts'
import { birthTagType, identityKeyTypes, nameTagType, personTagType, tagBytes, type IdentityKeyType } from './identity-keys.rules.ts'
import type { Scope } from './ingest.store.ts'
import { compareBlinds, KeyGroups, orderOfBlinds } from './key-groups.rules.ts'
import { tagFlags } from './record-traits.ts'
import { copyEdges, copyPlaceholders, copyRecords } from './subjects.store.ts'
import type { RecordTraits } from './union-records.rules.ts'

const blindBytes = 16
const noTag = -1

/** 记录列. Records as columns, numbered from 0 in inventory order: no object for any of them, about 70 bytes each with their table. */
export interface SubjectColumns extends RecordTraits {
  ids: IdTable
  /** Inventory place of the last record. */
  lastPlace: number
  /** Place in `ageGroups`. */
  age: Uint8Array
  /** Number of the subject it belonged to so far, or −1; subjects are numbered in the order of their ids. */
  former: Int32Array
  formerIds: Buffer
  /** Something in it belongs to a natural person: a key, or a name. */
  isPersonal: Uint8Array
  keys: KeyGroups
}

/** Reads everything that persons are resolved from; blind indexes and tags alone (CONTRACTS §14). */
export async function loadSubjectColumns(tx: Tx, scope: Scope): Promise<SubjectColumns> {
  const columns = await loadRecords(tx, scope)
  await loadTags(tx, scope, columns)
  // In the order of their names, so that the same edges always give the same list of keys.
  for (const type of [...identityKeyTypes].sort()) await loadKeys(tx, scope, columns, type)
  return columns
}

async function loadRecords(tx: Tx, scope: Scope): Promise<SubjectColumns> {
  const ids = new IdTable()
  const subjects = new IdTable()
  const [age, former] = [new Column(), new Column()]
  let lastPlace = -1
  for await (const rows of copyRecords(tx, scope)) {
    for (let row = 0; row < rows.rows; row += 1) {
      ids.add(rows.bytes(row, 0))
      lastPlace = rows.int(row, 1)
      age.push(rows.isNull(row, 2) ? ageGroups.indexOf('unknown') : rows.int(row, 2))
      former.push(rows.isNull(row, 3) ? -1 : subjects.add(rows.bytes(row, 3)))
    }
  }
  const ordered = inOrderOfId(subjects)
  const records = ids.size
  const tags = (): Int32Array => new Int32Array(records).fill(noTag)
  return {
    ids, records, lastPlace, age: Uint8Array.from(age.end()), former: former.end().map((subject) => (subject === -1 ? -1 : (ordered.placeOf[subject] ?? -1))), formerIds: ordered.ids,
    isPersonal: new Uint8Array(records), nameTag: tags(), birthTag: tags(), residentId: tags(), keys: new KeyGroups(),
  }
}

function inOrderOfId(subjects: IdTable): { ids: Buffer; placeOf: Int32Array } {
  const flat = Buffer.alloc(subjects.size * blindBytes)
  for (let at = 0; at < subjects.size; at += 1) subjects.at(at).copy(flat, at * blindBytes)
  const ids = Buffer.alloc(flat.length)
  const placeOf = new Int32Array(subjects.size)
  for (const [place, at] of orderOfBlinds(flat, subjects.size).entries()) {
    placeOf[at] = place
    flat.copy(ids, place * blindBytes, at * blindBytes, (at + 1) * blindBytes)
  }
  return { ids, placeOf }
}

/** Names that cannot be compared leave no tag, but a person is there. Earlier versions kept an edge for each tag, and a delta scan does. */
async function loadTags(tx: Tx, scope: Scope, columns: SubjectColumns): Promise<void> {
  await eachTag(copyEdges(tx, scope, personTagType), columns, (record, tags) => {
    const flags = tags[0] ?? 0
    if ((flags & tagFlags.comparable) !== 0) columns.nameTag[record] = tags.readUInt16BE(1)
    if ((flags & tagFlags.birth) !== 0) columns.birthTag[record] = tags.readUInt16BE(1 + tagBytes)
  })
  for (const [type, into] of [[nameTagType, columns.nameTag], [birthTagType, columns.birthTag]] as const) {
    await eachTag(copyEdges(tx, scope, type), columns, (record, tag) => {
      if (tag.length === tagBytes) into[record] = into[record] === noTag ? tag.readUInt16BE(0) : Math.min(into[record] ?? 0, tag.readUInt16BE(0))
    })
  }
}

async function eachTag(edges: AsyncIterable<CopiedRows>, columns: SubjectColumns, take: (record: number, tag: Buffer) => void): Promise<void> {
  for await (const rows of edges) {
    for (let row = 0; row < rows.rows; row += 1) {
      const record = columns.ids.find(rows.bytes(row, 0))
      if (record === -1) continue
      columns.isPersonal[record] = 1
      take(record, rows.bytes(row, 1))
    }
  }
}

async function loadKeys(tx: Tx, scope: Scope, columns: SubjectColumns, type: IdentityKeyType): Promise<void> {
  const nobodys = new IdTable()
  for await (const rows of copyPlaceholders(tx, scope, type)) for (let row = 0; row < rows.rows; row += 1) nobodys.add(rows.bytes(row, 0))
  const holders = new Column()
  let blinds = Buffer.alloc(1024 * blindBytes)
  for await (const rows of copyEdges(tx, scope, type)) {
    for (let row = 0; row < rows.rows; row += 1) {
      const record = columns.ids.find(rows.bytes(row, 0))
      if (record === -1) continue
      columns.isPersonal[record] = 1
      if (!rows.bool(row, 2)) continue
      if ((holders.size + 1) * blindBytes > blinds.length) blinds = Buffer.concat([blinds], blinds.length * 2)
      blinds.set(rows.bytes(row, 1), holders.size * blindBytes)
      holders.push(record)
    }
  }
  groupKeys({ columns, type, nobodys, blinds, holders: holders.end() })
}

interface Edges {
  columns: SubjectColumns
  type: IdentityKeyType
  nobodys: IdTable
  blinds: Buffer
  holders: Int32Array
}

/** Keeps the keys that several records hold, or that are known to be nobody's; a resident ID tells people apart even alone. */
function groupKeys({ columns, type, nobodys, blinds, holders }: Edges): void {
  const order = orderOfBlinds(blinds, holders.length)
  for (let from = 0, to = 0; from < order.length; from = to) {
    const first = order[from] ?? 0
    for (to = from + 1; to < order.length && compareBlinds(blinds, first, order[to] ?? 0) === 0; ) to += 1
    const records = holdersOf(order.subarray(from, to), holders)
    const blind = blinds.subarray(first * blindBytes, (first + 1) * blindBytes)
    const isPlaceholder = nobodys.find(blind) !== -1
    if (type === 'resident-id' && !isPlaceholder) for (const record of records) columns.residentId[record] = from
    if (records.length > 1 || isPlaceholder) columns.keys.add({ type, records, isPlaceholder }, blind)
  }
}

function holdersOf(edges: Uint32Array, holders: Int32Array): Uint32Array {
  return edges.map((edge) => holders[edge] ?? 0).sort()
}

/** Numbers whose count is known at the end only. */
class Column {
  #numbers = new Int32Array(4096)
  #size = 0

  get size(): number {
    return this.#size
  }

  push(number: number): void {
    if (this.#size === this.#numbers.length) {
      const larger = new Int32Array(this.#size * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#size] = number
    this.#size += 1
  }

  end(): Int32Array {
    return this.#numbers.subarray(0, this.#size)
  }
}
