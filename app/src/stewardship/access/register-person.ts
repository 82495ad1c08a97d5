// SPDX-License-Identifier: Apache-2.0
import { NOTE_ED25519, parseVkey } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idBytes } from '../../kit/ids.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import type { Queryable } from '../../store/index.ts'
import { accessFailures } from './access-failures.ts'
import { endPersonRow, findPerson, insertPerson, loadPersons, lockPersons } from './access.store.ts'
import { approvalFor } from './approval-for.ts'
import { parametersDigest } from './approval.ts'
import { maySign, type Custody, type Person, type PersonRole } from './person.ts'
import { signingPersonOfHome } from './signing-person.ts'

/** A person to be registered; the name becomes an encrypted label. */
export interface NewPerson {
  name: string
  role: PersonRole
  vkey: string
  custody: Custody
  /** The party they act for; this home's own when left out. */
  partyId?: string
}

/**
 * 登记人员. Registers a person by their public key (CONTRACTS §§11, 18). The first two signers of this home's own party found it; from then on, and for everybody
 * of another party, a role is granted only with the approval `role-grant` of exactly this person and role: anybody can write a file of a party that does not exist. Refuses people of a party that is not in the matter or whose words were not
 * confirmed, and another registration under the same key; the same one again returns the first.
 */
export async function registerPerson(ctx: Context, matter: Matter, input: NewPerson): Promise<{ person: Person; repeated: boolean }> {
  const id = personIdOf(input.vkey)
  const party = matter.parties.find((each) => each.id === (input.partyId ?? ownParty(matter).id))
  if (party === undefined || party.confirmedAt === null) throw accessFailures.PERSON_PARTY({ party: party?.id ?? (input.partyId ?? '').slice(0, 40) })
  const partyId = party.id
  const person: Person = { id, partyId, role: input.role, vkey: input.vkey, custody: input.custody, registeredAt: ctx.now(), endedAt: null }
  return ctx.db.transaction(async (tx) => {
    await lockPersons(tx, ctx.tenant)
    const known = await findPerson(tx, ctx.tenant, id)
    if (known !== null) return { person: refuseOtherPerson(known, person), repeated: true }
    if (partyId !== ownParty(matter).id || (await mustBeGranted(tx, ctx.tenant, partyId))) await approvalFor(ctx, tx, { matterId: matter.id, act: 'role-grant', digest: parametersDigest(matter.id, 'role-grant', grantParameters(person)) })
    await insertPerson(tx, ctx.tenant, person)
    await ctx.vault.sealLabel(matter.id, id, 'person-name', input.name, tx)
    return { person, repeated: false }
  })
}

/** The parameters of the approval `role-grant` for a person. */
export function grantParameters(person: Pick<Person, 'id' | 'partyId' | 'role' | 'vkey'>): { person: string; party: string; role: string; vkey: string } {
  return { person: person.id, party: person.partyId, role: person.role, vkey: person.vkey }
}

/** Whether a further person of our own party needs the approval of two: it has had two signers. Those who left count, or ending two people would let anybody found the party anew. */
async function mustBeGranted(db: Queryable, tenant: string, partyId: string): Promise<boolean> {
  const founders = (await loadPersons(db, tenant)).filter((person) => person.partyId === partyId && maySign(person.role))
  return founders.length >= 2
}

/** Ends a person's rights at once, signed for by a person of this home's party or of their own (anybody else could take away who guards us); what they approved and nobody used yet no longer counts, facts that they signed stay. */
export async function endPerson(ctx: Context, { id, keyFile }: { id: string; keyFile: string }): Promise<Person> {
  await signingPersonOfHome(ctx, keyFile, (await findPerson(ctx.db, ctx.tenant, id))?.partyId)
  return ctx.db.transaction(async (tx) => {
    await lockPersons(tx, ctx.tenant)
    const person = await findPerson(tx, ctx.tenant, id)
    if (person === null) throw accessFailures.PERSON_MISSING({ person: id.slice(0, 60) })
    await endPersonRow(tx, ctx.tenant, person.id, ctx.now())
    return { ...person, endedAt: person.endedAt ?? ctx.now() }
  })
}

/** The id of a person is the name of their key, so that nobody can take over another's id. */
function personIdOf(vkey: string): string {
  try {
    const { name, type } = parseVkey(vkey)
    idBytes('per', name)
    if (type !== NOTE_ED25519) throw new RangeError('a key of another type')
    return name
  } catch (error) {
    throw accessFailures.PERSON_KEY_WRONG({ why: error instanceof Error ? error.name : 'BAD_KEY' }, { cause: error })
  }
}

function refuseOtherPerson(known: Person, given: Person): Person {
  const isSame = known.vkey === given.vkey && known.role === given.role && known.partyId === given.partyId && known.endedAt === null
  if (!isSame) throw accessFailures.PERSON_KNOWN({ person: known.id })
  return known
}
