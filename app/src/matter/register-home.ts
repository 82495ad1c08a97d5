// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import { createHome, openHome, type Home } from '../home.ts'
import { idText, randomIds, seededIds } from '../kit/ids.ts'
import type { PartyRole } from '../law/index.ts'
import { matterFailures } from './matter-failures.ts'
import { insertPartyHome, loadPartyHome } from './matter.store.ts'
import { partyDetails, readPartyFile, signPartyFile, type PartyDetails, type SignedPartyFile } from './party-file.ts'
import { createPartyKeys, hasPartyKeys } from './party-keys.ts'
import { envelopeText } from '@handover/proof'

/** Makes a party's home with its keys, or completes and returns the one that is there; refuses another demo seed. */
export async function prepareHome(path: string, given: { company: string | undefined; demoSeed: string | undefined }): Promise<Home> {
  const demo = given.demoSeed === undefined ? null : { seed: given.demoSeed }
  const isNew = !existsSync(join(path, 'home.json'))
  const home = isNew ? createHome(path, { version: 1, tenant: randomUUID(), demo, currentMatter: null }) : openHome(path)
  if (demo !== null && home.settings.demo?.seed !== demo.seed) throw matterFailures.PARTY_DETAILS_DIFFER()
  if (hasPartyKeys(home)) return home
  const ids = home.settings.demo === null ? randomIds : seededIds(home.settings.demo.seed)
  await createPartyKeys(home, idText('pty', ids.bytes('pty', given.company ?? '')))
  return home
}

/** Notes whose home this is and signs the party file; later calls return it, and refuse other details. */
export async function registerParty(ctx: Context, given: Partial<PartyDetails>, role: PartyRole | undefined): Promise<SignedPartyFile> {
  const known = await loadPartyHome(ctx.db, ctx.tenant)
  if (known !== null) {
    const signed = readPartyFile(envelopeText(known.envelope))
    const differs = (['name', 'creditCode', 'contact'] as const).some((key) => given[key] !== undefined && given[key] !== signed.file[key])
    if (differs || signed.file.party !== ctx.signer.vkey.name) throw matterFailures.PARTY_DETAILS_DIFFER()
    return signed
  }
  if (role === undefined) throw matterFailures.PARTY_DETAILS({ what: '--role' })
  const details = partyDetails({ name: given.name, creditCode: given.creditCode, contact: given.contact })
  const signed = signPartyFile(ctx.signer, details, role)
  await ctx.db.transaction((tx) => insertPartyHome(tx, ctx.tenant, signed))
  return signed
}

/** This home's party file for a role of its own in a matter. */
export async function ownPartyFile(ctx: Context, role?: PartyRole): Promise<SignedPartyFile> {
  const known = await loadPartyHome(ctx.db, ctx.tenant)
  if (known === null) throw matterFailures.PARTY_DETAILS({ what: 'handover init' })
  const { file } = readPartyFile(envelopeText(known.envelope))
  return signPartyFile(ctx.signer, { name: file.name, creditCode: file.creditCode, contact: file.contact }, role ?? file.role)
}
