// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources as paperSources } from '../stewardship/papers/sources.ts'
import { readCitations } from './articles.rules.ts'
import { chineseNumber, citationIn, markIn, placeIn, sentenceIn } from './citation.rules.ts'
import { citationPhrases } from './citation-words.ts'
import { builtInLaw, isCertain, lawFiles } from './law-data.ts'
import { readLawBook } from './law-book.ts'
import { compareLaws } from './pack/law-diff.rules.ts'
import { lawMark } from './law-line.ts'
import { obstacleTable } from './obstacle-table.ts'
import { auditWords, decisionWords, deadlineWords, instrumentWords, residualWords, retentionWords, ruleWords } from './register-words.ts'

const law = builtInLaw
const han = /\p{Script=Han}/u
/** Latin that stands in Chinese sentences on purpose: marks, standards, ids of rules and rows. */
const allowedLatin = /(?:GB(?:\/T)? [\d.]+|TC260-PG-\d+A|\b(?:NDA|PIA|VPN|API|CIIO|DPO)\b|\b[A-MTPXS]\d\d\b|\([KSJP]\)|(?<![A-Za-z])[PKSJ](?![A-Za-z]))/g
const codeWords = /[A-Z]{2,}_|\b(?:SHARE|REORG|ASSET|DISSOLVE|BANKRUPT|CONSENT|CONTRACT|PUBLIC|WITHHOLD|HOLD|SEAL|STAY|TRANSFER|DESTROY|ESCALATE|ANONYMISED?)\b|[=!]=|->|=>|profile\.|size_tier|\bsee left\b/

type Said = readonly [string, { zh: string; en: string }]
const said: readonly Said[] = [
  ...law.rules.flatMap((rule) => Object.entries(ruleWords(rule)).map(([name, words]): Said => [`${rule.id} ${name}`, words])),
  ...law.decisionRows.flatMap((row) => Object.entries(decisionWords(row)).flatMap(([name, words]): Said[] => (words === null ? [] : [[`${row.id} ${name}`, words]]))),
  ...law.residualRows.flatMap((row) => Object.entries(residualWords(row)).map(([name, words]): Said => [`${row.id} ${name}`, words])),
  ...law.deadlines.flatMap((line) => Object.entries(deadlineWords(line)).flatMap(([name, words]): Said[] => (words === null ? [] : [[`${line.id} ${name}`, words]]))),
  ...law.retentionRows.flatMap((row) => Object.entries(retentionWords(row)).map(([name, words]): Said => [`${row.id} ${name}`, words])),
  ...law.auditPoints.flatMap((point) => Object.entries(auditWords(point)).map(([name, words]): Said => [`${point.id} ${name}`, words])),
  ...law.instruments.flatMap((entry) => Object.entries(instrumentWords(entry)).flatMap(([name, words]): Said[] => (words === null ? [] : [[`${entry.id} ${name}`, words]]))),
  ...law.penalties.flatMap((each): Said[] => [[`${each.id} penalty`, each], [`${each.id} who`, each.who]]),
  ...law.positions.flatMap((each): Said[] => [[`${each.id} question`, each.question], [`${each.id} why`, each.why], ...each.answers.map((answer): Said => [`${each.id} ${answer.value}`, answer])]),
]
/** Every citation of every law file. */
const citations: readonly string[] = [
  ...law.rules.map(({ src }) => src), ...law.decisionRows.map(({ basis }) => basis), ...law.residualRows.map(({ basis }) => basis), ...law.retentionRows.map(({ source }) => source), ...law.deadlines.map(({ source }) => source),
  ...law.auditPoints.map((point) => point.law), ...law.penalties.map(({ src }) => src), ...law.positions.map(({ src }) => src),
]

describe('the words of the shipped law', () => {
  it('stand in Chinese for every rule: when, evidence, until when, who, what follows', () => {
    for (const rule of law.rules) expect([rule.whenZh, rule.evidenceZh, rule.deadlineZh, rule.whoZh, rule.consZh, rule.mustZh].filter((text) => text === undefined || !han.test(text)), rule.id).toEqual([])
  })

  it('stand in both languages for rows, deadlines, retention duties, audit points and instruments', () => {
    const without = (name: string, lines: readonly { id: string }[], keys: readonly string[]) => lines.flatMap((line) => keys.filter((key) => Reflect.get(line, key) === undefined).map((key) => `${name} ${line.id} ${key}`))
    expect([
      ...without('row', law.decisionRows, ['situationEn', 'matterZh', 'matterEn', 'outcomeZh', 'outcomeEn']), ...without('row', law.decisionRows.filter(({ note }) => note !== ''), ['noteZh']), ...without('copy', law.residualRows, ['situationEn', 'actionZh']),
      ...without('deadline', law.deadlines, ['lengthEn']), ...without('retention', law.retentionRows, ['recordsEn', 'periodTextEn', 'startsEn', 'boundZh']), ...without('audit', law.auditPoints, ['titleEn', 'checksZh']),
      ...without('instrument', law.instruments, ['enShort', 'issuerEn']),
    ]).toEqual([])
  })

  it('say nothing in English to a Chinese reader, and nothing in code', () => {
    const foreign = said.filter(([, { zh }]) => /[A-Za-z]{2,}|_|[=!]=/.test(zh.replace(allowedLatin, '').replaceAll(/RadioShack|Toysmart|XB 8/g, '')))
    expect(foreign.map(([where, { zh }]) => `${where}: ${zh}`)).toEqual([])
    expect(said.filter(([, { zh }]) => !han.test(zh) && !/^(—|[\d≥≤ /]+|GB.*|TC260.*)$/.test(zh)).map(([where, { zh }]) => `${where}: ${zh}`)).toEqual([])
  })

  it('say nothing in Chinese to an English reader, and nothing in code', () => {
    expect(said.filter(([, { en }]) => han.test(en)).map(([where, { en }]) => `${where}: ${en}`)).toEqual([])
    expect(said.filter(([, { en }]) => codeWords.test(en)).map(([where, { en }]) => `${where}: ${en}`)).toEqual([])
  })

  it('cite no article that nobody read in its primary text without saying so', () => {
    const cited = /[\u4e00-\u9fff]{2,30}第[一二三四五六七八九十百]+条(?:之一)?(?:[、和]第[一二三四五六七八九十百]+条(?:之一)?)*/gu
    const doubtful = (text: string) => [...text.matchAll(cited)].flatMap(([each]) => readCitations(each).citations).filter(({ entry }) => entry !== null && !isCertain(entry.conf))
    expect(said.filter(([, { zh }]) => doubtful(zh).length > 0 && !zh.includes('未核实')).map(([where, { zh }]) => `${where}: ${zh}`)).toEqual([])
    expect(said.filter(([, { zh }]) => doubtful(zh).length > 0).map(([where]) => where)).toContain('C05 consequence')
    expect(said.find(([where]) => where === 'C05 consequence')?.[1].en).toBe('PIPL art. 66; Minors Online Protection Regulation art. 56 (unverified)')
  })

  it('are missing from a pack signed before they existed, which still reads, borrows them where the register says the same, and is shown in its own words where it does not', () => {
    const added = /^(when|evidence|deadline|who|cons|situation|matter|outcome|note|action|lawSays|periodText|starts|bound|checks)Zh$|^(when|must|evidence|deadline|who|cons|situation|matter|outcome|note|action|length|lawSays|records|periodText|title|checks|issuer|number)En$|^enShort$|^itemArticles$/
    const old: unknown = JSON.parse(JSON.stringify(lawFiles), (_key, value: unknown) => (typeof value !== 'object' || value === null || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).filter(([name]) => !added.test(name)))))
    const book = readLawBook(old, 'pack')
    const rule = book.ruleById.get('A04')
    if (rule === undefined) throw new Error('A04')
    expect(ruleWords(rule, book).when).toEqual({ zh: '一律适用', en: 'always' })
    expect(citationIn('en', '数据条例 57', book)).toBe('Network Data Regulation art. 57')
    expect(compareLaws(law, book).changes).toEqual([])
    expect(book.version).not.toBe(law.version)
    const bent = structuredClone(lawFiles)
    const line = bent.rules.find(({ id }) => id === 'A04')
    if (line === undefined) throw new Error('A04')
    Object.assign(line, { when: 'on every second Tuesday', whenZh: undefined })
    const other = readLawBook(JSON.parse(JSON.stringify(bent)), 'pack').ruleById.get('A04')
    expect(other === undefined ? null : ruleWords(other).when).toEqual({ zh: 'on every second Tuesday', en: 'on every second Tuesday' })
  })
})

describe('citations', () => {
  it('say in Chinese whether a bracket counts a paragraph or an item, for every article that the law files cite so', () => {
    expect(citations.map((text) => citationIn('zh', text).replaceAll(/审计指引 第.项\(\d+\)|审计指引 第..?项\(\d+\)/g, '')).filter((text) => /[条项]\(\d/.test(text))).toEqual([])
  })

  it('of every line of the law files are said in English without a Chinese character, and in Chinese without PIPL', () => {
    expect(citations.map((text) => citationIn('en', text)).filter((text) => han.test(text))).toEqual([])
    expect(citations.map((text) => citationIn('zh', text)).filter((text) => /PIPL|Order|CAC|\bApp\b|\bs\.\d|annex|product|contract|rule /.test(text))).toEqual([])
  })

  it('use only names that stand in instruments.json, besides phrases of our own', () => {
    const phrases = new Set(citationPhrases.flatMap((phrase) => [phrase.zh, phrase.en, phrase.written ?? '']))
    const others = [...citations, ...Object.values(obstacleTable).map((obstacle) => obstacle.law), ...Object.values(paperSources).map((source) => source.law)].flatMap((text) => readCitations(text).others)
    expect([...new Set(others)].filter((part) => han.test(part) && !phrases.has(part))).toEqual([])
  })

  it('of obstacles and papers, and of every table of our own code, are said in English', () => {
    const tables = [...Object.values(obstacleTable).map((obstacle) => obstacle.law), ...Object.values(paperSources).map((source) => source.law)]
    expect(tables.map((text) => citationIn('en', text)).filter((text) => han.test(text))).toEqual([])
    expect(citationsInCode().map((text) => citationIn('en', text)).filter((text) => han.test(text))).toEqual([])
  })

  it('are said as a lawyer writes them', () => {
    expect(citationIn('en', '数据条例 29(2), 37; 数安法 21, 30; 跨境规定 2')).toBe('Network Data Regulation arts. 29(2), 37; Data Security Law arts. 21, 30; Cross-border Data Provisions art. 2')
    expect(citationIn('en', 'PIPL 38-40; GB/T 45574 s.4 & App A; 审计指引 8, 13; CAC问答2026-04 Q1')).toBe('PIPL arts. 38–40; GB/T 45574-2025 § 4 & Annex A; Audit Guide items 8, 13; CAC Q&A April 2026 Q1')
    expect(citationIn('en', '个人信息保护法 第十三条第一款第二项、第四十七条; 公司法 第二百一十八条至第二百二十条; 刑法 第二百五十三条之一')).toBe('PIPL arts. 13(1)(2), 47; Company Law arts. 218–220; Criminal Law art. 253-1')
    expect(citationIn('en', '网络数据安全管理条例 第三十一条第三项、第四项; 合规审计指引 第十九项')).toBe('Network Data Regulation art. 31(3)(4); Audit Guide item 19')
    expect(citationIn('en', 'GB 46864—2025（2027年1月1日起施行）')).toBe('GB 46864-2025 (in force from 1 January 2027)')
    expect(citationIn('zh', 'PIPL 22, 23, 73(1); 35273 9.2 i); rule J07')).toBe('个人信息保护法 第二十二条、第二十三条、第七十三条第一项; GB/T 35273-2020 9.2 i); 规则 J07')
    expect(citationIn('zh', 'PIPL 47(1)(4), 31(2); 数据条例 29(2); 刑法 253之一; 公司法 218-220; 审计指引 19(3)')).toBe('个人信息保护法 第四十七条第一款第四项、第三十一条第二款; 网络数据安全管理条例 第二十九条第二款; 刑法 第二百五十三条之一; 公司法 第二百一十八条至第二百二十条; 个人信息保护合规审计指引 第十九项(3)')
    expect([10, 15, 22, 100, 105, 110, 218, 1038].map(chineseNumber)).toEqual(['十', '十五', '二十二', '一百', '一百零五', '一百一十', '二百一十八', '一千零三十八'])
    expect(citationIn('zh', '个人信息保护法 第二十二条; GB/T 35273 5.5 e)、6.4 b)')).toBe('个人信息保护法 第二十二条; GB/T 35273 5.5 e)、6.4 b)')
    expect(sentenceIn('en', '刑法 253之一: <=3 y; 治安管理处罚法 56: detention; PIPL 66')).toBe('Criminal Law art. 253-1: <=3 y; Public Security Penalties Law art. 56: detention; PIPL art. 66')
  })

  it('keep what they do not know, and say doubt in the reader’s language', () => {
    expect(citationIn('en', '某某办法 9')).toBe('某某办法 9')
    expect(lawMark({ law: '数安法 33', conf: 'P(quoted)' }, 'zh')).toBe('〔数据安全法 第三十三条 · P(引文) · 未核实〕')
    expect(lawMark({ law: '数安法 33', conf: 'P(quoted)' }, 'en')).toBe('[Data Security Law art. 33 · P(quoted) · unverified]')
    expect([...law.rules, ...law.decisionRows, ...law.deadlines, ...law.retentionRows, ...law.articles, ...law.instruments, ...law.calendarYears].map(({ conf }) => markIn('zh', conf)).filter((mark) => /[a-z]/.test(mark))).toEqual([])
    const criminal = law.instruments.find(({ code }) => code === 'CRIM')
    expect(criminal === undefined ? '' : placeIn('en', '253之一', criminal)).toBe('art. 253-1')
  })
})

/** Citations that stand as `law: '…'` in our own sources: who adds one under an unknown name sees it here. */
function citationsInCode(): string[] {
  const files = (folder: string): string[] => readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : /(?<!\.test|\.fixture|\.cases)\.ts$/.test(name) ? [path] : []
  })
  const root = fileURLToPath(new URL('../', import.meta.url))
  return [...new Set(files(root).filter((path) => !path.includes('quality')).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\b(?:law|tierLaw|src|basis): '([^']*第[^']*条[^']*)'/g)].flatMap(([, text]) => text ?? [])))]
}
