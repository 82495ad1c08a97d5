// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bookingRuleSetIds } from '../../detection/index.ts'
import { makeSigningKey } from '../../matter/index.ts'
import { idText } from '../../kit/ids.ts'
import { registerPerson } from '../../stewardship/access/index.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../discover/fixture.ts'
import { gradeInForce, ingestSources, loadDataSets, regradeReport, scanSources } from '../discover/index.ts'
import { exportOverrides, importOverrides, loadGradingOverrides, matterDecisions, packDecisions, readOverridePack, reasonsOfOverrides, regradeField, type FieldDecisionInput } from './index.ts'

let at: TestHome
let other: TestHome
let key: string
let otherKey: string
const reason = '备注里常写客户的病情,按医疗健康处理'
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
const decide = (change: Partial<FieldDecisionInput> = {}): FieldDecisionInput => ({ dataSet: '客户登记.csv', column: '备注', type: null, grade: 'sensitive', asDetected: false, scope: 'source', reason, keyFile: key, ...change })
const fields = async (home: TestHome, set = 0) => (await loadDataSets(home.ctx.db, { tenant: home.ctx.tenant, matterId: home.matter.id }))[set]?.fields ?? []
const events = async (home: TestHome): Promise<string[]> => (await home.ctx.ledger.eventsOfType(home.matter.id, 'FieldRegraded')).map((event) => event.json)
const textOf = async (home: TestHome) => JSON.stringify(await exportOverrides(home.ctx, home.matter))

async function addPerson(home: TestHome, name: string): Promise<string> {
  const file = join(home.folder, `${name}.key`)
  const { vkey } = makeSigningKey(file, idText('per', home.ctx.ids.bytes('per')))
  await registerPerson(home.ctx, home.matter, { name, role: 'legal', custody: 'this-home', vkey: vkey.text })
  return file
}

beforeAll(async () => {
  at = await openTestHome('override')
  other = await openTestHome('override-2')
  key = await addPerson(at, '王芳')
  otherKey = await addPerson(other, '李明')
  await ingestSources(at.ctx, at.matter, { paths: [at.write('客户登记.csv', registerLines(inventTestPeople(30)))] })
}, 300_000)
afterAll(async () => { await at.remove(); await other.remove() })

describe('a decision of a person on a grade', () => {
  test('counts at once, is signed and in the log, and shows neither title nor reason in clear', async () => {
    const { override, repeated } = await regradeField(at.ctx, at.matter, decide())
    expect(repeated).toBe(false)
    const note = (await fields(at)).at(-1)
    expect([note?.grade, note?.decided, note === undefined ? null : gradeInForce(note)]).toEqual(['general', { type: 'free-text-personal', grade: 'sensitive', by: override.id }, 'sensitive'])
    const [event] = await events(at)
    expect(JSON.parse(event ?? '{}')).toMatchObject({ override: override.id, f: note?.id, grade: 'sensitive', adopted: false })
    const stored = JSON.stringify(await at.ctx.db.query('select encode(statement::text::bytea, \'escape\') as s, encode(reason_sealed, \'escape\') as r from grade_override'))
    const payloads = (await loadGradingOverrides(at.ctx, at.matter)).map((one) => Buffer.from(one.envelope.payload, 'base64').toString())
    expect(`${stored}${payloads.join('')}`).not.toMatch(/备注|病情|客户登记/)
    expect((await reasonsOfOverrides(at.ctx, at.matter)).get(override.id)).toBe(reason)
  })

  test('given again gives the first; another by the same person takes its place, and both stay', async () => {
    const before = (await events(at)).length
    expect((await regradeField(at.ctx, at.matter, decide())).repeated).toBe(true)
    expect((await events(at)).length).toBe(before)
    await regradeField(at.ctx, at.matter, decide({ grade: null, type: 'medical' }))
    expect((await fields(at)).at(-1)?.decided).toMatchObject({ type: 'medical', grade: 'sensitive' })
    expect((await loadGradingOverrides(at.ctx, at.matter)).length).toBe(2)
  })

  test('is applied when the same source comes again, and to no other column', async () => {
    const report = await scanSources([at.write('客户登记.csv', [...registerLines(inventTestPeople(31))])])
    const graded = regradeReport(report, 'pipl-28', await matterDecisions(at.ctx, at.matter))
    expect(graded.sources[0]?.dataSets[0]?.fields.filter(({ gradeRule }) => gradeRule.includes('override/')).map(({ name, type, grade }) => [name, type, grade])).toEqual([['备注', 'medical', 'sensitive']])
    const elsewhere = regradeReport({ ...report, sources: report.sources.map((source) => ({ ...source, source: '别的.csv' })) }, 'pipl-28', await matterDecisions(at.ctx, at.matter))
    expect(JSON.stringify(elsewhere)).not.toContain('override/')
  })

  test('goes back to what detection says', async () => {
    await regradeField(at.ctx, at.matter, decide({ asDetected: true, grade: null }))
    const note = (await fields(at)).at(-1)
    expect([note?.decided, note?.grade]).toEqual([undefined, 'general'])
    await regradeField(at.ctx, at.matter, decide())
  })

  test.each([
    ['an unknown column', { column: '没有' }, 'GRADE_COLUMN'],
    ['an unknown data set', { dataSet: '没有.csv' }, 'GRADE_COLUMN'],
    ['nothing to decide', { grade: null }, 'GRADE_NOTHING'],
  ])('refuses %s', async (_, change, code) => {
    expect(await codeOf(regradeField(at.ctx, at.matter, decide(change)))).toBe(code)
  })

  test('is refused from the database when somebody changed it there', async () => {
    expect(await codeOf(at.ctx.db.execute('update grade_override set grade = \'none\''))).not.toBe('nothing refused')
  })
})

describe('a pack of decisions', () => {
  test('applies in another matter before its sources come, once a person of it took the pack over', async () => {
    const text = await textOf(at)
    expect(text).not.toMatch(/客户登记|备注"/)
    expect(await importOverrides(other.ctx, other.matter, { text, file: 'p', keyFile: otherKey })).toMatchObject({ adopted: 4, repeated: 0 })
    expect(await importOverrides(other.ctx, other.matter, { text, file: 'p', keyFile: otherKey })).toMatchObject({ adopted: 0, repeated: 4 })
    await ingestSources(other.ctx, other.matter, { paths: [other.write('客户登记.csv', registerLines(inventTestPeople(5)))], grading: { decisionOf: await matterDecisions(other.ctx, other.matter) } })
    const note = (await fields(other)).at(-1)
    expect([note?.grade, note?.gradeRule.startsWith('override/grd_')]).toEqual(['sensitive', true])
    expect((await events(other)).every((event) => event.includes('"adopted":true'))).toBe(true)
    expect(await importOverrides(at.ctx, at.matter, { text: await textOf(other), file: 'p', keyFile: key })).toMatchObject({ adopted: 4 })
  })

  test('says the same of a scan report without any home', async () => {
    const report = await scanSources([join(at.folder, '客户登记.csv')])
    const graded = regradeReport(report, 'pipl-28', packDecisions(readOverridePack(await textOf(at), 'p')))
    expect(graded.sources[0]?.dataSets[0]?.fields.at(-1)).toMatchObject({ name: '备注', grade: 'sensitive' })
  })

  test('is refused whole when a signature or a reason does not fit', async () => {
    const pack = await exportOverrides(at.ctx, at.matter)
    const [first, ...rest] = pack.entries
    if (first === undefined) throw new Error('the matter has decisions')
    const flaws = [{ ...first, reason: `${first.reason}!` }, { ...first, statement: first.statement.replace(/"sig":"./, '"sig":"A') }, { ...first, vkey: first.vkey.replace(/.$/, 'x') }]
    for (const flaw of flaws) expect(() => readOverridePack(JSON.stringify({ ...pack, entries: [...rest, flaw] }), 'p')).toThrow(/GRADE_PACK/)
    writeFileSync(join(at.folder, 'pack.json'), '{}')
    expect(() => readOverridePack('{}', 'p')).toThrow(/GRADE_PACK/)
  })
})

describe('a rule set of a field of business', () => {
  test('grades what enters the books, and only one that is built on the law may', async () => {
    expect(bookingRuleSetIds).toEqual(['pipl-28', 'cautious-2025', 'gbt43697-2024', 'finance-2020'])
    const file = other.write('交易.csv', ['客户姓名,手机号,交易金额', '张样例,13900000001,120.50', '李样例,13900000002,99.00'])
    await ingestSources(other.ctx, other.matter, { paths: [file], grading: { ruleSet: 'finance-2020' } })
    expect((await fields(other, 1)).map(({ type, grade, gradeRule }) => [type, grade, gradeRule])).toEqual([
      ['person-name', 'general', 'finance-2020/general'], ['mobile', 'general', 'finance-2020/general'], ['transaction', 'sensitive', 'finance-2020/C2-TRADE'],
    ])
  })
})
