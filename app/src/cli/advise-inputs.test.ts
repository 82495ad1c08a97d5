// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { dayOf } from '../kit/time.ts'
import { factsOfActs } from '../lifecycle/assess/index.ts'
import { adviceAnswersSchema, adviseWithEstimate, type AdviceAnswers } from '../law/index.ts'
import { answersOfFile, answersTemplate, strataOfTreatment } from './advise-inputs.ts'
import { adviceLines } from './advise-lines.ts'
import { prepaidLines, writePrepaidList, type PrepaidOrder } from './prepaid-list.ts'
import { readSource } from '../sources/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-advise-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const today = dayOf('2026-11-21')

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const answers: AdviceAnswers = adviceAnswersSchema.parse({ event: 'sell-business', reachableShare: 100, assentShare: 25 })

describe('the answers of a file', () => {
  it('are those of the template, filled in or not', () => {
    expect(answersOfFile(write('样表.json', answersTemplate()))).toEqual(adviceAnswersSchema.parse({ event: 'sell-business' }))
    expect(answersOfFile(write('简.json', '{"event":"sell-list","customers":3}'))).toMatchObject({ event: 'sell-list', customers: 3 })
  })

  it('are refused with the first things that do not fit', () => {
    expect(() => answersOfFile(write('错.json', '{"event":"sell-business","minors":"some"}'))).toThrow(/minors/)
    expect(() => answersOfFile(write('坏.json', '{'))).toThrow(/JSON/)
  })
})

describe('the parts of a treatment file', () => {
  const treatment = (groups: unknown[]) => write('处理.json', JSON.stringify({ version: 1, dataSets: [{ dataSet: 1, collected: 'direct', lawfulSource: 'lawful', groups }] }))
  const contract = { name: '服务', columns: ['姓名', '手机号', '备注'], basis: 'contract', neededForTransfer: true, recordsClasses: [] }

  it('are weighed by columns without a scan, split where only some customers agreed', () => {
    const parts = strataOfTreatment(treatment([{ ...contract, contractAssent: { facet: 'vip', values: ['1'] } }, { ...contract, name: '营销', columns: ['偏好'], basis: 'consent' }]), undefined, answers, today)
    expect(parts.map(({ share, facts }) => [share, facts.basis, facts.contractAssent])).toEqual([[0.1875, 'contract', true], [0.5625, 'contract', false], [0.25, 'consent', false]])
  })

  it('are weighed by the values that a scan found, sensitive columns apart, and judged by the table', () => {
    const field = (name: string, index: number, values: number, grade: string) => ({ name, index, type: 'none', grade, gradeRule: 'x', combination: false, confidence: 1, values, empty: 0, distinct: 1, matched: 0, invalid: 0, masked: 0, damaged: 0, evidence: [], why: '', whyEn: '' })
    const counts = { hidden: false, headerRow: 1, blankHeaders: 0, duplicateHeaders: 0, rows: 100, blankRows: 0, shortRows: 0, longRows: 0, oddCells: 0, mergedRanges: 0, duplicateRows: 0, grade: 'sensitive', gradeWhy: '' }
    const report = { sources: [{ source: '客户.csv', kind: 'csv', bytes: 1, sha256: '0'.repeat(64), encoding: null, delimiter: null, dataSets: [{ ...counts, name: '客户', fields: [field('姓名', 0, 60, 'general'), field('病历', 1, 40, 'sensitive')] }] }], notRead: [], elapsedMs: 1 }
    const scan = write('报告.json', JSON.stringify(report))
    const parts = strataOfTreatment(treatment([{ ...contract, columns: '*', contractAssent: 'all' }]), scan, answers, today)
    expect(parts.map(({ share, facts }) => [share, facts.grade])).toEqual([[0.6, 'general'], [0.4, 'sensitive']])
    expect(adviseWithEstimate(answers, today, parts).estimate).toMatchObject({ atLeast: 100, atMost: 100 })
  })
})

describe('the advice on the screen', () => {
  it('marks every sentence that is not read in the primary text as unverified, in both languages', () => {
    const advice = adviseWithEstimate(adviceAnswersSchema.parse({ event: 'close-company', prepaid: 'yes', customers: 50_000, decidedOn: '2026-11-02', closingOn: '2027-01-29' }), today)
    for (const [lang, doubt] of [['zh', '未核实'], ['en', 'unverified']] as const) {
      const marked = adviceLines(advice, { on: today, byValues: false }, lang).flatMap((line) => /[〔[]([^〔〕[\]]* · [^〔〕[\]]*)[〕\]]$/.exec(line)?.[1] ?? [])
      expect(marked.length).toBeGreaterThan(20)
      for (const mark of marked) expect(mark.endsWith(' · P')).toBe(!mark.includes(doubt))
    }
  })

  it('names for every fact the command that does record it', () => {
    const lines = adviceLines(adviseWithEstimate(adviceAnswersSchema.parse({ event: 'sell-business' }), today), { on: today, byValues: false }, 'zh')
    for (const [name, { command }] of Object.entries(factsOfActs)) expect(lines.find((line) => line.includes(`\`${name}\``)), name).toContain(`\`${command}\``)
    expect(lines.join('\n')).toContain('0 %–100 %')
  })
})

describe('the refund list of prepaid customers', () => {
  const rows = ['卡号,会员姓名,手机号,余额,备注', 'K1,赵文博,17001000001,"1,200.50",', 'K2,钱雨桐,17001000002,0,', 'K3,孙子涵,17001000003,-35.00,欠款', 'K4,李浩然,17001000004,约一百,', 'K5,=HYPERLINK("x"),17001000005,88元,', 'K6,周佳怡,17001000006,,']
  const order = (file: string, more: Partial<PrepaidOrder> = {}): PrepaidOrder => ({ source: write('会员.csv', `${rows.join('\r\n')}\r\n`), column: '余额', file: join(folder, file), show: null, lang: 'zh', ...more })

  async function cellsOf(file: string): Promise<string[][]> {
    const found: string[][] = []
    for await (const event of readSource(file, { header: 'none' })) if (event.kind === 'rows') found.push(...event.rows.map(({ cells }) => cells.map(({ value }) => (typeof value === 'string' ? value : ''))))
    return found
  }

  it('holds who has money to get back, exactly, and what nobody could read as a row to check', async () => {
    const list = await writePrepaidList(order('名单.xlsx'))
    expect(list).toMatchObject({ rows: 6, creditors: 2, total: '1288.50', unread: 1, negative: 1, zero: 2, notRead: 0 })
    const cells = await cellsOf(join(folder, '名单.xlsx'))
    expect(cells.map((row) => row[4])).toEqual(['姓名', '赵文博', '李浩然', `'=HYPERLINK("x")`, ''])
    expect(cells.map((row) => row[7])).toEqual(['余额(元)', '1200.50', '约一百', '88.00', '1288.50'])
    expect(cells.flat()).not.toContain('孙子涵') // who owes is no creditor
    expect(prepaidLines(list, 'zh').join()).not.toMatch(/赵文博|1700100/)
  })

  it('takes no total of the source for a creditor: a sum that stands beside customers, in a column of its own or without a word', async () => {
    const people = ['K1,赵文博,17001000001,"1,200.50",', 'K2,钱雨桐,17001000002,300,合计三张卡', 'K3,孙子涵,,1.2万,']
    for (const [at, last] of ['合计,,,13500.50,', ',合 计:,,"13,500.50",', ',,,13500.50,', ',,,13500.50,总计(元)', 'Total,,,13500.50,'].entries()) {
      const source = write(`末行${at}.csv`, `${[rows[0], ...people, last].join('\r\n')}\r\n`)
      const list = await writePrepaidList(order(`末行${at}.xlsx`, { source }))
      expect(list, last).toMatchObject({ rows: 4, creditors: 3, total: '13500.50', unread: 0, nobodys: 1 })
      expect((await cellsOf(join(folder, `末行${at}.xlsx`))).map((row) => row[7]), last).toEqual(['余额(元)', '1200.50', '300.00', '12000.00', '13500.50', '13500.50'])
      expect(prepaidLines(list, 'en').join()).toContain('1 rows have nobody in them')
    }
    // Where no title says whose row it is, only a word tells a total.
    const bare = write('卡表.csv', '卡面,余额\r\n金,100\r\n银,50\r\n合计,150\r\n')
    expect(await writePrepaidList(order('卡表.xlsx', { source: bare }))).toMatchObject({ creditors: 2, total: '150.00', nobodys: 1 })
  })

  it('takes along only what the party names', async () => {
    await writePrepaidList(order('卡.xlsx', { show: ['卡号'] }))
    expect((await cellsOf(join(folder, '卡.xlsx')))[1]).toEqual(['1', expect.anything(), '2', 'K1', '1200.50'].concat(''))
  })

  it('of a table without header names its columns by place and never shows what stands on top of them', async () => {
    const source = write('无表头.csv', `${rows.slice(1).join('\r\n')}\r\n`)
    const shown = await writePrepaidList(order('甲.xlsx', { source, column: '余额' })).then(() => '', (error: unknown) => (error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : String(error)))
    expect(shown).toMatch(/WRONG_ARGUMENT/)
    expect(shown).toContain('#4')
    expect(shown).not.toMatch(/赵文博|钱雨桐|1700100/)
    expect((await writePrepaidList(order('乙.xlsx', { source, column: '#4', show: ['#1'] }))).creditors).toBeGreaterThan(0)
  })

  it('is refused without such a column, and never overwrites', async () => {
    await expect(writePrepaidList(order('无.xlsx', { column: '结余' }))).rejects.toThrow(/there is no such column; there are: .*余额/)
    await expect(writePrepaidList(order('名单.xlsx'))).rejects.toThrow('FILE_EXISTS')
  })
})
