// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'
import { foldWidth } from './normalise-text.ts'
import { isWholeAddress } from './recognisers/places.ts'
import { addressesByRules, addressesInEnglish, isAddressAlone, isAddressLike, isRestOfAddress, isWesternAddress } from './text/addresses.ts'
import { accountsIn, isPieceOfAccount, namesOfAccounts } from './text/accounts.ts'
import { glance, signs } from './text/glance.ts'
import { identifierSpans, wholePostcode } from './text/identifiers.ts'
import { kinds } from './text/labels.ts'
import { builtInModel } from './text/model.ts'
import { isRatherWord, isSurnameAlone, listedNames, namesByRules, nameRuns, namesInLatin, openingName, repeatedNames, singleNames } from './text/names.ts'
import type { OwnModel } from './text/own-model.ts'
import { organisationsByRules, tellingOrganisations } from './text/organisations.ts'
import { Tagger } from './text/tagger.ts'
import type { TextSpan } from './text/text-span.ts'

export { holdsIdentifier } from './text/identifiers.ts'
export type { TextSpan } from './text/text-span.ts'

let tagger: Tagger | null = null

/** Finds personal information in a free text: identifiers by form and checksum; names, addresses and organisations by the built-in model and by rules. Spans do not overlap and are in order. */
export function inspectText(text: string): TextSpan[] {
  const bits = glance(text)
  const folded = (bits & signs.wide) === 0 ? text : foldWidth(text)
  const has = (sign: number): boolean => (bits & sign) !== 0
  const found = new SpanSet(text.length)
  if (has(identifying)) found.addAll([...identifierSpans(folded, bits)].sort(byCertainty))
  if (has(signs.digit) && /^\s*\d{4}00\s*$/.test(folded)) found.addAll(wholePostcode(folded))
  const hasLatin = has(signs.upper) && /[A-Z][a-z]/.test(folded)
  if (has(signs.pause)) found.addAll(openingName(folded))
  found.addAll(placesOf(text, folded, bits))
  if (hasLatin && has(signs.digit)) found.addAll(addressesInEnglish(folded))
  if (folded.length <= 120 && found.holdsOnly('person-name', 'organisation-name', 'address') && isAddressCell(folded, bits, found)) found.replaceAll([0, text.length, 'address'])
  if (has(signs.announcer)) found.addAll(namesByRules(folded))
  if (has(signs.list)) found.addAll(listedNames(folded, found.inOrder()))
  if (has(signs.organisation)) found.addAll(tellingOrganisations(folded))
  if (hasLatin) found.addAll(namesInLatin(folded))
  if (text.length > 40) found.addAll(repeatedNames(folded, found.inOrder(), builtInModel().characters))
  return found.inOrder()
}

/** Whether the whole text is one address. What was found as a part of one that a form covers whole gives way to it. */
function isAddressCell(folded: string, bits: number, found: SpanSet): boolean {
  const isOfWords = (bits & signs.sentence) !== 0
  if (!isOfWords && (bits & signs.pause) === 0 && found.holdsOnly('person-name', 'organisation-name') && isWholeAddress(folded)) return true
  if (!isOfWords && (bits & signs.stop) === 0 && (isAddressAlone(folded) || found.isOneAddress((start, end) => isRestOfAddress(folded, start, end)))) return true
  return ((bits & (signs.digit | signs.upper)) === (signs.digit | signs.upper) && isWesternAddress(folded))
}

const identifying = signs.digit | signs.at | signs.latin | signs.colon | signs.account | signs.military

/** As `inspectText`, with names and organisations found by an operator's own model as well: where the two overlap, the own model's span stays. */
export async function inspectTextWith(text: string, own: OwnModel): Promise<TextSpan[]> {
  const found = new SpanSet(text.length)
  const ours = inspectText(text)
  found.addAll(ours.filter((span) => span[2] !== 'person-name' && span[2] !== 'organisation-name' && span[2] !== 'address'))
  found.addAll(await own.find(text))
  found.addAll(ours)
  return found.inOrder()
}

/** What the model finds, and addresses by rules: where both see an address, the longer one. */
function placesOf(text: string, folded: string, bits: number): TextSpan[] {
  const spans: TextSpan[] = []
  tagger ??= new Tagger(builtInModel())
  const { characters } = builtInModel()
  const accounts = (bits & signs.at) === 0 ? [] : accountsIn(folded)
  tagger.tag(text, (start, end, kind) => {
    const type = kinds[kind] ?? 'none'
    if (type === 'person-name') {
      if (accounts.length > 0 && isPieceOfAccount(folded, accounts, start, end)) return
      for (const [from, to] of nameRuns(folded, start, end)) if (!isRatherWord(folded, from, to, characters) && (to - from > 1 || isSurnameAlone(folded, from))) spans.push(...singleNames(folded, from, to))
    } else if (type !== 'address' || isAddressLike(folded.slice(start, end))) spans.push([start, end, type])
  })
  if (accounts.length > 0) spans.push(...namesOfAccounts(folded, accounts, characters))
  const all = withWholeBeginnings(spans, folded)
  addressesByRules(folded, all)
  return all.length < 2 ? all : all.sort((a, b) => Number(b[2] === 'address') - Number(a[2] === 'address') || b[1] - b[0] - (a[1] - a[0]))
}

/** Organisations whose end the model and the rules agree on begin where the rules say, unless a name or an address stands there: the model often misses the town. */
function withWholeBeginnings(spans: TextSpan[], folded: string): TextSpan[] {
  if (!spans.some((span) => span[2] === 'organisation-name')) return spans
  const startByEnd = new Map([...organisationsByRules(folded)].map(([start, end]) => [end, start]))
  return spans.map((span, index) => {
    const start = startByEnd.get(span[1])
    const isFree = start !== undefined && start < span[0] && (spans[index - 1]?.[1] ?? 0) <= start
    return span[2] === 'organisation-name' && isFree ? [start, span[1], span[2]] : span
  })
}

const order: readonly InformationType[] = ['resident-id', 'uscc', 'foreign-permanent-resident-id', 'email', 'bank-card', 'mobile', 'landline']
const rank = (type: InformationType): number => (order.includes(type) ? order.indexOf(type) : order.length)

/** The more certain type first, then the longer span. */
const byCertainty = (a: TextSpan, b: TextSpan): number => rank(a[2]) - rank(b[2]) || b[1] - b[0] - (a[1] - a[0])

/** Spans that do not overlap: what comes first stays. */
class SpanSet {
  private readonly spans: TextSpan[] = []
  private readonly isLong: boolean
  private readonly isTaken: Uint8Array
  private isSorted = true

  constructor(length: number) {
    this.isLong = length > 1000
    this.isTaken = this.isLong ? new Uint8Array(length) : none
  }

  addAll(spans: Iterable<TextSpan>): void {
    for (const span of spans) this.add(span)
  }

  private add(span: TextSpan): void {
    if (this.isFree(span[0], span[1])) {
      if (this.isLong) this.isTaken.fill(1, span[0], span[1])
      this.spans.push(span)
      this.isSorted = false
    }
  }

  // A short text has few spans; in a long one there may be thousands.
  private isFree(start: number, end: number): boolean {
    if (this.isLong) return !this.isTaken.subarray(start, end).includes(1)
    for (const one of this.spans) if (one[0] < end && one[1] > start) return false
    return true
  }

  /** Whether all spans so far, if any, are of these types. */
  holdsOnly(...types: readonly InformationType[]): boolean {
    return this.spans.every((span) => types.includes(span[2]))
  }

  /** Whether one address, and nothing but organisations besides, was found, and a test agrees with its place. */
  isOneAddress(test: (start: number, end: number) => boolean): boolean {
    const addresses = this.spans.filter((span) => span[2] === 'address')
    const only = addresses[0]
    return only !== undefined && addresses.length === 1 && this.holdsOnly('address', 'organisation-name') && test(only[0], only[1])
  }

  replaceAll(span: TextSpan): void {
    this.spans.length = 0
    this.isTaken.fill(0)
    this.add(span)
  }

  inOrder(): TextSpan[] {
    if (!this.isSorted) this.spans.sort((a, b) => a[0] - b[0])
    this.isSorted = true
    return this.spans
  }
}

const none = new Uint8Array(0)
