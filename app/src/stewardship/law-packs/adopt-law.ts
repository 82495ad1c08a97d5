// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { builtInLaw, compareLaws, reviewSubjects, type LawBook, type LawChange, type LawDifference } from '../../law/index.ts'
import { checkLawPack, insertLawAdoption, lawOf, lawPackBound, lockMatter, newestLawAdoption, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { approvalFor, parametersDigest, requestApproval, safeguardingRoles, signingPersonOf, type Person } from '../access/index.ts'
import { lawPackFailures } from './law-pack-failures.ts'

/** What somebody wants a matter to use: a pack, or null for the shipped law; the ids that may vanish, and who asks. */
export interface LawWish {
  text: string | null
  keyFile: string
  remove: readonly string[]
}

/** What became of it: adopted, already so, or asked for because it loosens. */
export interface AdoptedLaw {
  difference: LawDifference
  adoption: string | null
  asked: string | null
  repeated: boolean
}

/** What is to be adopted, checked. */
interface Candidate {
  law: LawBook
  text: string | null
  pack: string | null
  signedByParty: string | null
}

/**
 * 采用法规包. Lets a matter use another law (rule M12; CONTRACTS §§17, 18). Refuses a pack that nobody we trust signed (LAW_PACK_REFUSED) and one in which ids vanish that were not named
 * (LAW_IDS_VANISH). What loosens is only asked for (`asked`) until another person approved exactly this change; the approval is used in the same transaction. The same law again changes nothing.
 */
export async function adoptLaw(ctx: Context, matter: Matter, wish: LawWish): Promise<AdoptedLaw> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const candidate = candidateOf(matter, wish.text)
  const { person } = await signingPersonOf(ctx, matter, wish.keyFile, { roles: safeguardingRoles })
  const before = await lawBefore(ctx, matter)
  const difference = differenceFrom(before, candidate.law)
  if (before.law.version === candidate.law.version) return { difference, adoption: null, asked: null, repeated: true }
  refuseVanished(difference, wish.remove)
  try {
    return { difference, adoption: await adopt(ctx, matter, { candidate, person, before }), asked: null, repeated: false }
  } catch (error) {
    if (difference.loosened.length === 0 || !isUnasked(error)) throw error
    const { request } = await requestApproval(ctx, matter, { act: 'weaken-safeguard', parameters: parametersOf(difference), keyFile: wish.keyFile })
    return { difference, adoption: null, asked: request.id, repeated: false }
  }
}

/** The law that a wish is about: what is shipped, or a pack whose signature and files were checked. */
export function candidateOf(matter: Matter, text: string | null): Candidate {
  if (text === null) return { law: builtInLaw, text: null, pack: null, signedByParty: null }
  const checked = checkLawPack(matter, text)
  return { law: checked.law, text, pack: checked.digest, signedByParty: checked.signedBy.id }
}

async function adopt(ctx: Context, matter: Matter, { candidate, person, before }: { candidate: Candidate; person: Person; before: LawBefore }): Promise<string> {
  const id = idText('law', ctx.ids.bytes('law'))
  const sealed = candidate.text === null ? null : await ctx.vault.sealText(matter.id, lawPackBound(id), candidate.text)
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    // Somebody else may have adopted another law since; the difference that was shown and approved is the one that counts.
    const now = await lawBefore(ctx, matter, tx)
    if (now.law.version !== before.law.version) throw lawPackFailures.LAW_CHANGED_MEANWHILE()
    const difference = differenceFrom(now, candidate.law)
    const approval = difference.loosened.length === 0 ? null : await permit(ctx, tx, matter, parametersOf(difference))
    const { pack, signedByParty } = candidate
    await insertLawAdoption(tx, ctx.tenant, { matterId: matter.id, id, version: candidate.law.version, pack, signedByParty, sealed, loosened: difference.loosened.length, adoptedBy: person.id, approval, at: ctx.now() })
    const review = reviewSubjects.filter((subject) => difference.affected[subject].length > 0)
    const body = { adoption: id, from: now.law.version, to: candidate.law.version, pack, signedBy: signedByParty, articles: difference.articles.length, loosened: difference.loosened.length, vanished: difference.vanished.length, review, by: person.id, approval }
    await ctx.ledger.append(tx, matter.id, { type: 'LawAdopted', body }, `law/${id}`)
    return id
  })
}

/** The law in use; where this program can no longer read the pack, the shipped law stands in for comparing, under the pack's version. */
interface LawBefore {
  law: LawBook
  isReadable: boolean
}

async function lawBefore(ctx: Context, matter: Matter, tx?: Tx): Promise<LawBefore> {
  try {
    return { law: await lawOf(ctx, matter, tx), isReadable: true }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'LAW_PACK_OUTDATED')) throw error
    const { row } = await newestLawAdoption(tx ?? ctx.db, ctx.tenant, matter.id)
    return { law: { ...builtInLaw, version: row?.version ?? builtInLaw.version }, isReadable: false }
  }
}

/** Nobody can say what a pack that cannot be read protected, so leaving it takes two people. */
function differenceFrom(before: LawBefore, after: LawBook): LawDifference {
  const difference = compareLaws(before.law, after)
  if (before.isReadable) return difference
  const unread: LawChange = { file: 'rules', id: 'unreadable-pack', kind: 'changed', fields: [], loosens: [{ zh: '原法规包读不出来,无法比较', en: 'the former pack cannot be read, nothing can be compared' }] }
  return { ...difference, changes: [unread, ...difference.changes], loosened: [unread, ...difference.loosened] }
}

function refuseVanished(difference: LawDifference, named: readonly string[]): void {
  const silent = difference.vanished.filter((id) => !named.includes(id))
  if (silent.length > 0) throw lawPackFailures.LAW_IDS_VANISH({ n: silent.length, ids: silent.slice(0, 20).join(', ') })
}

/** What two people approve: exactly from this law to that one. */
function parametersOf({ from, to, loosened }: LawDifference): JsonObject {
  return { law: to, from, loosened: loosened.map(({ file, id }) => `${file}/${id}`) }
}

async function permit(ctx: Context, tx: Tx, matter: Matter, parameters: JsonObject): Promise<string> {
  return (await approvalFor(ctx, tx, { matterId: matter.id, act: 'weaken-safeguard', digest: parametersDigest(matter.id, 'weaken-safeguard', parameters) })).requestId
}

const unasked: readonly unknown[] = ['APPROVAL_MISSING', 'APPROVAL_VOID', 'APPROVAL_USED']

function isUnasked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && unasked.includes(error.code)
}
