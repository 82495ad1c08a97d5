// SPDX-License-Identifier: Apache-2.0
import { strongKeyTypes } from './identity-keys.rules.ts'
import type { KeyGroups } from './key-groups.rules.ts'

/** What is known of each record beside its keys. */
export interface RecordTraits {
  records: number
  /** Two-byte tag of a comparable name, or -1. */
  nameTag: Int32Array
  /** Two-byte tag of a birth day, or -1. */
  birthTag: Int32Array
  /** Number of the resident ID that the record holds, or -1. */
  residentId: Int32Array
}

/** 降级原因. Why a key joins nobody, or not everybody that holds it. */
export const demotionReasons = ['placeholder', 'too-many-names', 'different-names', 'different-births', 'conflicting-ids'] as const
/** One reason of a demotion. */
export type DemotionReason = (typeof demotionReasons)[number]

/** What the union found: the component of each record (its smallest record), and the keys that did not join all their records, by their place in the input. */
export interface Union {
  component: Int32Array
  demoted: { key: number; degree: number; why: DemotionReason }[]
}

/** More names than this on one mobile number or mailbox is a switchboard, a shop or a typed-in number (PRODUCT "Subjects"). */
export const namesMax = 8

type Records = Uint32Array | readonly number[]

/**
 * Joins records that share identity keys (CONTRACTS §14). A key is judged by all the records that hold it, never by the order in which they arrive: placeholders and switchboards join
 * nobody; a phone shared by people of different names or birth days joins only those who agree; and where a phone or mailbox would put two resident IDs into one person, only IDs and customer numbers count.
 */
export function unionRecords(keys: KeyGroups, traits: RecordTraits): Union {
  const demoted: Union['demoted'] = []
  const parent = everyoneAlone(traits.records)
  for (let key = 0; key < keys.size; key += 1) {
    const judged = judge(keys, key, traits)
    if (judged.why !== null) demoted.push({ key, degree: keys.recordsOf(key).length, why: judged.why })
    for (const records of judged.groups) uniteAll(parent, records)
  }
  const all = rootsOf(parent)
  const torn = componentsWithTwoIds(all, traits)
  if (torn === null) return { component: all, demoted }
  return separate({ keys, traits, demoted }, all, torn)
}

interface Judged {
  groups: readonly Records[]
  why: DemotionReason | null
}

function judge(keys: KeyGroups, key: number, traits: RecordTraits): Judged {
  if (keys.isPlaceholder(key)) return { groups: [], why: 'placeholder' }
  const records = keys.recordsOf(key)
  return isStrong(keys, key) || isUniform(records, traits) ? { groups: [records], why: null } : judgeWeak(Array.from(records), traits)
}

function isStrong(keys: KeyGroups, key: number): boolean {
  return strongKeyTypes.includes(keys.typeOf(key))
}

/** Nothing that is known of these records differs: nearly every key. */
function isUniform(records: Uint32Array, traits: RecordTraits): boolean {
  return [traits.nameTag, traits.birthTag, traits.residentId].every((trait) => {
    let seen = -1
    for (const record of records) {
      const mine = trait[record] ?? -1
      if (mine !== -1 && seen !== -1 && mine !== seen) return false
      if (mine !== -1) seen = mine
    }
    return true
  })
}

function judgeWeak(records: readonly number[], traits: RecordTraits): Judged {
  const byName = partsByTrait(records, traits.nameTag)
  if (byName.kinds > namesMax) return { groups: [], why: 'too-many-names' }
  const byBirth = byName.parts.map((part) => partsByTrait(part, traits.birthTag))
  const groups = byBirth.flatMap((part) => part.parts)
  const whole = groups.filter((part) => idsOf(part, traits).size <= 1)
  if (whole.length < groups.length) return { groups: whole, why: 'conflicting-ids' }
  if (byName.kinds > 1) return { groups: whole, why: 'different-names' }
  return { groups: whole, why: byBirth.some((part) => part.kinds > 1) ? 'different-births' : null }
}

/** Records by a trait. With one kind (or none) those without the trait belong to it; with several they could be anybody's, and stay alone. */
function partsByTrait(records: readonly number[], trait: Int32Array): { kinds: number; parts: (readonly number[])[] } {
  const byKind = Map.groupBy(records, (record) => trait[record] ?? -1)
  const kinds = byKind.size - (byKind.has(-1) ? 1 : 0)
  return { kinds, parts: kinds <= 1 ? [records] : [...byKind].filter(([kind]) => kind !== -1).map(([, members]) => members) }
}

function idsOf(records: readonly number[], traits: RecordTraits): Set<number> {
  return new Set(records.map((record) => traits.residentId[record] ?? -1).filter((id) => id !== -1))
}

function everyoneAlone(records: number): Int32Array {
  return new Int32Array(records).map((_, at) => at)
}

function rootsOf(parent: Int32Array): Int32Array {
  return parent.map((_, at) => rootOf(parent, at))
}

function uniteAll(parent: Int32Array, records: Records): void {
  const first = records[0]
  if (first === undefined) return
  for (const other of records) unite(parent, first, other)
}

/** The smaller number becomes the root, so that a component is named by its smallest record. */
function unite(parent: Int32Array, a: number, b: number): void {
  const left = rootOf(parent, a)
  const right = rootOf(parent, b)
  if (left < right) parent[right] = left
  else parent[left] = right
}

function rootOf(parent: Int32Array, at: number): number {
  let root = at
  for (let up = parent[root] ?? root; up !== root; up = parent[root] ?? root) {
    const above = parent[up] ?? up
    parent[root] = above // halves the path for the next who comes this way
    root = above
  }
  return root
}

/** A mark for each component in which two different resident IDs stand; null when there is none. */
function componentsWithTwoIds(component: Int32Array, traits: RecordTraits): Uint8Array | null {
  const idOf = new Int32Array(component.length).fill(-1)
  const torn = new Uint8Array(component.length)
  let found = false
  component.forEach((root, record) => {
    const id = traits.residentId[record] ?? -1
    if (id === -1) return
    if (idOf[root] === -1) idOf[root] = id
    else if (idOf[root] !== id) found = (torn[root] = 1) === 1
  })
  return found ? torn : null
}

/** Inside a torn component every weak key loses its force; where customer numbers still hold two IDs together, they lose it too. */
function separate(given: { keys: KeyGroups; traits: RecordTraits; demoted: Union['demoted'] }, all: Int32Array, torn: Uint8Array): Union {
  const { keys, traits } = given
  const isIn = (records: Records, components: Int32Array, which: Uint8Array | null): boolean => which?.[components[records[0] ?? -1] ?? -1] === 1
  const keepsFirst = (key: number, records: Records): boolean => isStrong(keys, key) || !isIn(records, all, torn)
  const second = rootsOf(joined(given, keepsFirst, () => undefined))
  const stillTorn = componentsWithTwoIds(second, traits)
  const known = new Set(given.demoted.map((one) => one.key))
  const lost = new Set<number>()
  const keeps = (key: number, records: Records): boolean => keepsFirst(key, records) && (keys.typeOf(key) === 'resident-id' || !isIn(records, second, stillTorn))
  const component = rootsOf(joined(given, keeps, (key) => void (known.has(key) ? null : lost.add(key))))
  const more = [...lost].map((key) => ({ key, degree: keys.recordsOf(key).length, why: 'conflicting-ids' as const }))
  return { component, demoted: [...given.demoted, ...more].sort((a, b) => a.key - b.key) }
}

function joined(given: { keys: KeyGroups; traits: RecordTraits }, keeps: (key: number, records: Records) => boolean, lose: (key: number) => void): Int32Array {
  const parent = everyoneAlone(given.traits.records)
  for (let key = 0; key < given.keys.size; key += 1) {
    for (const records of judge(given.keys, key, given.traits).groups) {
      if (keeps(key, records)) uniteAll(parent, records)
      else lose(key)
    }
  }
  return parent
}

/** 主体编号. Which former subject each component goes on as, by the component's smallest record (−1: a new one): the largest fragment of a subject keeps its number (tie: smallest record), the others are new (CONTRACTS §14). `before` numbers former subjects in the order of their ids. */
export function keepSubjects(component: Int32Array, before: Int32Array): Int32Array {
  const shares = sharesOf(component, before)
  // Two old subjects that became one: the larger part gives the name. One that was split: the largest part keeps it.
  const order = new Uint32Array(shares.records.length).map((_, at) => at).sort((a, b) => (shares.records[b] ?? 0) - (shares.records[a] ?? 0) || (shares.root[a] ?? 0) - (shares.root[b] ?? 0) || (shares.subject[a] ?? 0) - (shares.subject[b] ?? 0))
  const kept = new Int32Array(component.length).fill(-1)
  const taken = new Uint8Array(before.reduce((most, subject) => Math.max(most, subject + 1), 0))
  for (const share of order) {
    const [root, subject] = [shares.root[share] ?? 0, shares.subject[share] ?? 0]
    if (kept[root] !== -1 || taken[subject] === 1) continue
    kept[root] = subject
    taken[subject] = 1
  }
  return kept
}

/** How many records of which former subject each component holds. */
function sharesOf(component: Int32Array, before: Int32Array): { root: Uint32Array; subject: Uint32Array; records: Uint32Array } {
  // Both numbers are below 2^26 for any matter that fits in memory as columns, so their pair is one exact number.
  const pairs = new Float64Array(before.length)
  let used = 0
  before.forEach((subject, record) => {
    if (subject !== -1) pairs[used++] = subject * 2 ** 27 + (component[record] ?? 0)
  })
  const sorted = pairs.subarray(0, used).sort()
  let count = 0
  sorted.forEach((pair, at) => (count += at === 0 || pair !== sorted[at - 1] ? 1 : 0))
  const shares = { root: new Uint32Array(count), subject: new Uint32Array(count), records: new Uint32Array(count) }
  let share = -1
  sorted.forEach((pair, at) => {
    if (at === 0 || pair !== sorted[at - 1]) share += 1
    shares.root[share] = pair % 2 ** 27
    shares.subject[share] = Math.floor(pair / 2 ** 27)
    shares.records[share] = (shares.records[share] ?? 0) + 1
  })
  return shares
}
