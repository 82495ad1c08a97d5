// SPDX-License-Identifier: Apache-2.0
import type { NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import { readSigningKey } from '../../matter/index.ts'
import { accessFailures } from './access-failures.ts'
import { findPerson } from './access.store.ts'
import { maySign, type Person } from './person.ts'

/** A registered person together with their key, ready to sign. */
export interface SigningPerson {
  person: Person
  signer: NoteSigner
}

/** The person whose key lies in this file; refuses unknown keys, people whose rights ended, and roles that do not sign. */
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
  if (!maySign(person.role)) throw accessFailures.ROLE_MAY_NOT_SIGN({ role: person.role, act: 'sign' })
}
