// SPDX-License-Identifier: Apache-2.0
// E 告知与同意: everybody in the set was told what the law asks, and who had to consent did. Counts come from today's facts, not from the plan's memory. Duties that hang on declared circumstances stand in e-circumstances.rules.ts.
import type { MatterState } from '../matter-state.ts'
import { notices, type NoticeKind } from '../nouns.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { gatesOfCircumstances } from './e-circumstances.rules.ts'
import { byFact, computed, consentObstacles, endsWithoutSuccessor, factOf, found, noticeObstacles, notApplicable, underArticle22, whenTransferring, withPlan, type GateFinding, type GateRule } from './gate.ts'
import { ofParties, openLooks, untoldLooks } from './looks.rules.ts'

/** A transferee must be known before anybody can be told its name. */
function transfereeObstacle(state: MatterState, rule: string): Obstacle | undefined {
  return state.parties.some((party) => party.role === 'transferee') ? undefined : obstacle('TRANSFEREE_UNKNOWN', { rule })
}

function told(state: MatterState, kind: 'art22' | 'art23' | 'art30'): ReturnType<typeof computed> {
  const tally = state.plan?.transfer.notices[kind]
  return computed(`应告知 ${tally?.due ?? 0},送达 ${tally?.delivered ?? 0},公告 ${tally?.announced ?? 0}`, `${tally?.due ?? 0} to be told, ${tally?.delivered ?? 0} delivered, ${tally?.announced ?? 0} announced`)
}

function moves(state: MatterState, rule: string, ask: (plan: NonNullable<MatterState['plan']>) => GateFinding): GateFinding {
  return whenTransferring(state, () => withPlan(state, rule, (plan) => (plan.transfer.records === 0 ? notApplicable('拟移交集为空', 'Nothing is to be transferred') : ask(plan))))
}

/** Kinds of notice that are due to somebody in the set to be transferred. */
function noticesDue(plan: NonNullable<MatterState['plan']>): NoticeKind[] {
  return notices.filter((kind) => (plan.transfer.notices[kind]?.due ?? 0) > 0)
}

/** Notices that are due without anybody taking over: of the end of the service, and to guardians (35273 6.4; 儿童规定 23). */
function noticesOfEnd(state: MatterState): NoticeKind[] {
  return ['close30', ...((state.plan?.destruction.under14 ?? 0) > 0 ? (['art31'] as const) : [])]
}

/** Asks about the notices that are due: to those who move, or of the end where nobody takes over. */
function whenTelling(state: MatterState, rule: string, ask: (due: readonly NoticeKind[]) => GateFinding): GateFinding {
  if (endsWithoutSuccessor(state)) return ask(noticesOfEnd(state))
  return moves(state, rule, (plan) => {
    const due = noticesDue(plan)
    return due.length === 0 ? notApplicable('没有应当发出的告知', 'No notice is due') : ask(due)
  })
}

/** Looks before the hand-over are provision of their own, whatever the deal is (register §12, 1): told beforehand, or an obstacle beside what was found. */
function alsoLooks(state: MatterState, finding: GateFinding): GateFinding {
  const provided = openLooks(state).filter(({ value }) => value.ground !== 'entrusted')
  if (provided.length === 0) return finding
  const obstacles = ofParties('LOOK_NOT_TOLD', untoldLooks(state, 'anywhere'))
  return finding.applies ? found([...finding.obstacles, ...obstacles], [...finding.evidence, byFact(state, 'viewer-access')]) : found(obstacles, [byFact(state, 'viewer-access')])
}

/** How many answers of consent the set asks for, of every kind. */
function consentsDue(plan: NonNullable<MatterState['plan']>): number {
  const { transfer, sensitive, guardian, export: abroad } = plan.transfer.consents
  return transfer.due + sensitive.due + guardian.due + abroad.due
}

/** Rules E01–E18. */
export const gatesE = {
  E01: (state) => {
    if (!underArticle22(state)) return notApplicable('适用第二十三条(见 E02)', 'Article 23 applies (see E02)')
    return moves(state, 'E01', () => found([transfereeObstacle(state, 'E01'), ...noticeObstacles(state, 'art22', 'E01')], [told(state, 'art22')]))
  },
  E02: (state, step) => {
    if (underArticle22(state)) return alsoLooks(state, notApplicable('适用第二十二条(见 E01)', 'Article 22 applies (see E01)'))
    // What was answered after the hand-over is an ordinary request (X04, X05) and stops no close.
    if (step === 'close') return alsoLooks(state, notApplicable('移交之前已经核对', 'Asked before the hand-over'))
    return alsoLooks(state, moves(state, 'E02', (plan) => {
      const { transfer, sensitive } = plan.transfer.consents
      const asked = transfer.due + sensitive.due > 0
      return found(
        [
          transfereeObstacle(state, 'E02'),
          ...noticeObstacles(state, 'art23', 'E02'),
          ...consentObstacles(transfer, { missing: 'CONSENT_MISSING' }, 'E02'),
          ...consentObstacles(sensitive, { missing: 'SENSITIVE_CONSENT_MISSING' }, 'E02'),
          asked && factOf(state, 'separate-consent-text-approved') === undefined && obstacle('SEPARATE_CONSENT_TEXT_MISSING'),
        ],
        [told(state, 'art23'), computed(`单独同意 ${transfer.given}/${transfer.due}`, `separate consent ${transfer.given} of ${transfer.due}`), byFact(state, 'separate-consent-text-approved')],
      )
    }))
  },
  E03: (state) =>
    whenTelling(state, 'E03', (due) => {
      const approved = new Set((state.facts['notice-text-approved'] ?? []).filter(({ value }) => value.approvedOn <= state.today).flatMap(({ value }) => value.kinds))
      const missing = due.filter((kind) => !approved.has(kind))
      return found([missing.length > 0 && obstacle('NOTICE_TEXT_MISSING', { counts: { kinds: missing.length }, facts: { which: missing.join('、') }, things: missing })], [byFact(state, 'notice-text-approved')])
    }),
  // Under Article 23 the consent to sensitive information is E02's; on a succession it is asked only where counsel answered merger_sensitive so (Article 29).
  E04: (state) =>
    moves(state, 'E04', (plan) => {
      if (plan.transfer.sensitiveRecords === 0) return notApplicable('拟移交集里没有敏感信息', 'No sensitive information in the set')
      const { sensitive } = plan.transfer.consents
      const asksConsent = underArticle22(state) && state.positions.merger_sensitive === 'separate_consent'
      return found(
        [
          ...noticeObstacles(state, 'art30', 'E04'),
          ...(asksConsent ? consentObstacles(sensitive, { missing: 'SENSITIVE_CONSENT_MISSING' }, 'E04') : []),
          asksConsent && sensitive.due > 0 && factOf(state, 'separate-consent-text-approved') === undefined && obstacle('SEPARATE_CONSENT_TEXT_MISSING', { rule: 'E04' }),
        ],
        [told(state, 'art30'), asksConsent ? computed(`敏感信息单独同意 ${sensitive.given}/${sensitive.due}`, `separate consent to sensitive information ${sensitive.given} of ${sensitive.due}`) : undefined],
      )
    }),
  E05: (state) =>
    moves(state, 'E05', (plan) => {
      if (!state.receiverChangesPurpose) return notApplicable('接收方不变更目的和方式', 'The recipient changes neither purpose nor method')
      const records = plan.transfer.newUseBlocked
      const waits = factOf(state, 'successor-undertaking-signed')?.value.newUseWaits === true
      return found(
        [records > 0 && !waits && obstacle('NEW_USE_WITHOUT_CONSENT', { counts: { records } })],
        [computed(`${records} 条记录在取得新的同意之前只作原用途`, `${records} records serve the old purpose only until there is a new consent`), byFact(state, 'successor-undertaking-signed')],
      )
    }),
  E06: (state) =>
    moves(state, 'E06', (plan) => {
      const { transfer, sensitive, export: abroad } = plan.transfer.consents
      if (transfer.due + sensitive.due + abroad.due === 0) return notApplicable('没有征求单独同意', 'No separate consent is asked for')
      const free = factOf(state, 'separate-consent-text-approved')?.value.free
      return found([free === undefined && obstacle('CONSENT_TEXT_BUNDLED')], [byFact(state, 'separate-consent-text-approved')])
    }),
  E07: (state) =>
    moves(state, 'E07', (plan) => {
      if (consentsDue(plan) === 0 && state.askedAgain === 0) return notApplicable('没有征求同意', 'Nobody is asked for consent')
      return found(
        [state.askedAgain > 0 && obstacle('ASKED_AGAIN_TOO_SOON', { counts: { records: state.askedAgain } })],
        [computed('未答复的一律不算同意;拒绝后四十八小时内没有再次征求', 'No answer never counts as consent; nobody was asked again within forty-eight hours of refusing')],
      )
    }),
  E08: (state) =>
    moves(state, 'E08', (plan) => {
      const { guardian } = plan.transfer.consents
      const checked = factOf(state, 'guardian-consent-checked')?.value.checked ?? 0
      const needed = Math.max(1, plan.transfer.childrenConsentedFor)
      if (plan.transfer.under14 === 0) return notApplicable('拟移交集里没有不满十四周岁的人', 'Nobody under 14 in the set to be transferred')
      return found(
        [
          ...noticeObstacles(state, 'art31', 'E08'),
          ...consentObstacles(guardian, { missing: 'GUARDIAN_CONSENT_MISSING' }, 'E08'),
          guardian.due > 0 && checked < needed && obstacle('GUARDIANSHIP_NOT_CHECKED', { facts: { checked, needed } }),
        ],
        [computed(`监护人同意 ${guardian.given}/${guardian.due}`, `guardian's consent ${guardian.given} of ${guardian.due}`), byFact(state, 'guardian-consent-checked')],
      )
    }),
  E09: (state) =>
    moves(state, 'E09', (plan) => {
      const persons = plan.transfer.under14
      if (persons === 0) return notApplicable('拟移交集里没有不满十四周岁的人', 'Nobody under 14 in the set to be transferred')
      const ready = (state.facts['child-rules-ready'] ?? []).some(({ value }) => value.inForceOn <= state.today)
      return found([!ready && obstacle('CHILD_RULES_MISSING', { counts: { persons } })], [byFact(state, 'child-rules-ready')])
    }),
  E10: (state) => {
    // A duty of whoever processes on consent, until the end: it does not hang on a transfer (PIPL 15).
    if (!state.dataSets.some((dataSet) => dataSet.holdsPersons && dataSet.consentBased)) return notApplicable('没有以同意为基础的数据集', 'No data set rests on consent')
    const tested = factOf(state, 'withdrawal-tested')?.value
    return found([(tested === undefined || !tested.asEasyAsGiving || !tested.serviceNotRefused) && obstacle('WITHDRAWAL_UNTESTED')], [byFact(state, 'withdrawal-tested')])
  },
  E11: (state) =>
    whenTelling(state, 'E11', (due) => {
      const isPublished = factOf(state, 'announcement-published') !== undefined
      if (endsWithoutSuccessor(state)) {
        const stop = factOf(state, 'stop-notice-given')?.value
        const records = state.plan?.destruction.records ?? 0
        return found(
          [(stop === undefined || stop.toldOn > state.today) && obstacle('STOP_NOTICE_MISSING', { rule: 'E11' }), stop?.way === 'announcement' && !isPublished && obstacle('ANNOUNCED_WITHOUT_REASON', { counts: { records } })],
          [stop?.way === 'announcement' ? byFact(state, 'announcement-published') : byFact(state, 'stop-notice-given')],
        )
      }
      const tallies = due.flatMap((kind) => state.plan?.transfer.notices[kind] ?? [])
      const announced = Math.max(0, ...tallies.map((tally) => tally.announced))
      const untold = Math.max(0, ...tallies.map((tally) => tally.due - tally.delivered - tally.announced))
      return found(
        [untold > 0 && obstacle('NOTICE_MISSING', { rule: 'E11', counts: { records: untold } }), announced > 0 && !isPublished && obstacle('ANNOUNCED_WITHOUT_REASON', { counts: { records: announced } })],
        [announced === 0 ? computed('逐一送达,没有用公告', 'Everybody was told individually') : byFact(state, 'announcement-published')],
      )
    }),
  ...gatesOfCircumstances,
} as const satisfies Record<string, GateRule>
