// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { ageGroups, type AgeGroup } from '../../law/nouns.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { youngest } from './age.rules.ts'
import { discoverFailures } from './discover-failures.ts'
import { isIdentityKeyType, type IdentityKeyType } from './identity-keys.rules.ts'
import { lockMatter, refreshStatistics, type Scope } from './ingest.store.ts'
import {
  clearSubjects, insertRecordSubjects, insertSubjects, loadResolution, recordsAfter, storeResolution, streamKeys, streamRecordTraits, upsertDemotedKeys,
} from './subjects.store.ts'
import { keepSubjectIds, unionRecords, type KeyGroup, type Union } from './union-records.rules.ts'

/** 主体归并. What a resolution wrote; `repeated` when nothing has changed since the last one. */
export interface ResolveResult {
  subjects: number
  /** Records that belong to a person. */
  records: number
  /** Records without any natural person in them (products, branches). */
  impersonal: number
  demotedKeys: number
  ageGroups: Record<AgeGroup, number>
  repeated: boolean
}

/** Resolves natural persons across data sets from blind indexes alone (CONTRACTS §14; rules A02, B04). The same edges again give the first result; refuses when there are no records. */
export async function resolveSubjects(ctx: Context, matter: Matter): Promise<ResolveResult> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const result = await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const records = await loadRecords(tx, scope)
    if (records.id.length === 0) throw discoverFailures.NO_RECORDS()
    const keys = await loadKeys(tx, scope, records)
    const union = unionRecords(keys.groups, { records: records.id.length, nameTag: records.nameTag, birthTag: records.birthTag, residentId: keys.residentId })
    const persons = personsOf(records, union)
    const digest = digestOf(persons, union, keys.blinds)
    const last = await loadResolution(tx, scope)
    const result = resultOf(persons, records, union)
    if (last?.digest === digest) return { ...result, repeated: true }
    await storeAll(tx, scope, { persons, records, union, keys })
    const run = (last?.run ?? 0) + 1
    await ctx.ledger.append(tx, matter.id, { type: 'SubjectsResolved', body: { subjects: result.subjects, records: result.records, demotedKeys: result.demotedKeys, ageGroups: result.ageGroups } }, `subjects/${run}`)
    await storeResolution(tx, scope, { run, digest, records: records.id.length, lastIndex: records.place.at(-1) ?? -1, report: result, at: ctx.now() })
    return { ...result, repeated: false }
  })
  if (!result.repeated) await refreshStatistics(ctx.db)
  return result
}

/** Refuses while persons were never resolved, or records came since. */
export async function refuseUnlessResolved(ctx: Context, matterId: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId }
  const last = await loadResolution(ctx.db, scope)
  const records = await recordsAfter(ctx.db, scope, last?.lastIndex ?? -1)
  if (last === null || records > 0) throw discoverFailures.SUBJECTS_NOT_RESOLVED({ records })
}

/** Records as columns, numbered from 0 in inventory order. */
interface RecordColumns {
  id: Buffer[]
  place: number[]
  age: AgeGroup[]
  subject: (string | null)[]
  personal: boolean[]
  nameTag: Int32Array
  birthTag: Int32Array
}

async function loadRecords(tx: Tx, scope: Scope): Promise<RecordColumns> {
  const columns: Omit<RecordColumns, 'nameTag' | 'birthTag'> & { names: number[]; births: number[] } = { id: [], place: [], age: [], subject: [], personal: [], names: [], births: [] }
  for await (const rows of streamRecordTraits(tx, scope)) {
    for (const row of rows) {
      columns.id.push(row.id)
      columns.place.push(row.inventory_index)
      columns.age.push(row.age_group)
      columns.subject.push(row.subject_id)
      columns.personal.push(row.is_personal)
      columns.names.push(tagNumber(row.name_tag))
      columns.births.push(tagNumber(row.birth_tag))
    }
  }
  const { names, births, ...rest } = columns
  return { ...rest, nameTag: Int32Array.from(names), birthTag: Int32Array.from(births) }
}

function tagNumber(tag: Buffer | null): number {
  return tag === null ? -1 : tag.readUInt16BE(0)
}

interface KeyColumns {
  groups: KeyGroup[]
  blinds: { type: IdentityKeyType; blind: Buffer }[]
  residentId: Int32Array
}

async function loadKeys(tx: Tx, scope: Scope, records: RecordColumns): Promise<KeyColumns> {
  const numberByPlace = new Map(records.place.map((place, at) => [place, at]))
  const residentId = new Int32Array(records.id.length).fill(-1)
  const columns: KeyColumns = { groups: [], blinds: [], residentId }
  for await (const rows of streamKeys(tx, scope)) {
    for (const row of rows) {
      if (!isIdentityKeyType(row.key_type)) continue
      const held = row.places.flatMap((place) => numberByPlace.get(place) ?? [])
      if (row.key_type === 'resident-id' && !row.is_placeholder) for (const record of held) residentId[record] = columns.groups.length
      columns.groups.push({ type: row.key_type, records: held, isPlaceholder: row.is_placeholder })
      columns.blinds.push({ type: row.key_type, blind: row.blind })
    }
  }
  return columns
}

interface Person {
  id: string
  records: number[]
  ageGroup: AgeGroup
}

/** The components that hold a natural person, each with its id and the youngest age of its records. */
function personsOf(records: RecordColumns, union: Union): Person[] {
  const kept = keepSubjectIds(union.component, records.subject)
  const taken = new Set(kept.values())
  const members = new Map<number, number[]>()
  union.component.forEach((root, record) => {
    if (records.personal[record] !== true) return
    const list = members.get(root)
    if (list === undefined) members.set(root, [record])
    else list.push(record)
  })
  return [...members].map(([root, list]) => ({
    id: kept.get(root) ?? newSubjectId(records.id[root] ?? Buffer.alloc(16), taken),
    records: list,
    ageGroup: youngest(list.map((record) => records.age[record] ?? 'unknown')),
  }))
}

/** An id made from the smallest record; another try when a fragment elsewhere still bears it. */
function newSubjectId(smallest: Buffer, taken: Set<string>): string {
  for (let attempt = 0; ; attempt++) {
    const id = idText('sub', createHash('sha256').update(`handover/subject/${attempt}/`).update(smallest).digest().subarray(0, 16))
    if (taken.has(id)) continue
    taken.add(id)
    return id
  }
}

function digestOf(persons: readonly Person[], union: Union, blinds: KeyColumns['blinds']): string {
  const digest = createHash('sha256')
  for (const person of persons) digest.update(`${person.id} ${person.ageGroup} ${person.records.join(',')}\n`)
  for (const key of union.demoted) digest.update(`${key.why} ${key.degree} `).update(blinds[key.key]?.blind ?? '')
  return digest.digest('hex')
}

function resultOf(persons: readonly Person[], records: RecordColumns, union: Union): Omit<ResolveResult, 'repeated'> {
  const counted = persons.reduce((sum, person) => sum + person.records.length, 0)
  const byAge = ageGroups.map((group) => [group, persons.filter((person) => person.ageGroup === group).length] as const)
  const ages = { under14: 0, under18: 0, adult: 0, unknown: 0, ...Object.fromEntries(byAge) }
  return { subjects: persons.length, records: counted, impersonal: records.id.length - counted, demotedKeys: union.demoted.length, ageGroups: ages }
}

const rowsPerStatement = 5000

async function storeAll(tx: Tx, scope: Scope, given: { persons: readonly Person[]; records: RecordColumns; union: Union; keys: KeyColumns }): Promise<void> {
  const { persons, records, union, keys } = given
  await clearSubjects(tx, scope)
  for (const part of partsOf(persons)) await insertSubjects(tx, scope, part.map((person) => ({ id: person.id, records: person.records.length, ageGroup: person.ageGroup })))
  const members = persons.flatMap((person) => person.records.map((record) => ({ recordId: records.id[record] ?? Buffer.alloc(0), subjectId: person.id })))
  for (const part of partsOf(members)) await insertRecordSubjects(tx, scope, part)
  const demoted = union.demoted.flatMap(({ key, degree, why }) => {
    const blind = keys.blinds[key]
    return blind === undefined ? [] : [{ ...blind, degree, why }]
  })
  for (const part of partsOf(demoted)) await upsertDemotedKeys(tx, scope, part)
}

function* partsOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += rowsPerStatement) yield all.slice(at, at + rowsPerStatement)
}
