// SPDX-License-Identifier: Apache-2.0
import { plainUnit } from '../normalise-text.ts'

/** What a text may hold, as bits: rules run only where the characters that they need occur, and not where one stands that they refuse. `sentence`: words of sentences, which no address holds; `wide`: a form that `foldWidth` makes plain. */
export const signs = { digit: 1, at: 2, latin: 4, upper: 8, colon: 16, account: 32, military: 64, announcer: 128, organisation: 256, list: 512, space: 1024, sentence: 2048, stop: 4096, pause: 8192, wide: 16384 } as const

const bitsOfUnit = new Uint16Array(65_536)
const mark = (units: string, bit: number): void => {
  for (let at = 0; at < units.length; at++) bitsOfUnit[units.charCodeAt(at)] = (bitsOfUnit[units.charCodeAt(at)] ?? 0) | bit
}
mark('0123456789', signs.digit)
mark('@', signs.at)
mark('abcdefghijklmnopqrstuvwxyz', signs.latin)
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', signs.latin | signs.upper)
mark(':', signs.colon)
mark('微Qq', signs.account)
mark('字', signs.military)
mark('、', signs.list)
mark(' ', signs.space)
mark('的了吗呢吧啊着们我你他她它您很也在是没把被让请说给到还就去看', signs.sentence)
mark(',:;!?。', signs.stop)
mark(',:', signs.pause)
// Second characters of the words that announce a name (姓名, 联系人, 我叫 …): rarer than the first ones.
mark('名字系货件叫主办责人定卡请保者户员客', signs.announcer)
mark('司所院行', signs.organisation)
for (let unit = 0; unit < bitsOfUnit.length; unit++) {
  const plain = plainUnit(unit)
  if (plain !== unit) bitsOfUnit[unit] = signs.wide | (bitsOfUnit[plain] ?? 0)
}

/** The bits of all characters of a text, which are those of the text with its full-width forms made plain, and whether it has any. */
export function glance(text: string): number {
  let bits = 0
  for (let at = 0; at < text.length; at++) bits |= bitsOfUnit[text.charCodeAt(at)] ?? 0
  return bits
}
