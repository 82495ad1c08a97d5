// SPDX-License-Identifier: Apache-2.0
// The enumerations that the law register, the books and the screens share; every word has a row in GLOSSARY.md.

/** 事项类型. Types of matter (law register §0, §10: SHARE … STOP_PRODUCT). */
export const matterTypes = [
  'share-transfer', 'reorganisation', 'asset-transfer', 'data-only', 'merger-absorb', 'merger-new', 'split-survive', 'split-new',
  'dissolution', 'bankruptcy', 'stop-product',
] as const
export type MatterType = (typeof matterTypes)[number]

/** 去向. Where a value ends (PRODUCT §2); the order is that of the disposition vector's codes 1 to 5. */
export const dispositions = ['transferred', 'kept', 'sealed', 'anonymised', 'destroyed'] as const
export type Disposition = (typeof dispositions)[number]

/** 账户. Accounts of the main book: the five final dispositions, and where a value stands before (CONTRACTS §4). */
export const accounts = ['transferred', 'kept', 'sealed', 'anonymised', 'destroyed', 'pending', 'in-transit'] as const
export type Account = (typeof accounts)[number]

/** The byte of an account in a disposition vector (CONTRACTS §3 books leaf); 0 is an empty cell. */
export const accountCode = { transferred: 1, kept: 2, sealed: 3, anonymised: 4, destroyed: 5, pending: 6, 'in-transit': 7 } as const satisfies Record<Account, number>

/** The account of a vector byte; undefined for 0 (empty) and for unknown bytes. */
export function accountOfCode(code: number): Account | undefined {
  return accounts[code - 1]
}

/** 角色. Roles of a party in a matter (PRODUCT §2). */
export const partyRoles = ['transferor', 'transferee', 'custodian', 'advisor', 'liquidator', 'auditor', 'mediator'] as const
export type PartyRole = (typeof partyRoles)[number]

/** 合法性基础. Lawful bases (个人信息保护法 第十三条第一款; law register rule B06). */
export const lawfulBases = ['consent', 'contract', 'human-resources', 'legal-duty', 'emergency', 'news', 'public', 'other-law'] as const
export type LawfulBasis = (typeof lawfulBases)[number]

/** 年龄段. Age groups (rule B04); `unknown` is its own value and never presumed silently (CONTRACTS §17). */
export const ageGroups = ['under14', 'under18', 'adult', 'unknown'] as const
export type AgeGroup = (typeof ageGroups)[number]

/** 级别. Grades of a field: sensitive per 个人信息保护法 第二十八条, else general; `organisation` and `none` are not personal information. */
export const grades = ['sensitive', 'general', 'organisation', 'none'] as const
export type Grade = (typeof grades)[number]

/** 选择. What a subject answered (PRODUCT §2; PIPL 14, 15, 23, 29, 31, 39, 44–47). */
export const choices = ['agree-transfer', 'agree-sensitive', 'agree-guardian', 'agree-export', 'object', 'delete', 'withdraw', 'correct', 'copy', 'ask'] as const
export type ChoiceKind = (typeof choices)[number]

/** 告知. Notices (law register §10.4). */
export const notices = ['art22', 'art23', 'art30', 'art31', 'art39', 'close30'] as const
export type NoticeKind = (typeof notices)[number]

/** 步骤. Steps that gates guard (CONTRACTS §17). */
export const guardedSteps = ['plan', 'room-open', 'pack', 'reconcile', 'destroy', 'close'] as const
export type GuardedStep = (typeof guardedSteps)[number]

/** 需双人的行为. Acts that need two different people (CONTRACTS §18); nothing else lists them. */
export const twoPersonActs = [
  'destroy', 'bulk-export', 'hand-over', 'close', 'key-release', 'key-rotation', 'key-export', 'backup-deletion', 'role-grant', 'gate-override', 'shorten-retention', 'accept-stamped-scan', 'abandon',
  'revise-records', 'restore-unwitnessed', 'weaken-safeguard',
] as const
export type TwoPersonAct = (typeof twoPersonActs)[number]

/** 副本种类. Kinds of copy in the copies book (CONTRACTS §4). */
export const copyKinds = ['original', 'vault', 'backup', 'processor', 'export', 'room', 'package', 'transferee', 'custodian', 'device', 'paper'] as const
export type CopyKind = (typeof copyKinds)[number]

/** 副本结局. How a copy ended (CONTRACTS §4). */
export const copyEnds = ['handed-over', 'kept', 'destroyed', 'sealed', 'attested', 'out-of-reach'] as const
export type CopyEnd = (typeof copyEnds)[number]
