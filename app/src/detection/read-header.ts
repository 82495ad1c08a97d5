// SPDX-License-Identifier: Apache-2.0
import { ambiguousRules, chineseEndings, chineseOthers, chineseWriters, englishRules } from './header-words.ts'
import type { InformationType } from './information-types.ts'
import { plainText } from './normalise-text.ts'

/** What a column's name says. `none` with a word is a refusal (order number, status …); null says nothing. */
export interface HeaderReading {
  type: InformationType | null
  /** `sure`: the word means this; `maybe`: only with values or neighbours that agree. */
  strength: 'sure' | 'maybe'
  /** The word that told it, for the explanation. */
  word: string
}

const typeByEnding = new Map<string, InformationType>()
for (const word of chineseOthers) typeByEnding.set(word, 'none')
for (const [type, words] of chineseEndings) for (const word of words.split(' ')) typeByEnding.set(word, type)
const longestEnding = Math.max(...[...typeByEnding.keys()].map((word) => word.length))
const saysNothing: HeaderReading = { type: null, strength: 'maybe', word: '' }

/** Reads a column's name: its last Chinese word, or its English, pinyin or abbreviated words (DETECTION.md §5.3). */
export function readHeader(name: string): HeaderReading {
  const plain = plainText(name).slice(0, 80)
  const bare = plain.replace(/[(([【<《][^))\]】>》]*[))\]】>》]/g, '').trim()
  const text = bare === '' ? plain : bare
  return /[\u4e00-\u9fff]/.test(text) ? readChinese(text) : readEnglish(text)
}

function readChinese(text: string): HeaderReading {
  const word = text.toLowerCase().replace(/[\s_:：*#/\\|,，。、?？!！"'“”‘’-]+/g, '').replace(/(?:信息|情况|资料|字段)$/, '')
  if (/^(?:是否|有无|能否)/.test(word)) return { type: 'none', strength: 'sure', word: '是否' }
  for (const candidate of [word, word.replace(/[0-9一二三四五]+$/, '')]) {
    const found = longestKnownEnding(candidate)
    if (found !== null) return found
  }
  return saysNothing
}

function longestKnownEnding(word: string): HeaderReading | null {
  for (let length = Math.min(word.length, longestEnding); length >= 1; length--) {
    const ending = word.slice(word.length - length)
    const type = typeByEnding.get(ending)
    if (type === undefined) continue
    if (length === 1 && word.length > 3) continue // 区, 市, 盐, 姓 alone at the end of a long name say nothing
    if (chineseWriters.has(ending)) return { type: 'person-name', strength: 'maybe', word: ending }
    if (['客户名称', '客户', '区域', '法人', '员工', '学校', '单位'].includes(ending)) return { type, strength: 'maybe', word: ending }
    const isBroad = ['编号', '编码', '代码', '名称', '标识', '内容', '描述', '说明', '简介', 'id'].includes(ending)
    return { type, strength: isBroad ? 'maybe' : 'sure', word: ending }
  }
  return null
}

/** `BillingPostalCode` → `_billing_postal_code_`. */
export function headerWords(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  return `_${words.join('_')}_`
}

function readEnglish(text: string): HeaderReading {
  const words = headerWords(text)
  for (const [type, rule] of ambiguousRules) if (rule.test(words)) return { type, strength: 'maybe', word: words.slice(1, -1) }
  for (const [type, rule] of englishRules) if (rule.test(words)) return { type, strength: 'sure', word: words.slice(1, -1) }
  return saysNothing
}

/** Whether names of a data set or its columns speak of natural persons; settles `name`, `title`, `state`. */
export function speaksOfPersons(names: readonly string[]): boolean {
  return names.some((name) => /customer|client|employee|member|user|person|contact|patient|student|staff|people|buyer|会员|客户|用户|员工|人员|联系人|顾客|业主|患者|学生|老客户|通讯录/i.test(name))
}
