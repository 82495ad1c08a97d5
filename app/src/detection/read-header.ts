// SPDX-License-Identifier: Apache-2.0
import { abbreviations, formsOfQualities, placeQualifiers } from './header-abbreviations.ts'
import { ambiguousEndings, englishEndings, flagPrefix, storageEndings } from './header-words-english.ts'
import { chineseEndings, chineseOthers, chineseWriters } from './header-words.ts'
import type { InformationType } from './information-types.ts'
import { plainText } from './normalise-text.ts'
import { readPinyin } from './read-pinyin.rules.ts'
import { headerTokens, splitRunTogether } from './split-header.rules.ts'

/** What a column's name says. `none` with a word is a refusal (order number, status …); null says nothing. */
export interface HeaderReading {
  type: InformationType | null
  /** `sure`: the word means this; `maybe`: only with values or neighbours that agree. */
  strength: 'sure' | 'maybe'
  /** The word that told it, for the explanation. */
  word: string
  /** Values or neighbours had to settle what the word means. */
  isSettled?: boolean
}

const saysNothing: HeaderReading = { type: null, strength: 'maybe', word: '' }

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

function readName(name: string): HeaderReading {
  const plain = plainText(name).slice(0, 80)
  const bare = plain.replace(/[(([【<《][^))\]】>》]*[))\]】>》]/g, '').trim()
  const text = bare === '' ? plain : bare
  return /[\u4e00-\u9fff]/.test(text) ? readChinese(text) : readLetters(text)
}

const typeByEnding = new Map<string, InformationType>()
for (const word of chineseOthers) typeByEnding.set(word, 'none')
for (const [type, words] of chineseEndings) for (const word of words.split(' ')) typeByEnding.set(word, type)
const longestEnding = Math.max(...[...typeByEnding.keys()].map((word) => word.length))
// Words that say little alone: values and neighbours have to agree, or a longer word decides.
const broadChinese = new Set(['编号', '编码', '代码', '名称', '标识', '内容', '描述', '说明', '简介', 'id', '图片', '地区编码', '号'])
const unsureChinese = new Set(['客户名称', '客户', '区域', '法人', '员工', '学校', '单位', '位置', '额度', '余额', '商户', '姓', '名', '州', '镇', '乡', '小区', '社区', '楼盘', '口味', '度数', '特长', '学生', '老师', '教师', '医生', '甲方', '乙方', '授信', '残疾'])

function readChinese(text: string): HeaderReading {
  const word = text.toLowerCase().replace(/[\s_:：*#\\|,，。、?？!！"'“”‘’-]+/g, '').replace(/(?:信息|情况|资料|字段)$/, '')
  const whole = typeByEnding.get(word)
  if (whole === undefined && /^(?:是否|有无|能否)/.test(word)) return { type: 'none', strength: 'sure', word: '是否' }
  for (const candidate of [word, word.replace(/[0-9一二三四五]+$/, ''), ...(word.includes('/') ? word.split('/') : [])]) {
    const found = longestKnownEnding(candidate)
    if (found !== null) return found
  }
  return firstKnownInside(word)
}

function longestKnownEnding(word: string): HeaderReading | null {
  for (let length = Math.min(word.length, longestEnding); length >= 1; length--) {
    const ending = word.slice(word.length - length)
    const type = typeByEnding.get(ending)
    if (type === undefined) continue
    if (length === 1 && word.length > 3) continue // 区, 市, 盐, 姓 alone at the end of a long name say nothing
    if (chineseWriters.has(ending)) return { type: 'person-name', strength: 'maybe', word: ending }
    if (unsureChinese.has(ending)) return { type, strength: 'maybe', word: ending }
    return { type, strength: broadChinese.has(ending) ? 'maybe' : 'sure', word: ending }
  }
  return null
}

// 身份证(正本), 手机尾号后四位: a telling word that stands first or inside.
const tellingInside = /手机|电话|身份证|姓名|邮箱|地址|银行卡|微信|护照|车牌|过敏|诊断|病史|病历|生日|出生日期|民族|婚姻|学历|宗教|指纹|人脸|密码|工资|收入/

function firstKnownInside(word: string): HeaderReading {
  const inside = tellingInside.exec(word)?.[0]
  if (inside === undefined) return saysNothing
  return { type: typeByEnding.get(inside) ?? (inside === '病史' || inside === '诊断' ? 'medical' : null), strength: 'maybe', word: inside }
}

interface Ending {
  type: InformationType
  strength: 'sure' | 'maybe'
}

const endings = new Map<string, Ending>()
for (const [type, words] of ambiguousEndings) for (const word of words.trim().split(/\s+/)) endings.set(word, { type, strength: 'maybe' })
for (const [type, words] of englishEndings) for (const word of words.trim().split(/\s+/)) if (!endings.has(word)) endings.set(word, { type, strength: 'sure' })
// Abbreviations of two letters mean many things: values have to agree.
const clearShort = new Set(['id', 'ip', 'qq', 'no', 'at', 'on', 'by'])
const photoOfDocument = /_id_?card_(?:front|back|img|image|photo|pic)/

function readLetters(text: string): HeaderReading {
  const tokens = headerTokens(text)
  const whole = tokens.join('_')
  const known = endings.get(whole)
  if (known === undefined && flagPrefix.test(`_${whole}_`)) return { type: 'none', strength: 'sure', word: whole }
  if (photoOfDocument.test(`_${whole}_`)) return { type: 'photo', strength: 'sure', word: whole }
  const asWritten = readTokens(tokens)
  if (asWritten !== null && !isBroad(asWritten)) return asWritten
  const split = tokens.flatMap(splitRunTogether)
  return telling(readTokens(split)) ?? readQuality(split) ?? telling(readSpelling(tokens)) ?? telling(readTokens(lengthened(split))) ?? readQuality(lengthened(split)) ?? asWritten ?? saysNothing
}

// `no`, `code`, `number` alone say so little that any other reading of the whole name is better.
const isBroad = (reading: HeaderReading): boolean => reading.type === 'none' && broadEnglish.has(reading.word)
const telling = (reading: HeaderReading | null): HeaderReading | null => (reading === null || isBroad(reading) ? null : reading)
const lengthened = (tokens: readonly string[]): string[] => tokens.flatMap((token) => (abbreviations.get(token) ?? token).split('_'))

/** Words that say little of what a column is. */
export const broadEnglish: ReadonlySet<string> = new Set('no num number code id ids key val value name level flag status type content detail details body payload account_type'.split(' '))

// Qualities of persons keep their sense whatever form they are kept in: gender_code, edu_level, marry_flag.
const qualities = new Set<InformationType>(['gender', 'birth-date', 'age', 'ethnicity', 'religion', 'marital-status', 'education', 'job', 'income'])

function readQuality(tokens: readonly string[]): HeaderReading | null {
  if (tokens.length < 2 || !formsOfQualities.has(tokens.at(-1) ?? '')) return null
  const before = longestTokenEnding(tokens.slice(0, -1))
  if (before === null || before.type === null || before.strength !== 'sure' || !qualities.has(before.type)) return null
  return { ...before, word: tokens.join('_') }
}

function readTokens(tokens: readonly string[]): HeaderReading | null {
  const found = longestTokenEnding(tokens)
  if (found !== null && (found.type !== 'none' || found.word !== 'name')) return found
  const stored = `_${tokens.join('_')}_`.replace(storageEndings, '_').slice(1, -1)
  if (stored === '' || stored.length === tokens.join('_').length) return found
  return readTokens(stored.split('_'))
}

/** The longest run of words at the end that is known; numbers at the end count for the word before them. */
function longestTokenEnding(tokens: readonly string[]): HeaderReading | null {
  const plain = tokens.join('_').replace(/(?:_?\d+)+$/, '')
  const choices = plain === tokens.join('_') || plain === '' ? [tokens] : [tokens, plain.split('_')]
  for (const choice of choices) {
    for (let from = Math.max(0, choice.length - 6); from < choice.length; from++) {
      const word = choice.slice(from).join('_')
      const found = endings.get(word)
      if (found === undefined) continue
      if (word === 'state' && from > 0 && !placeQualifiers.has(choice[from - 1] ?? '')) return { type: 'none', strength: 'sure', word: choice.slice(from - 1).join('_') }
      const isShort = word.length <= 2 && !clearShort.has(word)
      if (isShort && choice.length > 1 && from > 0 && found.type !== 'none') continue
      return { type: found.type, strength: isShort ? 'maybe' : found.strength, word }
    }
  }
  return null
}

function readSpelling(tokens: readonly string[]): HeaderReading | null {
  const letters = tokens.join('').replace(/\d+$/, '')
  const found = readPinyin(letters, true) ?? (tokens.length > 1 ? readPinyin((tokens.at(-1) ?? '').replace(/\d+$/, ''), true) : null)
  return found === null ? null : { type: found.type, strength: found.isInitials ? 'maybe' : 'sure', word: letters }
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
