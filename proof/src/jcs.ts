// SPDX-License-Identifier: Apache-2.0
import { ProofError } from './bytes.ts'

/** A JSON value as RFC 8785 knows it. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue }

const DEPTH_MAX = 128

/** The canonical text of a value (RFC 8785, FORMATS §11); refuses NaN, infinities and lone surrogates. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`).join(',')}}`
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The value of a JSON text. Refuses what JSON.parse lets pass silently: duplicate keys, lone surrogates, integers beyond ±(2^53−1)
 * and numbers that overflow (RFC 7493, FORMATS §11). Also refuses nesting deeper than 128.
 */
export function parseJsonStrict(text: string): JsonValue {
  const reader = new JsonReader(text)
  return reader.document()
}

/** The value of a text that must already be canonical (RFC 8785): any other spelling of the same value is refused. */
export function parseCanonicalJson(text: string): JsonValue {
  const value = parseJsonStrict(text)
  if (canonicalJson(value) !== text) throw new ProofError('NOT_CANONICAL_JSON', 'JSON is not in canonical form')
  return value
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new ProofError('BAD_JSON', 'a number is not finite')
  return JSON.stringify(value)
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new ProofError('LONE_SURROGATE', 'text has a lone surrogate')
  return JSON.stringify(value)
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const SPACE = /[ \t\n\r]*/y
const LITERALS: [string, JsonValue][] = [['true', true], ['false', false], ['null', null]]

/** Recursive descent over one text; the grammar is RFC 8259, what it refuses beyond that is RFC 7493. */
class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonValue {
    const value = this.#value(0)
    this.#space()
    if (this.#at !== this.#text.length) this.#refuse('text after the end')
    return value
  }

  #value(depth: number): JsonValue {
    if (depth > DEPTH_MAX) this.#refuse('nested too deeply')
    this.#space()
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return this.#string()
    for (const [word, value] of LITERALS) if (this.#skip(word)) return value
    return this.#number()
  }

  #object(depth: number): JsonValue {
    this.#at += 1
    const members = new Map<string, JsonValue>()
    this.#space()
    if (this.#skip('}')) return {}
    do {
      this.#space()
      const key = this.#string()
      if (members.has(key)) this.#refuse('a key occurs twice')
      this.#space()
      if (!this.#skip(':')) this.#refuse('a colon is missing')
      members.set(key, this.#value(depth + 1))
      this.#space()
    } while (this.#skip(','))
    if (!this.#skip('}')) this.#refuse('an object does not end')
    return Object.fromEntries(members)
  }

  #array(depth: number): JsonValue {
    this.#at += 1
    const items: JsonValue[] = []
    this.#space()
    if (this.#skip(']')) return items
    do {
      items.push(this.#value(depth + 1))
      this.#space()
    } while (this.#skip(','))
    if (!this.#skip(']')) this.#refuse('an array does not end')
    return items
  }

  #string(): string {
    const value: unknown = JSON.parse(this.#match(STRING, 'a string is malformed'))
    if (typeof value !== 'string' || !value.isWellFormed()) this.#refuse('text has a lone surrogate')
    return value
  }

  #number(): number {
    const lexeme = this.#match(NUMBER, 'a value is malformed')
    const value = Number(lexeme)
    if (!Number.isFinite(value)) this.#refuse('a number overflows')
    if (/^-?[0-9]+$/.test(lexeme) && !Number.isSafeInteger(value)) this.#refuse('an integer is too large to be exact')
    return value
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    SPACE.test(this.#text)
    this.#at = SPACE.lastIndex
  }

  #skip(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #match(pattern: RegExp, complaint: string): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) return this.#refuse(complaint)
    this.#at = pattern.lastIndex
    return found[0]
  }

  #refuse(complaint: string): never {
    throw new ProofError('BAD_JSON', `${complaint} (at character ${this.#at})`)
  }
}
