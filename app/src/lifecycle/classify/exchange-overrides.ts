// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, parseVkey, sha256, statementDigest, toHex, verifyEnvelope } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { whyRefused } from '../../kit/failure.ts'
import type { Instant } from '../../kit/time.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { loadPersons, signingPersonOf } from '../../stewardship/access/index.ts'
import { lockMatter, type DecisionFinder } from '../discover/index.ts'
import { gradingFailures } from './grading-failures.ts'
import { decisionFinder, overridePredicate, overridePredicateType, type OverrideSaid } from './grading-override.ts'
import { loadGradingOverrides, reasonsOfOverrides } from './grading-overrides.ts'
import { applyToBooks, recordOverride } from './regrade-field.ts'

const entrySchema = z.strictObject({ statement: z.string().max(20_000), vkey: z.string().max(400), reason: z.string().max(4000) })
const packSchema = z.strictObject({ format: z.literal('handover-grade-overrides/v1'), writtenAt: z.iso.datetime(), entries: z.array(entrySchema).max(10_000) })

/** 改判包. Decisions with their signatures and reasons; columns stand only as salted digests. The reasons are what people wrote: it is the party's own file. */
export type OverridePack = z.infer<typeof packSchema>

/** Writes all decisions of a matter as a pack that other homes and later matters can load. */
export async function exportOverrides(ctx: Context, matter: Matter): Promise<OverridePack> {
  const reasons = await reasonsOfOverrides(ctx, matter)
  const vkeyById = new Map((await loadPersons(ctx.db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  const overrides = await loadGradingOverrides(ctx, matter)
  return packSchema.parse({
    format: 'handover-grade-overrides/v1', writtenAt: ctx.now(),
    entries: overrides.map((one) => ({ statement: envelopeText(one.envelope), vkey: vkeyById.get(one.signedBy) ?? '', reason: reasons.get(one.id) ?? '' })),
  })
}

/** One decision of a pack whose signature and reason were checked. */
export interface PackedOverride {
  said: OverrideSaid
  vkey: string
  statement: string
  reason: string
}

/** The decisions of a pack; refuses a pack in which any signature or reason does not fit: it is taken whole or not at all. Who the signers are is for whoever loads it to judge. */
export function readOverridePack(text: string, file: string): PackedOverride[] {
  const pack = packSchema.safeParse(jsonOf(text))
  if (!pack.success) throw gradingFailures.GRADE_PACK({ file, why: whyRefused(pack.error.issues) })
  return pack.data.entries.map((entry, at) => {
    try {
      const envelope = parseEnvelope(entry.statement)
      const { statement } = verifyEnvelope(envelope, [parseVkey(entry.vkey)], 1)
      const said = overridePredicate.parse(statement.predicate)
      const isReason = said.reason.digest === toHex(sha256(Buffer.concat([Buffer.from(said.reason.salt, 'hex'), Buffer.from(entry.reason)])))
      if (statement.predicateType !== overridePredicateType || !isReason) throw new RangeError('not what was signed')
      return { said, vkey: entry.vkey, statement: statementDigest(envelope), reason: entry.reason }
    } catch (error) {
      throw gradingFailures.GRADE_PACK({ file, why: `第 ${at + 1} 条的签名或理由不符 / signature or reason of entry ${at + 1}` }, { cause: error })
    }
  })
}

/** What a pack says of a column, without a home: for scan reports. */
export function packDecisions(pack: readonly PackedOverride[]): DecisionFinder {
  return decisionFinder(pack.map(({ said }) => said), (at) => pack[at]?.said.override ?? '')
}

/** 采用改判包. A person takes the decisions of a pack over with their own signature; those that are in the matter already are passed over. */
export async function importOverrides(ctx: Context, matter: Matter, given: { text: string; file: string; keyFile: string }): Promise<{ adopted: number; repeated: number; at: Instant }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const pack = readOverridePack(given.text, given.file)
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile)
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, { tenant: ctx.tenant, matterId: matter.id })
    const known = new Set((await loadGradingOverrides(ctx, matter, tx)).flatMap((one) => [one.digest.toString('hex'), ...(one.adopted === null ? [] : [one.adopted.statement])]))
    const fresh = pack.filter(({ statement }) => !known.has(statement))
    for (const { said, vkey, statement, reason } of fresh) {
      const draft = { scope: said.scope, salt: said.salt, print: said.print, field: null, from: said.from, type: said.type, grade: said.grade, adopted: { override: said.override, vkey, statement } }
      await recordOverride(ctx, tx, matter, { draft, reason, person, signer, dataSet: null })
    }
    if (fresh.length > 0) await applyToBooks(ctx, tx, matter)
    return { adopted: fresh.length, repeated: pack.length - fresh.length, at: ctx.now() }
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
