// SPDX-License-Identifier: Apache-2.0
// What the rules H–M, and the promise check of E15, look at beside the rest of a matter's state; plain data, loaded by lifecycle/hand-over/load-standing-state.ts.
import { z } from 'zod'
import type { Day } from '../kit/time.ts'
import type { ChoiceKind } from './nouns.ts'

/** 在办请求. Persons whose request of one kind came in on one day and still waits for an answer. */
export interface OpenRequests {
  choice: ChoiceKind
  receivedOn: Day
  persons: number
}

/** 个人请求. What the books know of requests by individuals (rules I01–I05). */
export interface RequestState {
  open: readonly OpenRequests[]
  /** Persons whose request was refused, and the minors among them. */
  refused: number
  refusedMinors: number
  /** Persons who asked for a copy, answered or not. */
  copies: number
  /** Records whose correction was accepted after they had left, or while they were leaving. */
  correctedAfterLeaving: number
}

/** 保管情况. What custodians hold sealed by reconciled packages (rules I09, K07). */
export interface CustodyState {
  sets: number
  /** How many values they hold. */
  values: number
  /** The last day of a seal, null when nothing is sealed with a custodian or only for ever. */
  until: Day | null
  /** At least one set is kept permanently. */
  endless: boolean
}

/** 监管往来. Letters of authorities that wait for an answer (rule M07, duties). */
export interface AuthorityState {
  open: number
  overdue: number
  earliestDue: Day | null
  /** Audits that an authority ordered, by where they stand. */
  auditOrders: { open: number; overdue: number; answered: number }
}

/** 法律意见结论. What counsel concluded. */
export const opinionConclusions = ['supports', 'supports-with-conditions', 'objects', 'undecided'] as const
/** One conclusion. */
export type OpinionConclusion = (typeof opinionConclusions)[number]

/** 法律意见. A filed opinion as gates and overrides see it: which articles, rules, rows and positions it covers. */
export interface OpinionState {
  id: string
  /** SHA-256 of the document, in hex. */
  digest: string
  covers: { articles: readonly string[]; rules: readonly string[]; rows: readonly string[]; positions: readonly string[] }
  conclusion: OpinionConclusion
  givenOn: Day
  /** After this day it no longer counts; null = no end. */
  until: Day | null
}

/** 承诺. Kinds of promise that a privacy notice makes (rule E15; cases Toysmart and RadioShack). */
export const promiseKinds = ['no-third-party', 'no-sale', 'purpose-only', 'no-export', 'delete-on-closure', 'retention-limit', 'separate-consent', 'tell-before-transfer', 'successor-bound'] as const
/** One kind of promise. */
export type PromiseKind = (typeof promiseKinds)[number]

/** 但书. What a promise leaves open. */
export const promiseExceptions = ['consent', 'law', 'restructuring', 'processor', 'affiliate', 'necessary-service', 'anonymised', 'other'] as const
/** One exception. */
export type PromiseException = (typeof promiseExceptions)[number]

/** Promises as they are stored beside their text and signed. */
export const foundPromisesSchema = z.array(z.strictObject({ kind: z.enum(promiseKinds), clause: z.int().min(1), exceptions: z.array(z.enum(promiseExceptions)), days: z.int().nullable() }))

/** A promise found in one clause of one version; the clause itself stays encrypted. */
export interface FoundPromise {
  kind: PromiseKind
  /** Number of the clause in the text, from 1. */
  clause: number
  exceptions: readonly PromiseException[]
  /** 保存期限 in days where the clause names one. */
  days: number | null
}

/** 消失的承诺. A promise that a version's record made before it was filed again, and how many persons it was made to and is no longer. */
export interface LostPromise {
  promise: FoundPromise
  persons: number
}

/** 隐私政策版本. One version, what it promises, and how many persons of the matter accepted it. */
export interface PrivacyVersionState {
  id: string
  from: Day
  until: Day | null
  promises: readonly FoundPromise[]
  /** Persons who accepted this version as far as the books know. */
  persons: number
  /** Promises that an earlier record of this version had for persons for whom this one has them no longer, unless somebody decided on that record. */
  lost: readonly LostPromise[]
  /** Somebody read what was found in this version and signed the fact `promises-reviewed`. */
  reviewed: boolean
  /** Somebody signed for it that a person read the whole text, whatever was decided; what no phrase finds may be promised all the same. */
  read: boolean
}

/** 承诺核对. The transferor's privacy notices against the plan (rule E15). */
export interface PromiseState {
  versions: readonly PrivacyVersionState[]
  /** Persons of whom no facet says which version they accepted; whatever stands in a version may have been promised to them. */
  personsWithoutVersion: number
  /** Somebody answers for it that whatever these persons accepted was checked (fact `promises-reviewed` for `unknown`). */
  unknownDecided: boolean
}

/** Everything of `MatterState` that the rules H–M add. */
export interface StandingState {
  requests: RequestState
  custody: CustodyState
  authorities: AuthorityState
  /** Opinions that still count on the legal today, and those that ended. */
  opinions: readonly OpinionState[]
  /** Null while no privacy notice is on file. */
  promises: PromiseState | null
}

/** A matter about which nothing of this is known. */
export const nothingStanding: StandingState = {
  requests: { open: [], refused: 0, refusedMinors: 0, copies: 0, correctedAfterLeaving: 0 },
  custody: { sets: 0, values: 0, until: null, endless: false },
  authorities: { open: 0, overdue: 0, earliestDue: null, auditOrders: { open: 0, overdue: 0, answered: 0 } },
  opinions: [],
  promises: null,
}
