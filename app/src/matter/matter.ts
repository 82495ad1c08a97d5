// SPDX-License-Identifier: Apache-2.0
import type { DsseEnvelope } from '@handover/proof'
import type { Instant } from '../kit/time.ts'
import type { MatterType, PartyRole } from '../law/index.ts'
import { matterFailures } from './matter-failures.ts'
import type { MatterSettings } from './matter-settings.ts'
import type { PartyFile } from './party-file.ts'

/** 当事方. A party of a matter with its signed file; `confirmedAt` is when its six words were compared (CONTRACTS §11). */
export interface Party {
  id: string
  role: PartyRole
  file: PartyFile
  /** SHA-256 of the signed bytes of its file. */
  digest: Buffer
  envelope: DsseEnvelope
  confirmedAt: Instant | null
  /** This home's own party. */
  isSelf: boolean
}

/** 事项状态. */
export const matterStatuses = ['open', 'closed', 'abandoned'] as const
export type MatterStatus = (typeof matterStatuses)[number]

/** 事项. One transfer or liquidation: its type, settings, parties and the name of its log. */
export interface Matter {
  id: string
  code: string
  type: MatterType
  /** Name of the matter's log: random, tells nothing (CONTRACTS §6). */
  origin: string
  openedAt: Instant
  settings: MatterSettings
  parties: readonly Party[]
  isDemo: boolean
  status: MatterStatus
  /** Whether this home opened the matter and keeps its books and log; the other parties joined by invitation. */
  keepsBooks: boolean
}

/** This home's own party in the matter. */
export function ownParty(matter: Matter): Party {
  const own = matter.parties.find((party) => party.isSelf)
  if (own === undefined) throw new Error('assertion failed: a matter has its own party')
  return own
}

/** The parties of these roles, in the order in which they came. */
export function partiesOf(matter: Matter, ...roles: readonly PartyRole[]): Party[] {
  return matter.parties.filter((party) => roles.includes(party.role))
}

/** Refuses a matter that has ended. */
export function refuseEnded(matter: Matter): void {
  if (matter.status !== 'open') throw matterFailures.MATTER_NOT_OPEN({ code: matter.code, status: matter.status })
}

/** Refuses a home that joined the matter: books and log are kept by the party that opened it. */
export function refuseUnlessBookkeeper(matter: Matter): void {
  if (!matter.keepsBooks) throw matterFailures.NOT_THE_OPENER({ code: matter.code })
}
