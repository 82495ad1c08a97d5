// SPDX-License-Identifier: Apache-2.0
import { byteClasses } from './byte-classes.ts'
import { outcomeNumber, plainOutcome } from './cell-outcome.ts'
import type { InformationType } from './information-types.ts'
import { chars } from './normalise-text.ts'

// Codes with dashes (`AB-1234-000017`) once more, on bytes: orders, contracts, parts. Every row has another one, so that nothing is remembered, and twenty recognisers would have to be asked about each. -1: not decided here.

const undecided = -1
const longest = 34
const dash = 0x2d

// The words by which recognisers/places.ts and recognisers/names.ts know a street or a company in Latin letters; the differential test holds them together.
const tellingWords = new Set(
  'st street ave avenue rd road blvd boulevard lane ln drive dr way court ct square sq place pl rua av avenida via rue strasse platz calle floor suite apt inc ltd llc corp co company corporation gmbh sa ltda plc group holdings university bank institute limited'.split(' '),
)
const longestWord = Math.max(...[...tellingWords].map((word) => word.length))
/** By length and first letter: whether any telling word is like that. */
const mayTell = new Uint8Array((longestWord + 1) * 32)
for (const word of tellingWords) mayTell[word.length * 32 + (word.charCodeAt(0) & 31)] = 1

const outcomes = ([[], ['bank-account'], ['online-id'], ['bank-account', 'online-id']] as const satisfies readonly (readonly InformationType[])[]).map((types) => outcomeNumber({ ...plainOutcome, found: types.map((type) => ({ type, how: 'matched' as const })) }))

/** The outcome of letters, digits and dashes that begin with a letter; anything that a check digit, a street, a company or a key could stand in is left to the recognisers. */
export function readDashed(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] ?? 0
  if (length < 5 || length > longest || byteClasses[first] !== chars.latin || mayBeKey(bytes, start)) return undecided
  let others = 0 // letters and digits
  let token = start
  for (let at = start; at <= start + length; at++) {
    const byte = at < start + length ? (bytes[at] ?? 0) : dash
    if (byte === dash) {
      if (isTelling(bytes, token, at)) return undecided
      token = at + 1
      continue
    }
    const kind = byteClasses[byte] ?? 0
    if (kind !== chars.digit && kind !== chars.latin) return undecided
    if ((byte | 0x20) === 0x78 && at > start && ((bytes[at - 1] ?? 0) | 0x20) === 0x78) return undecided // may be masked
    others++
  }
  // Numbers that are written with dashes and begin with a letter: a credit code of 18, a hardware address of 12 in pairs.
  if (others === 18 || (length === 17 && others === 12)) return undecided
  return outcomes[(isAccount(bytes, start, length) ? 1 : 0) + (length >= 6 ? 2 : 0)] ?? undecided
}

// sk-…, glpat-…, xoxb-…: keys of providers (recognisers/credentials.ts).
function mayBeKey(bytes: Uint8Array, start: number): boolean {
  const [first, second, third] = [bytes[start] ?? 0, bytes[start + 1] ?? 0, bytes[start + 2] ?? 0]
  return (first === 0x73 && second === 0x6b && third === dash) || (first === 0x67 && second === 0x6c && third === 0x70) || (first === 0x78 && second === 0x6f && third === 0x78)
}

function isTelling(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from
  if (length < 2) return false
  // …strasse ends a word, whatever stands before it.
  if (length >= 7 && ((bytes[to - 1] ?? 0) | 0x20) === 0x65 && spelled(bytes, to - 7, to) === 'strasse') return true
  return length <= longestWord && mayTell[length * 32 + ((bytes[from] ?? 0) & 31)] === 1 && tellingWords.has(spelled(bytes, from, to))
}

function spelled(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode((bytes[at] ?? 0) | 0x20)
  return text
}

// At most two letters, eight or more digits and dashes, then letters and digits (recognisers/financial.ts).
function isAccount(bytes: Uint8Array, start: number, length: number): boolean {
  if (length < 8) return false
  const end = start + length
  let at = start
  while (at < end && byteClasses[bytes[at] ?? 0] === chars.latin) at++
  if (at - start > 2) return false
  const from = at
  while (at < end && (bytes[at] === dash || byteClasses[bytes[at] ?? 0] === chars.digit)) at++
  if (at - from < 8) return false
  for (; at < end; at++) if (bytes[at] === dash) return false
  return true
}
