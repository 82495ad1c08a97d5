// SPDX-License-Identifier: Apache-2.0
import { toHex } from '@handover/proof'
import type { Context } from '../context.ts'
import { required } from '../kit/assert.ts'
import { matterFailures } from './matter-failures.ts'
import { confirmParty, insertParty, loadMatter, lockMatter } from './matter.store.ts'
import { refuseEnded, type Matter, type Party } from './matter.ts'
import { readPartyFile } from './party-file.ts'
import { areWordsOf } from './spoken-words.rules.ts'

/**
 * 登记当事方. Adds a party from its signed file, or confirms one by the six words that were read out on the telephone (CONTRACTS §11).
 * Refuses words that do not fit, and another file or key under the id of a known party.
 */
export async function importParty(ctx: Context, matter: Matter, source: string, heard: { words: string | undefined }): Promise<{ party: Party; repeated: boolean }> {
  refuseEnded(matter)
  const signed = readPartyFile(source)
  if (heard.words !== undefined && !areWordsOf(signed.digest, heard.words)) throw matterFailures.WORDS_DIFFER()
  const isConfirmed = heard.words !== undefined
  const repeated = await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const known = required(await loadMatter(tx, ctx.tenant, matter.id), 'the matter is there').parties.find((party) => party.id === signed.file.party)
    if (known !== undefined && !known.digest.equals(signed.digest)) throw matterFailures.PARTY_CHANGED()
    if (known === undefined) await insertParty(tx, ctx.tenant, matter.id, { signed, confirmedAt: isConfirmed ? ctx.now() : null })
    else if (isConfirmed) await confirmParty(tx, ctx.tenant, { matterId: matter.id, id: known.id, at: ctx.now() })
    if (known !== undefined && (!isConfirmed || known.confirmedAt !== null)) return true
    if (matter.keepsBooks) {
      const body = { role: signed.file.role, party: signed.file.party, digest: toHex(signed.digest), wordsConfirmed: isConfirmed }
      await ctx.ledger.append(tx, matter.id, { type: 'PartyJoined', body }, `party/${signed.file.party}/${isConfirmed ? 'confirmed' : 'joined'}`)
    }
    return false
  })
  const after = required(await loadMatter(ctx.db, ctx.tenant, matter.id), 'the matter is there')
  return { party: required(after.parties.find((party) => party.id === signed.file.party), 'the party was written'), repeated }
}
