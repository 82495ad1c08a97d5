// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, parseEnvelope, parseVkey, PREDICATE, ProofError, sha256, signStatement, statementDigest, toHex, utf8, verifyEnvelope, type DsseEnvelope, type JsonObject, type NoteSigner } from '@handover/proof'
import { z } from 'zod'
import type { Words } from '../../kit/failure.ts'
import { partiesOf, type Matter } from '../../matter/index.ts'
import { abandonFailures } from './abandon-failures.ts'

/** 终止原因. Why a deal failed, as fixed words: free ones name people. */
export const abandonReasons = ['terms-not-met', 'financing-failed', 'authority-refused', 'counterparty-withdrew', 'mutual', 'other'] as const
/** One reason. */
export type AbandonReason = (typeof abandonReasons)[number]

/** How the reasons are printed. */
export const abandonReasonWords = {
  'terms-not-met': { zh: '交割条件未成就', en: 'terms not met' }, 'financing-failed': { zh: '融资未成', en: 'financing failed' }, 'authority-refused': { zh: '主管机关未批准', en: 'an authority refused' },
  'counterparty-withdrew': { zh: '对方退出', en: 'the other side withdrew' }, mutual: { zh: '双方协商终止', en: 'ended by agreement' }, other: { zh: '其他', en: 'other' },
} as const satisfies Record<AbandonReason, Words>

const noticeSchema = z.strictObject({
  reason: z.enum(abandonReasons),
  to: z.string(),
  /** Packages that are void from now on, whether they arrived or not. */
  packages: z.array(z.string()),
  /** Lines of the sender's copies book that the recipient ends. */
  copies: z.array(z.strictObject({ copy: z.string(), values: z.int() })),
})
/** 终止通知. What a party is told when a matter is abandoned: what is void, and which copies it must destroy. */
export type AbandonNotice = z.infer<typeof noticeSchema>

const predicateSchema = z.looseObject({ fact: z.string(), matter: z.string(), name: z.literal('abandonment'), recordedAt: z.string(), value: noticeSchema })

/** Signs a notice; the same facts give the same bytes. */
export function signNotice(matter: Matter, signer: NoteSigner, said: { notice: AbandonNotice; at: string }): DsseEnvelope {
  const predicate: JsonObject = { fact: `${matter.id}/abandonment/${said.notice.to}`, matter: matter.id, name: 'abandonment', recordedAt: said.at, value: { ...said.notice, copies: said.notice.copies.map((copy) => ({ ...copy })) } }
  const subject = [{ name: matter.id, digest: { sha256: toHex(sha256(utf8(canonicalJson(predicate)))) } }]
  return signStatement({ subject, predicateType: PREDICATE.fact, predicate }, [signer])
}

/** A notice from the confirmed transferor of the matter to this party; refuses another signer, matter, recipient or form. */
export function readNotice(matter: Matter, ownId: string, text: string): { notice: AbandonNotice; digest: string; at: string } {
  try {
    const envelope = parseEnvelope(text)
    const sender = partiesOf(matter, 'transferor', 'liquidator').find((party) => !party.isSelf && party.confirmedAt !== null && isSignedBy(envelope, party.file.vkey))
    if (sender === undefined) throw abandonFailures.ABANDON_NOTICE_REFUSED({ why: 'signature' })
    const read = predicateSchema.safeParse(verifyEnvelope(envelope, [parseVkey(sender.file.vkey)], 1).statement.predicate)
    if (!read.success) throw abandonFailures.ABANDON_NOTICE_REFUSED({ why: 'form' })
    const { matter: about, value, recordedAt } = read.data
    if (about !== matter.id || value.to !== ownId) throw abandonFailures.ABANDON_NOTICE_REFUSED({ why: about === matter.id ? 'recipient' : 'matter' })
    return { notice: value, digest: statementDigest(envelope), at: recordedAt }
  } catch (error) {
    if (error instanceof ProofError) throw abandonFailures.ABANDON_NOTICE_REFUSED({ why: error.code }, { cause: error })
    throw error
  }
}

function isSignedBy(envelope: DsseEnvelope, vkey: string): boolean {
  try {
    return verifyEnvelope(envelope, [parseVkey(vkey)], 1).signedBy.length === 1
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}
