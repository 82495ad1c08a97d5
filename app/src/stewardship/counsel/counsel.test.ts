// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blanksOf, textsOf } from '../../kit/paper/paper.ts'
import { dayOf } from '../../kit/time.ts'
import { authorityStateOf, openLetters, standingFor } from '../../law/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import type { Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { forgeDocument } from './fixture.store.ts'
import { addOpinion, authorityReportPaper, draftReport, letterDocument, loadLetters, loadOpinions, opinionDocument, recordLetter, type NewLetter, type NewOpinion } from './index.ts'

let home: TestHome
let matter: Matter
let keyFile: string
let paper: string
beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  keyFile = (await home.addPerson(matter, '安娜')).keyFile
  paper = join(dirname(home.path), '意见书.pdf')
  writeFileSync(paper, Buffer.from('%PDF-1.7 an opinion of invented counsel'))
}, 400_000)
afterAll(() => home.remove())

const opinion = (bend: Partial<NewOpinion> = {}): NewOpinion => ({
  file: paper, covers: { articles: ['PIPL 22', 'PIPL-23'], rules: ['e01'], rows: ['X12'], positions: ['asset_deal'] }, conclusion: 'supports-with-conditions', givenOn: dayOf('2026-11-10'), until: dayOf('2027-05-10'), firm: '某某律师事务所', note: '附条件', keyFile, ...bend,
})
const letter = (bend: Partial<NewLetter> = {}): NewLetter => ({
  direction: 'in', authority: 'cac-city', subject: 'audit-order', number: '沪网信〔2026〕12号', dated: dayOf('2026-11-02'), due: dayOf('2026-11-20'), answers: null, file: paper, note: '要求审计', keyFile, ...bend,
})

describe("counsel's opinions", () => {
  test('are filed once with the places they cover, sealed, and given back byte for byte', async () => {
    const first = await addOpinion(home.ctx, matter, opinion())
    expect(first.opinion.covers).toEqual({ articles: ['PIPL-22', 'PIPL-23'], rules: ['E01'], rows: ['X12'], positions: ['asset_deal'] })
    expect(await addOpinion(home.ctx, matter, opinion())).toMatchObject({ repeated: true, opinion: { id: first.opinion.id } })
    expect((await addOpinion(home.ctx, matter, opinion({ conclusion: 'objects' }))).repeated).toBe(false)
    const [shown] = await loadOpinions(home.ctx, matter)
    expect(shown).toMatchObject({ firm: '某某律师事务所', note: '附条件', fileName: '意见书.pdf', until: '2027-05-10' })
    expect(await opinionDocument(home.ctx, matter, first.opinion.id)).toEqual(readFileSync(paper))
    const rows = await home.ctx.db.query<{ text: string }>(`select (to_jsonb(d) - 'document_sealed' - 'words_sealed')::text as text from counsel_document d union all select body::text from event`)
    expect(rows.filter(({ text }) => text.includes('律师事务所') || text.includes('意见书'))).toEqual([])
  })

  test('are what gates see, by their digest', async () => {
    const { opinions } = await loadMatterState(home.ctx, matter)
    expect(opinions.map(({ conclusion, covers }) => [conclusion, covers.rules])).toEqual([['supports-with-conditions', ['E01']], ['objects', ['E01']]])
  })

  test('name only what the law holds, something at least, and days that fit', async () => {
    const covers = (bend: Partial<NewOpinion['covers']>) => opinion({ covers: { articles: [], rules: [], rows: [], positions: [], ...bend } })
    expect(await refusalOf(addOpinion(home.ctx, matter, covers({ articles: ['PIPL-999'] })))).toBe('OPINION_COVERS')
    expect(await refusalOf(addOpinion(home.ctx, matter, covers({ rules: ['Z99'] })))).toBe('OPINION_COVERS')
    expect(await refusalOf(addOpinion(home.ctx, matter, covers({})))).toBe('OPINION_COVERS_NOTHING')
    expect(await refusalOf(addOpinion(home.ctx, matter, opinion({ givenOn: dayOf('2026-11-22') })))).toBe('COUNSEL_DAYS')
    expect(await refusalOf(addOpinion(home.ctx, matter, opinion({ file: `${paper}.none` })))).toBe('COUNSEL_DOCUMENT')
  })
})

describe('letters of authorities', () => {
  test('wait until they are answered, are overdue the day after their last day, and a reply ends them', async () => {
    const { letter: order } = await recordLetter(home.ctx, matter, letter())
    expect((await recordLetter(home.ctx, matter, letter())).repeated).toBe(true)
    const at = async (on: string) => authorityStateOf(await loadLetters(home.ctx, matter), dayOf(on))
    expect([(await at('2026-11-20')).overdue, (await at('2026-11-21')).overdue]).toEqual([0, 1])
    const unmet = standingFor(await loadMatterState(home.ctx, matter)).results.find(({ rule }) => rule === 'M07')
    expect(unmet?.obstacles.map(({ code, counts }) => [code, counts])).toEqual([['AUDIT_ORDER_OVERDUE', { letters: 1 }]])
    const { letter: reply } = await recordLetter(home.ctx, matter, letter({ direction: 'out', due: null, answers: order.letter, dated: dayOf('2026-11-21'), number: null, note: '整改报告' }))
    expect(openLetters(await loadLetters(home.ctx, matter))).toEqual([])
    expect([await letterDocument(home.ctx, matter, order.letter), await letterDocument(home.ctx, matter, reply.letter)]).toEqual([readFileSync(paper), readFileSync(paper)])
    expect(standingFor(await loadMatterState(home.ctx, matter)).results.find(({ rule }) => rule === 'M07')).toMatchObject({ status: 'satisfied' })
  })

  test('refuse a reply to nothing, a letter of tomorrow and a personal number in place of a document number', async () => {
    expect(await refusalOf(recordLetter(home.ctx, matter, letter({ direction: 'out', due: null, answers: `ltr_${'0'.repeat(32)}` })))).toBe('LETTER_UNKNOWN')
    expect(await refusalOf(recordLetter(home.ctx, matter, letter({ dated: dayOf('2026-11-22') })))).toBe('COUNSEL_DAYS')
    expect(await refusalOf(recordLetter(home.ctx, matter, letter({ number: '13800000000' })))).toBe('LETTER_NUMBER')
  })

  test('are not talked away: a reply comes after its letter, to whom wrote it, about what they wrote, and with what was sent where a day was set', async () => {
    const own = await home.openMatter('asset-transfer')
    const { letter: order } = await recordLetter(home.ctx, own, letter())
    const reply = (bend: Partial<NewLetter>): NewLetter => letter({ direction: 'out', due: null, answers: order.letter, dated: dayOf('2026-11-20'), number: null, note: '整改报告', ...bend })
    expect(await refusalOf(recordLetter(home.ctx, own, reply({ file: null })))).toBe('REPLY_WITHOUT_DOCUMENT')
    expect(await refusalOf(recordLetter(home.ctx, own, reply({ dated: dayOf('2020-01-01') })))).toBe('COUNSEL_DAYS')
    for (const bend of [{ authority: 'tax' }, { subject: 'complaint' }, { direction: 'in' }] as const) expect(await refusalOf(recordLetter(home.ctx, own, reply(bend)))).toBe('REPLY_DOES_NOT_FIT')
    expect(openLetters(await loadLetters(home.ctx, own))).toHaveLength(1)
    // Whoever writes past the command finds the rule in the same place.
    const said = { ...order, letter: `ltr_${'1'.repeat(32)}`, direction: 'out', due: null, answers: order.letter, dated: dayOf('2026-11-20') } as const
    const overdue = (bend: Partial<typeof said> | { document: null } | { dated: ReturnType<typeof dayOf> }): number => authorityStateOf([order, { ...said, ...bend }], dayOf('2026-11-21')).auditOrders.overdue
    expect([overdue({}), overdue({ document: null }), overdue({ dated: dayOf('2020-01-01') })]).toEqual([0, 1, 1])
    await recordLetter(home.ctx, own, reply({}))
    expect(openLetters(await loadLetters(home.ctx, own))).toEqual([])
  })

  test('of the same day are two when anything tells them apart, and one that nothing does is refused', async () => {
    const own = await home.openMatter('asset-transfer')
    const bare = (note: string): NewLetter => letter({ number: null, file: null, note })
    expect(await refusalOf(recordLetter(home.ctx, own, bare(' ')))).toBe('LETTER_BARE')
    expect((await recordLetter(home.ctx, own, bare('门店一的审计'))).repeated).toBe(false)
    expect((await recordLetter(home.ctx, own, bare('门店二的审计'))).repeated).toBe(false)
    expect((await recordLetter(home.ctx, own, bare('门店二的审计'))).repeated).toBe(true)
    expect((await loadMatterState(home.ctx, own)).authorities.auditOrders).toEqual({ open: 2, overdue: 2, answered: 0 })
  })

  test('go into the drafted report with counts that name their events, and leave open what only people know', async () => {
    const report = await draftReport(home.ctx, matter, { from: dayOf('2026-01-01'), to: dayOf('2026-12-31') })
    const line = (en: string) => report.sections.flatMap(({ lines }) => lines).find((each) => each.en === en)
    expect(line("counsel's opinions")?.count).toBe(2)
    expect([line('letters that came in')?.count, line('letters sent')?.count]).toEqual([1, 1])
    const { first, last, number } = line("counsel's opinions")?.events ?? { first: 0, last: 0, number: 0 }
    expect([(await home.ctx.ledger.event(matter.id, first)).type, (await home.ctx.ledger.event(matter.id, last)).type, number]).toEqual(['OpinionFiled', 'OpinionFiled', 2])
    const paper = (lang: 'zh' | 'en') => authorityReportPaper(report, { name: '甲公司', creditCode: null, contact: '400-000-0000' }, { lang, now: home.ctx.now() })
    const words = textsOf(paper('zh')).flat().map(({ text }) => text).join('\n')
    expect(words).toContain('沪网信〔2026〕12号')
    expect([line('natural persons (latest count)')?.count, words.includes('本期未统计')]).toEqual([null, true]) // nobody counted: no nought is invented
    expect(blanksOf(paper('zh'))).toEqual(['统一社会信用代码', '姓名、职务、联系方式', '安全事件及处置', '存在的问题和整改'])
    expect(paper('en').blocks.map(({ kind }) => kind)).toEqual(paper('zh').blocks.map(({ kind }) => kind))
    expect(textsOf(paper('en')).flat().map(({ text }) => text).filter((text) => /\p{Script=Han}/u.test(text))).toEqual(['甲公司', '沪网信〔2026〕12号', '甲公司'])
    const before = await draftReport(home.ctx, matter, { from: dayOf('2025-01-01'), to: dayOf('2025-12-31') })
    expect(before.sections.flatMap(({ lines }) => lines).every(({ count }) => count === 0 || count === null)).toBe(true)
  })

  test('a document passed off as another is refused at reading', async () => {
    const [first] = await loadOpinions(home.ctx, matter)
    await forgeDocument(home.ctx, first?.id ?? '', `opn_${'9'.repeat(32)}`)
    expect(await refusalOf(loadOpinions(home.ctx, matter))).toBe('COUNSEL_DAMAGED')
  })
})
