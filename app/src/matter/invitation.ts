// SPDX-License-Identifier: Apache-2.0
import { envelopeJson, envelopeText, ID_PREFIX, isJsonObject, parseEnvelope, parseVkey, ProofError, sha256, signStatement, toHex, unverifiedStatement, utf8, verifyEnvelope, type JsonValue } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { required } from '../kit/assert.ts'
import { instantOf } from '../kit/time.ts'
import { matterTypes, type PartyRole } from '../law/index.ts'
import { chooseMatter } from './current-matter.ts'
import { matterFailures } from './matter-failures.ts'
import { matterSettingsSchema } from './matter-settings.ts'
import { insertMatter, insertParty, loadMatter } from './matter.store.ts'
import { ownParty, refuseUnlessBookkeeper, type Matter } from './matter.ts'
import { readPartyFile, reasonOf, type SignedPartyFile } from './party-file.ts'
import { ownPartyFile } from './register-home.ts'
import { areWordsOf } from './spoken-words.rules.ts'

const invitationType = `${ID_PREFIX}attestation/invitation/v1`

const invitationSchema = z.strictObject({
  matter: z.string().regex(/^mat_[0-9a-f]{32}$/),
  code: z.string().min(1).max(60),
  type: z.enum(matterTypes),
  origin: z.string().min(1).max(200),
  /** Verifier key of the matter's log. */
  log: z.string(),
  openedAt: z.iso.datetime(),
  demo: z.boolean(),
  settings: matterSettingsSchema,
  /** Who invites, and the party files that were in the matter at the time. */
  from: z.string(),
  parties: z.array(z.json()),
})

/** 邀请. What a party needs to make its own view of the matter: id, code, type, log and parties, signed by the opener (CONTRACTS §11). */
export interface Invitation extends Omit<z.infer<typeof invitationSchema>, 'parties'> {
  parties: SignedPartyFile[]
  inviter: SignedPartyFile
}

/** The invitation to a matter as signed text; refuses a home that does not keep the books. */
export function writeInvitation(ctx: Context, matter: Matter, logVkey: string): string {
  refuseUnlessBookkeeper(matter)
  const parties: JsonValue[] = matter.parties.map((party) => envelopeJson(party.envelope))
  const predicate = {
    matter: matter.id, code: matter.code, type: matter.type, origin: matter.origin, log: logVkey, openedAt: matter.openedAt, demo: matter.isDemo,
    settings: { ...matter.settings }, from: ownParty(matter).id, parties,
  }
  const subject = [{ name: matter.id, digest: { sha256: toHex(sha256(utf8(matter.origin))) } }]
  return `${envelopeText(signStatement({ subject, predicateType: invitationType, predicate }, [ctx.signer.noteSigner]))}\n`
}

/** Reads an invitation that somebody gave us; refuses one that the party it names as inviter did not sign. */
export function readInvitation(source: string): Invitation {
  try {
    const envelope = parseEnvelope(source)
    // Everything here comes from outside: the inviter's key is taken from its own signed file, which the six words then confirm.
    const claimed = invitationSchema.parse(unverifiedStatement(envelope).predicate)
    const parties = claimed.parties.filter((each) => isJsonObject(each)).map((each) => readPartyFile(JSON.stringify(each)))
    const inviter = parties.find((party) => party.file.party === claimed.from)
    if (inviter === undefined) throw new ProofError('BAD_STATEMENT', 'the inviter is not among the parties')
    const { statement } = verifyEnvelope(envelope, [parseVkey(inviter.file.vkey)], 1)
    if (statement.predicateType !== invitationType) throw new ProofError('BAD_STATEMENT', 'not an invitation')
    parseVkey(claimed.log)
    return { ...invitationSchema.parse(statement.predicate), parties, inviter }
  } catch (error) {
    throw matterFailures.INVITATION_REFUSED({ why: reasonOf(error) }, { cause: error })
  }
}

/** How a home joins: the name it uses itself, its role, and the inviter's six words if they were read out. */
export interface Joining {
  name: string
  role: PartyRole
  words: string | undefined
}

/** 加入事项. This home's own view of a matter that another party opened; the same invitation again returns it. Books and log stay with the opener. */
export async function joinMatter(ctx: Context, invitation: Invitation, joining: Joining): Promise<{ matter: Matter; repeated: boolean }> {
  if (joining.words !== undefined && !areWordsOf(invitation.inviter.digest, joining.words)) throw matterFailures.WORDS_DIFFER()
  const known = await loadMatter(ctx.db, ctx.tenant, invitation.matter)
  if (known !== null) return { matter: known, repeated: true }
  if ((await loadMatter(ctx.db, ctx.tenant, invitation.code)) !== null) throw matterFailures.MATTER_EXISTS({ code: invitation.code })
  const own = await ownPartyFile(ctx, joining.role)
  const others = invitation.parties.filter((party) => party.file.party !== own.file.party)
  await ctx.vault.createMatterKeys(invitation.matter)
  await ctx.db.transaction(async (tx) => {
    const { matter: id, code, type, origin, settings, demo: isDemo } = invitation
    await insertMatter(tx, ctx.tenant, { id, code, type, origin, settings, isDemo, openedAt: instantOf(invitation.openedAt) })
    await insertParty(tx, ctx.tenant, id, { signed: own, confirmedAt: ctx.now() })
    for (const party of others) {
      const isHeard = joining.words !== undefined && party.file.party === invitation.from
      await insertParty(tx, ctx.tenant, id, { signed: party, confirmedAt: isHeard ? ctx.now() : null })
    }
    await ctx.vault.sealLabel(id, id, 'matter-name', joining.name, tx)
    await ctx.vault.sealLabel(id, id, 'log-vkey', invitation.log, tx)
  })
  const matter = required(await loadMatter(ctx.db, ctx.tenant, invitation.matter), 'the matter that was just written is there')
  chooseMatter(ctx, matter)
  return { matter, repeated: false }
}
