// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, parseJsonStrict, type JsonObject, type JsonValue } from '@handover/proof'
import { z } from 'zod'
import type { Day, Instant } from '../../kit/time.ts'
import { factKind, type FactName } from '../../law/index.ts'
import { whyRefused } from '../../kit/failure.ts'
import { assessFailures } from './assess-failures.ts'

/** The value of a fact checked against its schema; refuses it with the place and the reason, never with the value. */
export function readFactValue(name: FactName, given: JsonObject): JsonObject {
  const read = factKind(name).value.safeParse(given)
  if (!read.success) throw refusal(name, read.error)
  const value = z.json().parse(read.data)
  if (!isJsonObject(value)) throw assessFailures.FACT_VALUE({ name, where: '', why: 'not an object' })
  return value
}

/** What a fact says about a time to come: until when something is kept, valid or reachable, when a backup ends, from when a look is allowed or a notice is shown. */
const mayLieAhead: readonly string[] = ['until', 'validUntil', 'keptUntil', 'backupEnds', 'from']

/**
 * 未来日期. Refuses a fact whose day has not come (CONTRACTS §17: a signed fact says what happened): nobody can have checked, signed or told something tomorrow. Days that say how long something lasts may lie ahead.
 */
export function refuseDaysAhead(name: FactName, value: JsonValue, clock: { today: Day; now: Instant }, path: readonly string[] = []): void {
  if (typeof value === 'string') {
    const isAhead = /^\d{4}-\d{2}-\d{2}$/.test(value) ? value > clock.today : /^\d{4}-\d{2}-\d{2}T/.test(value) && Date.parse(value) > Date.parse(clock.now)
    if (isAhead && !mayLieAhead.includes(path.at(-1) ?? '')) throw assessFailures.FACT_DAY_AHEAD({ name, where: path.join('.'), day: value, today: clock.today })
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) refuseDaysAhead(name, member, clock, [...path, key])
}

/** Counts that say of how many something was done; done for nobody it was not done (E08, J11). Zero is a number in every other fact: no open claim, no account ended. */
const atLeastOne = { 'guardian-consent-checked': 'checked', 'guardians-told': 'guardians' } as const satisfies Partial<Record<FactName, string>>

/** Refuses a fact that says that something was done for nobody; facts of before stay readable, and rules do not count them. */
export function refuseNobody(name: FactName, value: JsonObject): void {
  const counts: Readonly<Partial<Record<FactName, string>>> = atLeastOne
  const counted = counts[name]
  if (counted !== undefined && value[counted] === 0) throw assessFailures.FACT_OF_NOBODY({ name, where: counted })
}

/**
 * The value of a fact from `key=text` pairs of the command line. `true`, numbers and JSON are read as such, dots make nested values, a comma makes a list
 * where the schema wants one, and text stays text where the schema wants text. Refuses what does not fit.
 */
export function factValueOfPairs(name: FactName, pairs: readonly (readonly [string, string])[]): JsonObject {
  const guessed = pairs.map(([key, text]) => ({ path: key.split('.'), text, value: guess(text) }))
  const first = factKind(name).value.safeParse(nested(guessed))
  if (first.success) return readFactValue(name, nested(guessed))
  const corrected = guessed.map((pair) => ({ ...pair, value: correct(pair, first.error) }))
  return readFactValue(name, nested(corrected))
}

interface Pair {
  path: string[]
  text: string
  value: JsonValue
}

function guess(text: string): JsonValue {
  if (!/^(true|false|null|-?\d{1,15}|[[{].*)$/s.test(text)) return text
  try {
    return parseJsonStrict(text)
  } catch {
    return text
  }
}

/** What the schema asked for at this place, when the first guess was of another kind. */
function correct(pair: Pair, error: z.ZodError): JsonValue {
  const issue = error.issues.find((each) => each.path.map(String).join('.') === pair.path.join('.'))
  if (issue?.code !== 'invalid_type') return pair.value
  if (issue.expected === 'string') return pair.text
  return issue.expected === 'array' ? pair.text.split(/[,、]/).map((item) => item.trim()) : pair.value
}

/** Built by `Object.fromEntries`, which makes `__proto__` an ordinary key that the schema then refuses. */
function nested(pairs: readonly Pick<Pair, 'path' | 'value'>[]): JsonObject {
  const byKey = Map.groupBy(pairs, ({ path }) => path[0] ?? '')
  return Object.fromEntries([...byKey].map(([key, under]) => [key, memberOf(under)]))
}

function memberOf(under: readonly Pick<Pair, 'path' | 'value'>[]): JsonValue {
  const leaf = under.find(({ path }) => path.length === 1)
  return leaf === undefined ? nested(under.map(({ path, value }) => ({ path: path.slice(1), value }))) : leaf.value
}

function refusal(name: FactName, error: z.ZodError): Error {
  const issue = error.issues[0]
  // Zod's own message may quote what was given; where and what is asked for there is enough.
  return assessFailures.FACT_VALUE({ name, where: issue?.path.map(String).join('.') ?? '', why: whyRefused(issue === undefined ? [] : [{ ...issue, path: [] }]) })
}
