// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { dayOf } from '../../kit/time.ts'
import { decide, type DecisionFacts, type FactsByName, type MatterFacts, type RecordFacts as RecordFactsForLaw, type Verdict } from '../../law/index.ts'
import { partiesOf, positionsOf, type Matter } from '../../matter/index.ts'
import { factsByName } from '../assess/index.ts'
import { readTreatment, recordFactsFor, type RecordFacts, type Treatment } from '../classify/index.ts'
import { loadDataSets, reportSubjects, type InventoryDataSet } from '../discover/index.ts'
import { decisionFactsOf, matterFactsOf, signatureOf, unitsOf, type FieldUnit } from './decision-facts-of.rules.ts'
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

/** A record with a verdict for each of its units. */
export interface JudgedRecord {
  record: RecordFacts
  units: readonly JudgedUnit[]
}

/** A data set as deciding sees it. */
export interface JudgedDataSet {
  dataSet: InventoryDataSet
  treatment: Treatment | null
  units: readonly FieldUnit[]
}

/** Everything that a plan is computed from, and the records with their verdicts as a stream. */
export interface Evaluation {
  facts: FactsByName
  matterFacts: MatterFacts
  dataSets: readonly JudgedDataSet[]
  records(): AsyncGenerator<JudgedRecord[], void, undefined>
}

/** 评定. Judges every record that is not erased by today's facts (CONTRACTS §17); the same facts give the same verdicts, which are computed once for all records that share them. */
export async function evaluateRecords(ctx: Context, matter: Matter): Promise<Evaluation> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const facts = await factsByName(ctx, matter)
  const { persons } = await reportSubjects(ctx, matter.id)
  const matterFacts = matterFactsOf({
    type: matter.type, today: ctx.today(), successor: matter.settings.successor, survives: matter.settings.seller_survives,
    overseas: matter.settings.recipient_overseas, importantData: matter.settings.important_data, changesPurpose: matter.settings.receiver_changes_purpose,
    cutoff: cutoffOf(matter), persons,
    // The list is computed from the choices and travels inside the package whenever somebody receives it (rule B11).
    suppressionReady: partiesOf(matter, 'transferee').length > 0, facts,
  })
  const overrides = await loadOverrides(ctx.db, scope)
  const dataSets = (await loadDataSets(ctx.db, scope)).map((dataSet) => {
    const treatment = readTreatment(dataSet.treatment)
    return { dataSet, treatment, units: unitsOf(dataSet.fields, treatment, overrides.filter((one) => one.dataSetId === dataSet.id).map((one) => one.positions)) }
  })
  return { facts, matterFacts, dataSets, records: () => judge(ctx, matter, { facts, matterFacts, dataSets, overrides }) }
}

interface Judging {
  facts: FactsByName
  matterFacts: MatterFacts
  dataSets: readonly JudgedDataSet[]
  overrides: readonly PlanOverride[]
}

async function* judge(ctx: Context, matter: Matter, judging: Judging): AsyncGenerator<JudgedRecord[], void, undefined> {
  const judgeUnit = rememberingJudge(matter, judging)
  const byId = new Map(judging.dataSets.map((one) => [one.dataSet.id, one]))
  for await (const batch of recordFactsFor(ctx, matter.id)) {
    yield batch.map((record) => {
      const set = byId.get(record.dataSetId)
      if (set === undefined) throw new Error('assertion failed: a record belongs to a data set')
      return { record, units: set.units.map((unit) => judgeUnit(set, unit, record)) }
    })
  }
}

/** Thousands of records share the same facts; each combination is decided once. */
function rememberingJudge(matter: Matter, { facts, matterFacts, overrides }: Judging): (set: JudgedDataSet, unit: FieldUnit, record: RecordFacts) => JudgedUnit {
  const positions = positionsOf(matter.settings)
  const presumption = presumedAge(facts)
  const known = new Map<FieldUnit, Map<string, JudgedUnit>>()
  return (set, unit, record) => {
    const decisionFacts = decisionFactsOf(matterFacts, unit, record, { treatment: set.treatment, presumption })
    const signature = signatureOf(decisionFacts)
    const ofUnit = known.get(unit) ?? new Map<string, JudgedUnit>()
    known.set(unit, ofUnit)
    const before = ofUnit.get(signature)
    if (before !== undefined) return before
    const verdict = decide(decisionFacts, positions)
    const judged = { unit, facts: decisionFacts, ...overrideFor(overrides, { dataSetId: set.dataSet.id, unit, facts: decisionFacts, verdict }) }
    ofUnit.set(signature, judged)
    return judged
  }
}

function presumedAge(facts: FactsByName): RecordFactsForLaw['agePresumption'] {
  return facts['age-presumption']?.at(-1)?.value.group ?? null
}

function cutoffOf(matter: Matter): MatterFacts['today'] | null {
  const day = matter.settings.cutoff_day
  return day === null ? null : dayOf(day)
}
