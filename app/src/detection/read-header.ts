// SPDX-License-Identifier: Apache-2.0
import { easternEndings } from './header-lexicon.ts'
import type { HeaderReading } from './header-reading.ts'
import { flagPrefix } from './header-words-english.ts'
import { plainText } from './normalise-text.ts'
import { readChineseHeader } from './read-chinese-header.rules.ts'
import { readLatinHeader } from './read-latin-header.rules.ts'
import { simplifyHeader } from './simplify-header.rules.ts'
import { headerTokens } from './split-header.rules.ts'

/** Reads a column's name and, in databases, its comment: the last Chinese word, or the English, pinyin or abbreviated words at its end (DETECTION.md §5.3). People write comments to explain names, so a clear comment outweighs a name. */
export function readHeader(name: string, comment = ''): HeaderReading {
  const byName = readName(name)
  if (comment.trim() === '') return byName
  const byComment = readComment(comment)
  if (byComment.type === null) return byName
  if (byComment.type === 'none' && byName.type !== null && byName.type !== 'none') return { ...byName, strength: 'maybe' } // values have to settle it
  if (byComment.strength === 'sure') return byName.strength === 'sure' && byName.type === 'none' && flagPrefix.test(`_${headerTokens(name).join('_')}_`) ? byName : byComment
  return byName.type === null ? byComment : byName
}

// A comment goes on after its first words: `性别:0 未知,1 男`, `用户密码(加密)`.
function readComment(comment: string): HeaderReading {
  const plain = plainText(comment).slice(0, 200)
  const first = plain.split(/[:：,，;；。.(（[【\n]|\s(?=\d)/).find((part) => part.trim() !== '') ?? plain
  const reading = readName(first)
  return reading.type !== null || !/\s/.test(first) ? reading : readName(first.trim().split(/\s+/)[0] ?? '')
}

// user[email] of a web form, max(t.phone) of a query: what stands inside is the name.
const inside = /^[a-z]\w{0,30}\[([a-z]\w*)\]$|^(?:max|min|any_value|first|trim|upper|lower|ifnull|nvl|coalesce|distinct|group_concat)\(([a-z][\w.]*)(?:,[^)]*)?\)$/i

function readName(name: string): HeaderReading {
  const whole = plainText(name).slice(0, 80)
  const within = inside.exec(whole)
  const plain = within?.[1] ?? within?.[2] ?? whole
  const bare = plain.replace(/[(([【<《][^))\]】>》]*[))\]】>》]/g, '').trim()
  const text = bare === '' ? plain : bare
  if (/[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/.test(text)) return readEastern(text) ?? readChineseHeader(simplifyHeader(text))
  return readLatinHeader(text)
}

// Japanese and Korean names of columns; Chinese ones share characters, but not these words.
function readEastern(text: string): HeaderReading | null {
  const word = text.toLowerCase().replace(/[\s_:*#\d]+$/, '')
  for (const [type, words] of easternEndings) for (const ending of words.split(' ')) if (word.endsWith(ending)) return { type, strength: 'sure', word: ending }
  return null
}

const endingOfPersons = /customer|client|employee|member|user|person|contact|patient|student|staff|people|buyer|guest|visitor|passenger|applicant|candidate|resume|consignee|donor|subscriber|会员|客户|用户|员工|人员|联系人|顾客|业主|患者|病人|学生|学员|老客户|通讯录|花名册|名单|简历|访客|车主|居民|职工|司机|旅客|住客/i

/** Whether names of a data set or its columns speak of natural persons; settles `name`, `title`, `state`. Of a path only its last part counts. */
export function speaksOfPersons(names: readonly string[]): boolean {
  return names.some((name) => endingOfPersons.test(withoutFolders(name)))
}

// A table's name and the place of its file: folders between are the reader's own.
function withoutFolders(name: string): string {
  const first = name.search(/[\\/]/)
  if (first < 0) return name
  const before = name.slice(0, name.lastIndexOf(' ', first) + 1)
  return `${before} ${name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)}`
}
