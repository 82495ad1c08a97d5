// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, parseVkey, sha256, verifyEnvelope } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { clausesOf, type Clause } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { loadPersons } from '../access/index.ts'
import type { Queryable } from '../../store/index.ts'
import { privacyPredicate, privacyPredicateType, type PrivacyNotice } from './privacy-notice.ts'
import { loadPrivacyRows, type PrivacyNoticeRow } from './privacy-notice.store.ts'
import { promisesFailures } from './promises-failures.ts'

/** All privacy notices of a matter, superseded records too, each compared with its signed statement; one that does not fit is refused. */
export async function loadPrivacyNotices(ctx: Context, matter: Pick<Matter, 'id'>, db: Queryable = ctx.db): Promise<(PrivacyNotice & { finder: number })[]> {
  const vkeyById = new Map((await loadPersons(db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  const rows = await loadPrivacyRows(db, { tenant: ctx.tenant, matterId: matter.id })
  return rows.map((row) => checked(row, matter.id, vkeyById.get(row.signedBy)))
}

const pieces = z.array(z.strictObject({ place: z.int(), text: z.string() }))

/** The clauses of a notice, opened; for showing them to the person who decides. */
export async function openClauses(ctx: Context, matter: Pick<Matter, 'id'>, noticeId: string): Promise<Clause[]> {
  const row = (await loadPrivacyRows(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).find((one) => one.id === noticeId)
  if (row === undefined) throw promisesFailures.PRIVACY_DAMAGED({ notice: noticeId })
  return clausesOf(pieces.parse(JSON.parse(await ctx.vault.openText(matter.id, `privacy-notice/${row.id}`, row.textSealed))))
}

function checked(row: PrivacyNoticeRow, matterId: string, vkey: string | undefined): PrivacyNotice & { finder: number } {
  const { envelope, digest, textSealed: _text, ...notice } = row
  try {
    if (vkey === undefined) throw new RangeError('unknown signer')
    const { statement, payload } = verifyEnvelope(envelope, [parseVkey(vkey)], 1)
    const said = privacyPredicate.parse(statement.predicate)
    const fromRow = { version: row.version, from: row.from, until: row.until, document: row.document, bytes: row.bytes, clauses: row.clauses, finder: row.finder, promises: row.promises.map((promise) => ({ ...promise, exceptions: [...promise.exceptions] })), signedBy: row.signedBy }
    const { notice: id, matter, replaces: _replaces, at: _at, ...signed } = said
    const fits = id === row.id && matter === matterId && statement.predicateType === privacyPredicateType && digest.equals(sha256(payload)) && canonicalJson(signed) === canonicalJson(fromRow)
    if (!fits) throw new RangeError('row and statement differ')
    return notice
  } catch (error) {
    throw promisesFailures.PRIVACY_DAMAGED({ notice: row.id }, { cause: error })
  }
}
