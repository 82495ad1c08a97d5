// SPDX-License-Identifier: Apache-2.0
import { PREDICATE, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Instant } from '../../kit/time.ts'
import { isFactName, partyRoles, type FactKind, type FactName, type PartyRole } from '../../law/index.ts'

/** 由行为登记的事实. Facts that only an act of this program records: the command that does, and the event that has to name the fact and its report; a word alone counts for nothing (rules D01, M05). */
export const factsOfActs = {
  'pia-approved': { command: 'handover impact approve', event: 'ImpactApproved' },
  'compliance-audit-done': { command: 'handover audit print --conclude', event: 'AuditConcluded' },
} as const satisfies Partial<Record<FactName, { command: string; event: string }>>

/** A fact that only an act records. */
export type FactOfAct = keyof typeof factsOfActs

/** Whether only an act records facts of this name. */
export function isFactOfAct(name: string): name is FactOfAct {
  return Object.hasOwn(factsOfActs, name)
}

/** 证明文件的摘要. SHA-256 over salt and file, so that nobody can guess the document from its digest; whoever holds the file can show that it is the one. */
export interface Evidence {
  salt: string
  digest: string
  bytes: number
}

/** 事实记录. A fact that a person signed for a gate (CONTRACTS §17); a later one supersedes it and both stay. */
export interface FactRecord {
  id: string
  name: FactName
  value: JsonObject
  evidence: Evidence | null
  signedBy: string
  /** Role of the party for which the signer acts. */
  signerRole: PartyRole
  recordedAt: Instant
  /** SHA-256 of the signed bytes. */
  digest: Buffer
  replaces: string | null
  supersededBy: string | null
}

/** What the signed statement of a fact says. */
export const factPredicate = z.strictObject({
  fact: z.string().regex(/^fct_[0-9a-f]{32}$/),
  matter: z.string(),
  name: z.string().refine(isFactName),
  value: z.record(z.string(), z.json()),
  evidence: z.strictObject({ salt: z.string(), digest: z.string(), bytes: z.int() }).nullable(),
  signedBy: z.string(),
  signerRole: z.enum(partyRoles),
  recordedAt: z.iso.datetime(),
  replaces: z.string().nullable(),
})

/** Predicate type of fact statements. */
export const factPredicateType = PREDICATE.fact

/** What a fact is about, as a key: one valid fact a matter, or one for each data set, party, incident, version or year. */
export function factScope(name: FactName, value: JsonObject, per: FactKind['per']): string {
  const about = per === 'matter' ? undefined : value[per === 'data-set' ? 'dataSet' : per]
  return typeof about === 'string' || typeof about === 'number' ? `${name}/${about}` : name
}
