// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, parseVkey, PREDICATE, readErasureCertificate, sha256, canonicalJson, signStatement, statementDigest, toHex, utf8, verifyEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { Copy } from '../../ledger/index.ts'
import { ownParty, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { ownSide, signingPersonOf } from '../../stewardship/access/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { insertCopyStatement } from './copy-statement.store.ts'

/** Why somebody states the end of a copy that no program of ours can see; fixed words, because free ones name people. */
export const attestReasons = ['wiped-device', 'shredded-paper', 'returned', 'expired', 'destroyed-elsewhere'] as const
/** Why a copy cannot be reached by anybody; printed on the certificate (CONTRACTS §9). */
export const outOfReachReasons = ['holder-refuses', 'holder-gone', 'medium-lost', 'place-unknown', 'third-party-platform'] as const
/** Why a copy lawfully stays where it is. */
export const keepReasons = ['own-customer', 'legal-duty', 'accounting-archive', 'contract-in-force'] as const
type CopyReason = (typeof attestReasons)[number] | (typeof outOfReachReasons)[number] | (typeof keepReasons)[number]

/** How a copy is to end: by a proof that its holder signed, or by the word of a named person. */
export type CopyEndWish =
  | { copy: string; how: 'destroyed'; proof: string }
  | { copy: string; how: 'attested' | 'out-of-reach' | 'kept'; reason: CopyReason; keyFile: string }

/**
 * 了结副本. Ends a line of the copies book that no executor of ours reaches (CONTRACTS §§4, 9): with the other party's signed certificate, or with a statement that a named person signs and that every later
 * certificate prints. Refuses originals and the vault in our own hands, which end by a destruction order, unless nobody can reach them.
 */
export async function endCopyByProof(ctx: Context, matter: Matter, wish: CopyEndWish): Promise<{ copy: string; how: string; proof: string; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const copy = (await ctx.ledger.copies(matter.id)).find((one) => one.id === wish.copy)
  // Backups and logs of a source database are out of our programs' sight: a named person says how they ended.
  const isOurs = copy !== undefined && copy.holder === ownParty(matter).id && ['vault', 'original', 'backup'].includes(copy.kind) && !(copy.kind === 'backup' && copy.sourceId !== null)
  if (isOurs && (wish.how === 'destroyed' || wish.how === 'attested')) throw destroyFailures.COPY_NEEDS_ORDER({ copy: wish.copy })
  const signed = wish.how === 'destroyed' ? readProof(matter, copy, wish) : await signWord(ctx, matter, { ...wish, holder: copy?.holder })
  const digest = statementDigest(signed.envelope)
  const appended = await ctx.db.transaction(async (tx) => {
    const ended = await ctx.ledger.endCopy(tx, matter.id, { copy: wish.copy, how: wish.how, proof: digest, until: null, details: { by: signed.by, ...(wish.how === 'destroyed' ? {} : { reason: wish.reason }) } }, `copy/${wish.copy}/ended`)
    if (!ended.repeated) await insertCopyStatement(tx, { tenant: ctx.tenant, matterId: matter.id }, { copy: wish.copy, digest: Buffer.from(digest, 'hex'), envelope: envelopeText(signed.envelope), by: signed.by, at: ctx.now() })
    return ended
  })
  return { copy: wish.copy, how: wish.how, proof: digest, repeated: appended.repeated }
}

/** The holder's own certificate that names this copy; refuses another signer, another copy, and one that is not final. */
function readProof(matter: Matter, copy: Copy | undefined, wish: { copy: string; proof: string }): { envelope: DsseEnvelope; by: string } {
  const holder = matter.parties.find((party) => party.id === copy?.holder)
  if (holder === undefined) throw destroyFailures.COPY_PROOF_REFUSED({ copy: wish.copy.slice(0, 60), why: '持有方不是本事项的当事方 / its holder is no party' })
  try {
    const envelope = parseEnvelope(wish.proof)
    const certificate = readErasureCertificate(verifyEnvelope(envelope, [parseVkey(holder.file.vkey)], 1).statement)
    if (!certificate.target.copies.includes(wish.copy)) throw destroyFailures.COPY_PROOF_REFUSED({ copy: wish.copy, why: '它说的是别的副本 / it speaks of other copies' })
    if (certificate.status !== 'final') throw destroyFailures.COPY_PROOF_REFUSED({ copy: wish.copy, why: '它还是待定的 / it is still pending' })
    return { envelope, by: holder.id }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'COPY_PROOF_REFUSED') throw error
    throw destroyFailures.COPY_PROOF_REFUSED({ copy: wish.copy, why: '不是持有方签名的销毁证明 / not a certificate signed by its holder' }, { cause: error })
  }
}

async function signWord(ctx: Context, matter: Matter, wish: { copy: string; how: string; reason: string; keyFile: string; holder: string | undefined }): Promise<{ envelope: DsseEnvelope; by: string }> {
  // Whoever holds a copy may say how it ended; another side may not.
  const holder = matter.parties.find(({ id }) => id === wish.holder)
  const { person, signer } = await signingPersonOf(ctx, matter, wish.keyFile, { parties: holder === undefined ? ownSide : [...ownSide, holder.role] })
  const predicate = { fact: wish.copy, matter: matter.id, name: 'copy-end', recordedAt: ctx.now(), value: { how: wish.how, reason: wish.reason }, by: person.id }
  const subject = [{ name: wish.copy, digest: { sha256: toHex(sha256(utf8(canonicalJson(predicate)))) } }]
  return { envelope: signStatement({ subject, predicateType: PREDICATE.fact, predicate }, [signer]), by: person.id }
}
