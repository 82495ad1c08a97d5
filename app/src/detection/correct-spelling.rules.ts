// SPDX-License-Identifier: Apache-2.0
import { schemaWords } from './header-lexicon.ts'

// Words that names of personal columns are built of, long enough that one letter more, less, other or changed for its neighbour is no other word.
const words =
  'address avatar mobile telephone birthday birthdate password passwd passport nickname username realname fullname firstname lastname surname customer consignee receiver recipient contact company organization education degree marriage marital marital_status gender ethnicity nationality religion occupation profession position account certificate identity licence license province city district county country location postcode zipcode emergency signature portrait picture diagnosis allergy disease medical history insurance salary income linkman cellphone landline wechat weixin teacher student patient doctor guardian parent employee member'
    .split(' ').filter((word) => word.length >= 6 && !word.includes('_'))

const byLength = new Map<number, string[]>()
for (const word of words) byLength.set(word.length, [...(byLength.get(word.length) ?? []), word])

const areWords: ReadonlySet<string> = new Set(schemaWords)

/** The word that was meant by one with a slip of the pen (`adress`, `avater`, `marrige`, `brithday`); null when it is none of them, or may be two. */
export function wordMeantBy(token: string): string | null {
  if (token.length < 5 || token.length > 14 || !/^[a-z]+$/.test(token) || /(?:ed|ing|ly)$/.test(token) || areWords.has(token)) return null
  const near = [token.length - 1, token.length, token.length + 1].flatMap((length) => (byLength.get(length) ?? []).filter((word) => word[0] === token[0] && isOneSlip(word, token)))
  const [first] = near
  return first !== undefined && near.length === 1 ? first : null
}

/** Whether two different words differ by one letter put in, left out or changed, or by two neighbours that changed places. */
function isOneSlip(one: string, other: string): boolean {
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  let end = 0
  while (end < one.length - start && end < other.length - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
