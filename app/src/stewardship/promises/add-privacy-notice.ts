// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, sha256, signStatement, statementDigest, toHex, type JsonObject, type NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { holdsPersonalNumber } from '../../kit/personal-number.rules.ts'
import type { Day } from '../../kit/time.ts'
import { clausesOf, finderVersion, findPromises } from '../../law/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { safeguardingRoles, signingPersonOf } from '../access/index.ts'
import type { Tx } from '../../store/index.ts'
import { loadPrivacyNotices } from './load-privacy-notices.ts'
import { privacyPredicate, privacyPredicateType, type PrivacyNotice } from './privacy-notice.ts'
import { insertPrivacyRow, supersedePrivacyRow } from './privacy-notice.store.ts'
import { promisesFailures } from './promises-failures.ts'
import { readNoticeText, type NoticeText } from './read-notice-text.ts'

/** A version of the privacy notice to be filed. */
export interface NewPrivacyNotice {
  file: string
  version: string
  from: Day
  until: Day | null
  keyFile: string
}

/**
 * 登记隐私政策. Files one version of the transferor's privacy notice: the text is sealed, promises are found in it, a person signs which file was in force when (rule E15). The same file for the same days again gives the first
 * record; another file or other days for a version replace its record, and both stay. Refuses a file without text and days that do not fit.
 */
export async function addPrivacyNotice(ctx: Context, matter: Matter, given: NewPrivacyNotice): Promise<{ notice: PrivacyNotice; repeated: boolean; notRead: readonly string[] }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  refuseUnfit(given)
  const text = await readNoticeText(given.file)
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile, { roles: safeguardingRoles })
  const { notRead } = text
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const before = (await loadPrivacyNotices(ctx, matter, tx)).find((one) => one.supersededBy === null && one.version === given.version)
    const isSame = before !== undefined && before.document === text.sha256 && before.from === given.from && before.until === given.until && before.finder === finderVersion
    if (isSame) return { notice: before, repeated: true, notRead }
    return { notice: await record(ctx, tx, matter, { given, text, person: person.id, signer, replaces: before?.id ?? null }), repeated: false, notRead }
  })
}

function refuseUnfit({ version, from, until }: NewPrivacyNotice): void {
  if (!/^[\p{Script=Han}A-Za-z0-9.-]{1,20}$/u.test(version) || holdsPersonalNumber(version)) throw promisesFailures.PRIVACY_VERSION()
  if (until !== null && until < from) throw promisesFailures.PRIVACY_DAYS({ version, why: `${from} > ${until}` })
}

interface Recording {
  given: NewPrivacyNotice
  text: NoticeText
  person: string
  signer: NoteSigner
  replaces: string | null
}

async function record(ctx: Context, tx: Tx, matter: Matter, { given, text, person, signer, replaces }: Recording): Promise<PrivacyNotice> {
  const id = idText('pvn', ctx.ids.bytes('pvn'))
  const clauses = clausesOf(text.pieces)
  const promises = findPromises(clauses)
  const said = { version: given.version, from: given.from, until: given.until, document: text.sha256, bytes: text.bytes, clauses: clauses.length, promises, signedBy: person, at: ctx.now() }
  const predicate: JsonObject = privacyPredicate.parse({ ...said, notice: id, matter: matter.id, finder: finderVersion, replaces })
  const envelope = signStatement({ subject: [{ name: id, digest: { sha256: toHex(sha256(Buffer.from(canonicalJson(predicate)))) } }], predicateType: privacyPredicateType, predicate }, [signer])
  const digest = Buffer.from(statementDigest(envelope), 'hex')
  const textSealed = await ctx.vault.sealText(matter.id, `privacy-notice/${id}`, JSON.stringify(text.pieces))
  const notice: PrivacyNotice = { ...said, id, kind: text.kind, supersededBy: null }
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  await insertPrivacyRow(tx, scope, { ...notice, envelope, digest, finder: finderVersion, textSealed })
  if (replaces !== null) await supersedePrivacyRow(tx, scope, { id: replaces, by: id })
  const body = { notice: id, document: text.sha256, statement: toHex(digest), promises: promises.length, by: person, replaces }
  await ctx.ledger.append(tx, matter.id, { type: 'PrivacyNoticeFiled', body }, `privacy-notice/${id}`)
  return notice
}
