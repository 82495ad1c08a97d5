// SPDX-License-Identifier: Apache-2.0
import { isPresent, type CanonicalValue } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import { isInformationType, maskValue, typeLabel } from '../../detection/index.ts'
import { explainVerdict, spellObstacle, type Explanation, type LawBook, type LegalPositions, type Verdict } from '../../law/index.ts'
import { positionsOf, type Matter } from '../../matter/index.ts'
import { compartments, type OpenRecord } from '../../vault/index.ts'
import { labelKinds, recordIdOf, refuseUnlessResolved } from '../discover/index.ts'
import { matchKeys, readKeyFile } from '../notify/index.ts'
import { evaluateRecords, type Evaluation, type JudgedRecord, type JudgedUnit } from './evaluate-records.ts'
import { handOverFailures } from './hand-over-failures.ts'

/** 一个字段的说明. Where one value ends and why; the value only masked. */
export interface ExplainedField {
  position: number
  title: string
  type: string
  typeWords: { zh: string; en: string }
  /** Masked; null while it is sealed or not text. */
  shown: string | null
  outcome: Verdict['outcome']
  rule: string
  alsoRules: readonly string[]
  law: string
  conf: string
  until: string | null
  holder: string | null
  override: string | null
  explanation: Explanation
  remedies: { zh: string; en: string }[]
}

/** 一条记录的说明. */
export interface ExplainedRecord {
  record: string
  dataSet: { id: string; name: string; row: number }
  fields: ExplainedField[]
}

/** Which records to explain: ids in hex, rows of a data set by number, or a file with the person's identifiers. At most `explainedMax`. */
export type RecordsAsked = { recordIds: readonly string[] } | { dataSet: string; row: number } | { subjectKeyFile: string }

/** More records than this are a list, not an explanation. */
export const explainedMax = 50

/** 解释去向. Every value of a record with its end, the article, how sure it is and the facts that decided, judged by today's facts; values are shown masked and the reading stands in the book of readings. Refuses unknown, erased and too many records, and identifiers that several people share. */
export async function explainRecords(ctx: Context, matter: Matter, asked: RecordsAsked): Promise<ExplainedRecord[]> {
  await refuseUnlessResolved(ctx, matter.id)
  const evaluation = await evaluateRecords(ctx, matter)
  const recordIds = await idsOf(ctx, matter, evaluation, asked)
  if (recordIds.length > explainedMax) throw handOverFailures.EXPLAIN_TOO_MANY({ n: recordIds.length, max: explainedMax })
  const judged: JudgedRecord[] = []
  for await (const batch of evaluation.records({ recordIds })) judged.push(...batch)
  if (judged.length < recordIds.length) throw handOverFailures.EXPLAIN_NOT_FOUND({ n: recordIds.length - judged.length })
  const opened = await openMasked(ctx, matter, recordIds)
  const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
  const titles = await ctx.vault.openLabels(matter.id, labelKinds.fieldName)
  const positions = positionsOf(matter.settings)
  return judged.map((record) => explained(record, evaluation, { opened: opened.get(record.recordId.toString('hex')) ?? null, names, titles, positions, law: evaluation.law }))
}

interface Shown {
  opened: OpenRecord | null
  names: ReadonlyMap<string, string>
  titles: ReadonlyMap<string, string>
  positions: LegalPositions
  law: LawBook
}

async function idsOf(ctx: Context, matter: Matter, { dataSets }: Evaluation, asked: RecordsAsked): Promise<Buffer[]> {
  if ('recordIds' in asked) {
    if (asked.recordIds.some((id) => !/^[0-9a-f]{32}$/.test(id))) throw handOverFailures.EXPLAIN_NOT_FOUND({ n: asked.recordIds.length })
    return [...new Set(asked.recordIds)].map((id) => Buffer.from(id, 'hex'))
  }
  if ('dataSet' in asked) {
    const known = dataSets.find(({ dataSet }, at) => dataSet.id === asked.dataSet || String(at + 1) === asked.dataSet)
    if (known === undefined) throw handOverFailures.EXPLAIN_NOT_FOUND({ n: 1 })
    return [recordIdOf(await ctx.vault.matterKey(matter.id, 'ids'), idBytes('ds', known.dataSet.id), asked.row - 1)]
  }
  const { rows } = await readKeyFile(ctx, matter.id, { path: asked.subjectKeyFile, needed: [] })
  const { matched, unmatched } = await matchKeys(ctx, matter.id, rows)
  // A key that several people share proves nobody: what stands in the records of the others is none of the asker's business (CONTRACTS §14).
  const proven = matched.filter((match) => match.isProven)
  const found = new Map(proven.flatMap((match) => match.holders).map((id) => [id.toString('hex'), id]))
  if (found.size === 0) throw matched.length > 0 || unmatched.some(({ code }) => code === 'SHARED') ? handOverFailures.EXPLAIN_NOT_PROVEN() : handOverFailures.EXPLAIN_NOT_FOUND({ n: 1 })
  return [...found.values()]
}

/** Values for masking; records that are sealed as a whole are explained without them. */
async function openMasked(ctx: Context, matter: Matter, recordIds: readonly Buffer[]): Promise<Map<string, OpenRecord>> {
  const grant = { person: ctx.signer.vkey.name, purpose: 'reveal' as const, compartments, until: addHours(ctx.now(), 1), approval: null }
  const opened = new Map<string, OpenRecord>()
  for (const recordId of recordIds) {
    try {
      for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds: [recordId] })) for (const record of batch) opened.set(record.recordId.toString('hex'), record)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'RECORD_SEALED')) throw error
    }
  }
  return opened
}

function explained({ recordId, kind }: JudgedRecord, { dataSets }: Evaluation, shown: Shown): ExplainedRecord {
  const set = dataSets.find(({ dataSet }) => dataSet.id === kind.dataSetId)?.dataSet
  if (set === undefined) throw new Error('assertion failed: a record belongs to a data set')
  const fields = kind.units.flatMap((judged) => judged.unit.positions.filter((position) => isPresent(kind.presence, position)).map((position) => {
    const field = set.fields[position]
    const type = field?.decided?.type ?? field?.type ?? 'none'
    return fieldOf(judged, { position, type, title: shown.titles.get(field?.id ?? '') ?? '', value: shown.opened?.values[position], shown })
  }))
  return {
    record: recordId.toString('hex'), dataSet: { id: set.id, name: shown.names.get(set.id) ?? '', row: (shown.opened?.ordinal ?? -1) + 1 },
    fields: fields.toSorted((a, b) => a.position - b.position),
  }
}

function fieldOf({ facts, verdict, override }: JudgedUnit, field: { position: number; type: string; title: string; value: CanonicalValue | undefined; shown: Shown }): ExplainedField {
  const { position, type, title, value, shown } = field
  const known = isInformationType(type) ? type : 'none'
  return {
    position, title, type: known, typeWords: typeLabel(known), shown: typeof value === 'string' ? maskValue(known, value) : null,
    outcome: verdict.outcome, rule: verdict.rule, alsoRules: verdict.alsoRules, law: verdict.law, conf: verdict.conf, until: verdict.until, holder: verdict.holder, override,
    explanation: explainVerdict(facts, verdict, shown.positions, shown.law), remedies: [...new Map(verdict.conditions.map((found) => [found.code, spellObstacle(found).remedy])).values()],
  }
}
