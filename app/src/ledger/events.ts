// SPDX-License-Identifier: Apache-2.0
// One table of events (FORMATS §9). Ids, counts, digests of salted trees and of signed statements only: no value, no title, no person's name.
import type { Account, ChoiceKind, CopyEnd, CopyKind, Disposition, Grade, MatterType, NoticeKind, PartyRole, TwoPersonAct } from '../law/nouns.ts'

/** 分录. One posting of the main book: so many values of one field of one data set move between accounts (CONTRACTS §4). */
export interface Posting {
  ds: string
  f: string
  from: Account | 'discovered'
  to: Account | 'discovered'
  n: number
}

/** 找回依据. By what a delta scan found a record again: a column that was declared, a detected identity key, or the whole content (CONTRACTS §2). */
export type DeltaKey = 'declared' | 'customer-id' | 'resident-id' | 'table-key' | 'content'

/** Numbers by disposition. */
export type ByDisposition = Record<Disposition, number>

/** What each event says besides version, type, matter, sequence and time. Hex digests are SHA-256. */
export interface EventBodies {
  MatterOpened: { type: MatterType; origin: string; parties: { role: PartyRole; party: string; digest: string }[]; settings: string; demo: boolean }
  PartyJoined: { role: PartyRole; party: string; digest: string; wordsConfirmed: boolean }
  PolicyChanged: { policy: string }
  SettingsChanged: { key: string; from: string; to: string; by: string; before: string; settings: string }
  InventoryCommitted: { ds: string; first: number; records: number; root: string; fields: { f: string; values: number }[]; postings: Posting[] }
  SourcesFrozen: { freeze: string; statement: string; by: string; sources: number }
  SourceRescanned: { scan: string; source: string; foundBy: DeltaKey; freeze: string | null; unchanged: number; changed: number; added: number; gone: number }
  RecordsRevised: { scan: string; ds: string; records: number; root: string; tombstones: number; tombstoneRoot: string; postings: Posting[] }
  CopyRecounted: { copy: string; values: number; scan: string }
  CopyOpened: { copy: string; kind: CopyKind; holder: string; ds: string | null; values: number }
  CopyEnded: { copy: string; how: CopyEnd; proof: string | null; until: string | null }
  SubjectsResolved: { subjects: number; records: number; demotedKeys: number; ageGroups: Record<string, number> }
  DataSetTreated: { ds: string; digest: string; groups: number; unassigned: number }
  FieldRegraded: { override: string; ds: string | null; f: string | null; type: string | null; grade: Grade | null; statement: string; by: string; adopted: boolean }
  FactRecorded: { fact: string; name: string; digest: string; by: string; replaces: string | null }
  LawAdopted: { adoption: string; from: string; to: string; pack: string | null; signedBy: string | null; articles: number; loosened: number; vanished: number; review: string[]; by: string; approval: string | null }
  LawReviewed: { subject: string; changes: number; by: string }
  DutySettled: { duty: string; on: string; evidence: string | null; by: string }
  NoticeResultsImported: { batch: string; notice: NoticeKind; delivered: number; bounced: number; announced: number }
  ChoiceRecorded: { batch: string; choices: Partial<Record<ChoiceKind, number>> }
  ChoiceDecided: { batch: string; choice: ChoiceKind; decision: 'accepted' | 'refused'; records: number }
  ApprovalGranted: { request: string; act: TwoPersonAct; digest: string; by: string[]; identitiesVerified: boolean; coolingOffHours: number | null }
  ApprovalWithdrawn: { request: string; act: TwoPersonAct; by: string }
  PlanApproved: { plan: string; digest: string; lines: { ds: string; outcome: string; values: number }[] }
  GateOverridden: { override: string; rule: string; codes: string[]; counts: Record<string, Record<string, number>>; article: string; opinion: string; reason: string; until: string; approval: string }
  PlanOverridden: { override: string; ds: string; values: number; outcome: string; approval: string }
  DispositionsPosted: { plan: string; postings: Posting[] }
  PackageIssued: { package: string; sequence: number; to: string; purpose: 'transfer' | 'custody'; outer: string; manifest: string; records: number; values: number; postings: Posting[] }
  AcceptanceReceived: { package: string; acceptance: string; status: 'complete' | 'differences' }
  Reconciled: { package: string; statement: string; root: string; matched: number; postings: Posting[] }
  PackageWithdrawn: { package: string; postings: Posting[] }
  WithdrawalProven: { package: string; acceptance: string; records: number; root: string; postings: Posting[] }
  DestructionIntended: { order: string; recordSet: string; records: number; tombstones: number; tombstoneRoot: string }
  RecordsRewritten: { order: string; records: number; root: string }
  RecordsDestroyed: { order: string; records: number; tombstones: number; tombstoneRoot: string; postings: Posting[] }
  EpochTurned: { epoch: number; dropped: number; slots: { slot: string; kind: 'file' | 'kms'; confirmed: boolean }[] }
  CertificateIssued: { order: string; status: 'pending' | 'final'; statement: string }
  BackupCreated: { backup: string; records: number; expires: string }
  HoldPlaced: { hold: string; records: number }
  HoldReleased: { hold: string; records: number }
  MatterClosed: { booksRoot: string; records: number; discovered: number; dispositions: ByDisposition; recordsBy: ByDisposition & { mixed: number }; subjectsBy: ByDisposition & { mixed: number } }
  QualityCertified: { certificate: string; statement: string; rows: number; rowsWithFindings: number }
  OpinionFiled: { opinion: string; document: string; bytes: number; articles: string[]; rules: string[]; rows: string[]; positions: string[]; conclusion: string; givenOn: string; until: string | null; statement: string; by: string }
  LetterRecorded: { letter: string; direction: 'in' | 'out'; authority: string; subject: string; dated: string; due: string | null; answers: string | null; document: string | null; statement: string; by: string }
  PrivacyNoticeFiled: { notice: string; document: string; statement: string; promises: number; by: string; replaces: string | null }
  ImpactStarted: { assessment: string; by: string }
  ImpactAnswered: { assessment: string; number: number; item: string; statement: string; by: string }
  ImpactApproved: { assessment: string; report: string; fact: string; residual: string; plan: string; basis: string; by: string }
  AuditOpened: { audit: string; nature: 'self' | 'ordered'; from: string; to: string; by: string }
  AuditSampled: { audit: string; sample: number; seed: string; upto: number; events: number; by: string }
  AuditFindingRecorded: { audit: string; finding: number; point: string; result: string; due: string | null; statement: string; by: string }
  AuditConcluded: { audit: string; report: string; fact: string; by: string }
  HaltLifted: { code: string; haltedAt: string; by: string; reason: string }
  AbandonmentDeclared: { reason: string; request: string; packages: string[] }
  TransferReversed: { package: string; statement: string; postings: Posting[] }
  MatterAbandoned: { reason: string; booksRoot: string; records: number; discovered: number; dispositions: ByDisposition; recordsBy: ByDisposition & { mixed: number }; subjectsBy: ByDisposition & { mixed: number }; outOfReach: number }
}

/** 事件类型. The name of an event, past tense. */
export type EventType = keyof EventBodies

/** A ledger event before it has a place: its type and what it says. */
export type NewEvent = { [T in EventType]: { type: T; body: EventBodies[T] } }[EventType]

/** Chinese labels of the events for screens and the glossary check. */
export const eventLabels = {
  MatterOpened: '事项立项', PartyJoined: '当事方加入', PolicyChanged: '信任策略变更', SettingsChanged: '设置变更', InventoryCommitted: '清查入账', CopyOpened: '副本登记', CopyEnded: '副本了结',
  SubjectsResolved: '主体归并', DataSetTreated: '处理情况登记', FieldRegraded: '字段改判', FactRecorded: '事实登记', LawAdopted: '法规采用', LawReviewed: '法规复核', DutySettled: '义务了结', NoticeResultsImported: '告知结果入账', ChoiceRecorded: '选择入账', ChoiceDecided: '请求裁定', ApprovalGranted: '审批通过', ApprovalWithdrawn: '审批撤回', PlanApproved: '方案批准',
  GateOverridden: '关卡改判', PlanOverridden: '方案改判', DispositionsPosted: '去向入账', PackageIssued: '移交包签发', AcceptanceReceived: '收到验收单', Reconciled: '对账签认', PackageWithdrawn: '移交包撤回',
  DestructionIntended: '销毁立意', RecordsRewritten: '记录重写', RecordsDestroyed: '记录销毁', EpochTurned: '密钥换代', CertificateIssued: '证明签发', BackupCreated: '备份完成',
  HoldPlaced: '冻结', HoldReleased: '解冻', MatterClosed: '办结', MatterAbandoned: '终止',
  SourcesFrozen: '封库', SourceRescanned: '差异清查', RecordsRevised: '记录更新', CopyRecounted: '副本重计', WithdrawalProven: '撤回证实', AbandonmentDeclared: '宣告终止', TransferReversed: '移交撤销', PrivacyNoticeFiled: '隐私政策备案', OpinionFiled: '法律意见归档', LetterRecorded: '监管往来登记', HaltLifted: '停止解除', ImpactStarted: '影响评估开始', ImpactAnswered: '影响评估答复', ImpactApproved: '影响评估批准', AuditOpened: '审计立项', AuditSampled: '审计抽样', AuditFindingRecorded: '审计结论登记', AuditConcluded: '审计办结', QualityCertified: '质量证明出具',
} as const satisfies Record<EventType, string>
