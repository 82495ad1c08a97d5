// SPDX-License-Identifier: Apache-2.0
// What must hold for every combination of facts, tried on many seeded random ones with an oracle that does not share the table's code.
import { describe, expect, it } from 'vitest'
import { addDays, dayOf } from '../kit/time.ts'
import { caseOf, today, voucher } from './decide.cases.ts'
import { decide } from './decide.rules.ts'
import { consentStates, noticeStates, purposeStates, type DecisionFacts, type NoticeResult } from './decision-facts.ts'
import { explainVerdict } from './explain-verdict.rules.ts'
import { handlerChanges } from './handler-changes.rules.ts'
import { legalPositionsSchema, type LegalPositions } from './legal-positions.ts'
import { ageGroups, grades, lawfulBases, matterTypes } from './nouns.ts'
import { retentionFor } from './retention.rules.ts'

const seed = Number(process.env['HANDOVER_TEST_SEED'] ?? 20261121)
const runs = 20_000

/** A small seeded generator (mulberry32): the same cases on every machine. */
function randomOf(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const random = randomOf(seed)
function pick<const T>(choices: readonly T[]): T {
  const chosen = choices[Math.floor(random() * choices.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}
const chance = (likely: number) => random() < likely
const retentions: DecisionFacts['retention'][] = [[], [], voucher, null, retentionFor('invoice-stub', dayOf('2015-01-01')), retentionFor('annual-report', null), retentionFor('platform-transaction', null)]

function anyNotice(): NoticeResult {
  return { state: pick([...noticeStates, 'delivered', 'delivered']), on: pick([addDays(today, -90), addDays(today, -31), addDays(today, -3), null]) }
}

function anyFacts(): DecisionFacts {
  const matterType = pick(matterTypes)
  const stays = chance(0.1)
  return caseOf(matterType, {
    successor: chance(0.6), transferorSurvives: chance(0.5), receiverChangesPurpose: chance(0.1), overseas: chance(0.1), exportRouteDone: chance(0.5),
    importantDataOrMass: chance(0.1), disposalPlanReported: chance(0.5), piaApproved: chance(0.9), agreementSigned: chance(0.9), undertakingSigned: chance(0.9),
    suppressionReady: chance(0.9), childAssessmentDone: chance(0.7), cutoffPassed: chance(0.3), holdsPersons: chance(0.95),
    lawfulSource: pick(['lawful', 'lawful', 'lawful', 'unlawful', 'unconfirmed']), basis: pick([...lawfulBases, 'consent', 'contract', 'none', 'unknown']),
    purposeState: pick([...purposeStates, 'live', 'live', 'live']), neededForTransfer: chance(0.95), neededForContract: chance(0.5), onlyForNewPurpose: chance(0.1),
    grade: pick([...grades, 'general', 'unclassified']), biometric: pick(['none', 'none', 'none', 'other', 'face']), faceRoute: pick(['enrol-anew', 'separate-consent', 'with-device']),
    majorEffect: chance(0.1), retention: pick(retentions), designatedBody: chance(0.03), removal: pick(['destroy', 'destroy', 'anonymise']),
    handlerChanges: handlerChanges(matterType, { stays }), stays, transferorGoesOnServing: chance(0.2), ageGroup: pick([...ageGroups, 'adult']),
    agePresumption: pick([null, 'adult', 'under14']), contractAssent: chance(0.6), transferConsent: pick(consentStates), sensitiveConsent: pick(consentStates),
    guardianConsent: pick(consentStates), exportConsent: pick(consentStates), objected: chance(0.1), deletionRequested: chance(0.05), withdrawn: chance(0.05), openRequest: chance(0.05),
    suppressed: chance(0.05), hold: chance(0.05), holdUntil: null,
    notices: { art22: anyNotice(), art23: anyNotice(), art30: anyNotice(), art31: anyNotice(), art39: anyNotice() },
  })
}

function anyPositions(): LegalPositions {
  return legalPositionsSchema.parse({
    asset_deal: pick(['art23', 'art22']), merger_sensitive: pick(['notice_plus_art30', 'separate_consent']), merger_child: pick(['guardian_consent', 'notice_to_guardian']),
    objection_in_merger: pick(['minimum_for_contract_only', 'withhold_all', 'no_veto']), announcement_ok: pick(['last_resort_logged', 'no']), notice_wait_days: pick([0, 30]),
  })
}

const samples = Array.from({ length: runs }, () => ({ facts: anyFacts(), positions: anyPositions() }))
const judged = samples.map(({ facts, positions }) => ({ facts, positions, verdict: decide(facts, positions) }))
const mustBeKept = (facts: DecisionFacts) => facts.retention === null || facts.retention.some(({ until }) => until === 'permanent' || until === 'unknown' || until >= today)
const age = (facts: DecisionFacts) => (facts.ageGroup === 'unknown' ? facts.agePresumption : facts.ageGroup)

/** Why a record must not have been transferred, judged from the articles and not from the table; empty when it may. */
function wrongs(facts: DecisionFacts, positions: LegalPositions): string[] {
  const { matterType: type } = facts
  const told = (kind: 'art22' | 'art23' | 'art30' | 'art31' | 'art39') => {
    const notice = facts.notices[kind]
    return notice !== undefined && notice.on !== null && (notice.state === 'delivered' || (notice.state === 'announced' && positions.announcement_ok !== 'no'))
  }
  const article23 = type === 'data-only' || (type === 'asset-transfer' && positions.asset_deal === 'art23')
  const sensitive = facts.grade === 'sensitive' || facts.biometric !== 'none' || age(facts) === 'under14'
  const claims: [boolean, string][] = [
    [!facts.handlerChanges, 'same handler'],
    [(type === 'dissolution' || type === 'bankruptcy') && !facts.successor, 'nobody takes over'],
    [facts.lawfulSource !== 'lawful' || facts.basis === 'none' || facts.basis === 'unknown', 'PIPL 10, 13'],
    [facts.purposeState !== 'live' || !facts.neededForTransfer, 'PIPL 6, 19'],
    [facts.deletionRequested || (facts.withdrawn && facts.basis === 'consent'), 'PIPL 15, 47'],
    [facts.openRequest, 'PIPL 50'],
    [facts.objected && (type === 'asset-transfer' || (positions.objection_in_merger === 'withhold_all' && type !== 'data-only')), 'PIPL 44'],
    [facts.suppressed && !facts.objected, 'suppression list'],
    [age(facts) === null || facts.grade === 'unclassified', 'unknown age or class'],
    [!(article23 ? told('art23') : told('art22')), 'PIPL 22, 23: not told'],
    [sensitive && !told('art30'), 'PIPL 30: not told'],
    [article23 && facts.basis === 'consent' && facts.transferConsent !== 'given' && age(facts) !== 'under14', 'PIPL 23: no separate consent'],
    [type === 'data-only' && facts.transferConsent !== 'given', 'PIPL 10, 23'],
    [type === 'asset-transfer' && ['contract', 'human-resources'].includes(facts.basis) && !facts.contractAssent && facts.biometric === 'none' && age(facts) !== 'under14', '民法典 555'],
    [age(facts) === 'under14' && (positions.merger_child === 'guardian_consent' || facts.basis === 'consent') && facts.guardianConsent !== 'given', 'PIPL 31: no guardian'],
    [facts.overseas && facts.basis === 'consent' && facts.exportConsent !== 'given', 'PIPL 39: no consent to going abroad'],
    [facts.biometric === 'face' && facts.faceRoute === 'enrol-anew' && type !== 'data-only', '人脸办法 8'],
    [facts.overseas && !(facts.exportRouteDone && told('art39')), 'PIPL 38, 39'],
    [!facts.piaApproved || !facts.agreementSigned || !facts.suppressionReady || (!article23 && !facts.undertakingSigned), 'PIPL 55; 数据条例 12'],
  ]
  return claims.filter(([isWrong]) => isWrong).map(([, why]) => why)
}

describe(`deciding over ${runs} seeded facts (HANDOVER_TEST_SEED=${seed})`, () => {
  it('reaches every outcome, so that the properties below are not empty', () => {
    const seen = new Set(judged.map(({ verdict }) => verdict.outcome))
    expect([...seen].toSorted()).toEqual(['anonymised', 'destroyed', 'kept', 'pending', 'sealed', 'transferred'])
    expect(judged.filter(({ facts, verdict }) => verdict.outcome === 'transferred' && facts.holdsPersons).length).toBeGreaterThan(100)
  })

  it('transfers persons’ values only when no article stands against it', () => {
    for (const { facts, positions, verdict } of judged) {
      if (verdict.outcome !== 'transferred' || !facts.holdsPersons) continue
      expect({ wrongs: wrongs(facts, positions), facts, positions, verdict }).toMatchObject({ wrongs: [] })
    }
  })

  it('ends values only when no hold, no retention duty and no request stands against it', () => {
    for (const { facts, verdict } of judged) {
      if (verdict.outcome !== 'destroyed' && verdict.outcome !== 'anonymised') continue
      expect({ hold: facts.hold, kept: mustBeKept(facts), open: facts.openRequest }).toEqual({ hold: false, kept: false, open: false })
    }
  })

  it('seals every frozen record, and says who holds what is sealed, kept or transferred', () => {
    const unsealed = judged.filter(({ facts, verdict }) => facts.hold && verdict.outcome !== 'sealed')
    const nobody = judged.filter(({ verdict }) => ['sealed', 'kept', 'transferred'].includes(verdict.outcome) && verdict.holder === null)
    expect({ unsealed, nobody }).toEqual({ unsealed: [], nobody: [] })
  })

  it('keeps the order hold > sector order > statutory retention > deletion request > contract, whatever else is true', () => {
    const named = (facts: DecisionFacts) => facts.designatedBody && ['dissolution', 'bankruptcy'].some((type) => facts.matterType === type) && facts.lawfulSource !== 'unlawful' && facts.basis !== 'none'
    const asked = (facts: DecisionFacts) => facts.holdsPersons && facts.deletionRequested && facts.lawfulSource !== 'unlawful' && facts.basis !== 'none'
    const seen = { hold: 0, sector: 0, retention: 0, deletion: 0 }
    for (const { facts, verdict } of judged) {
      if (facts.hold) {
        seen.hold += 1
        expect(verdict.rule).toBe('X01')
      } else if (named(facts)) {
        seen.sector += 1
        expect(verdict.rule).toBe('X03')
      } else if (asked(facts) && !facts.designatedBody && facts.retention !== null) {
        const isKept = mustBeKept(facts)
        seen[isKept ? 'retention' : 'deletion'] += 1
        expect({ facts, rule: verdict.rule, outcome: verdict.outcome }).toMatchObject(isKept ? { rule: 'X05', outcome: 'sealed' } : { rule: 'X04', outcome: facts.openRequest ? 'pending' : 'destroyed' })
      }
    }
    expect(Object.values(seen).every((count) => count > 20)).toBe(true)
  })

  it('explains every verdict with sentences that carry an article and a mark', () => {
    for (const { facts, positions, verdict } of judged.slice(0, 4_000)) {
      const { sentence, facts: lines } = explainVerdict(facts, verdict, positions)
      expect(sentence.zh + sentence.en).not.toMatch(/undefined|null|\{/)
      expect(lines.filter((line) => line.law === '' || line.conf === '' || line.zh === '' || line.en === '')).toEqual([])
      if (verdict.outcome === 'pending') expect(lines.some((line) => line.zh.startsWith('待: '))).toBe(true)
    }
  })

  it('names what a pending value waits for, and a reason with row and law always', () => {
    for (const { verdict } of judged) {
      if (verdict.outcome === 'pending') expect(verdict.conditions.length).toBeGreaterThan(0)
      expect(verdict.rule).toMatch(/^X\d\d$/)
      expect(verdict.why.zh.length).toBeGreaterThan(5)
      expect(verdict.why.zh + verdict.why.en).not.toContain('undefined')
    }
  })

  it('never transfers more because a condition of the transfer gets worse', () => {
    const worse: Partial<DecisionFacts>[] = [
      { piaApproved: false }, { agreementSigned: false }, { undertakingSigned: false }, { suppressionReady: false }, { openRequest: true }, { suppressed: true },
      { transferConsent: 'refused' }, { sensitiveConsent: 'refused' }, { guardianConsent: 'refused' }, { exportConsent: 'refused' }, { notices: {} }, { ageGroup: 'unknown', agePresumption: null }, { basis: 'unknown' },
    ]
    for (const { facts, positions, verdict } of judged.slice(0, 4_000)) {
      if (verdict.outcome === 'transferred') continue
      for (const change of worse) expect({ facts, change, outcome: decide({ ...facts, ...change }, positions).outcome }).not.toMatchObject({ outcome: 'transferred' })
    }
  })
})
