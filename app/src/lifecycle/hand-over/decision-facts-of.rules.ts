// SPDX-License-Identifier: Apache-2.0
// From what the books know to what `decide` asks; pure, so that a plan can be computed again from the same facts.
import { dayOf, type Day } from '../../kit/time.ts'
import {
  exportDoneOf, handlerChanges, isExportDone, noticeStates, retentionOfEntries, viewersAbroad, type DecisionFacts, type FactsByName, type GroupFacts, type LawBook, type MatterFacts, type MatterType, type RecordFacts as RecordFactsForLaw,
} from '../../law/index.ts'
import { hasAssent, meetsAny, type Circumstances, type FieldGroup, type Treatment } from '../classify/index.ts'
import { gradeInForce, type InventoryField } from '../discover/index.ts'

/** 判定单元. Fields of one data set that share treatment, grade and kind; the unit of deciding within a record. */
export interface FieldUnit {
  positions: readonly number[]
  grade: InventoryField['grade']
  /** Null where the treatment names no group for these fields: their basis is unknown (row X28). */
  group: FieldGroup | null
  /** The transferee that the treatment of the data set names. */
  transferee?: string
}

/** What holds for the whole matter today. */
export interface MatterCircumstances {
  type: MatterType
  today: Day
  successor: boolean
  survives: boolean
  overseas: boolean
  importantData: boolean
  changesPurpose: boolean
  cutoff: Day | null
  persons: number
  suppressionReady: boolean
  facts: FactsByName
}

const massOfPersons = 10_000_000 // 网络数据安全管理条例 第二十八条, the number itself included

/** The matter's part of the facts; a fact record counts while it is valid (not superseded). */
export function matterFactsOf(matter: MatterCircumstances): MatterFacts {
  const has = (name: keyof FactsByName): boolean => (matter.facts[name]?.length ?? 0) > 0
  return {
    matterType: matter.type, today: matter.today, successor: matter.successor, transferorSurvives: matter.survives,
    receiverChangesPurpose: matter.changesPurpose, overseas: matter.overseas || viewersAbroad(matter.facts) > 0,
    exportRouteDone: isExportDone(exportDoneOf(matter.facts), matter.today),
    importantDataOrMass: matter.importantData || matter.persons >= massOfPersons, disposalPlanReported: has('disposal-plan-reported'),
    piaApproved: has('pia-approved'), agreementSigned: has('transfer-agreement-signed'), undertakingSigned: has('successor-undertaking-signed'),
    suppressionReady: matter.suppressionReady, childAssessmentDone: has('child-assessment'), cutoffPassed: matter.cutoff !== null && matter.today > matter.cutoff,
  }
}

/** The units of a data set: by group of the treatment, then by grade; fields that an override names apart from their group are units of their own, so that it reaches exactly them. */
export function unitsOf(fields: readonly InventoryField[], treatment: Treatment | null, named: readonly (readonly number[])[] = []): FieldUnit[] {
  const groups = treatment?.groups ?? []
  const groupByField = new Map(groups.flatMap((group, at) => group.fields.map((field) => [field, { group, at }] as const)))
  const transferee = treatment?.transferee === undefined ? {} : { transferee: treatment.transferee }
  const units = new Map<string, FieldUnit & { positions: number[] }>()
  for (const field of fields) {
    const found = groupByField.get(field.id)
    const grade = gradeInForce(field)
    const key = JSON.stringify([found?.at ?? null, grade, named.map((positions) => positions.includes(field.position))])
    const unit = units.get(key) ?? { positions: [], grade, group: found?.group ?? null, ...transferee }
    units.set(key, unit)
    unit.positions.push(field.position)
  }
  return [...units.values()]
}

/** What holds for a whole data set. */
export interface DataSetCircumstances {
  treatment: Treatment | null
  presumption: RecordFactsForLaw['agePresumption']
  /** A signed fact says that its transferee is the body that a sector law names (row X03). */
  recipientIsDesignated: boolean
  /** The law in use, for its retention duties. */
  law: LawBook
}

/** Everything that `decide` may look at for one unit of one record. */
export function decisionFactsOf(matter: MatterFacts, unit: FieldUnit, record: Circumstances, of: DataSetCircumstances): DecisionFacts {
  return { ...matter, recipientIsDesignated: of.recipientIsDesignated, ...groupFactsOf(unit, record, of), ...recordFactsOf(matter.matterType, unit, record, of) }
}

function groupFactsOf({ group, grade }: FieldUnit, record: Circumstances, { treatment, law }: Pick<DataSetCircumstances, 'treatment' | 'law'>): GroupFacts {
  const met = group !== null && meetsAny(group.purposeMetWhere, record.facets)
  return {
    holdsPersons: treatment?.holdsPersons ?? true,
    lawfulSource: treatment?.lawfulSource ?? 'unconfirmed',
    basis: group?.basis ?? 'unknown',
    purposeState: group === null ? 'unknown' : met ? 'met' : group.purposeState,
    neededForTransfer: group?.neededForTransfer ?? false,
    neededForContract: group?.neededForContract ?? false,
    onlyForNewPurpose: group?.onlyForNewPurpose ?? false,
    grade: group === null ? 'unclassified' : grade,
    biometric: group?.biometric ?? 'none',
    faceRoute: group?.faceRoute ?? 'enrol-anew',
    majorEffect: group?.majorEffect ?? false,
    retention: group === null || group.recordsClasses === null ? null : retentionOfEntries(group.recordsClasses, eventDayOf(group, record), law.retentionRows),
    designatedBody: group?.designatedBody ?? false,
    removal: group?.removal ?? 'destroy',
  }
}

/** A year facet gives a year only; the duty counts from its last day, the cautious reading. */
function eventDayOf(group: FieldGroup, record: Circumstances): Day | null {
  const year = group.yearFacet === null ? undefined : record.facets[group.yearFacet]
  return year !== undefined && /^\d{4}$/.test(year) ? dayOf(`${year}-12-31`) : null
}

function recordFactsOf(type: MatterType, { group }: FieldUnit, record: Circumstances, of: Pick<DataSetCircumstances, 'treatment' | 'presumption'>): RecordFactsForLaw {
  const stays = of.treatment !== null && meetsAny(of.treatment.staysWhere, record.facets)
  return {
    handlerChanges: handlerChanges(type, { stays }), stays,
    transferorGoesOnServing: of.treatment !== null && meetsAny(of.treatment.servedWhere, record.facets),
    ageGroup: record.ageGroup, agePresumption: of.presumption,
    contractAssent: group !== null && hasAssent(group, record.facets),
    transferConsent: record.transferConsent, sensitiveConsent: record.sensitiveConsent, guardianConsent: record.guardianConsent, exportConsent: record.exportConsent,
    objected: record.objected, deletionRequested: record.deletionRequested, withdrawn: record.withdrawn, openRequest: record.openRequest,
    // The objection has its own rows (X12, X13); the list matters for opt-outs beside it (rule B11).
    suppressed: record.onSuppressionList && !record.objected,
    hold: record.hold, holdUntil: record.holdUntil, notices: record.notices,
  }
}

/** A text that is equal for records about which `decide` must answer the same; days of notices count, names of nobody occur. */
export function signatureOf(facts: DecisionFacts): string {
  const notices = noticeStates.flatMap((state) => Object.entries(facts.notices).flatMap(([kind, result]) => (result.state === state ? [`${kind}:${state}:${result.on ?? ''}`] : [])))
  return JSON.stringify([
    facts.stays, facts.transferorGoesOnServing, facts.ageGroup, facts.contractAssent, facts.transferConsent, facts.sensitiveConsent, facts.guardianConsent, facts.exportConsent, facts.objected,
    facts.deletionRequested, facts.withdrawn, facts.openRequest, facts.suppressed, facts.hold, facts.holdUntil, facts.purposeState, facts.retention, notices.sort(),
  ])
}
