// SPDX-License-Identifier: Apache-2.0
// What `decide` is given and what it answers; the unit is (record × field group), CONTRACTS §17 and law register §10.
import type { Words } from '../kit/failure.ts'
import type { Day } from '../kit/time.ts'
import type { AgeGroup, ChoiceKind, Disposition, Grade, LawfulBasis, MatterType, NoticeKind } from './nouns.ts'
import type { Obstacle } from './obstacles.ts'
import type { RetentionDuty } from './retention.rules.ts'

/** 告知状态. What is known about one notice to one subject: the best result so far. */
export const noticeStates = ['delivered', 'announced', 'bounced', 'none'] as const
export type NoticeState = (typeof noticeStates)[number]

/** One notice to one subject: its state and the day from which it counts (delivery or publication). */
export interface NoticeResult {
  state: NoticeState
  on: Day | null
}

/** 同意状态. A consent that somebody was asked for; silence is `none` (PIPL 14). */
export const consentStates = ['given', 'refused', 'none'] as const
export type ConsentState = (typeof consentStates)[number]

/** 目的状态. Whether the purpose of a field group still lives (PIPL 6, 19, 47). */
export const purposeStates = ['live', 'met', 'expired', 'over-collected', 'unknown'] as const
export type PurposeState = (typeof purposeStates)[number]

/** Facts that hold for the whole matter. */
export interface MatterFacts {
  matterType: MatterType
  today: Day
  /** Somebody takes the business over (DISSOLVE+, BANKRUPT+); only read for dissolution and bankruptcy. */
  successor: boolean
  /** The transferor goes on existing after the matter (`transferorSurvives` gives the usual answer). */
  transferorSurvives: boolean
  /** The transferee changes purpose or method (PIPL 22, 14(2)). */
  receiverChangesPurpose: boolean
  /** Recipient or viewers outside the mainland (PIPL 38), and whether a lawful route is completed (rule G01). */
  overseas: boolean
  exportRouteDone: boolean
  /** Important data or ≥ 10 million persons (数据条例 28, 32), and whether the disposal plan was reported. */
  importantDataOrMass: boolean
  disposalPlanReported: boolean
  /** Rules D01, F01, F02, B11: approved assessment, signed agreement, successor's undertaking, suppression list. */
  piaApproved: boolean
  agreementSigned: boolean
  undertakingSigned: boolean
  suppressionReady: boolean
  /** Security assessment before children's information goes to a third party (儿童规定 17, rule D06). */
  childAssessmentDone: boolean
  /** The transferee of this matter is the body that a sector law names (row X03); left out = it is not. */
  recipientIsDesignated?: boolean
  /** The matter's cut-off day is over: who has not answered by now has not consented (X27). */
  cutoffPassed: boolean
}

/** Facts of a field group of a data set. */
export interface GroupFacts {
  /** False only for tables without any natural person (products, branches): they follow the business (row X31). */
  holdsPersons: boolean
  lawfulSource: 'lawful' | 'unlawful' | 'unconfirmed'
  basis: LawfulBasis | 'none' | 'unknown'
  purposeState: PurposeState
  /** The fields' purpose is among the purposes of the transfer (PIPL 6; rule B08). */
  neededForTransfer: boolean
  /** Needed to go on performing the customer's contract or a legal duty (row X13). */
  neededForContract: boolean
  /** Needed only for the transferee's new purpose (row X19). */
  onlyForNewPurpose: boolean
  grade: Grade | 'unclassified'
  biometric: 'none' | 'other' | 'face'
  /** How face information is to be treated on a change of handler (row X30). */
  faceRoute: 'enrol-anew' | 'separate-consent' | 'with-device'
  /** Public information whose transfer would have a major effect on the person (PIPL 27). */
  majorEffect: boolean
  /** Retention duties of the group, running or ended; null while its records class was not assigned. */
  retention: readonly RetentionDuty[] | null
  /** A sector law names who must receive it (反洗钱法 34, 征信条例 12; row X03). */
  designatedBody: boolean
  /** What happens where the law leaves the choice between deleting and anonymising (row X06, X10). */
  removal: 'destroy' | 'anonymise'
}

/** Facts of a record and the subject it belongs to. */
export interface RecordFacts {
  /** Computed by `handlerChanges` (rule A01). */
  handlerChanges: boolean
  /** The record belongs to the part of the business that is not in the deal (S04; absorber's own customers; survivor's customers). */
  stays: boolean
  /** The transferor goes on serving this customer and has a basis and purpose of its own (S04). */
  transferorGoesOnServing: boolean
  ageGroup: AgeGroup
  /** The presumption that a named person recorded for unknown ages (CONTRACTS §17), or null. */
  agePresumption: Exclude<AgeGroup, 'unknown'> | null
  /** The customer agreed that the contract may be assigned; silence is no (民法典 551, 555). */
  contractAssent: boolean
  transferConsent: ConsentState
  sensitiveConsent: ConsentState
  guardianConsent: ConsentState
  /** Separate consent to going abroad, a choice of its own (PIPL 39). */
  exportConsent: ConsentState
  objected: boolean
  /** A deletion request that was examined and found valid (PIPL 47). */
  deletionRequested: boolean
  /** Consent withdrawn (PIPL 15); only matters where consent is the basis. */
  withdrawn: boolean
  /** A request, complaint or verification is open (PIPL 44, 46, 50; rule I08). */
  openRequest: boolean
  /** On the suppression list for a reason other than an objection to this transfer (rule B11). */
  suppressed: boolean
  /** Judicial freeze, regulator's seal, litigation hold, incident evidence (row X01). */
  hold: boolean
  holdUntil: Day | null
  notices: Readonly<Partial<Record<NoticeKind, NoticeResult>>>
}

/** 判定事实. Everything that `decide` may look at. */
export interface DecisionFacts extends MatterFacts, GroupFacts, RecordFacts {}

/** Who holds what is sealed, kept or transferred. */
export type Holder = 'transferor' | 'transferee' | 'custodian' | 'designated-body'

/** What becomes of the giver's copy of transferred values (law register §10.2, S01–S07). */
export interface Residual {
  rule: 'S01' | 'S02' | 'S03' | 'S04' | 'S05'
  act: 'seal' | 'destroy' | 'keep' | 'none'
  /** End of the seal; null otherwise, or for ever. */
  until: Day | null
  holder: Holder | null
}

/** Remarks that a screen or a notice must show beside the outcome. */
export const verdictFlags = [
  'escalate', 'frozen', 'to-designated-body', 'moves-sealed', 'tell-guardian', 'new-use-blocked', 'consent-must-name-new-use', 'age-presumed',
  'enrol-anew', 'reply-with-reasons', 'announcement-used', 'basis-to-re-register', 'retention-uncertain', 'export',
] as const
export type VerdictFlag = (typeof verdictFlags)[number]

/** 判定. What may happen to one field group of one record: outcome, the row that decided, its law and confidence, and what would change it. */
export interface Verdict {
  outcome: Disposition | 'pending'
  /** End of a seal; null while open-ended (permanent retention, or until a freeze is released). */
  until: Day | null
  sealedFor: 'retention' | 'permanent' | 'release' | null
  /** Who holds it afterwards; null for destroyed, anonymised and pending. */
  holder: Holder | null
  /** Row of the decision table that decided (X01–X31). */
  rule: string
  /** Further rows, residual rules and retention entries that shaped the outcome. */
  alsoRules: readonly string[]
  law: string
  conf: string
  /** What stands in the way, or what would change the outcome. */
  conditions: readonly Obstacle[]
  /** Notices and consents that this transfer rests on; empty unless transferred or waiting for it. */
  needs: { notices: readonly NoticeKind[]; consents: readonly ChoiceKind[] }
  residual: Residual | null
  why: Words
  flags: readonly VerdictFlag[]
}
