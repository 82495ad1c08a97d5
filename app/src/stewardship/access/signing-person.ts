// SPDX-License-Identifier: Apache-2.0
import type { NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { PartyRole } from '../../law/index.ts'
import { loadPartyHome, ownParty, readSigningKey, type Matter } from '../../matter/index.ts'
import { accessFailures } from './access-failures.ts'
import { findPerson } from './access.store.ts'
import { maySign, type Person, type PersonRole } from './person.ts'

/** A registered person together with their key, ready to sign. */
export interface SigningPerson {
  person: Person
  signer: NoteSigner
}

/** Who may sign an act: the parties beside the home's own for whose people it is, and the roles; every signing role when none are named. */
export interface SignerRule {
  parties?: readonly PartyRole[]
  roles?: readonly PersonRole[]
}

/** 本方顾问. Who acts for the home's own party: its adviser, and the liquidation group that takes its place (CONTRACTS §11). */
export const ownSide: readonly PartyRole[] = ['advisor', 'liquidator']
/** 把关角色. Roles that answer for the law or for the data: who weakens or ends a duty is one of them. */
export const safeguardingRoles: readonly PersonRole[] = ['lead', 'legal', 'counsel', 'security']
/** 法律角色. Roles that answer for the law. */
export const lawRoles: readonly PersonRole[] = ['legal', 'counsel']

/**
 * The person whose key lies in this file, as far as they may sign an act of this matter for the home's own party. Refuses people of any other party than it, its adviser and its liquidation group
 * (SIGNER_OTHER_SIDE), roles that may not do this (ROLE_MAY_NOT_SIGN), unknown keys and people whose rights ended.
 */
export async function signingPersonOf(ctx: Context, matter: Matter, keyFile: string, rule: SignerRule = {}): Promise<SigningPerson> {
  const signing = await signingPerson(ctx, keyFile)
  refuseOtherSide(matter, signing.person, rule.parties)
  if (rule.roles !== undefined && !rule.roles.includes(signing.person.role)) throw accessFailures.ROLE_MAY_NOT_SIGN({ role: signing.person.role, act: rule.roles.join(', ') })
  return signing
}

/** The person whose key lies in this file, for an act of the whole home (its people, its halt); refuses people of other parties (SIGNER_OTHER_SIDE) and what `signingPerson` refuses. `orOf` = people of this party may too: theirs are theirs to end. */
export async function signingPersonOfHome(ctx: Context, keyFile: string, orOf?: string): Promise<SigningPerson> {
  const signing = await signingPerson(ctx, keyFile)
  const own = (await loadPartyHome(ctx.db, ctx.tenant))?.partyId
  if (signing.person.partyId !== own && signing.person.partyId !== orOf) throw accessFailures.SIGNER_OTHER_SIDE({ person: signing.person.id, role: '–' })
  return signing
}

/** The registered person whose key lies in this file, whichever party they act for; refuses unknown keys, people whose rights ended, and roles that do not sign. Acts of one side take `signingPersonOf`. */
export async function signingPerson(ctx: Context, keyFile: string): Promise<SigningPerson> {
  const signer = readSigningKey(keyFile)
  const person = await findPerson(ctx.db, ctx.tenant, signer.vkey.text)
  if (person === null) throw accessFailures.PERSON_UNKNOWN({ key: signer.vkey.name.slice(0, 40) })
  refuseUnfit(person)
  return { person, signer }
}

/** Refuses people whose rights ended and roles that only look. */
export function refuseUnfit(person: Person): void {
  if (person.endedAt !== null) throw accessFailures.PERSON_ENDED({ person: person.id })
  if (!maySign(person.role)) throw accessFailures.ROLE_MAY_NOT_SIGN({ role: person.role, act: 'lead, legal, counsel, security, finance, business, operator' })
}

/** A person of another side signs nothing for us: the transferee's counsel must not file an opinion that opens the transferor's gate. */
function refuseOtherSide(matter: Matter, person: Person, allowed: readonly PartyRole[] = ownSide): void {
  if (person.partyId === ownParty(matter).id) return
  const party = matter.parties.find(({ id }) => id === person.partyId)
  if (party === undefined || party.confirmedAt === null || !allowed.includes(party.role)) throw accessFailures.SIGNER_OTHER_SIDE({ person: person.id, role: party?.role ?? '–' })
}
