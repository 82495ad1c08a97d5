// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blanksOf, paperDigest, textsOf, type Paper } from '../../../kit/paper/paper.ts'
import { dataSetId, planId, stateOf, today, withPlanOf, without } from '../../../law/gates/gates.cases.ts'
import type { MatterState } from '../../../law/index.ts'
import { bodyOfEvent } from '../../../ledger/index.ts'
import { idText, randomIds } from '../../../kit/ids.ts'
import { addDays, type Day } from '../../../kit/time.ts'
import { makeSigningKey, ownParty, type Matter } from '../../../matter/index.ts'
import { approve, grantParameters, registerPerson, requestApproval } from '../../../stewardship/access/index.ts'
import { fullFacts } from '../../../stewardship/papers/papers.fixture.ts'
import { openTestHome, refusalOf, type TestHome } from '../../../test-home.ts'
import type { Context } from '../../../context.ts'
import { answerImpact, approvedReport, approveImpact, factsByName, impactChangesOf, loadFacts, loadImpact, refuseUnapprovable, reportOf, startImpact, type PlannedMoves, type Treatment } from '../index.ts'
import { assessRisks, residualLevel } from './assess-risks.rules.ts'
import { forgeAnswer } from './fixture.store.ts'
import { lessLikely, likelihoodOfScale, riskLevel } from './levels.rules.ts'
import { questionOf, questions } from './questions.ts'
import { riskKinds } from './risk-kinds.rules.ts'
import type { ImpactMatter } from './write-report.rules.ts'

/** A third person of the party, whose role two grant. */
async function grantedByTwo({ ctx }: TestHome, matter: Matter, { keyFile, lead, legal }: { keyFile: string; lead: string; legal: string }): Promise<string> {
  const { vkey } = makeSigningKey(keyFile, idText('per', randomIds.bytes('per')))
  const { request } = await requestApproval(ctx, matter, { act: 'role-grant', parameters: grantParameters({ id: vkey.name, vkey: vkey.text, partyId: ownParty(matter).id, role: 'legal' }), keyFile: lead })
  await approve(ctx, matter, { requestId: request.id, keyFile: legal })
  await registerPerson(ctx, matter, { name: '丁', role: 'legal', custody: 'this-home', vkey: vkey.text })
  return keyFile
}

const risk = (state: MatterState, id: string, treatments: Record<string, Treatment> = {}) => assessRisks(state, new Map(Object.entries(treatments))).find(({ kind }) => kind.id === id)
const treated: Treatment = { measure: '驻场检查', owner: '安娜', due: '2026-12-31', strength: 'ordinary', impact: null, likelihood: null }

describe('the risk matrix', () => {
  test('is that of the register, cell by cell, and likelihood falls one step at a time', () => {
    const rows = (['severe', 'high', 'medium', 'low'] as const).map((impact) => (['low', 'medium', 'high', 'very-high'] as const).map((likelihood) => riskLevel(impact, likelihood)))
    expect(rows).toEqual([['medium', 'high', 'severe', 'severe'], ['medium', 'medium', 'high', 'severe'], ['low', 'medium', 'medium', 'high'], ['low', 'low', 'medium', 'medium']])
    expect([lessLikely('very-high'), lessLikely('low')]).toEqual(['high', 'low'])
    expect([999_999, 1_000_000, 9_999_999, 10_000_000].map(likelihoodOfScale)).toEqual(['low', 'medium', 'medium', 'high'])
  })
})

describe('risks', () => {
  test('are raised by facts and closed by facts', () => {
    expect(risk(stateOf('asset-transfer', { facts: without('access-revoked') }), 'R19')).toMatchObject({ closed: false, before: { level: 'medium' } })
    expect(risk(stateOf('asset-transfer'), 'R19')).toMatchObject({ closed: true, after: { likelihood: 'low' } })
    expect(risk(stateOf('share-transfer', { successor: false, parties: [] }), 'R04')).toBeUndefined()
    expect(risk(withPlanOf('asset-transfer', { transfer: { unneededValues: 7 } }), 'R03')).toMatchObject({ count: 7 })
    expect(risk(withPlanOf('asset-transfer', { transfer: { unneededValues: 0 } }), 'R03')).toBeUndefined()
    expect(risk(stateOf('asset-transfer', { openRequests: 2, facts: without('open-cases-handed-over') }), 'R17')).toMatchObject({ count: 2, closed: false })
    expect(risk(stateOf('dissolution', { transferorSurvives: false, facts: without('custody-deed-signed') }), 'R18')).toMatchObject({ closed: false, needsTreatment: true })
    expect(risk(stateOf('dissolution', { transferorSurvives: false }), 'R18')).toMatchObject({ closed: true })
  })

  test('are raised for a recipient who has not joined yet', () => {
    expect(risk(stateOf('asset-transfer', { parties: [], successor: true }), 'R14')?.reliefs.some(({ zh }) => zh.includes('六词'))).toBe(false)
    expect(risk(stateOf('asset-transfer', { parties: [], successor: true, suppression: { ready: false, entries: 0 } }), 'R10')).toMatchObject({ closed: false })
  })

  test('are not lessened by what raises them, by an empty list, or by the check of another data set', () => {
    const open = (residualDue: Day | null) => risk(stateOf('asset-transfer', { copies: { ...stateOf('asset-transfer').copies, open: 4, residualDue } }), 'R15')
    expect([open(null)?.after.level, open(null)?.needsTreatment, open(addDays(today, 20))?.after.level]).toEqual(['high', true, 'medium'])
    expect([risk(stateOf('asset-transfer'), 'R10')?.closed, risk(stateOf('asset-transfer', { facts: without('opt-outs-brought-in') }), 'R10')?.closed]).toEqual([true, false])
    const bought = withPlanOf('asset-transfer', { transfer: { unconfirmedSourceRecords: 3 } })
    const indirect = (ids: readonly string[]) => ({ ...bought, dataSets: ids.flatMap((id) => bought.dataSets.map((each) => ({ ...each, id, collected: 'indirect' as const }))) })
    expect([risk(indirect([dataSetId]), 'R02')?.reliefs.length, risk(indirect([dataSetId, `ds_${'9'.repeat(32)}`]), 'R02')?.reliefs.length]).toEqual([1, 0])
  })

  test('a strong measure lowers likelihood by one step and no more; people may judge worse than the facts but never better', () => {
    const state = stateOf('asset-transfer', { facts: {} })
    const bare = risk(state, 'R11')
    expect(bare).toMatchObject({ before: { level: 'high' }, after: { likelihood: 'high', level: 'high' }, needsTreatment: true })
    expect(risk(state, 'R11', { R11: treated })).toMatchObject({ after: { likelihood: 'high' }, needsTreatment: false })
    expect(risk(state, 'R11', { R11: { ...treated, strength: 'strong' } })).toMatchObject({ after: { likelihood: 'medium', level: 'medium' } })
    expect(risk(state, 'R11', { R11: { ...treated, impact: 'low', likelihood: 'low' } })).toMatchObject({ before: { impact: 'high', likelihood: 'high' } })
    expect(risk(state, 'R11', { R11: { ...treated, impact: 'severe', likelihood: 'very-high' } })).toMatchObject({ before: { level: 'severe' } })
    expect(residualLevel(assessRisks(state, new Map()))).toBe('high')
  })

  test('a large handler makes every risk more likely', () => {
    const { counts } = stateOf('asset-transfer')
    expect(risk(stateOf('asset-transfer', { counts: counts === null ? null : { ...counts, persons: 10_000_000 }, facts: without('access-revoked') }), 'R19')).toMatchObject({ before: { likelihood: 'high' } })
  })

  test('carry a rule of the register with its article and mark', () => {
    const { law } = stateOf('asset-transfer')
    expect(riskKinds.filter(({ rule }) => !law.ruleById.has(rule))).toEqual([])
    expect(new Set(riskKinds.map(({ id }) => id)).size).toBe(riskKinds.length)
    expect(risk(stateOf('asset-transfer'), 'R10')).toMatchObject({ conf: 'P/J' })
  })
})

const about: ImpactMatter = fullFacts
const planned = { plan: planId, moves: [`${dataSetId}/X15`], treatments: { [dataSetId]: 'cd'.repeat(32) } }
const wordsOf = (paper: Paper): string => textsOf(paper).flat().map(({ text }) => text).join('')

describe('the assessment of a matter', { timeout: 300_000 }, () => {
  let home: TestHome
  let matter: Matter
  let lead: string
  let legal: string
  let printed: string
  beforeAll(async () => {
    home = await openTestHome()
    matter = await home.openMatter()
    lead = (await home.addPerson(matter, '安娜', { role: 'lead' })).keyFile
    legal = (await home.addPerson(matter, '波')).keyFile
    printed = join(home.path, '..', 'report.pdf')
    writeFileSync(printed, 'the printed report')
  }, 300_000)
  afterAll(async () => home.remove())
  const standing = (state = stateOf('asset-transfer', { facts: without('access-revoked') })) => loadImpact(home.ctx, matter, { state, about })

  test('asks only what people must judge, keeps every answer signed and sealed, and is approved when nothing is open', async () => {
    expect(await refusalOf(answerImpact(home.ctx, matter, { item: 'team', said: { choice: null, text: '三人' }, keyFile: legal }))).toBe('IMPACT_NOT_STARTED')
    const { id } = await startImpact(home.ctx, matter, legal)
    expect(await startImpact(home.ctx, matter, lead)).toEqual({ id, repeated: true })
    expect(await refusalOf(standing().then((now) => refuseUnapprovable(home.ctx, matter, now, { keyFile: lead, management: true })))).toBe('IMPACT_OPEN')
    expect(blanksOf(reportOf(await standing(), 'zh')).length).toBeGreaterThanOrEqual(questions.length)

    expect(await refusalOf(answerImpact(home.ctx, matter, { item: 'R99', said: treated, keyFile: legal }))).toBe('IMPACT_ITEM')
    expect(await refusalOf(answerImpact(home.ctx, matter, { item: 'purpose', said: { choice: 'perhaps', text: 'x' }, keyFile: legal }))).toBe('IMPACT_CHOICE')
    expect(await refusalOf(answerImpact(home.ctx, matter, { item: 'R19', said: { ...treated, owner: '' }, keyFile: legal }))).toBe('IMPACT_WORDS')
    for (const question of questions) await answerImpact(home.ctx, matter, { item: question.id, said: { choice: Object.keys(question.choices)[0] ?? null, text: `答:${question.id}` }, keyFile: legal })
    await answerImpact(home.ctx, matter, { item: 'conclusion', said: { choice: 'stop', text: '先停' }, keyFile: legal })
    const open = (await standing()).open.risks
    for (const item of open) await answerImpact(home.ctx, matter, { item, said: treated, keyFile: legal })
    expect(await refusalOf(standing().then((now) => refuseUnapprovable(home.ctx, matter, now, { keyFile: lead, management: true })))).toBe('IMPACT_STOP')
    await answerImpact(home.ctx, matter, { item: 'conclusion', said: { choice: 'proceed', text: '可以开展' }, keyFile: lead })
    expect(await refusalOf(standing().then((now) => refuseUnapprovable(home.ctx, matter, now, { keyFile: lead, management: true })))).toBe('IMPACT_OWN_WORK') // the lead's own conclusion
    await answerImpact(home.ctx, matter, { item: 'conclusion', said: { choice: 'proceed', text: '可以开展' }, keyFile: legal })

    const bare = { ...about, purposes: [] }
    expect(await refusalOf(loadImpact(home.ctx, matter, { state: stateOf('asset-transfer'), about: bare }).then((now) => refuseUnapprovable(home.ctx, matter, now, { keyFile: lead, management: true })))).toBe('IMPACT_BLANK')
    const events = (await home.ctx.ledger.eventsOfType(matter.id, 'ImpactAnswered')).map(({ json }) => json).join()
    expect(events).not.toContain('答:')
    expect(wordsOf(reportOf(await standing(), 'zh'))).toContain('答:rights')
    expect(wordsOf(reportOf(await standing(), 'en'))).toContain('Highest level left')
  })

  test('its approval signs the fact that gates read, with the digest of the report, which is kept word for word for three years and more', async () => {
    const now = await standing()
    const report = reportOf(now, 'zh')
    const high = loadImpact(home.ctx, matter, { state: stateOf('asset-transfer', { facts: {} }), about })
    expect(await refusalOf(high.then((worse) => approveImpact(home.ctx, matter, { standing: { ...worse, open: { questions: [], risks: [] } }, report: reportOf(worse, 'zh'), evidenceFile: printed, planned, keyFile: lead, management: false })))).toBe('IMPACT_MANAGEMENT')
    expect(await refusalOf(high.then((worse) => approveImpact(home.ctx, matter, { standing: { ...worse, open: { questions: [], risks: [] } }, report: reportOf(worse, 'zh'), evidenceFile: printed, planned, keyFile: legal, management: true })))).toBe('IMPACT_MANAGEMENT')

    // Fact, report and event come together or not at all.
    const dying: Context = { ...home.ctx, ledger: { ...home.ctx.ledger, append: (tx, id, event, effect) => (event.type === 'ImpactApproved' ? Promise.reject(new Error('killed')) : home.ctx.ledger.append(tx, id, event, effect)) } }
    expect(await refusalOf(approveImpact(dying, matter, { standing: now, report, evidenceFile: printed, planned, keyFile: lead, management: true }))).toContain('killed')
    expect([await loadFacts(home.ctx, matter), (await standing()).approved]).toEqual([[], []])

    const approved = await approveImpact(home.ctx, matter, { standing: now, report, evidenceFile: printed, planned, keyFile: lead, management: true })
    expect(approved).toMatchObject({ digest: paperDigest(report), keptUntil: '2029-11-21' })
    expect((await factsByName(home.ctx, matter))['pia-approved']).toMatchObject([{ value: { report: approved.digest, approvedOn: '2026-11-21', form: 'full', keptUntil: '2029-11-21', covers: ['purpose-and-method', 'rights-and-risk', 'measures'] } }])
    expect((await home.ctx.ledger.eventsOfType(matter.id, 'ImpactApproved')).map(({ json }) => bodyOfEvent(json))).toMatchObject([{ report: approved.digest, fact: approved.fact, plan: planId }])
    expect(await approveImpact(home.ctx, matter, { standing: now, report, evidenceFile: printed, planned, keyFile: lead, management: true })).toMatchObject({ fact: approved.fact, repeated: true })
    expect(paperDigest(await approvedReport(home.ctx, matter, null))).toBe(approved.digest)
    expect((await standing()).approved).toMatchObject([{ digest: approved.digest }])
  })

  test('it holds while what moves stays within what was assessed, and says what changed when it does not', async () => {
    const state = stateOf('asset-transfer', { facts: without('access-revoked') })
    const changes = (bend: Partial<PlannedMoves> = {}, at: MatterState = state) => impactChangesOf(home.ctx, matter, { state: at, planned: { ...planned, ...bend } })
    expect(await changes()).toEqual([])
    expect(await changes({ plan: `pln_${'7'.repeat(32)}`, moves: [] })).toEqual([]) // people left the set
    expect(await changes({ moves: [...planned.moves, `${dataSetId}/X21`] })).toEqual(['plan'])
    expect(await changes({ treatments: { [dataSetId]: 'ce'.repeat(32) } })).toEqual(['treatment'])
    expect(await changes({}, { ...state, receiverChangesPurpose: true })).toEqual(expect.arrayContaining(['recipients', 'risks']))
    expect(await changes({}, { ...state, parties: [...state.parties, { id: 'c', role: 'transferee', overseas: false, wordsConfirmed: true }] })).toEqual(['recipients'])
    expect(await changes({}, { ...state, facts: {} })).toContain('risks')
    await answerImpact(home.ctx, matter, { item: 'measures', said: { choice: 'partly', text: '有一处未到位' }, keyFile: legal })
    expect(await changes()).toEqual(['answers'])
    const again = await standing()
    await approveImpact(home.ctx, matter, { standing: again, report: reportOf(again, 'zh'), evidenceFile: printed, planned, keyFile: lead, management: true })
    expect(await changes()).toEqual([])
  })

  test('nobody approves a judgement of their own, whoever else gave a trivial answer', async () => {
    const other = await home.openMatter()
    await startImpact(home.ctx, other, legal)
    const state = stateOf('asset-transfer')
    const now = () => loadImpact(home.ctx, other, { state, about })
    const answer = (item: string, keyFile: string) => answerImpact(home.ctx, other, { item, said: { choice: Object.keys(questionOf(item)?.choices ?? {})[0] ?? null, text: '答' }, keyFile })
    for (const { id } of questions) await answer(id, lead)
    const mayApprove = async (keyFile: string) => refusalOf(refuseUnapprovable(home.ctx, other, await now(), { keyFile, management: true }))
    expect([await mayApprove(lead), await mayApprove(legal)]).toEqual(['IMPACT_OWN_WORK', 'nothing was refused'])
    await answer('team', legal)
    expect([await mayApprove(lead), await mayApprove(legal)]).toEqual(['IMPACT_OWN_WORK', 'nothing was refused']) // legal only told who took part, in another role
    await answer('purpose', legal)
    expect([await mayApprove(lead), await mayApprove(legal)]).toEqual(['IMPACT_OWN_WORK', 'IMPACT_OWN_WORK'])
    // Every standing judgement has to be another person's; and who answered in the role of a judge is no second pair of eyes.
    for (const { id, judges } of questions) if (judges) await answer(id, legal)
    expect([await mayApprove(lead), await mayApprove(legal)]).toEqual(['nothing was refused', 'IMPACT_OWN_WORK'])
    const secondLegal = await grantedByTwo(home, other, { keyFile: join(home.path, '..', 'second.key'), lead, legal })
    await answer('systems', secondLegal)
    expect(await mayApprove(secondLegal)).toBe('IMPACT_OWN_WORK')
    await answerImpact(home.ctx, other, { item: 'R19', said: treated, keyFile: lead })
    expect([await mayApprove(lead), (await now()).open.risks]).toEqual(['IMPACT_OWN_WORK', []]) // what is done about a risk judges too
  })

  test('an answer that somebody changed in the database is refused at reading', async () => {
    await forgeAnswer(home.ctx, { matterId: matter.id, number: 2, item: 'team' })
    expect(await refusalOf(standing())).toBe('IMPACT_DAMAGED')
  })
})
