// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { canonicalJson, ID_PREFIX, isJsonObject, parseJsonStrict, parseVkey, sha256, signStatement, statementDigest, toHex, utf8, verifyEnvelope, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { idText } from '../../../kit/ids.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../../matter/index.ts'
import { loadPersons, signingPersonOf } from '../../../stewardship/access/index.ts'
import type { Queryable } from '../../../store/index.ts'
import type { Answer, Treatment } from './assess-risks.rules.ts'
import { impactFailures } from './impact-failures.ts'
import { insertAnswer, insertAssessment, loadAnswerRows, loadAssessment, type AnswerRow } from './impact.store.ts'
import { impactLevels, likelihoods } from './levels.rules.ts'
import { questionOf } from './questions.ts'
import { riskKinds } from './risk-kinds.rules.ts'

const answerPredicateType = `${ID_PREFIX}attestation/impact-answer/v1`
/** What the person signs: which item, and the digest of what was said; words and salt are sealed, so nobody can guess at the words. */
const answerPredicate = z.strictObject({ matter: z.string(), number: z.int(), item: z.string(), said: z.string(), signedBy: z.string(), at: z.iso.datetime() })

const answerShape = z.strictObject({ choice: z.string().nullable(), text: z.string().max(4000) })
const treatmentShape = z.strictObject({
  measure: z.string().min(1).max(4000), owner: z.string().min(1).max(200), due: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).nullable(), strength: z.enum(['strong', 'ordinary']),
  impact: z.enum(impactLevels).nullable(), likelihood: z.enum(likelihoods).nullable(),
})

/** What people have said so far: the newest answer to each question, the newest treatment of each risk, and by whom. */
export interface SaidSoFar {
  started: { id: string; by: string; at: string } | null
  answers: ReadonlyMap<string, Answer>
  treatments: ReadonlyMap<string, Treatment>
  /** How often anything was said; earlier words stay. */
  lines: number
  /** Who gave the answers and treatments that stand. */
  saidBy: ReadonlySet<string>
  /** Who gave those of them that judge: answers that weigh, and what is done about a risk. */
  judgedBy: ReadonlySet<string>
}

/** 开始评估. Starts the assessment of a matter, once; again gives the first. Refuses ended matters and parties that do not keep the books. */
export async function startImpact(ctx: Context, matter: Matter, keyFile: string): Promise<{ id: string; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const { person } = await signingPersonOf(ctx, matter, keyFile)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const before = await loadAssessment(tx, scope)
    if (before !== null) return { id: before.id, repeated: true }
    const id = idText('pia', ctx.ids.bytes('pia'))
    await insertAssessment(tx, scope, { id, startedBy: person.id, at: ctx.now() })
    await ctx.ledger.append(tx, matter.id, { type: 'ImpactStarted', body: { assessment: id, by: person.id } }, `impact/${id}`)
    return { id, repeated: false }
  })
}

/** 回答. Records an answer to a question, or what is done about a risk, signed by a person; a later one counts and both stay. Refuses unknown items, choices that do not exist and missing words. */
export async function answerImpact(ctx: Context, matter: Matter, given: { item: string; said: Answer | Treatment; keyFile: string }): Promise<{ number: number }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const said = checkedAnswer(given.item, given.said)
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const assessment = await loadAssessment(tx, scope)
    if (assessment === null) throw impactFailures.IMPACT_NOT_STARTED()
    const number = (await loadAnswerRows(tx, scope)).length + 1
    const at = ctx.now()
    const text = canonicalJson({ ...said, salt: randomBytes(32).toString('hex') })
    const predicate: JsonObject = { matter: matter.id, number, item: given.item, said: toHex(sha256(utf8(text))), signedBy: person.id, at }
    const envelope = signStatement({ subject: [{ name: `${assessment.id}/${number}`, digest: { sha256: toHex(sha256(utf8(canonicalJson(predicate)))) } }], predicateType: answerPredicateType, predicate }, [signer])
    const digest = statementDigest(envelope)
    await insertAnswer(tx, scope, { number, item: given.item, saidSealed: await ctx.vault.sealText(matter.id, `impact/${number}`, text), envelope, digest: Buffer.from(digest, 'hex'), signedBy: person.id, at })
    await ctx.ledger.append(tx, matter.id, { type: 'ImpactAnswered', body: { assessment: assessment.id, number, item: given.item, statement: digest, by: person.id } }, `impact/${assessment.id}/${number}`)
    return { number }
  })
}

function checkedAnswer(item: string, said: Answer | Treatment): JsonObject {
  const question = questionOf(item)
  if (question !== undefined) {
    const answer = answerShape.safeParse(said)
    if (!answer.success || answer.data.text.trim() === '') throw impactFailures.IMPACT_WORDS({ item, what: '--text' })
    const choices = Object.keys(question.choices)
    if (choices.length > 0 && (answer.data.choice === null || !choices.includes(answer.data.choice))) throw impactFailures.IMPACT_CHOICE({ item, choices: choices.join(' | ') })
    return { ...answer.data, choice: choices.length === 0 ? null : answer.data.choice }
  }
  if (!riskKinds.some(({ id }) => id === item)) throw impactFailures.IMPACT_ITEM({ item: item.slice(0, 40) })
  const treatment = treatmentShape.safeParse(said)
  if (!treatment.success) throw impactFailures.IMPACT_WORDS({ item, what: String(treatment.error.issues[0]?.path[0] ?? '') })
  return treatment.data
}

/** What was said so far, each line read from its signed bytes; one that does not fit its signature or its words is refused. */
export async function loadSaid(ctx: Context, matter: Pick<Matter, 'id'>, db: Queryable = ctx.db): Promise<SaidSoFar> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const assessment = await loadAssessment(db, scope)
  const vkeyById = new Map((await loadPersons(db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  const answers = new Map<string, Answer>()
  const treatments = new Map<string, Treatment>()
  const signerOf = new Map<string, string>()
  const rows = await loadAnswerRows(db, scope)
  for (const row of rows) {
    const text = await ctx.vault.openText(matter.id, `impact/${row.number}`, row.saidSealed).catch((error: unknown) => {
      throw impactFailures.IMPACT_DAMAGED({ number: row.number }, { cause: error }) // sealed for another line
    })
    const said = saidOfRow(row, { matterId: matter.id, vkey: vkeyById.get(row.signedBy), text })
    signerOf.set(row.item, row.signedBy)
    if (questionOf(row.item) === undefined) treatments.set(row.item, treatmentShape.parse(said))
    else answers.set(row.item, answerShape.parse(said))
  }
  return { started: assessment === null ? null : { id: assessment.id, by: assessment.startedBy, at: assessment.at }, answers, treatments, lines: rows.length, saidBy: new Set(signerOf.values()), judgedBy: new Set([...signerOf].flatMap(([item, by]) => (questionOf(item)?.judges === false ? [] : [by]))) }
}

function saidOfRow(row: AnswerRow, { matterId, vkey, text }: { matterId: string; vkey: string | undefined; text: string }): JsonObject {
  try {
    const { statement, payload } = verifyEnvelope(row.envelope, [parseVkey(vkey ?? '')], 1)
    const signed = answerPredicate.parse(statement.predicate)
    const isIts = signed.matter === matterId && signed.number === row.number && signed.item === row.item && signed.signedBy === row.signedBy && statement.predicateType === answerPredicateType
    const value = parseJsonStrict(text)
    if (!isIts || !row.digest.equals(sha256(payload)) || signed.said !== toHex(sha256(utf8(text))) || !isJsonObject(value)) throw new RangeError('row, words and statement differ')
    const { salt: _salt, ...said } = value
    return said
  } catch (error) {
    throw impactFailures.IMPACT_DAMAGED({ number: row.number }, { cause: error })
  }
}
