// SPDX-License-Identifier: Apache-2.0
import { inspectValue, normaliseKey, type InformationType } from '../../detection/index.ts'
import type { QualityRuleCode } from './quality-rules.ts'
import { HashMemory, PairHash } from './remember-hashes.ts'

/** A contradiction about a person: at which field, and where the other value stands. */
export interface PersonFinding {
  rule: QualityRuleCode
  field: number
  /** The column of the key, which may be what is wrong. */
  also?: number
  first: { dataSet: number; place: number }
}

/** A row as it is compared: plain texts by field, null for what is empty or unreadable. */
export interface PersonRow {
  texts: readonly (string | null)[]
  source: number
  dataSet: number
  place: number
}

/** The first column of each type that says something about a person. */
export type PersonColumns = Partial<Record<InformationType, number>>

const compared = ['person-name', 'resident-id', 'birth-date', 'gender', 'mobile', 'email', 'address'] as const satisfies readonly InformationType[]
const FACTS_MAX = 2_000_000

/** Finds the columns by which persons are compared. */
export function personColumnsOf(types: readonly InformationType[]): PersonColumns {
  const columns: PersonColumns = {}
  for (const [i, type] of types.entries()) columns[type] ??= i
  return columns
}

/** 同一人比对. Remembers by hashes what each key of a person stood with first, and tells where a later row says something else. */
export class PeopleComparison {
  readonly #memory = new HashMemory(FACTS_MAX)
  readonly #hash = new PairHash()
  readonly #isBetweenSets: boolean

  /** `isBetweenSets`: there is more than one data set, so that contradictions between them are possible. */
  constructor(isBetweenSets: boolean) {
    this.#isBetweenSets = isBetweenSets
  }

  /** Facts for which there was no room. */
  get turnedAway(): number {
    return this.#memory.turnedAway
  }

  /** Compares one row with all before it. */
  add(row: PersonRow, columns: PersonColumns): PersonFinding[] {
    const found = new Map<string, PersonFinding>()
    const text = (type: InformationType): string | null => plainOf(row.texts, columns[type])
    const id = keyOf('resident-id', text('resident-id'))
    const customer = keyOf('customer-id', text('customer-id'))
    const mobile = keyOf('mobile', text('mobile'))
    const name = sameForm('person-name', text('person-name'))
    const nameField = columns['person-name']
    if (name !== null && nameField !== undefined) {
      const inSet = [[prefixed('i', id), 'KEY_OF_TWO_PEOPLE', 'resident-id'], [prefixed('c', customer), 'KEY_OF_TWO_PEOPLE', 'customer-id'], [prefixed('m', mobile), 'MOBILE_OF_TWO_PEOPLE', 'mobile']] as const
      for (const [key, rule, type] of inSet) this.#meet(found, `n ${row.dataSet} ${key ?? ''}`, key === null ? null : name, { row, rule, field: nameField, also: columns[type] })
    }
    if (!this.#isBetweenSets) return [...found.values()]
    const keys = [prefixed('I', id), prefixed(`C${row.source}`, customer), mobile === null || name === null ? null : `M ${mobile} ${name}`]
    for (const key of keys) if (key !== null) this.#compareSets(found, key, row, columns)
    return [...found.values()]
  }

  #compareSets(found: Map<string, PersonFinding>, key: string, row: PersonRow, columns: PersonColumns): void {
    for (const type of compared) {
      const field = columns[type]
      if (field !== undefined) this.#meet(found, `${type} ${key}`, sameForm(type, plainOf(row.texts, field)), { row, rule: 'CONFLICT', field })
    }
  }

  /** One finding a field and rule is enough, by whichever key it was seen first. */
  #meet(found: Map<string, PersonFinding>, key: string, value: string | null, at: { row: PersonRow; rule: QualityRuleCode; field: number; also?: number | undefined }): void {
    if (value === null) return
    const { row, rule, field, also } = at
    this.#hash.begin().text(value)
    const now = { low: this.#hash.low, high: this.#hash.high, dataSet: row.dataSet, place: row.place }
    this.#hash.begin().text(key)
    const first = this.#memory.meet(this.#hash.low, this.#hash.high, now)
    if (first === null || (first.low === now.low && first.high === now.high)) return
    if (rule === 'CONFLICT' && first.dataSet === row.dataSet) return
    if (!found.has(`${rule} ${field}`)) found.set(`${rule} ${field}`, { rule, field, ...(also === undefined ? {} : { also }), first: { dataSet: first.dataSet, place: first.place } })
  }
}

const plainOf = (texts: readonly (string | null)[], field: number | undefined): string | null => (field === undefined ? null : (texts[field] ?? null))
const prefixed = (kind: string, key: string | null): string | null => (key === null ? null : `${kind} ${key}`)
const keyOf = (type: InformationType, text: string | null): string | null => (text === null ? null : normaliseKey(type, text))

/** The form in which two values of a type are the same; null for what cannot be compared (masked, broken). */
function sameForm(type: InformationType, text: string | null): string | null {
  if (text === null || /[*＊]/.test(text)) return null
  if (type === 'person-name' || type === 'address') return text.replace(/\s+/g, '').toLowerCase()
  if (type === 'gender') return /^(?:男|男性|先生|男士|male|m|1)$/i.test(text) ? 'm' : /^(?:女|女性|女士|female|f|2)$/i.test(text) ? 'f' : null
  const check = inspectValue(type, text)
  return check.valid ? check.normalised.toLowerCase() : null
}
