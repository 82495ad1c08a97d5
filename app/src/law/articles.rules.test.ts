// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { arabicNumber, findArticle, readCitations } from './articles.rules.ts'
import { builtInLaw } from './law-data.ts'
import { cautiousPositions, legalPositionsSchema } from './legal-positions.ts'

const law = builtInLaw
const cited = (text: string) => readCitations(text).citations.map(({ instrument, article }) => `${instrument.code} ${article ?? '*'}`)
/** Every citation text of the law files with the line it stands in. */
const sources: readonly (readonly [string, string])[] = [
  ...law.rules.map(({ id, src }) => [id, src] as const), ...law.decisionRows.map(({ id, basis }) => [id, basis] as const), ...law.residualRows.map(({ id, basis }) => [id, basis] as const),
  ...law.retentionRows.map(({ id, source }) => [id, source] as const), ...law.deadlines.map(({ id, source }) => [id, source] as const), ...law.auditPoints.map((point) => [point.id, point.law] as const),
  ...law.penalties.map(({ id, src }) => [id, src] as const), ...law.positions.map(({ id, src }) => [id, src] as const),
]
/** What stands in a citation without being a law: our own judgement, contracts, cases, rules of the register. */
const noLaw = /^(product|contract|合同|诉讼|-|rule [A-M]\d\d|[A-M]\d\d(, [A-M]\d\d)*|no statutory period|aligned to T31|RadioShack\/Toysmart|GB\/T \/ CAC practice)$/

describe('citations', () => {
  it('of every line of the law files lead to an instrument, and to an article where they name one', () => {
    const unread = sources.flatMap(([id, text]) => readCitations(text).others.filter((part) => !noLaw.test(part)).map((part) => `${id}: ${part}`))
    const missing = sources.flatMap(([id, text]) => readCitations(text).citations.filter(({ article, entry }) => article !== null && entry === null).map(({ instrument, article }) => `${id}: ${instrument.code} ${article}`))
    expect({ unread, missing }).toEqual({ unread: [], missing: [] })
    expect(sources.filter(([, text]) => readCitations(text).citations.length > 0).length).toBeGreaterThan(250)
  })

  it('are read with lists, ranges, paragraphs, letters and names that contain other names', () => {
    expect(cited('PIPL 22, 23, 73(1); 民法典 67; 公司法 218-220')).toEqual(['PIPL 22', 'PIPL 23', 'PIPL 73', 'CC 67', 'CL 218', 'CL 219', 'CL 220'])
    expect(cited('35273 5.5 e), 6.4 b), 10.2')).toEqual(['GB35273 5.5', 'GB35273 6.4', 'GB35273 10.2'])
    expect(cited('数据条例 32, 28; 57')).toEqual(['NDR 32', 'NDR 28', 'NDR 57'])
    expect(cited('预付式解释 13(1)(2); 解释 4; 刑法 253之一')).toEqual(['PREPAID 13', 'CRIM-INT 4', 'CRIM 253之一'])
    expect(cited('GB/T 42460 s.4, D.1.5; GB/T 45574 s.4 & App A')).toEqual(['GB42460 4', 'GB42460 附录D', 'GB45574 4', 'GB45574 附录A'])
    expect(cited('Order 25 annex 1, 2; CAC问答2026-04 Q1')).toEqual(['SMALL 附件1', 'SMALL 附件2', 'QA-2026-04 Q1'])
    expect(cited('个人信息保护法 第四十七条第二款; 公司法 第二百一十八条至第二百二十条; 刑法 第二百五十三条之一')).toEqual(['PIPL 47', 'CL 218', 'CL 219', 'CL 220', 'CRIM 253之一'])
    expect(readCitations('某某办法 9')).toMatchObject({ citations: [], others: ['某某办法 9'] })
  })

  it('do not take a number for an article that does not exist', () => {
    expect(readCitations('PIPL 99').citations[0]?.entry).toBeNull()
    expect(findArticle('PIPL-99')).toBeUndefined()
  })
})

describe('articles', () => {
  it('are found as people write them', () => {
    for (const asked of ['PIPL-22', 'pipl-22', 'PIPL 22', '个人信息保护法第二十二条', '个人信息保护法 第22条']) expect(findArticle(asked)?.id, asked).toBe('PIPL-22')
    expect(findArticle('AUDIT-G-7')?.zh).toContain('接收方名称')
    expect([arabicNumber('十'), arabicNumber('二十二'), arabicNumber('二百五十三'), arabicNumber('一千零三'), arabicNumber('甲')]).toEqual([10, 22, 253, 1003, undefined])
  })

  it('belong to an instrument, say something in both languages and are no surer than it', () => {
    const byId = new Map(law.instruments.map((instrument) => [instrument.id, instrument]))
    expect(law.articles.filter(({ instrument }) => !byId.has(instrument))).toEqual([])
    expect(law.articles.filter(({ zh, en }) => !/\p{Script=Han}/u.test(zh) || /\p{Script=Han}/u.test(en))).toEqual([])
    expect(law.articles.filter((article) => article.conf === 'P' && !(byId.get(article.instrument)?.conf ?? '').startsWith('P')).map(({ id }) => id)).toEqual([])
  })
})

describe('instruments, penalties and positions', () => {
  it('let no name of an instrument stand for two', () => {
    const names = law.instruments.flatMap((instrument) => instrument.names)
    expect(names.length).toBe(new Set(names).size)
  })

  it('punish only breaches of articles and instruments that exist', () => {
    const known = new Set([...law.articles.map(({ id }) => id), ...law.instruments.map(({ code }) => code)])
    expect(law.penalties.flatMap(({ breach }) => breach).filter((id) => !known.has(id))).toEqual([])
  })

  it('describe exactly the settings that a matter has, with the same defaults and answers', () => {
    const settings: Readonly<Record<string, unknown>> = cautiousPositions
    expect(law.positions.map(({ id }) => id)).toEqual(Object.keys(cautiousPositions))
    for (const position of law.positions) {
      expect(position.default, position.id).toBe(settings[position.id])
      expect(position.answers.map(({ value }) => value)).toContain(position.default)
      for (const { value } of position.answers) expect(legalPositionsSchema.safeParse({ [position.id]: value }).success, `${position.id}=${value}`).toBe(true)
    }
  })
})
