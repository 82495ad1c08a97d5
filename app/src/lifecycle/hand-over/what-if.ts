// SPDX-License-Identifier: Apache-2.0
import { isPresent } from '@handover/proof'
import type { Context } from '../../context.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { decide, legalPositionsSchema, positionChange, type LawBook, type MatterFacts, type PositionChange } from '../../law/index.ts'
import { changeSetting, positionsOf, type Matter, type MatterSettings } from '../../matter/index.ts'
import { refuseUnlessResolved } from '../discover/index.ts'
import { matterFactsOf } from './decision-facts-of.rules.ts'
import { circumstancesOf, evaluateRecords, type JudgedKind, type JudgedUnit } from './evaluate-records.ts'
import { handOverFailures } from './hand-over-failures.ts'
import { overrideFor, type PlanOverride } from './plan-override.rules.ts'
import { loadOverrides } from './plan.store.ts'
import { SubjectSet } from './subject-set.ts'
import { endKey, endOf, type PlanEnd } from './what-if.rules.ts'

/** What to compare: the settings of the matter bent by `from` (none = as they are) with the same bent by `to`; `key=value`, or an answer alone where only one position has it. */
export interface WhatIfOrder {
  from: readonly string[]
  to: readonly string[]
  /** Judge both as if today were this day. */
  on?: Day | undefined
}

/** How many values end another way, and how. */
export interface PlanMove {
  from: PlanEnd
  to: PlanEnd
  records: number
  values: number
  persons: number
}

/** A line of the comparison by disposition and reason. */
export interface ComparedEnd {
  end: PlanEnd
  before: { records: number; values: number }
  after: { records: number; values: number }
}

/** A setting that differs; with the open question of law behind it where it is a legal position. */
export interface SettingComparison {
  key: string
  from: string
  to: string
  position: PositionChange | null
}

/** 试算. Two settings on the same facts. */
export interface WhatIf {
  on: Day
  changed: SettingComparison[]
  records: number
  values: number
  /** What changes, the largest part first; empty when the change has no effect on these facts. */
  moves: PlanMove[]
  table: ComparedEnd[]
}

/** 试算. Compares two settings on the real records: the facts are streamed once and judged under both; nothing is written, no value is read. Refuses while persons are not resolved, and unknown settings. */
export async function computeWhatIf(ctx: Context, matter: Matter, order: WhatIfOrder): Promise<WhatIf> {
  const before = settingsFrom(matter.settings, order.from)
  const after = settingsFrom(before, order.to)
  const changed = differences(before, after)
  if (changed.length === 0) throw handOverFailures.WHAT_IF_NOTHING()
  await refuseUnlessResolved(ctx, matter.id)
  const on = order.on ?? ctx.today()
  const evaluation = await evaluateRecords(ctx, matter)
  const overrides = await loadOverrides(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const facts = async (settings: MatterSettings): Promise<MatterFacts> => matterFactsOf({ ...(await circumstancesOf(ctx, { ...matter, settings }, evaluation.facts)), today: on })
  const judges = [
    judgeUnder({ law: evaluation.law, settings: before, facts: await facts(before), overrides }), judgeUnder({ law: evaluation.law, settings: after, facts: await facts(after), overrides }),
  ] as const
  const comparison = newComparison(judges)
  for await (const batch of evaluation.records()) for (const { kind, subjectId } of batch) comparison.add(kind, subjectId)
  return { on, changed: changed.map((change) => ({ ...change, position: positionChange(change.key, change, evaluation.law) })), ...comparison.finish() }
}

type Judge = (dataSetId: string, unit: JudgedUnit) => PlanEnd

/** Judges a unit again with other facts of the matter and other positions; everything that is known of the record stays. */
function judgeUnder({ law, settings, facts, overrides }: { law: LawBook; settings: MatterSettings; facts: MatterFacts; overrides: readonly PlanOverride[] }): Judge {
  const positions = positionsOf(settings)
  const known = new Map<JudgedUnit, PlanEnd>()
  return (dataSetId, judged) => {
    const before = known.get(judged)
    if (before !== undefined) return before
    const bent = { ...judged.facts, ...facts }
    const { verdict, override } = overrideFor(overrides, { dataSetId, unit: judged.unit, facts: bent, verdict: decide(bent, positions, law) })
    const end = endOf(verdict, override)
    known.set(judged, end)
    return end
  }
}

interface UnitPair {
  values: number
  from: PlanEnd
  to: PlanEnd
}

interface MoveCount {
  from: PlanEnd
  to: PlanEnd
  records: number
  values: number
  persons: SubjectSet
}

function newComparison(judges: readonly [Judge, Judge]): { add(kind: JudgedKind, subjectId: string | null): void; finish(): Omit<WhatIf, 'on' | 'changed'> } {
  const kinds: { pairs: UnitPair[]; moves: MoveCount[]; records: number }[] = []
  const moves = new Map<string, MoveCount>()
  const moveOf = ({ from, to }: UnitPair): MoveCount => {
    const key = `${endKey(from)}>${endKey(to)}`
    const known = moves.get(key) ?? { from, to, records: 0, values: 0, persons: new SubjectSet() }
    moves.set(key, known)
    return known
  }
  return {
    add(kind, subjectId) {
      let known = kinds[kind.number]
      if (known === undefined) {
        const pairs = pairsOf(kind, judges)
        known = { pairs, moves: [...new Set(pairs.filter(isMove).map(moveOf))], records: 0 }
        kinds[kind.number] = known
      }
      known.records += 1
      if (subjectId !== null) for (const move of known.moves) move.persons.add(subjectId)
    },
    finish() {
      const table = new Map<string, ComparedEnd>()
      for (const { pairs, moves: ofKind, records } of kinds) {
        for (const move of ofKind) move.records += records
        for (const pair of pairs) if (isMove(pair)) moveOf(pair).values += pair.values * records
        countEnds(table, pairs, records)
      }
      return {
        records: kinds.reduce((sum, kind) => sum + kind.records, 0), values: [...table.values()].reduce((sum, line) => sum + line.before.values, 0),
        moves: [...moves.values()].map((move) => ({ ...move, persons: move.persons.size })).toSorted((a, b) => b.values - a.values),
        table: [...table.values()],
      }
    },
  }
}

function isMove({ from, to }: UnitPair): boolean {
  return endKey(from) !== endKey(to)
}

/** A record counts once a line however many of its units end so. */
function countEnds(table: Map<string, ComparedEnd>, pairs: readonly UnitPair[], records: number): void {
  for (const side of ['before', 'after'] as const) {
    const seen = new Set<string>()
    for (const pair of pairs) {
      const end = side === 'before' ? pair.from : pair.to
      const key = endKey(end)
      const line = table.get(key) ?? { end, before: { records: 0, values: 0 }, after: { records: 0, values: 0 } }
      table.set(key, line)
      line[side].values += pair.values * records
      if (!seen.has(key)) line[side].records += records
      seen.add(key)
    }
  }
}

function pairsOf({ units, presence, dataSetId }: JudgedKind, [before, after]: readonly [Judge, Judge]): UnitPair[] {
  return units.flatMap((unit) => {
    const values = unit.unit.positions.filter((position) => isPresent(presence, position)).length
    return values === 0 ? [] : [{ values, from: before(dataSetId, unit), to: after(dataSetId, unit) }]
  })
}

/** The settings with these words applied; `art22` alone means the one position that has this answer. */
function settingsFrom(base: MatterSettings, given: readonly string[]): MatterSettings {
  return given.reduce((settings, text) => {
    const at = text.indexOf('=')
    return at > 0 ? changeSetting(settings, text.slice(0, at), text.slice(at + 1)) : changeSetting(settings, positionWithAnswer(text), text)
  }, base)
}

function positionWithAnswer(answer: string): string {
  const found = Object.entries(legalPositionsSchema.shape).filter(([, schema]) => typeof answer === 'string' && !/^\d*$/.test(answer) && schema.safeParse(answer).success).map(([key]) => key)
  const [only] = found
  if (only === undefined || found.length > 1) throw handOverFailures.WHAT_IF_UNCLEAR({ given: answer.slice(0, 40) })
  return only
}

function differences(before: MatterSettings, after: MatterSettings): Omit<SettingComparison, 'position'>[] {
  const was = new Map(Object.entries(before).map(([key, value]) => [key, String(value)]))
  return Object.entries(after).flatMap(([key, value]) => (was.get(key) === String(value) ? [] : [{ key, from: was.get(key) ?? '', to: String(value) }]))
}

/** The day of a what-if as given; refuses what is none. */
export function whatIfDay(text: string): Day {
  try {
    return dayOf(text)
  } catch (error) {
    throw handOverFailures.WHAT_IF_UNCLEAR({ given: text.slice(0, 40) }, { cause: error })
  }
}
