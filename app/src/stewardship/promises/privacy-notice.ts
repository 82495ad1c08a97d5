// SPDX-License-Identifier: Apache-2.0
import { ID_PREFIX } from '@handover/proof'
import { z } from 'zod'
import type { Day, Instant } from '../../kit/time.ts'
import { foundPromisesSchema, type FoundPromise, type PromiseException, type PromiseKind } from '../../law/index.ts'
import type { Words } from '../../kit/failure.ts'

/** 隐私政策. One version of the transferor's published privacy notice, as its row says; the text lies sealed beside it. */
export interface PrivacyNotice {
  id: string
  version: string
  from: Day
  /** Last day in force; null = still in use. */
  until: Day | null
  /** What the file was read as. */
  kind: string
  /** SHA-256 of the file, in hex. */
  document: string
  bytes: number
  clauses: number
  promises: readonly FoundPromise[]
  signedBy: string
  at: Instant
  /** A later record of the same version took its place. */
  supersededBy: string | null
}

/** What the person signs: which file was in force when, and what was found in it. */
export const privacyPredicate = z.strictObject({
  notice: z.string().regex(/^pvn_[0-9a-f]{32}$/), matter: z.string(), version: z.string(), from: z.string(), until: z.string().nullable(), document: z.string(), bytes: z.int(), clauses: z.int(),
  finder: z.int(), promises: foundPromisesSchema, replaces: z.string().nullable(), signedBy: z.string(), at: z.iso.datetime(),
})

/** Predicate type of such statements. */
export const privacyPredicateType = `${ID_PREFIX}attestation/privacy-notice/v1`

/** Promises in words of both languages. */
export const promiseWords = {
  'no-third-party': { zh: '不向第三方提供、共享、转让', en: 'not given to third parties' },
  'no-sale': { zh: '不出售、不出租', en: 'not sold' },
  'purpose-only': { zh: '仅用于所述目的', en: 'used for the stated purposes only' },
  'no-export': { zh: '不出境、存储于境内', en: 'not taken abroad' },
  'delete-on-closure': { zh: '注销或停止服务后删除', en: 'deleted when the account is closed' },
  'retention-limit': { zh: '保存期限', en: 'kept for a limited time' },
  'separate-consent': { zh: '提供前另行征得同意', en: 'given only with separate consent' },
  'tell-before-transfer': { zh: '转移前告知', en: 'told before a transfer' },
  'successor-bound': { zh: '接收方继续受约束', en: 'a successor stays bound' },
} as const satisfies Record<PromiseKind, Words>

/** Exceptions in words of both languages. */
export const exceptionWords = {
  consent: { zh: '经同意', en: 'with consent' }, law: { zh: '法律规定', en: 'where the law says so' }, restructuring: { zh: '合并、分立、收购、破产', en: 'merger, split, acquisition, insolvency' }, processor: { zh: '受托人、服务商', en: 'processors' },
  affiliate: { zh: '关联公司', en: 'affiliates' }, 'necessary-service': { zh: '提供服务所必需', en: 'needed for the service' }, anonymised: { zh: '匿名化', en: 'anonymised' }, other: { zh: '其他', en: 'other' },
} as const satisfies Record<PromiseException, Words>
