// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { canonicalJson, isPresent } from '@handover/proof'
import { accountCode, type LawBook } from '../../law/index.ts'
import { settingsDigest, type Matter } from '../../matter/index.ts'
import type { JudgedKind, JudgedRecord, JudgedUnit } from './evaluate-records.ts'
import type { PlannedRecord } from './plan.store.ts'
import { residualCode, type PlanLine, type PlanReason } from './plan.ts'

/** A plan in the making: vectors are hashed as they come, lines and reasons are counted; memory does not grow with the records. */
export interface PlanDraft {
  add(judged: JudgedRecord): PlannedRecord
  /** `vectors` is the part of the digest that stands for the records alone. */
  finish(): { digest: Buffer; vectors: Buffer; lines: PlanLine[]; reasonSets: PlanReason[][] }
}

/** What a plan's digest says of one record: how each field ends, what becomes of the giver's copy, and why, with days and holders. */
export function vectorOf(record: Pick<PlannedRecord, 'recordId' | 'outcome' | 'residual'>, reasons: Buffer): Buffer {
  return Buffer.concat([record.recordId, record.outcome, record.residual, reasons])
}

/** Digest of the reasons of a record. */
export function digestOfReasons(reasons: readonly PlanReason[]): Buffer {
  return createHash('sha256').update(canonicalJson(reasons.map((reason) => ({ ...reason })))).digest()
}

/** What a plan says of all records of one kind. */
interface PlannedKind {
  kind: JudgedKind
  planned: Omit<PlannedRecord, 'recordId'>
  /** The vector behind the record's id. */
  vector: Buffer
  records: number
}

/** Vectors are hashed in pieces of so many. */
const vectorsAtOnce = 2000

/** Begins a draft; its digest binds matter, the version of the law in use, settings, lines and every record's vector. */
export function newDraft(matter: Matter, law: LawBook): PlanDraft {
  const vectors = createHash('sha256')
  const waiting: Buffer[] = []
  const kinds: PlannedKind[] = []
  const plan = kindPlanner()
  const flush = (): void => {
    vectors.update(Buffer.concat(waiting))
    waiting.length = 0
  }
  return {
    add({ recordId, kind }) {
      const known = (kinds[kind.number] ??= plan.planKind(kind))
      known.records += 1
      waiting.push(recordId, known.vector)
      if (waiting.length >= vectorsAtOnce) flush()
      return { recordId, ...known.planned }
    },
    finish() {
      flush()
      const lines = new Map<string, PlanLine>()
      for (const { kind, planned, records } of kinds) countLines(lines, kind, planned.outcome, records)
      const all = [...lines.values()].sort((a, b) => compareText(lineKey(a), lineKey(b)))
      const ofRecords = vectors.digest()
      const bound = { matter: matter.id, rules: law.version, settings: settingsDigest(matter.settings), lines: all, vectors: ofRecords.toString('hex') }
      return { digest: createHash('sha256').update(canonicalJson(bound)).digest(), vectors: ofRecords, lines: all, reasonSets: plan.reasonSets }
    },
  }
}

function kindPlanner(): { planKind(kind: JudgedKind): PlannedKind; reasonSets: PlanReason[][] } {
  const reasonSets: PlanReason[][] = []
  const reasonDigests: Buffer[] = []
  const setByKey = new Map<string, number>()
  return {
    reasonSets,
    planKind(kind) {
      const reasons = kind.units.map(toReason)
      const key = `${kind.dataSetId}${reasons.map((reason) => JSON.stringify(reason)).join()}`
      const reasonSet = setByKey.get(key) ?? reasonSets.push(reasons) - 1
      setByKey.set(key, reasonSet)
      const why = (reasonDigests[reasonSet] ??= digestOfReasons(reasons))
      const { outcome, residual } = vectorsOf(kind.presence, kind.units)
      return { kind, planned: { outcome, residual, reasonSet, sealedUntil: latestSeal(kind.units) }, vector: vectorOf({ recordId: Buffer.alloc(0), outcome, residual }, why), records: 0 }
    },
  }
}

function vectorsOf(presence: Uint8Array, units: readonly JudgedUnit[]): { outcome: Buffer; residual: Buffer } {
  const width = units.reduce((sum, { unit }) => sum + unit.positions.length, 0)
  const outcome = Buffer.alloc(width)
  const residual = Buffer.alloc(width)
  for (const { unit, verdict } of units) {
    for (const position of unit.positions) {
      if (!isPresent(presence, position)) continue
      outcome[position] = accountCode[verdict.outcome]
      residual[position] = residualCode[verdict.residual?.act ?? 'none']
    }
  }
  return { outcome, residual }
}

function countLines(lines: Map<string, PlanLine>, kind: JudgedKind, outcome: Uint8Array, records: number): void {
  const seen = new Set<string>()
  for (const judged of kind.units) {
    const values = judged.unit.positions.filter((position) => outcome[position] !== 0).length * records
    if (values === 0) continue
    const line = { ...lineOf(judged), ds: kind.dataSetId, records: 0, values: 0 }
    const key = lineKey(line)
    const sum = lines.get(key) ?? line
    lines.set(key, sum)
    sum.values += values
    if (!seen.has(key)) sum.records += records
    seen.add(key)
  }
}

function lineOf({ verdict, override, unit }: JudgedUnit): Omit<PlanLine, 'ds' | 'records' | 'values'> {
  return {
    outcome: verdict.outcome, rule: verdict.rule, alsoRules: [...verdict.alsoRules], law: verdict.law, conf: verdict.conf, why: { ...verdict.why }, until: verdict.until, holder: verdict.holder,
    residual: verdict.residual?.act ?? null, conditions: [...new Set(verdict.conditions.map((one) => one.code))], flags: [...verdict.flags], override,
    ...(verdict.outcome === 'transferred' && unit.transferee !== undefined ? { recipient: unit.transferee } : {}),
  }
}

function toReason(judged: JudgedUnit): PlanReason {
  const { verdict, unit } = judged
  return {
    ...lineOf(judged), positions: [...unit.positions], residualUntil: verdict.residual?.until ?? null,
    needs: { notices: [...verdict.needs.notices], consents: [...verdict.needs.consents] },
  }
}

function lineKey(line: PlanLine): string {
  return JSON.stringify([line.ds, line.outcome, line.rule, line.alsoRules, line.until, line.holder, line.residual, line.conditions, line.flags, line.override, line.why.en])
}

/** The last day of any seal in the record; null when nothing is sealed or one seal is open-ended. */
function latestSeal(units: readonly JudgedUnit[]): string | null {
  const ends = units.flatMap(({ verdict }) => (verdict.outcome === 'sealed' ? [verdict.until] : verdict.residual?.act === 'seal' ? [verdict.residual.until] : []))
  return ends.includes(null) ? null : (ends.flatMap((end) => end ?? []).sort().at(-1) ?? null)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
