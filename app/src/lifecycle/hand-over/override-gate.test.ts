// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { idText, randomIds } from '../../kit/ids.ts'
import { addDays, dayOf } from '../../kit/time.ts'
import { makeSigningKey, ownParty, readSigningKey, type Matter } from '../../matter/index.ts'
import { approvalFor, approve, endPerson, exportApproval, grantParameters, importApproval, parametersDigest, registerPerson, requestApproval, signApprovalFile, type PersonRole } from '../../stewardship/access/index.ts'
import { addOpinion } from '../../stewardship/counsel/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { balanceSheet } from '../prove/balance-sheet.ts'
import { gateOverrideText, sheetLines } from '../prove/sheet-lines.ts'
import { sheetPage } from '../prove/sheet-page.ts'
import { loadGateOverrides } from './deal-state.store.ts'
import { askGate } from './load-matter-state.ts'
import { overrideParameters, overridePlan, type NewOverride } from './override-plan.ts'
import { ingestSources, loadDataSets } from '../discover/index.ts'
import { confOfArticle } from '../../law/index.ts'
import { checkGateOverride, gateOverrideParameters, overrideGate, type NewGateOverride } from './override-gate.ts'

let home: TestHome
let matter: Matter
let keys: { lead: string; legal: string; finance: string; business: string }
let opinionFile: string

beforeAll(async () => {
  home = await openTestHome()
  matter = (await home.addParty(await home.openMatter(), '乙卫浴有限公司', 'transferee')).matter
  const lead = (await home.addPerson(matter, '甲一', { role: 'lead' })).keyFile
  const legal = (await home.addPerson(matter, '乙二', { role: 'legal', custody: 'own-device' })).keyFile
  keys = { lead, legal, finance: await further('finance', lead, legal), business: await further('business', lead, legal) }
  opinionFile = join(dirname(home.path), '法律意见.txt')
  writeFileSync(opinionFile, '虚构的法律意见\n')
}, 900_000)

afterAll(() => home.remove())

/** From the third person on a role is granted by two. */
async function further(role: PersonRole, lead: string, legal: string): Promise<string> {
  const keyFile = join(dirname(home.path), `${role}.key`)
  const { vkey } = makeSigningKey(keyFile, idText('per', randomIds.bytes('per')))
  const { request } = await requestApproval(home.ctx, matter, { act: 'role-grant', parameters: grantParameters({ id: vkey.name, vkey: vkey.text, partyId: ownParty(matter).id, role }), keyFile: lead })
  await approve(home.ctx, matter, { requestId: request.id, keyFile: legal })
  await registerPerson(home.ctx, matter, { name: `丙 ${role}`, role, custody: 'own-device', vkey: vkey.text })
  return keyFile
}

const wish = (bend: Partial<NewGateOverride> = {}): NewGateOverride => ({ rule: 'B01', opinionFile, article: '个人信息保护法第五十一条', until: dayOf('2026-12-20'), reason: '清查由法院指定的机构另行进行\n', ...bend })
const statusOf = async (rule: string): Promise<string | undefined> => (await askGate(home.ctx, matter, 'plan')).results.find((result) => result.rule === rule)?.status

/** Asks and has it approved by these two. */
async function asked(given: NewGateOverride, [requester, first, second]: readonly [string, string, string]): Promise<void> {
  const { request } = await requestApproval(home.ctx, matter, { act: 'gate-override', parameters: gateOverrideParameters(await checkGateOverride(home.ctx, matter, given)), keyFile: requester })
  for (const keyFile of [first, second]) await importApproval(home.ctx, matter, signApprovalFile(await exportApproval(home.ctx, matter, request.id), readSigningKey(keyFile)).text)
}

test("a gate rule is overridden only on counsel's filed opinion, by three named people, until a day, and says so on the closing sheet", async () => {
  const { ctx } = home
  // What nobody could show later is refused before anybody signs.
  expect(await refusalOf(checkGateOverride(ctx, matter, wish()))).toBe('GATE_OPINION_NOT_FILED')
  const filed = { file: opinionFile, covers: { articles: [], rules: ['B02'], rows: [], positions: [] }, conclusion: 'supports' as const, givenOn: dayOf('2026-11-20'), until: dayOf('2026-12-31'), firm: '虚构律师事务所', note: '', keyFile: keys.legal }
  await addOpinion(ctx, matter, filed)
  expect(await refusalOf(checkGateOverride(ctx, matter, wish()))).toBe('GATE_OPINION_DOES_NOT_FIT') // it is about another rule
  await addOpinion(ctx, matter, { ...filed, covers: { ...filed.covers, rules: [], articles: ['PIPL-13'] } })
  expect(await refusalOf(checkGateOverride(ctx, matter, wish({ article: 'PIPL-13' })))).toBe('GATE_OPINION_DOES_NOT_FIT') // it is about an article on which the rule does not rest
  await addOpinion(ctx, matter, { ...filed, covers: { ...filed.covers, rules: ['B01'] } })
  expect(await refusalOf(checkGateOverride(ctx, matter, wish({ until: dayOf('2027-01-01') })))).toBe('GATE_OPINION_DOES_NOT_FIT') // it ends before
  expect(await refusalOf(checkGateOverride(ctx, matter, wish({ until: dayOf('2026-11-20') })))).toBe('GATE_OVERRIDE_DAY')
  expect(await refusalOf(checkGateOverride(ctx, matter, wish({ rule: 'Z01' })))).toBe('GATE_RULE_UNKNOWN')
  expect(await refusalOf(checkGateOverride(ctx, matter, wish({ rule: 'A03', article: 'PIPL-51' })))).not.toBe('')
  expect(await refusalOf(checkGateOverride(ctx, matter, wish({ article: '没有这一条' })))).toBe('GATE_OVERRIDE_ARTICLE')

  // Too few, then people of whom none answers for the law, then an approval for other words.
  expect(await refusalOf(overrideGate(ctx, matter, wish()))).toBe('APPROVAL_MISSING')
  await asked(wish(), [keys.lead, keys.finance, keys.business])
  expect(await refusalOf(overrideGate(ctx, matter, wish()))).toBe('GATE_OVERRIDE_COUNSEL')
  expect(await refusalOf(overrideGate(ctx, matter, wish({ reason: '别的理由\n' })))).toBe('APPROVAL_VOID')
  // Three keys used in one home may all be one person's: that lifts no stop.
  const inOneHome = wish({ reason: '三把钥匙在一处\n' })
  const { request } = await requestApproval(ctx, matter, { act: 'gate-override', parameters: gateOverrideParameters(await checkGateOverride(ctx, matter, inOneHome)), keyFile: keys.lead })
  for (const keyFile of [keys.legal, keys.finance]) await approve(ctx, matter, { requestId: request.id, keyFile })
  expect(await refusalOf(overrideGate(ctx, matter, inOneHome))).toBe('GATE_OVERRIDE_IDENTITIES')
  expect([await statusOf('B01'), (await ctx.ledger.eventsOfType(matter.id, 'GateOverridden')).length]).toEqual(['unmet', 0])

  const given = wish({ reason: '清查另行进行,见意见第三点\n' })
  await asked(given, [keys.lead, keys.legal, keys.finance])
  const done = await overrideGate(ctx, matter, given)
  expect(done.codes).toEqual(['NOTHING_DISCOVERED'])
  const report = await askGate(ctx, matter, 'plan')
  expect(report.results.find(({ rule }) => rule === 'B01')).toMatchObject({ status: 'overridden', stops: false, obstacles: [{ code: 'NOTHING_DISCOVERED' }] })
  expect(report.open).toBe(false) // one rule, not the gate
  const [event] = await ctx.ledger.eventsOfType(matter.id, 'GateOverridden')
  expect(event?.json).not.toContain('另行进行')
  // Reasons are short and can be guessed: nobody without the matter's key can try words against the log.
  expect(event?.json).not.toContain(createHash('sha256').update(given.reason).digest('hex'))
  const [row] = await loadGateOverrides(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const kept = z.object({ salt: z.string(), reason: z.string() }).parse(JSON.parse(await ctx.vault.openText(matter.id, `gate-override/${done.id}`, row?.reasonSealed ?? Buffer.alloc(0))))
  expect(kept.reason).toBe(given.reason)
  expect(JSON.parse(event?.json ?? '{}')).toMatchObject({ reason: createHash('sha256').update(Buffer.from(kept.salt, 'hex')).update(kept.reason).digest('hex'), counts: { NOTHING_DISCOVERED: {} } })
  expect(await refusalOf(overrideGate(ctx, matter, given))).not.toBe('')

  // Visible for ever, on the sheet too; without effect once its last day is over.
  const sheet = await balanceSheet(ctx, matter)
  expect(sheet.gateOverrides).toMatchObject([{ rule: 'B01', codes: ['NOTHING_DISCOVERED'], article: 'PIPL-51', until: '2026-12-20' }])
  expect(sheetLines(sheet, 'zh').join('\n')).toContain('改判关卡 B01(NOTHING_DISCOVERED)')
  expect(sheetPage(sheet)).toContain('gate rule B01 overridden')
  // The article that people name carries how sure the law data is of it, on the sheet and in the note of the gate.
  expect(sheetLines(sheet, 'en').join('\n')).toContain('(PIPL-51 · P)')
  const [line] = sheet.gateOverrides
  if (line === undefined) throw new Error('no override on the sheet')
  expect(gateOverrideText({ ...line, article: 'CRYPTO-REG-40', conf: confOfArticle('CRYPTO-REG-40') }, 'zh')).toContain('(CRYPTO-REG-40 · S · 未核实)')
  expect(report.results.find(({ rule }) => rule === 'B01')?.note?.zh).toContain('(PIPL-51 · P)')
  home.setTime('2026-12-20T15:59:59.000Z')
  expect(await statusOf('B01')).toBe('overridden')
  home.setTime('2026-12-20T16:00:00.000Z')
  expect(await statusOf('B01')).toBe('unmet')
  expect((await balanceSheet(ctx, matter)).gateOverrides.length).toBe(1)
}, 900_000)

test('a document that was filed as objecting supports nothing, also when somebody files it again', async () => {
  const { ctx } = home
  const covers = { articles: [], rules: ['B06'], rows: [], positions: [] }
  const objecting = { file: opinionFile, covers, conclusion: 'objects' as const, givenOn: dayOf('2026-11-20'), until: null, firm: '虚构律师事务所', note: '', keyFile: keys.legal }
  const other = await home.openMatter()
  await addOpinion(ctx, other, objecting)
  await addOpinion(ctx, other, { ...objecting, conclusion: 'supports' })
  expect(await refusalOf(checkGateOverride(ctx, other, wish({ rule: 'B06', article: 'PIPL-13', until: addDays(ctx.today(), 10) })))).toBe('GATE_OPINION_DOES_NOT_FIT')
})

test('of several filings of a document the newest counts, and somebody of the law has to have filed it', async () => {
  const { ctx } = home
  const other = await home.openMatter()
  const covers = { articles: [], rules: ['B06'], rows: [], positions: [] }
  const filing = { file: opinionFile, covers, conclusion: 'supports' as const, givenOn: dayOf('2026-11-20'), until: null, firm: '虚构律师事务所', note: '', keyFile: keys.legal }
  const check = () => refusalOf(checkGateOverride(ctx, other, wish({ rule: 'B06', article: 'PIPL-13', until: addDays(ctx.today(), 10) })))
  expect(await refusalOf(addOpinion(ctx, other, { ...filing, keyFile: keys.business }))).toBe('ROLE_MAY_NOT_SIGN')
  await addOpinion(ctx, other, filing)
  expect(await check()).toBe('nothing was refused')
  await addOpinion(ctx, other, { ...filing, conclusion: 'undecided' })
  expect(await check()).toBe('GATE_OPINION_DOES_NOT_FIT')
})

test('a field is overridden only by people who were told apart, and nothing is written when they were not', async () => {
  const { ctx } = home
  const other = await home.openMatter()
  const register = join(dirname(home.path), '改判.csv')
  writeFileSync(register, '客户编号,备注\r\nKH00001,首次登记\r\nKH00002,首次登记\r\n')
  await ingestSources(ctx, other, { paths: [register] })
  const [dataSet] = await loadDataSets(ctx.db, { tenant: ctx.tenant, matterId: other.id })
  const given = (reason: string): NewOverride => ({ dataSetId: dataSet?.id ?? '', positions: [1], outcome: 'sealed', reason })
  const ask = async (reason: string): Promise<string> => (await requestApproval(ctx, other, { act: 'gate-override', parameters: await overrideParameters(ctx, other, given(reason)), keyFile: keys.lead })).request.id
  const inOneHome = await ask('三把钥匙在一处\n')
  for (const keyFile of [keys.legal, keys.finance]) await approve(ctx, other, { requestId: inOneHome, keyFile })
  expect(await refusalOf(overridePlan(ctx, other, given('三把钥匙在一处\n')))).toBe('PLAN_OVERRIDE_IDENTITIES')
  expect(await ctx.ledger.eventsOfType(other.id, 'PlanOverridden')).toEqual([])

  const apart = await ask('各在其处\n')
  for (const keyFile of [keys.legal, keys.finance]) await importApproval(ctx, other, signApprovalFile(await exportApproval(ctx, other, apart), readSigningKey(keyFile)).text)
  expect((await overridePlan(ctx, other, given('各在其处\n'))).approval).toBe(apart)
  expect((await ctx.ledger.eventsOfType(other.id, 'PlanOverridden')).length).toBe(1)
})

test('who asked and then lost their rights is no longer one of the people of an act', async () => {
  const { ctx } = home
  const other = await home.openMatter()
  const { keyFile, id } = { keyFile: keys.business, id: readSigningKey(keys.business).vkey.name }
  const { request } = await requestApproval(ctx, other, { act: 'close', parameters: { what: 'test' }, keyFile })
  await approve(ctx, other, { requestId: request.id, keyFile: keys.lead })
  await endPerson(ctx, { id, keyFile: keys.lead })
  const digest = parametersDigest(other.id, 'close', { what: 'test' })
  expect(await refusalOf(ctx.db.transaction((tx) => approvalFor(ctx, tx, { matterId: other.id, act: 'close', digest })))).toBe('REQUESTER_ENDED')
})
