// SPDX-License-Identifier: Apache-2.0
// B 清单、分类、基础: everything is on the list, graded, has a basis, and only what is needed moves.
import type { FactName } from '../facts.ts'
import type { DataSetState, MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import { byFact, computed, factOf, found, notApplicable, whenDeclared, whenTransferring, withPlan, type GateRule } from './gate.ts'

const withPersons = (state: MatterState) => state.dataSets.filter((dataSet) => dataSet.holdsPersons)
const sum = (dataSets: readonly DataSetState[], of: (dataSet: DataSetState) => number) => dataSets.reduce((total, dataSet) => total + of(dataSet), 0)

/** Data sets among these that have no signed fact of their own. */
function withoutFact(state: MatterState, dataSets: readonly DataSetState[], name: Extract<FactName, 'indirect-source-lawful' | 'consent-evidence'>): DataSetState[] {
  const covered = new Set((state.facts[name] ?? []).map((fact) => fact.value.dataSet))
  return dataSets.filter((dataSet) => !covered.has(dataSet.id))
}

/** Rules B01–B12. */
export const gatesB = {
  B01: (state) => {
    if (state.dataSets.length === 0) return found([obstacle('NOTHING_DISCOVERED')])
    const signed = factOf(state, 'inventory-signed-off')
    const isWhole = signed !== undefined && signed.value.allSystemsListed && signed.value.paperListed && signed.value.backupsListed && signed.value.processorsListed
    const seen = signed?.value.notReadSeen ?? 0
    return found(
      [!isWhole && obstacle('INVENTORY_NOT_SIGNED'), state.notRead > seen && obstacle('NOT_READ_OPEN', { counts: { places: state.notRead, seen } })],
      [byFact(state, 'inventory-signed-off'), computed(`清查数据集 ${state.dataSets.length} 个`, `${state.dataSets.length} data sets discovered`)],
    )
  },
  B02: (state) => found([factOf(state, 'grading-approved') === undefined && obstacle('GRADING_NOT_APPROVED')], [byFact(state, 'grading-approved')]),
  B03: (state) => {
    const fields = sum(state.dataSets, (dataSet) => dataSet.fieldsUnclassified)
    return found(
      [fields > 0 && obstacle('FIELD_UNCLASSIFIED', { counts: { fields } }), factOf(state, 'sensitive-review') === undefined && obstacle('SENSITIVE_REVIEW_MISSING')],
      [byFact(state, 'sensitive-review')],
    )
  },
  B04: (state) => {
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED', { rule: 'B04' })])
    const { unknownAge: persons, under14, under18 } = state.counts
    const presumed = factOf(state, 'age-presumption')
    return found(
      [persons > 0 && presumed === undefined && obstacle('AGE_UNKNOWN', { counts: { persons } })],
      [computed(`不满14周岁 ${under14} 人,不满18周岁 ${under18} 人,年龄不明 ${persons} 人`, `${under14} under 14, ${under18} under 18, ${persons} of unknown age`), byFact(state, 'age-presumption')],
    )
  },
  B05: (state) => {
    const indirect = withPersons(state).filter((dataSet) => dataSet.collected !== 'direct')
    if (indirect.length === 0) return notApplicable('全部直接取自本人', 'Everything was collected from the persons themselves')
    const open = withoutFact(state, indirect, 'indirect-source-lawful')
    const unlawful = state.plan?.transfer.unlawfulSourceRecords ?? 0
    return found(
      [open.length > 0 && obstacle('SOURCE_UNCONFIRMED', { counts: { dataSets: open.length } }), unlawful > 0 && obstacle('UNLAWFUL_SOURCE', { rule: 'B05', counts: { records: unlawful } })],
      [byFact(state, 'indirect-source-lawful')],
    )
  },
  B06: (state) => {
    const withoutBasis = sum(withPersons(state), (dataSet) => dataSet.fieldsWithoutBasis)
    const withoutPurpose = sum(withPersons(state), (dataSet) => dataSet.fieldsWithoutPurpose)
    return found(
      [
        withoutBasis > 0 && obstacle('BASIS_UNKNOWN', { counts: { fields: withoutBasis } }),
        withoutPurpose > 0 && obstacle('PURPOSE_UNKNOWN', { counts: { fields: withoutPurpose } }),
        factOf(state, 'basis-register') === undefined && obstacle('BASIS_REGISTER_NOT_APPROVED'),
      ],
      [byFact(state, 'basis-register')],
    )
  },
  B07: (state) =>
    whenTransferring(state, () => {
      const consentBased = withPersons(state).filter((dataSet) => dataSet.consentBased)
      if (consentBased.length === 0) return notApplicable('没有以同意为基础的数据集', 'No data set rests on consent')
      const open = withoutFact(state, consentBased, 'consent-evidence')
      return found([open.length > 0 && obstacle('CONSENT_EVIDENCE_MISSING', { counts: { dataSets: open.length } })], [byFact(state, 'consent-evidence')])
    }),
  B08: (state) =>
    whenTransferring(state, () =>
      withPlan(state, 'B08', (plan) => {
        const approved = (state.facts['minimisation-approved'] ?? []).some((fact) => fact.value.plan === plan.id)
        const values = plan.transfer.unneededValues
        return found([values > 0 && obstacle('UNNEEDED_IN_TRANSFER', { counts: { values } }), !approved && obstacle('MINIMISATION_NOT_APPROVED')], [byFact(state, 'minimisation-approved')])
      }),
    ),
  B09: (state) =>
    whenTransferring(state, () => {
      const { certificates, rowsWithFindings } = state.quality
      const disclosed = Math.max(0, ...(state.facts['quality-findings-disclosed'] ?? []).filter(({ value }) => value.on <= state.today).map(({ value }) => value.rows))
      const rows = rowsWithFindings - disclosed
      return found([certificates === 0 && obstacle('QUALITY_NOT_CERTIFIED'), rows > 0 && obstacle('QUALITY_FINDINGS_OPEN', { counts: { rows } })], [byFact(state, 'quality-findings-disclosed'), certificates > 0 ? computed(`质量证明 ${certificates} 份,最近一份有问题的行 ${rowsWithFindings}`, `${certificates} certificates of quality; ${rowsWithFindings} rows with findings in the newest`) : undefined])
    }),
  B10: (state) =>
    whenDeclared(state, {
      circumstance: 'derivedData', rule: 'B10', without: { zh: '没有画像、标签等衍生信息', en: 'No profiles, tags or other derived information' },
      with: () => found([factOf(state, 'lineage-recorded') === undefined && obstacle('LINEAGE_NOT_RECORDED')], [byFact(state, 'lineage-recorded')]),
    }),
  B11: (state) =>
    whenTransferring(state, () =>
      withPlan(state, 'B11', (plan) => {
        const records = plan.transfer.suppressed
        const broughtIn = factOf(state, 'opt-outs-brought-in')
        return found(
          [(broughtIn === undefined || broughtIn.value.on > state.today) && obstacle('OPT_OUTS_NOT_BROUGHT_IN'), !state.suppression.ready && obstacle('SUPPRESSION_LIST_MISSING'), records > 0 && obstacle('SUPPRESSED_IN_TRANSFER', { counts: { records } })],
          [state.suppression.ready ? computed(`名单 ${state.suppression.entries} 条,拟移交集命中 ${records}`, `${state.suppression.entries} entries on the list, ${records} hits in the set`) : undefined, byFact(state, 'opt-outs-brought-in')],
        )
      }),
    ),
  B12: (state) =>
    whenTransferring(state, () => {
      const dataSets = withPersons(state).filter((dataSet) => dataSet.publicBased).length
      if (dataSets === 0) return notApplicable('没有以公开信息为基础的数据集', 'No data set rests on public information')
      return found([factOf(state, 'public-scope-checked') === undefined && obstacle('PUBLIC_SCOPE_NOT_CHECKED', { counts: { dataSets } })], [byFact(state, 'public-scope-checked')])
    }),
} as const satisfies Record<string, GateRule>
