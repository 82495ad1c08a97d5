// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'
import { foldWidth } from './normalise-text.ts'
import { isWholeAddress } from './recognisers/places.ts'
import { addressesByRules, addressesInEnglish, isAddressLike } from './text/addresses.ts'
import { identifierSpans, wholePostcode } from './text/identifiers.ts'
import { kinds } from './text/labels.ts'
import { builtInModel } from './text/model.ts'
import { isRatherWord, listedNames, namesByRules, namesInLatin, openingName, repeatedNames, singleNames } from './text/names.ts'
import type { OwnModel } from './text/own-model.ts'
import { organisationsByRules, tellingOrganisations } from './text/organisations.ts'
import { Tagger } from './text/tagger.ts'
import type { TextSpan } from './text/text-span.ts'

export { holdsIdentifier } from './text/identifiers.ts'
export type { TextSpan } from './text/text-span.ts'

let tagger: Tagger | null = null

/** Finds personal information in a free text: identifiers by form and checksum; names, addresses and organisations by the built-in model and by rules. Spans do not overlap and are in order. */
export function inspectText(text: string): TextSpan[] {
  const folded = foldWidth(text)
  const found = new SpanSet(text.length)
  found.addAll([...identifierSpans(folded)].sort(byCertainty))
  if (/^\s*\d{4}00\s*$/.test(folded)) found.addAll(wholePostcode(folded))
  const hasLatin = /[A-Z][a-z]/.test(folded)
  found.addAll(openingName(folded))
  found.addAll(placesOf(text, folded))
  if (hasLatin && /\d/.test(folded)) found.addAll(addressesInEnglish(folded))
  if (found.inOrder().every((span) => span[2] === 'person-name' || span[2] === 'organisation-name') && isWholeAddress(folded)) found.replaceAll([0, text.length, 'address'])
  found.addAll(namesByRules(folded))
  if (folded.includes('、')) found.addAll(listedNames(folded, found.inOrder()))
  found.addAll(tellingOrganisations(folded))
  if (hasLatin) found.addAll(namesInLatin(folded))
  if (text.length > 40) found.addAll(repeatedNames(text, found.inOrder()))
  return found.inOrder()
}

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
function placesOf(text: string, folded: string): TextSpan[] {
  const spans: TextSpan[] = []
  tagger ??= new Tagger(builtInModel())
  tagger.tag(text, (start, end, kind) => {
    const type = kinds[kind] ?? 'none'
    if (type === 'person-name') {
      if (!isRatherWord(folded, start, end)) spans.push(...singleNames(folded, start, end))
    } else if (type !== 'address' || isAddressLike(folded.slice(start, end))) spans.push([start, end, type])
  })
  return [...withWholeBeginnings(spans, folded), ...addressesByRules(folded)].sort((a, b) => Number(b[2] === 'address') - Number(a[2] === 'address') || b[1] - b[0] - (a[1] - a[0]))
}

/** Organisations whose end the model and the rules agree on begin where the rules say, unless a name or an address stands there: the model often misses the town. */
function withWholeBeginnings(spans: readonly TextSpan[], folded: string): TextSpan[] {
  if (!spans.some((span) => span[2] === 'organisation-name')) return [...spans]
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
  private readonly isTaken: Uint8Array

  constructor(length: number) {
    this.isTaken = new Uint8Array(length)
  }

  addAll(spans: Iterable<TextSpan>): void {
    for (const span of spans) {
      if (this.isTaken.subarray(span[0], span[1]).includes(1)) continue
      this.isTaken.fill(1, span[0], span[1])
      this.spans.push(span)
    }
  }

  replaceAll(span: TextSpan): void {
    this.spans.length = 0
    this.isTaken.fill(0)
    this.addAll([span])
  }

  inOrder(): TextSpan[] {
    return this.spans.sort((a, b) => a[0] - b[0])
  }
}
