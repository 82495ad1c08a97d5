// SPDX-License-Identifier: Apache-2.0
import { strongKeyTypes, type IdentityKeyType } from './identity-keys.rules.ts'

/** One key with the records that hold it; records are numbers from 0, ascending. */
export interface KeyGroup {
  type: IdentityKeyType
  records: readonly number[]
  isPlaceholder: boolean
}

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

/**
 * Joins records that share identity keys (CONTRACTS §14). A key is judged by all the records that hold it, never by the order in which they arrive: placeholders and switchboards join
 * nobody; a phone shared by people of different names or birth days joins only those who agree; and where a phone or mailbox would put two resident IDs into one person, only IDs and customer numbers count.
 */
export function unionRecords(keys: readonly KeyGroup[], traits: RecordTraits): Union {
  const demoted: Union['demoted'] = []
  const joins: { key: number; strong: boolean; type: IdentityKeyType; records: readonly number[] }[] = []
  keys.forEach((key, at) => {
    const strong = strongKeyTypes.includes(key.type)
    const judged = strong ? judgeStrong(key) : judgeWeak(key, traits)
    if (judged.why !== null) demoted.push({ key: at, degree: key.records.length, why: judged.why })
    for (const records of judged.groups) joins.push({ key: at, strong, type: key.type, records })
  })
  const all = unionOf(joins, traits.records)
  const torn = componentsWithTwoIds(all, traits)
  if (torn.size === 0) return { component: all, demoted }
  return separate({ joins, traits, demoted, keys }, all, torn)
}

interface Join {
  key: number
  strong: boolean
  type: IdentityKeyType
  records: readonly number[]
}

function judgeStrong(key: KeyGroup): { groups: (readonly number[])[]; why: DemotionReason | null } {
  return key.isPlaceholder ? { groups: [], why: 'placeholder' } : { groups: [key.records], why: null }
}

function judgeWeak(key: KeyGroup, traits: RecordTraits): { groups: (readonly number[])[]; why: DemotionReason | null } {
  if (key.isPlaceholder) return { groups: [], why: 'placeholder' }
  const byName = partsByTrait(key.records, traits.nameTag)
  if (byName.kinds > namesMax) return { groups: [], why: 'too-many-names' }
  const byBirth = byName.parts.map((part) => partsByTrait(part, traits.birthTag))
  const groups = byBirth.flatMap((part) => part.parts)
  const whole = groups.filter((records) => idsOf(records, traits).size <= 1)
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

function unionOf(joins: readonly Pick<Join, 'records'>[], records: number): Int32Array {
  const parent = Int32Array.from({ length: records }, (_, at) => at)
  for (const join of joins) {
    const first = join.records[0]
    if (first === undefined) continue
    for (const other of join.records) unite(parent, first, other)
  }
  return parent.map((_, at) => rootOf(parent, at))
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

/** Components in which two different resident IDs stand. */
function componentsWithTwoIds(component: Int32Array, traits: RecordTraits): Set<number> {
  const idOf = new Map<number, number>()
  const torn = new Set<number>()
  component.forEach((root, record) => {
    const id = traits.residentId[record] ?? -1
    if (id === -1) return
    const known = idOf.get(root)
    if (known === undefined) idOf.set(root, id)
    else if (known !== id) torn.add(root)
  })
  return torn
}

/** Inside a torn component every weak key loses its force; where customer numbers still hold two IDs together, they lose it too. */
function separate(given: { joins: Join[]; traits: RecordTraits; demoted: Union['demoted']; keys: readonly KeyGroup[] }, all: Int32Array, torn: Set<number>): Union {
  const { joins, traits, keys } = given
  const isTorn = (join: Join, components: Int32Array, which: Set<number>): boolean => which.has(components[join.records[0] ?? -1] ?? -1)
  const strongOnly = joins.filter((join) => join.strong || !isTorn(join, all, torn))
  const second = unionOf(strongOnly, traits.records)
  const stillTorn = componentsWithTwoIds(second, traits)
  const kept = strongOnly.filter((join) => join.type === 'resident-id' || !isTorn(join, second, stillTorn))
  const keptJoins = new Set(kept)
  const known = new Set(given.demoted.map((one) => one.key))
  const lost = new Set(joins.filter((join) => !keptJoins.has(join) && !known.has(join.key)).map((join) => join.key))
  const more = [...lost].map((key) => ({ key, degree: keys[key]?.records.length ?? 0, why: 'conflicting-ids' as const }))
  return { component: unionOf(kept, traits.records), demoted: [...given.demoted, ...more].sort((a, b) => a.key - b.key) }
}

/** 主体编号. Which id each component gets: the largest fragment of a known subject keeps its id (tie: smallest record), the others are new (CONTRACTS §14). */
export function keepSubjectIds(component: Int32Array, before: readonly (string | null)[]): Map<number, string> {
  const shares = new Map<string, { component: number; id: string; records: number }>()
  component.forEach((root, record) => {
    const id = before[record] ?? null
    if (id === null) return
    const share = shares.get(`${id}/${root}`)
    if (share === undefined) shares.set(`${id}/${root}`, { component: root, id, records: 1 })
    else share.records += 1
  })
  const kept = new Map<number, string>()
  const taken = new Set<string>()
  // Two old subjects that became one: the larger part gives the name. One that was split: the largest part keeps it.
  const ordered = [...shares.values()].sort((a, b) => b.records - a.records || a.component - b.component || (a.id < b.id ? -1 : 1))
  for (const share of ordered) {
    if (kept.has(share.component) || taken.has(share.id)) continue
    kept.set(share.component, share.id)
    taken.add(share.id)
  }
  return kept
}
