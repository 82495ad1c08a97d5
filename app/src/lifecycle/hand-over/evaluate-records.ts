// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { dayOf } from '../../kit/time.ts'
import { decide, type LawBook, type DecisionFacts, type FactsByName, type MatterFacts, type RecordFacts as RecordFactsForLaw, type Verdict } from '../../law/index.ts'
import { lawOf, partiesOf, positionsOf, type Matter } from '../../matter/index.ts'
import { factsByName } from '../assess/index.ts'
import { readTreatment, recordFactsFor, type Circumstances, type RecordFacts, type Treatment } from '../classify/index.ts'
import { loadDataSets, reportSubjects, type InventoryDataSet } from '../discover/index.ts'
import { decisionFactsOf, matterFactsOf, signatureOf, unitsOf, type FieldUnit, type MatterCircumstances } from './decision-facts-of.rules.ts'
import { goesTo } from './recipient-of-values.rules.ts'
import { loadOverrides } from './plan.store.ts'
import { overrideFor, type PlanOverride } from './plan-override.rules.ts'

/** One unit of a record with what the law says of it. */
export interface JudgedUnit {
  unit: FieldUnit
  facts: DecisionFacts
  verdict: Verdict
  /** The override by named people that changed the outcome, or null; visible for ever. */
  override: string | null
}

/** 同类记录. Records of one data set with the same circumstances and the same fields filled: whatever is counted or planned of one of them holds for all. */
export interface JudgedKind {
  /** Counts from 0 within one evaluation. */
  number: number
  dataSetId: string
  presence: Buffer
  circumstances: Circumstances
  units: readonly JudgedUnit[]
}

/** A record with the kind that has its verdicts. */
export interface JudgedRecord {
  recordId: Buffer
  /** Null where no natural person is in the record. */
  subjectId: string | null
  kind: JudgedKind
}

/** A data set as deciding sees it. */
export interface JudgedDataSet {
  dataSet: InventoryDataSet
  treatment: Treatment | null
  units: readonly FieldUnit[]
}

/** Which records to judge. */
export type RecordsFilter = NonNullable<Parameters<typeof recordFactsFor>[2]>

/** Everything that a plan is computed from, and the records with their verdicts as a stream. */
export interface Evaluation {
  /** The law in use. */
  law: LawBook
  facts: FactsByName
  matterFacts: MatterFacts
  dataSets: readonly JudgedDataSet[]
  /** All of them, or only those of a filter. */
  records(filter?: RecordsFilter): AsyncGenerator<JudgedRecord[], void, undefined>
}

/** 评定. Judges every record that is not erased by today's facts (CONTRACTS §17); the same facts give the same verdicts, which are computed once for all records that share them. */
export async function evaluateRecords(ctx: Context, matter: Matter): Promise<Evaluation> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const law = await lawOf(ctx, matter)
  const facts = await factsByName(ctx, matter)
  const matterFacts = matterFactsOf(await circumstancesOf(ctx, matter, facts))
  const overrides = await loadOverrides(ctx.db, scope)
  const dataSets = (await loadDataSets(ctx.db, scope)).map((dataSet) => {
    const treatment = readTreatment(dataSet.treatment)
    return { dataSet, treatment, units: unitsOf(dataSet.fields, treatment, overrides.filter((one) => one.dataSetId === dataSet.id).map((one) => one.positions)) }
  })
  return { law, facts, matterFacts, dataSets, records: (filter) => judge(ctx, matter, { law, facts, matterFacts, dataSets, overrides }, filter) }
}

/** What holds for the whole matter under its settings; a comparison asks it again with other settings. */
export async function circumstancesOf(ctx: Context, matter: Matter, facts: FactsByName): Promise<MatterCircumstances> {
  const { persons } = await reportSubjects(ctx, matter.id)
  const { settings } = matter
  return {
    type: matter.type, today: ctx.today(), successor: settings.successor, survives: settings.seller_survives, overseas: settings.recipient_overseas, importantData: settings.important_data,
    changesPurpose: settings.receiver_changes_purpose, cutoff: cutoffOf(matter), persons,
    // The list is computed from the choices and travels inside the package whenever somebody receives it (rule B11).
    suppressionReady: partiesOf(matter, 'transferee').length > 0, facts,
  }
}

interface Judging {
  law: LawBook
  facts: FactsByName
  matterFacts: MatterFacts
  dataSets: readonly JudgedDataSet[]
  overrides: readonly PlanOverride[]
}

async function* judge(ctx: Context, matter: Matter, judging: Judging, filter: RecordsFilter = {}): AsyncGenerator<JudgedRecord[], void, undefined> {
  const kindOf = rememberingKinds(matter, judging)
  for await (const batch of recordFactsFor(ctx, matter.id, filter)) yield batch.map((record) => ({ recordId: record.recordId, subjectId: record.subjectId, kind: kindOf(record) }))
}

/** Units are judged once for each circumstances of a data set, and kinds made once for each pattern of filled fields below them. */
function rememberingKinds(matter: Matter, judging: Judging): (record: RecordFacts) => JudgedKind {
  const judgeUnit = rememberingJudge(matter, judging)
  const sets = new Map(judging.dataSets.map((set) => [set.dataSet.id, { set, judged: new Map<Circumstances, { units: JudgedUnit[]; kinds: Map<string, JudgedKind> }>() }]))
  let number = 0
  return (record) => {
    const known = sets.get(record.dataSetId)
    if (known === undefined) throw new Error('assertion failed: a record belongs to a data set')
    const { circumstances, presence } = record
    let same = known.judged.get(circumstances)
    if (same === undefined) {
      same = { units: known.set.units.map((unit) => judgeUnit(known.set, unit, circumstances)), kinds: new Map() }
      known.judged.set(circumstances, same)
    }
    const pattern = presence.toString('latin1')
    let kind = same.kinds.get(pattern)
    if (kind === undefined) {
      kind = { number: number++, dataSetId: record.dataSetId, presence, circumstances, units: same.units }
      same.kinds.set(pattern, kind)
    }
    return kind
  }
}

/** Thousands of records share the same facts; each combination is decided once. */
function rememberingJudge(matter: Matter, { law, facts, matterFacts, overrides }: Judging): (set: JudgedDataSet, unit: FieldUnit, record: Circumstances) => JudgedUnit {
  const positions = positionsOf(matter.settings)
  const presumption = presumedAge(facts)
  const transferees = partiesOf(matter, 'transferee').map((party) => party.id)
  const known = new Map<FieldUnit, Map<string, JudgedUnit>>()
  return (set, unit, record) => {
    const decisionFacts = decisionFactsOf(matterFacts, unit, record, { treatment: set.treatment, presumption, law, recipientIsDesignated: isDesignated(facts, goesTo(set.treatment?.transferee ?? null, transferees)) })
    const signature = signatureOf(decisionFacts)
    const ofUnit = known.get(unit) ?? new Map<string, JudgedUnit>()
    known.set(unit, ofUnit)
    const before = ofUnit.get(signature)
    if (before !== undefined) return before
    const verdict = decide(decisionFacts, positions, law)
    const judged = { unit, facts: decisionFacts, ...overrideFor(overrides, { dataSetId: set.dataSet.id, unit, facts: decisionFacts, verdict }) }
    ofUnit.set(signature, judged)
    return judged
  }
}

/** Row X03: only the party that a signed fact names is the designated body. */
function isDesignated(facts: FactsByName, recipient: string | null): boolean {
  return recipient !== null && (facts['recipient-designated'] ?? []).some((fact) => fact.value.party === recipient)
}

function presumedAge(facts: FactsByName): RecordFactsForLaw['agePresumption'] {
  return facts['age-presumption']?.at(-1)?.value.group ?? null
}

function cutoffOf(matter: Matter): MatterFacts['today'] | null {
  const day = matter.settings.cutoff_day
  return day === null ? null : dayOf(day)
}
