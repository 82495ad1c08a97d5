// SPDX-License-Identifier: Apache-2.0
// Everything the gates look at, as plain data; loaded elsewhere (lifecycle/hand-over/load-matter-state.ts), so that every rule stays pure.
import type { Day } from '../kit/time.ts'
import type { ExportState } from './export-route.rules.ts'
import type { FactName, FactValue } from './facts.ts'
import type { DutyEvents } from './duties.ts'
import type { LawBook } from './law-book.ts'
import type { LegalPositions } from './legal-positions.ts'
import type { CopyKind, MatterType, NoticeKind, PartyRole } from './nouns.ts'
import type { ObstacleCode } from './obstacles.ts'
import type { StandingState } from './standing-state.ts'

/** 评估失效原因. What an approved impact assessment no longer covers: what moves, registered purposes and bases, recipients, risks, answers; `unbound` = an approval of before that names none of these. */
export const impactChanges = ['plan', 'treatment', 'recipients', 'risks', 'answers', 'unbound'] as const
export type ImpactChange = (typeof impactChanges)[number]

/** 当事方. A party of the matter as the gates see it. */
export interface PartyState {
  id: string
  role: PartyRole
  /** Seat or viewers outside the mainland; Hong Kong, Macau and Taiwan count as outside. */
  overseas: boolean
  /** The six spoken words of the party file were compared (CONTRACTS §11). */
  wordsConfirmed: boolean
}

/** 人数. Natural persons that the transferor holds today in whichever copy, de-duplicated, deleted and handed-over ones out (rule A02). */
export interface PersonCounts {
  /** The day on which it was last found out who is one person; the numbers are of today. */
  countedOn: Day
  /** Records were added or joined otherwise after the count; erasures do not make it stale. */
  stale: boolean
  persons: number
  sensitive: number
  under14: number
  under18: number
  unknownAge: number
  face: number
}

/** 数据集状态. The treatment of one data set as far as the gates need it: how many fields still miss what. */
export interface DataSetState {
  id: string
  records: number
  values: number
  holdsPersons: boolean
  collected: 'direct' | 'indirect' | 'unknown'
  /** At least one of its field groups rests on consent. */
  consentBased: boolean
  /** At least one of its field groups rests on information that was public (PIPL 27). */
  publicBased: boolean
  fields: number
  fieldsUnclassified: number
  fieldsWithoutBasis: number
  fieldsWithoutPurpose: number
  fieldsWithoutRecordsClass: number
  /** The records class of at least one field is an accounting class (RT01–RT05), a platform class (RT08, RT09), an anti-money-laundering class (RT10). */
  accounting: boolean
  platform: boolean
  antiMoneyLaundering: boolean
  /** A field group holds faces for recognition, erased or not (K07). */
  holdsFaces: boolean
}

/** 签署的事实. A valid (not superseded) fact record (CONTRACTS §17) with its typed value. */
export interface SignedFact<N extends FactName = FactName> {
  id: string
  name: N
  value: FactValue<N>
  /** Role of the party whose person signed it. */
  signerRole: PartyRole
  recordedOn: Day
  hasEvidence: boolean
}

/** Valid facts by name; several where each concerns another data set. */
export type FactsByName = { readonly [N in FactName]?: readonly SignedFact<N>[] }

/** How many records of a set stand where with one notice; `waiting` = told, the waiting days still run and no full consent was given (these are counted in delivered or announced too); due = delivered + announced + bounced + none. */
export interface NoticeTally {
  due: number
  delivered: number
  announced: number
  bounced: number
  none: number
  waiting: number
}

/** How many records of a set stand where with one consent. */
export interface ConsentTally {
  due: number
  given: number
  refused: number
  none: number
}

/** 拟移交集. The records whose present plan sends at least one value to the transferee, recounted from today's facts and not from the plan's memory. */
export interface TransferSummary {
  records: number
  values: number
  persons: number
  sensitiveRecords: number
  under14: number
  consentBasedRecords: number
  notices: Readonly<Partial<Record<NoticeKind, NoticeTally>>>
  consents: { transfer: ConsentTally; sensitive: ConsentTally; guardian: ConsentTally; /** To going abroad (PIPL 39, rule G02). */ export: ConsentTally }
  openRequests: number
  held: number
  objected: number
  suppressed: number
  /** Values whose purpose is met, expired or over-collected, or that the transfer does not need (by override only). */
  unneededValues: number
  unconfirmedSourceRecords: number
  unlawfulSourceRecords: number
  faceWithoutConsent: number
  /** Records that move on a contract basis although the customer did not agree to its assignment (民法典 551, 555; E17). */
  contractWithoutAssent: number
  /** Records whose use for a new purpose waits for a new consent (E05). */
  newUseBlocked: number
  /** Persons, not records, that move with the consent of a guardian: so many guardianships are to be checked (E08). */
  childrenConsentedFor: number
}

/** 拟销毁集. The values that the present plan destroys or anonymises. */
export interface DestructionSummary {
  records: number
  values: number
  anonymisedValues: number
  under14: number
  held: number
  openRequests: number
  /** Values under a running retention duty, by the kind of duty. */
  retentionRunning: { accounting: number; tax: number; platform: number; antiMoneyLaundering: number; other: number }
  /** Values whose records class was never assigned. */
  retentionUnassigned: number
  /** Values of accounting archives whose period is over (会计档案管理办法 18). */
  accountingExpired: number
}

/** 方案摘要. The newest plan. */
export interface PlanState {
  id: string
  approved: boolean
  /** Facts changed since it was computed while values still wait for it; posting and erasing by the plan itself do not make it stale. */
  stale: boolean
  pendingValues: number
  /** Records that wait, by what they wait for. */
  waitingFor: Readonly<Partial<Record<ObstacleCode, number>>>
  transfer: TransferSummary
  /** 拟移交而待定集. Records that would move once their notices, consents and the matter's conditions are there (X22–X26): what most of a matter is before anybody was told or has signed. */
  wished: TransferSummary
  destruction: DestructionSummary
  keptValues: number
  sealedValues: number
  /** Values sealed with a custodian because nobody of the parties survives. */
  sealedWithCustodian: number
}

/** 移交包摘要. Packages by where they stand. */
export interface PackageCounts {
  issued: number
  withoutAcceptance: number
  withDifferences: number
  withoutReconciliation: number
}

/** 副本簿摘要. Open lines of the copies book. */
export interface CopyCounts {
  open: number
  openByKind: Readonly<Partial<Record<CopyKind, number>>>
  /** Open copies at the transferor of values that were transferred. */
  residualOpen: number
  /** Earliest day by which a residual copy had to end, or null. */
  residualDue: Day | null
  outOfReach: number
  /** Open copies in data rooms and exports (C06). */
  diligenceOpen: number
  /** Copies at processors: open, ended, ended without proof of return or deletion, and those of the last that are kept with a stated reason (F04). */
  processors: { open: number; ended: number; withoutProof: number; kept: number }
}

/** 改判所见. By obstacle code (and notice, `CODE/art22`), how many of what people saw when they overrode. */
export type CoveredCounts = Readonly<Record<string, Readonly<Record<string, number>>>>

/** 改判. A gate rule that named people overrode on counsel's opinion (register §9); it covers the obstacles they saw, in no greater number, and no others, until its last day, and stays visible for ever. */
export interface GateOverride {
  id: string
  rule: string
  /** The obstacles that were overridden; one that comes up later is not covered. */
  codes: readonly ObstacleCode[]
  /** In what numbers they stood; where one grew, the override no longer counts. */
  counts: CoveredCounts
  approval: string
  on: Day
  /** The last day on which it counts. */
  until: Day
  /** SHA-256 of counsel's written opinion, and the article it is about. */
  opinion: string
  article: string
}

/** 事项状态. Everything the gates may look at. */
export interface MatterState extends StandingState {
  matterId: string
  /** The law in use: shipped, or the pack that the matter adopted. */
  law: LawBook
  type: MatterType
  today: Day
  positions: LegalPositions
  successor: boolean
  transferorSurvives: boolean
  receiverChangesPurpose: boolean
  parties: readonly PartyState[]
  counts: PersonCounts | null
  dataSets: readonly DataSetState[]
  /** Places that the scans could not read. */
  notRead: number
  facts: FactsByName
  plan: PlanState | null
  packages: PackageCounts
  copies: CopyCounts
  books: { pending: number; inTransit: number; balanced: boolean }
  certificates: { pending: number; final: number }
  suppression: { ready: boolean; entries: number }
  /** Records that are frozen, and the orders and disputes that freeze them. */
  openHolds: number
  holdOrders: number
  openRequests: number
  /** Witnesses whose cosignature on the newest checkpoint was verified, and how many the policy asks for. */
  witnesses: { needed: number; confirmed: number }
  overrides: readonly GateOverride[]
  /** What the calendar of duties needs beside all this. */
  dutyEvents: DutyEvents
  /** Certificates of quality, and how many rows of the newest had findings (B09). */
  quality: { certificates: number; rowsWithFindings: number }
  /** 影响评估获批之日. Days on which an impact assessment was approved, as the ledger has them; a fact that somebody typed counts for none (D01). */
  assessedOn: readonly Day[]
  /** 影响评估的变化. What changed since the newest approval of the impact assessment, so that it speaks of something else (D01); empty while it holds or none was approved. */
  impactChanges: readonly ImpactChange[]
  /** Records whose persons were asked again within forty-eight hours of refusing (E07). */
  askedAgain: number
  /** 出境 (rules G01–G04, C04): who is abroad, this year's persons, the route they need and the one that was recorded; null when nobody outside the mainland receives or looks. */
  exportRoute: ExportState | null
  /** Somebody answered whether anybody looks from abroad (fact `abroad-access`); without an answer nobody can say that nothing is exported (G01, C04). */
  abroadAnswered: boolean
}
