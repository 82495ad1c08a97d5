// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'
import type { Day, Instant } from '../../kit/time.ts'
import type { ExportCounts, ExportDone, ExportFacts, ExportRoute, LawLine, LegalPositions, MatterType, PartyRole, PersonsAbroad } from '../../law/index.ts'

/** A party as papers name it. */
export interface PaperParty {
  role: PartyRole
  name: string
  creditCode: string
  contact: string
}

/** 信息种类. One category of personal information among the fields of the matter. */
export interface PaperCategory {
  words: Words
  isSensitive: boolean
  values: number
}

/** One data set as a list of what is handed over shows it; names come from the party's own files and stay in its own paper. */
export interface PaperDataSet {
  number: number
  name: string
  source: string
  kind: string
  /** As entered in the books. */
  records: number
  values: number
  persons: number | null
  /** Of these, what was handed over by now. */
  moved: { records: number; persons: number | null }
  categories: readonly PaperCategory[]
  endings: readonly { outcome: string; values: number }[]
}

/** 销毁命令. An order to destroy as its approval form and its certificate show it. */
export interface PaperOrder {
  id: string
  status: 'requested' | 'running' | 'pending-final' | 'final'
  scope: 'vault' | 'originals'
  records: number
  values: number
  copies: number
  requestedAt: Instant
  requestedBy: string | null
  approvedBy: readonly string[]
  identitiesVerified: boolean
  destroyedAt: Instant | null
  /** SHA-256 (hex) of the signed certificate's statement, or null before it was signed. */
  certificate: string | null
  outOfReach: number
}

/** 改判. A gate rule that named people overrode: the obstacles they saw and in what number, counsel's opinion by its digest, from and until when. */
export interface PaperOverride {
  rule: string
  covered: string
  article: string
  opinion: string
  on: Day
  until: Day
  approval: string
}

/** 出境. What the export check knows (law register §3.9): the numbers of this year, the routes they allow and why, and what has been done. */
export interface PaperAbroad extends ExportCounts, Pick<ExportFacts, 'ciio' | 'importantData'> {
  total: PersonsAbroad
  allowed: readonly ExportRoute[]
  reasons: readonly LawLine[]
  done: ExportDone | null
}

/** 文书事实. Everything the templates may say; null and empty mean that nobody has said it, and print as 〔待填〕. */
export interface PaperFacts {
  today: Day
  now: Instant
  /** The legal time is declared (demonstration), which every paper says. */
  isClockDeclared: boolean
  matter: { code: string; type: MatterType; openedOn: Day }
  parties: readonly PaperParty[]
  /** Whether somebody takes the customers over. */
  successor: boolean
  transferorSurvives: boolean
  receiverChangesPurpose: boolean
  isRecipientAbroad: boolean
  /** Null when nobody outside the mainland receives or looks. */
  abroad: PaperAbroad | null
  residualCopyDays: number
  cutoffDay: string | null
  positions: LegalPositions
  categories: readonly PaperCategory[]
  /** Purposes of the processing activities, as the parties registered them. */
  purposes: readonly string[]
  bases: readonly string[]
  /** Statutory retention entries that bind fields of the matter. */
  retention: readonly { text: string; textEn?: string; source: string; conf: string }[]
  dataSets: readonly PaperDataSet[]
  persons: { all: number; sensitive: number; under14: number; under18: number; unknownAge: number; countedOn: Day } | null
  plan: { id: string; isApproved: boolean; transferRecords: number; transferValues: number; transferPersons: number; sealedValues: number; keptValues: number; destroyedValues: number; anonymisedValues: number; pendingValues: number } | null
  copies: { open: number; byKind: Readonly<Record<string, number>>; outOfReach: number }
  orders: readonly PaperOrder[]
  /** Gate rules that named people overrode on counsel's opinion, ended ones too (law register §9). */
  overrides: readonly PaperOverride[]
  /** Places that no scan could read. */
  notRead: number
}

/** The party of this role, or undefined; `giver` is the transferor or, in a liquidation, the liquidator. */
export function partyOf(facts: PaperFacts, ...roles: readonly PartyRole[]): PaperParty | undefined {
  return roles.map((role) => facts.parties.find((party) => party.role === role)).find((party) => party !== undefined)
}
