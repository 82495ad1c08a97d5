// SPDX-License-Identifier: Apache-2.0

/** A value that a document labels, such as 电话:138…. */
export interface LabelledValue {
  label: string
  value: string
}

const LABEL_CHARS_MAX = 14
const VALUE_CHARS_MAX = 200
const LABELS_MAX = 200
/** Which party of a contract speaks; its name goes before the labels that follow. */
const party = /^[甲乙丙丁]方$|^(?:出租|承租|委托|受托|买|卖|供|需|服务|转让|受让)(?:方|人)$|^(?:买受|出卖|投保|被保险|借款|担保|保证)人$/

/** The values that stand behind labels in a document, in order; labels of a party of a contract carry its name (乙方电话) until the next party or the end of a part, and a label that comes again its number (电话#2). Linear in the text. */
export function labelledValues(...parts: readonly (readonly string[])[]): LabelledValue[] {
  const found: LabelledValue[] = []
  const seen = new Map<string, number>()
  for (const part of parts) {
    let speaker = ''
    for (const { label, value } of part.flatMap((text) => text.split(/\r\n|[\n\r\v\f]/)).flatMap(valuesOfLine)) {
      if (found.length >= LABELS_MAX) return found
      if (party.test(label)) speaker = label
      if (value === '') continue
      const name = label === speaker ? label : `${speaker}${label}`
      const times = (seen.get(name) ?? 0) + 1
      seen.set(name, times)
      found.push({ label: times === 1 ? name : `${name}#${times}`, value })
    }
  }
  return found
}

function valuesOfLine(line: string): LabelledValue[] {
  const marks: { labelAt: number; colon: number }[] = []
  for (let colon = nextColon(line, 0); colon >= 0; colon = nextColon(line, colon + 1)) {
    const labelAt = labelStart(line, colon, (marks.at(-1)?.colon ?? -1) + 1)
    if (labelAt < colon) marks.push({ labelAt, colon })
  }
  return marks.flatMap(({ labelAt, colon }, i) => {
    const label = line.slice(labelAt, colon).replace(/[(\uff08][^)\uff09]*[)\uff09]?$/, '').replace(/[\s\u3000]+/g, '')
    const value = line.slice(colon + 1, marks[i + 1]?.labelAt ?? line.length).replace(/[_\s\u3000;\uff1b,\uff0c、。]+$/, '').trim()
    return label === '' || value.length > VALUE_CHARS_MAX ? [] : [{ label, value }]
  })
}

function nextColon(line: string, from: number): number {
  for (let at = from; at < line.length; at++) if (line[at] === ':' || line[at] === '\uff1a') return at
  return -1
}

/** Where the label before a colon begins: letters back to a space or a mark; more than a label's length is a sentence. */
function labelStart(line: string, colon: number, from: number): number {
  let at = colon
  while (at > from && colon - at <= LABEL_CHARS_MAX && /[\p{L}()\uff08\uff09/·]/u.test(line[at - 1] ?? '')) at--
  if (colon - at > LABEL_CHARS_MAX) return colon
  return at > from && /[\d]/.test(line[at - 1] ?? '') ? colon : at
}
