// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { ageGroups } from '../../law/nouns.ts'
import { WireArray, type Tx } from '../../store/index.ts'
import { youngest } from './age.rules.ts'
import { IdTable } from './id-table.ts'
import type { Scope } from './ingest.store.ts'
import type { SubjectColumns } from './subject-columns.ts'
import { clearSubjects, insertRecordSubjects, insertSubjects, upsertDemotedKeys } from './subjects.store.ts'
import { keepSubjects, type Union } from './union-records.rules.ts'

const idBytes = 16
const nobody = -1

/** 自然人. Persons as columns, in the order of their first record. */
export interface Persons {
  count: number
  /** 16 bytes each. */
  ids: Buffer
  /** Place in `ageGroups`: the youngest of the person's records. */
  age: Uint8Array
  records: Uint32Array
  /** The person of each record, or −1. */
  of: Int32Array
}

/** The components that hold a natural person, each with its id and the youngest age of its records. */
export function personsOf(columns: SubjectColumns, union: Union): Persons {
  const of = new Int32Array(columns.records).fill(nobody)
  const personOfRoot = new Int32Array(columns.records).fill(nobody)
  const roots = new Int32Array(columns.records)
  let count = 0
  union.component.forEach((root, record) => {
    if (columns.isPersonal[record] !== 1) return
    if (personOfRoot[root] === nobody) {
      roots[count] = root
      personOfRoot[root] = count++
    }
    of[record] = personOfRoot[root] ?? nobody
  })
  const persons: Persons = { count, ids: Buffer.alloc(count * idBytes), age: new Uint8Array(count), records: new Uint32Array(count), of }
  nameAll(persons, roots, columns, keepSubjects(union.component, columns.former))
  countAll(persons, columns)
  return persons
}

function countAll(persons: Persons, columns: SubjectColumns): void {
  persons.age.fill(ageGroups.indexOf('unknown'))
  persons.of.forEach((person, record) => {
    if (person === nobody) return
    persons.records[person] = (persons.records[person] ?? 0) + 1
    persons.age[person] = youngerOf[persons.age[person] ?? 0]?.[columns.age[record] ?? 0] ?? 0
  })
}

/** By place in `ageGroups`, twice. */
const youngerOf = ageGroups.map((a) => ageGroups.map((b) => ageGroups.indexOf(youngest([a, b]))))

/** Who was known keeps the id; the others get one made from their smallest record, another try when a fragment elsewhere still bears it. */
function nameAll(persons: Persons, roots: Int32Array, columns: SubjectColumns, kept: Int32Array): void {
  const taken = new IdTable()
  for (let person = 0; person < persons.count; person += 1) {
    const former = kept[roots[person] ?? 0] ?? nobody
    if (former === nobody) continue
    columns.formerIds.copy(persons.ids, person * idBytes, former * idBytes, (former + 1) * idBytes)
    taken.add(persons.ids.subarray(person * idBytes, (person + 1) * idBytes))
  }
  for (let person = 0; person < persons.count; person += 1) {
    if ((kept[roots[person] ?? 0] ?? nobody) !== nobody) continue
    newSubjectId(columns.ids.at(roots[person] ?? 0), taken).copy(persons.ids, person * idBytes)
  }
}

function newSubjectId(smallest: Buffer, taken: IdTable): Buffer {
  for (let attempt = 0; ; attempt++) {
    const id = Buffer.from(hash('sha256', Buffer.concat([Buffer.from(`handover/subject/${attempt}/`), smallest]), 'binary').slice(0, idBytes), 'binary')
    if (taken.find(id) === nobody) return id
  }
}

const rowsPerStatement = 10_000

/** Writes persons in the place of the former ones: rebuilt, not patched (CONTRACTS §14). */
export async function storePersons(ctx: Context, tx: Tx, scope: Scope, given: { persons: Persons; columns: SubjectColumns; union: Union }): Promise<void> {
  const { persons, columns, union } = given
  await clearSubjects(tx, scope)
  const idText = (person: number): string => `sub_${persons.ids.toString('hex', person * idBytes, (person + 1) * idBytes)}`
  for (let from = 0; from < persons.count; from += rowsPerStatement) {
    const rows = { id: new WireArray('text'), records: new WireArray('int4'), ageGroup: new WireArray('text') }
    for (let person = from; person < Math.min(from + rowsPerStatement, persons.count); person += 1) {
      rows.id.text(idText(person))
      rows.records.int4(persons.records[person] ?? 0)
      rows.ageGroup.text(ageGroups[persons.age[person] ?? 0] ?? 'unknown')
    }
    await insertSubjects(tx, scope, { id: rows.id.end(), records: rows.records.end(), ageGroup: rows.ageGroup.end() })
  }
  for (let from = 0; from < columns.records; from += rowsPerStatement) {
    const rows = { recordId: new WireArray('bytea'), subjectId: new WireArray('text') }
    for (let record = from; record < Math.min(from + rowsPerStatement, columns.records); record += 1) {
      const person = persons.of[record] ?? nobody
      if (person === nobody) continue
      rows.recordId.bytes(columns.ids.at(record))
      rows.subjectId.text(idText(person))
    }
    if (rows.recordId.items > 0) await insertRecordSubjects(tx, scope, { recordId: rows.recordId.end(), subjectId: rows.subjectId.end() })
    ctx.progress({ zh: '归并主体', en: 'Resolving persons' }, Math.min(from + rowsPerStatement, columns.records), columns.records)
  }
  const demoted = union.demoted.map(({ key, degree, why }) => ({ type: columns.keys.typeOf(key), blind: Buffer.from(columns.keys.blindOf(key)), degree, why }))
  for (let from = 0; from < demoted.length; from += rowsPerStatement) await upsertDemotedKeys(tx, scope, demoted.slice(from, from + rowsPerStatement))
}
