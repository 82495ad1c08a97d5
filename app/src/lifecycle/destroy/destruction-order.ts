// SPDX-License-Identifier: Apache-2.0
import type { DsseEnvelope } from '@handover/proof'
import { z } from 'zod'
import type { DatabaseLogin, ReadOptions } from '../../sources/index.ts'
import { noReceiptReasons } from '../discover/index.ts'

/** 销毁范围. The vault's copies of all records, or originals, by copy. */
export const destructionScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vault') }),
  z.strictObject({ kind: z.literal('originals'), copies: z.array(z.string()).min(1) }),
])
/** 销毁范围. See `destructionScopeSchema`. */
export type DestructionScope = z.infer<typeof destructionScopeSchema>

/** 销毁命令状态. `running` may have been interrupted; `pending-final` waits for the turn of keys. */
export const orderStatuses = ['requested', 'running', 'pending-final', 'final'] as const
export type OrderStatus = (typeof orderStatuses)[number]

const copyEnding = z.strictObject({ copy: z.string(), how: z.enum(['destroyed', 'sealed', 'kept']), until: z.string().nullable(), values: z.int() })
/** How a copy of an order ends when its certificate is final. */
export type CopyEndingPlan = z.infer<typeof copyEnding>

/** What an order says about itself; ids, counts and times only. Certificates are made from it. */
export const orderFactsSchema = z.strictObject({
  plan: z.string(),
  records: z.int(),
  /** Values that leave the copies of this scope. */
  values: z.int(),
  /** Values posted as destroyed by this order. */
  ended: z.int(),
  rewrites: z.int(),
  /** Records left alone because a value of theirs is not settled or is under a hold. */
  unsettled: z.int(),
  copies: z.array(copyEnding),
  /** Why receipts of these people are not possible, when the order was asked for without them, or a delta revised their records without. */
  withoutReceipts: z.enum(noReceiptReasons).nullable().default(null),
  /** Records whose people could have had a receipt before this order and have none, and records that a delta had revised before one was sealed; null in orders of before these were counted. */
  unreceipted: z.strictObject({ waived: z.int(), revised: z.int() }).nullable().default(null),
  requestedBy: z.string().nullable(),
  requestedAt: z.string(),
  approvedBy: z.array(z.string()),
  identitiesVerified: z.boolean(),
  /** The vault's records were written down for this order. */
  prepared: z.boolean(),
  destroyedAt: z.string().nullable(),
  /** Codes of what no program of ours reads in the rewritten files. */
  notRead: z.array(z.strictObject({ copy: z.string(), why: z.string() })),
  /** Copies that stayed as they are because no part of their file can be removed, with its kind. */
  refused: z.array(z.strictObject({ copy: z.string(), why: z.string() })).default([]),
  /** Where a deletion in a live database does not reach, by copy: logs, replicas, backups, freed pages. */
  beyond: z.array(z.strictObject({ copy: z.string(), why: z.string() })).default([]),
})
/** 销毁命令的事实. See `orderFactsSchema`. */
export type OrderFacts = z.infer<typeof orderFactsSchema>

/** 销毁命令. An order to destroy exactly this set of records in this scope. */
export interface DestructionOrder {
  id: string
  scope: DestructionScope
  recordSet: Buffer
  approvalRequest: string
  status: OrderStatus
  facts: OrderFacts
  intentSeq: number | null
  doneSeq: number | null
  certificate: DsseEnvelope | null
  finalCertificate: DsseEnvelope | null
}

/** Facts of an order before anything happened. */
export function newFacts(counted: Pick<OrderFacts, 'plan' | 'records' | 'values' | 'ended' | 'rewrites' | 'unsettled' | 'copies' | 'requestedAt' | 'withoutReceipts' | 'unreceipted'>): OrderFacts {
  return { ...counted, requestedBy: null, approvedBy: [], identitiesVerified: false, prepared: false, destroyedAt: null, notRead: [], refused: [], beyond: [] }
}

/** What the person at the keyboard allows beyond the approvals. */
export interface RunPermission {
  /** Files may be rewritten and deleted: the separate write credential of CONTRACTS §9. */
  allowWrite: boolean
  /** In an order that runs already: files of which no part can be removed stay as they are, and the certificate names them. */
  leaveRefused?: boolean
  /** Logins that may delete in the databases among the originals, given for this run alone. */
  writeAs?: readonly DatabaseLogin[]
  /** Tables are not written anew after the deletion (it locks them): the certificate says so. */
  keepPages?: boolean
  /** How the files were read at ingest, where it was not detected. */
  readAs?: ReadOptions
}

/** How long a reading for an order may take, on the legal clock. */
export const grantHours = 24
