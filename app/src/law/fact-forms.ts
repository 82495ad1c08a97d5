// SPDX-License-Identifier: Apache-2.0
// The pieces that fact kinds are made of. Facts stand in clear in the database: days, digests, numbers, ids and words of a fixed list only; anything else belongs into the evidence file.
import { z } from 'zod'
import type { Words } from '../kit/failure.ts'
import { holdsPersonalNumber } from '../kit/personal-number.rules.ts'
import { dayOf, instantOf, type Day, type Instant } from '../kit/time.ts'
import type { PartyRole } from './nouns.ts'

/** What a fact record is: its labels, the form of its value, whether a document must lie behind it, who may sign it, and which rules it feeds. */
export interface FactKind extends Words {
  value: z.ZodType
  evidence: 'required' | 'optional'
  /** Role of the party whose registered person may sign. */
  signers: readonly PartyRole[]
  /** One valid fact a matter, one for each data set, one for each party, incident, version, year or rule it is about. */
  per: 'matter' | 'data-set' | 'party' | 'incident' | 'version' | 'year' | 'rule'
  rules: readonly string[]
}

/** A calendar day in a fact. */
export const day = z.string().transform((text, context): Day => {
  try {
    return dayOf(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'not a calendar day (YYYY-MM-DD)' })
    return z.NEVER
  }
})
/** A moment with its offset, for clocks that run in hours. */
export const moment = z.iso.datetime({ offset: true }).transform((text): Instant => instantOf(text))
/** Whether words may stand in clear: they hold no mobile or identity number. */
export const isNobodys = (text: string): boolean => !holdsPersonalNumber(text)
/** 事件编号. A party's own number of an incident; a mobile or identity number is refused. */
export const incidentNumber = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,19}$/, 'not an incident number (capitals, digits, hyphens)').refine(isNobodys, 'looks like a personal number')
/** The data set a fact is about. */
export const dataSet = z.string().regex(/^ds_[0-9a-f]{32}$/, 'not a data set id')
/** The party a fact is about. */
export const party = z.string().regex(/^pty_[0-9a-f]{32}$/, 'not a party id')
/** A document by its digest. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in hex')
/** How many. */
export const count = z.int().min(0)
/** Something that must be so for the fact to be signed at all. */
export const affirmed = z.literal(true)

/** Number of an official document; a bare mobile or identity number is refused. */
export const documentNumber = z
  .string()
  .regex(/^[\p{Script=Han}A-Za-z0-9〔〕[\]（）()\-_/.]{3,60}$/u, 'not a document number')
  .refine(isNobodys, 'looks like a personal number')

/** Who signs for the side that gives. */
export const seller: readonly PartyRole[] = ['transferor', 'liquidator']
/** Who signs for the side that gives, or its advisor. */
export const sellerOrAdvisor: readonly PartyRole[] = ['transferor', 'liquidator', 'advisor']
/** A fact of the matter with a document behind it. */
export const matterFact = { evidence: 'required', signers: seller, per: 'matter' } as const
/** A fact of the matter that may stand without a document. */
export const bareFact = { evidence: 'optional', signers: seller, per: 'matter' } as const
