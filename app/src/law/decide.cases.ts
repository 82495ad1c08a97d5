// SPDX-License-Identifier: Apache-2.0
// Facts for the tests of deciding: an ordinary case in which everything is known and settled, to be bent by each test.
import { addDays, dayOf } from '../kit/time.ts'
import type { DecisionFacts, NoticeResult } from './decision-facts.ts'
import { handlerChanges, transferorSurvives } from './handler-changes.rules.ts'
import type { MatterType } from './nouns.ts'
import { retentionFor } from './retention.rules.ts'

/** The legal today of the tests. */
export const today = dayOf('2026-11-21')

/** A notice delivered long enough ago. */
export const toldInTime: NoticeResult = { state: 'delivered', on: addDays(today, -40) }

/** A running duty: an accounting voucher of this year. */
export const voucher = retentionFor('accounting-voucher', dayOf('2026-03-01'))

/** An ordinary customer's contract field in a matter of this type, told in time, everything signed, no retention; `change` bends it. */
export function caseOf(matterType: MatterType, change: Partial<DecisionFacts> = {}): DecisionFacts {
  const stays = change.stays ?? false
  return {
    matterType, today, successor: true, transferorSurvives: transferorSurvives(matterType), receiverChangesPurpose: false, overseas: false, exportRouteDone: false,
    importantDataOrMass: false, disposalPlanReported: false, piaApproved: true, agreementSigned: true, undertakingSigned: true, suppressionReady: true,
    childAssessmentDone: true, cutoffPassed: false,
    holdsPersons: true, lawfulSource: 'lawful', basis: 'contract', purposeState: 'live', neededForTransfer: true, neededForContract: true, onlyForNewPurpose: false,
    grade: 'general', biometric: 'none', faceRoute: 'enrol-anew', majorEffect: false, retention: [], designatedBody: false, removal: 'destroy',
    handlerChanges: handlerChanges(matterType, { stays }), stays, transferorGoesOnServing: false, ageGroup: 'adult', agePresumption: null, contractAssent: true,
    transferConsent: 'none', sensitiveConsent: 'none', guardianConsent: 'none', exportConsent: 'none', objected: false, deletionRequested: false, withdrawn: false, openRequest: false,
    suppressed: false, hold: false, holdUntil: null,
    notices: { art22: toldInTime, art23: toldInTime, art30: toldInTime, art31: toldInTime, art39: toldInTime },
    ...change,
  }
}
