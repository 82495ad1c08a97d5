// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from 'node:crypto'
import { canonicalJson, sha256, signStatement, statementDigest, toHex, type JsonObject, type NoteSigner } from '@handover/proof'
import type { Context } from '../../context.ts'
import { gradeType, type FieldGrade, type InformationType } from '../../detection/index.ts'
import { idText } from '../../kit/ids.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { signingPersonOf, type Person } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { lockMatter, type Scope } from '../discover/index.ts'
import { classifyFailures } from './classify-failures.ts'
import { gradingFailures } from './grading-failures.ts'
import { columnPrint, decisionFinder, overridePredicate, overridePredicateType, type GradingOverride, type OverrideSaid, type OverrideScope } from './grading-override.ts'
import { insertOverrideRow, updateDecided } from './grading-override.store.ts'
import { loadGradingOverrides } from './grading-overrides.ts'
import type { NamedDataSet } from './match-treatment.rules.ts'
import { namedDataSets } from './treat-data-sets.ts'

/** What a person decides on a column of the books. */
export interface FieldDecisionInput {
  /** Number in the inventory, name, or `file!sheet`. */
  dataSet: string
  /** Title, or `#number`. */
  column: string
  type: InformationType | null
  grade: FieldGrade | null
  /** Back to what detection says. */
  asDetected: boolean
  scope: OverrideScope
  reason: string
  keyFile: string
}

/** A column of the books with its place. */
export interface NamedColumn {
  set: NamedDataSet
  field: NamedDataSet['fields'][number]
}

/**
 * 字段改判. Records a person's decision on what a field is and how sensitive: signed, with its reason, kept for later scans of the same source (PRODUCT §6 row 2). It counts at once in plans and gates; values that are
 * sealed already stay in their compartment. Refuses unknown columns and decisions that say nothing; the same decision by the same person again returns the first.
 */
export async function regradeField(ctx: Context, matter: Matter, input: FieldDecisionInput): Promise<{ override: GradingOverride; column: NamedColumn; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  if (!input.asDetected && input.type === null && input.grade === null) throw gradingFailures.GRADE_NOTHING()
  const column = findColumn(await namedDataSets(ctx, matter.id), input)
  const { person, signer } = await signingPersonOf(ctx, matter, input.keyFile)
  const salt = await saltOf(ctx, matter.id)
  const [type, grade] = input.asDetected ? [null, null] : [input.type, input.grade]
  const print = columnPrint(input.scope, salt, placeOf(column))
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, { tenant: ctx.tenant, matterId: matter.id })
    const before = (await loadGradingOverrides(ctx, matter, tx)).findLast((one) => one.scope === input.scope && one.print === print && one.salt === salt)
    if (before !== undefined && before.signedBy === person.id && before.type === type && before.grade === grade && (await isSameReason(before, input.reason))) return { override: before, column, repeated: true }
    const { id: field, type: of, grade: was } = column.field
    const override = await recordOverride(ctx, tx, matter, { draft: { scope: input.scope, salt, print, field, from: { type: of, grade: was, rule: column.field.decided === undefined ? '' : `override/${column.field.decided.by}` }, type, grade, adopted: null }, reason: input.reason, person, signer, dataSet: column.set.id })
    await applyToBooks(ctx, tx, matter)
    return { override, column, repeated: false }
  })
}

/** What is recorded, before it has an id, a reason and a signature. */
export interface OverrideDraft {
  draft: Pick<OverrideSaid, 'scope' | 'salt' | 'print' | 'field' | 'from' | 'type' | 'grade' | 'adopted'>
  reason: string
  person: Person
  signer: NoteSigner
  dataSet: string | null
}

/** Signs and writes one decision with its event, in the caller's transaction. */
export async function recordOverride(ctx: Context, tx: Tx, matter: Matter, given: OverrideDraft): Promise<GradingOverride> {
  const { draft, person, signer } = given
  const id = idText('grd', ctx.ids.bytes('grd'))
  const reasonSalt = randomBytes(16)
  const predicate = overridePredicate.parse({ ...draft, override: id, matter: matter.id, reason: { salt: reasonSalt.toString('hex'), digest: toHex(sha256(Buffer.concat([reasonSalt, Buffer.from(given.reason)]))) }, signedBy: person.id, role: person.role, at: ctx.now() })
  const json: JsonObject = predicate
  const envelope = signStatement({ subject: [{ name: id, digest: { sha256: toHex(sha256(Buffer.from(canonicalJson(json)))) } }], predicateType: overridePredicateType, predicate: json }, [signer])
  const digest = Buffer.from(statementDigest(envelope), 'hex')
  const scope: Scope = { tenant: ctx.tenant, matterId: matter.id }
  const reasonSealed = await ctx.vault.sealText(matter.id, `grade-override/${id}`, given.reason)
  await insertOverrideRow(tx, scope, { id, scope: draft.scope, salt: Buffer.from(draft.salt, 'hex'), print: Buffer.from(draft.print, 'hex'), type: draft.type, grade: draft.grade, envelope, digest, reasonSealed, adopted: draft.adopted, signedBy: person.id, at: ctx.now() })
  const body = { override: id, ds: given.dataSet, f: draft.field, type: draft.type, grade: draft.grade, statement: toHex(digest), by: person.id, adopted: draft.adopted !== null }
  await ctx.ledger.append(tx, matter.id, { type: 'FieldRegraded', body }, `grade-override/${id}`)
  const { override: _id, at: _at, ...said } = predicate
  return { ...said, id, number: 0, at: ctx.now(), envelope, digest }
}

/** Lets the newest decisions count for the fields that are in the books. */
export async function applyToBooks(ctx: Context, tx: Tx, matter: Matter): Promise<void> {
  const overrides = await loadGradingOverrides(ctx, matter, tx)
  const find = decisionFinder(overrides, (at) => overrides[at]?.id ?? '')
  const fields = (await namedDataSets(ctx, matter.id)).flatMap((set) => {
    const seen = set.fields.map((field) => ({ name: field.name, index: field.position, type: field.type }))
    return set.fields.map((field, at) => {
      const decision = find({ source: set.sourceName, dataSet: set.name, fields: seen, field: seen[at] ?? { name: '', index: 0, type: '' } })
      const type = decision?.type ?? null
      // A type alone decides the grade by the rules; one that only rises in company keeps what the booking found.
      const grade = decision === null ? null : (decision.grade ?? (type === null ? null : gradeType(type).grade))
      return { id: field.id, type, grade, by: decision === null ? null : decision.rule.replace('override/', '') }
    })
  })
  await updateDecided(tx, { tenant: ctx.tenant, matterId: matter.id }, fields)
}

/** One salt a matter: prints of two matters cannot be joined. */
async function saltOf(ctx: Context, matterId: string): Promise<string> {
  return createHmac('sha256', await ctx.vault.matterKey(matterId, 'ids')).update('grade-override/salt').digest('hex').slice(0, 32)
}

/** Where a booked column is, as later scans will name it. */
export function placeOf({ set, field }: NamedColumn): Parameters<typeof columnPrint>[2] {
  return { source: set.sourceName, dataSet: set.name, title: field.name, position: field.position, titles: set.fields.map(({ name }) => name), type: field.type }
}

async function isSameReason(before: GradingOverride, reason: string): Promise<boolean> {
  return before.reason.digest === toHex(sha256(Buffer.concat([Buffer.from(before.reason.salt, 'hex'), Buffer.from(reason)])))
}

/** The column that a person names; refuses unknown and ambiguous ones. */
export function findColumn(sets: readonly NamedDataSet[], named: { dataSet: string; column: string }): NamedColumn {
  if (sets.length === 0) throw classifyFailures.NOTHING_BOOKED()
  const byName = [sets.filter((set) => `${set.sourceName}!${set.name}` === named.dataSet), sets.filter((set) => set.name === named.dataSet), sets.filter((set) => set.sourceName === named.dataSet), sets.filter((set) => String(set.number) === named.dataSet || set.id === named.dataSet)].find((found) => found.length > 0) ?? []
  const [set] = byName
  if (set === undefined || byName.length > 1) throw gradingFailures.GRADE_COLUMN({ where: named.dataSet, why: set === undefined ? '没有这个数据集 / no such data set' : '重名,请写 文件!名称 或编号 / ambiguous' })
  const titled = set.fields.filter((field) => field.name === named.column)
  const fields = titled.length > 0 ? titled : set.fields.filter((field) => `#${field.position + 1}` === named.column)
  const [field] = fields
  if (field === undefined || fields.length > 1) throw gradingFailures.GRADE_COLUMN({ where: set.name, why: field === undefined ? '没有这一列 / no such column' : '有重名列,请写 #序号 / ambiguous' })
  return { set, field }
}
