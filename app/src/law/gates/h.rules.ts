// SPDX-License-Identifier: Apache-2.0
// H 交接执行: the package, the books, the copies.
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import { sizeTier } from '../size-tier.rules.ts'
import { byFact, computed, factOf, found, notApplicable, whenTransferring, type GateRule } from './gate.ts'

function reportsDisposalPlan(state: MatterState): boolean {
  const answer = factOf(state, 'important-data-checked')?.value.answer
  const isImportant = answer !== undefined && answer !== 'none-identified'
  return isImportant || (state.counts !== null && sizeTier(state.counts.persons).tier === 'mass')
}

/** The company goes on handling its customers itself: nothing of its own has to be returned, deleted or sealed because of the deal (PIPL 22, 73(1)). */
const handlerStays = ({ type }: MatterState): boolean => type === 'share-transfer' || type === 'reorganisation'
/** Copies of a going concern; what was made for the deal (vault, room, export, package) ends in any case. */
const stayingKinds = ['original', 'backup', 'processor', 'device', 'paper'] as const

/** Rules H01–H08. */
export const gatesH = {
  H01: (state) => {
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED', { rule: 'H01' })])
    if (!reportsDisposalPlan(state)) {
      return factOf(state, 'important-data-checked') === undefined
        ? found([obstacle('IMPORTANT_DATA_NOT_CHECKED', { rule: 'H01' })])
        : notApplicable('不涉及重要数据,也不到一千万人', 'No important data and fewer than ten million persons')
    }
    const reported = (state.facts['disposal-plan-reported'] ?? []).some((fact) => fact.value.reportedOn <= state.today)
    return found([!reported && obstacle('DISPOSAL_PLAN_NOT_REPORTED')], [byFact(state, 'disposal-plan-reported')])
  },
  H02: (state) =>
    whenTransferring(state, () => {
      const recipients = state.parties.filter((party) => party.role === 'transferee')
      const unconfirmed = recipients.filter((party) => !party.wordsConfirmed).length
      const records = state.plan?.transfer.faceWithoutConsent ?? 0
      return found(
        [
          recipients.length === 0 && obstacle('TRANSFEREE_UNKNOWN', { rule: 'H02' }),
          unconfirmed > 0 && obstacle('PARTY_NOT_CONFIRMED', { counts: { parties: unconfirmed } }),
          records > 0 && obstacle('FACE_IN_TRANSFER', { counts: { records } }),
        ],
        [computed('移交包加密给接收方密钥,由本方签名;密钥经六个口令词核对', "Encrypted to the recipient's key, signed by the sender; the key was compared by six spoken words")],
      )
    }),
  H03: (state, step) => {
    const { pending, inTransit, balanced } = state.books
    const open = step === 'close'
    const mayStay = handlerStays(state) ? stayingKinds.reduce((sum, kind) => sum + (state.copies.openByKind[kind] ?? 0), 0) : 0
    const mustEnd = state.copies.open - mayStay
    return found(
      [
        !balanced && obstacle('BOOKS_UNBALANCED'),
        open && pending > 0 && obstacle('VALUES_PENDING', { counts: { values: pending } }),
        open && inTransit > 0 && obstacle('VALUES_IN_TRANSIT', { counts: { values: inTransit } }),
        open && state.packages.withoutReconciliation > 0 && obstacle('RECONCILIATION_UNSIGNED', { counts: { packages: state.packages.withoutReconciliation } }),
        open && mustEnd > 0 && obstacle('COPIES_OPEN', { rule: 'H03', counts: { copies: mustEnd } }),
        open && mayStay > 0 && obstacle('COPIES_NOT_KEPT', { counts: { copies: mayStay } }),
      ],
      [computed('主账已复核', 'The main book was recounted')],
    )
  },
  H04: (state) => whenTransferring(state, () => {
      const tested = factOf(state, 'restore-test-passed')
      return found([(tested === undefined || tested.value.testedOn > state.today) && obstacle('BACKUP_UNTESTED')], [byFact(state, 'restore-test-passed')])
    }),
  H05: (state) =>
    whenTransferring(state, () => {
      const { issued, withoutAcceptance, withDifferences } = state.packages
      if (issued === 0) return notApplicable('没有签发移交包', 'No package was issued')
      return found(
        [
          withoutAcceptance > 0 && obstacle('ACCEPTANCE_MISSING', { counts: { packages: withoutAcceptance } }),
          withDifferences > 0 && obstacle('ACCEPTANCE_WITH_DIFFERENCES', { counts: { packages: withDifferences } }),
        ],
        [computed(`移交包 ${issued} 个,验收单 ${issued - withoutAcceptance} 份`, `${issued} packages, ${issued - withoutAcceptance} acceptances`)],
      )
    }),
  H06: (state) =>
    whenTransferring(state, () => {
      const { residualOpen: copies, residualDue } = state.copies
      return found([copies > 0 && obstacle('RESIDUAL_COPY_OPEN', { counts: { copies }, ...(residualDue === null ? {} : { facts: { due: residualDue } }) })], [computed('副本簿无残留', 'No residual copy is open')])
    }),
  H07: (state) => {
    const reviewed = (state.facts['access-revoked'] ?? []).some((fact) => fact.value.reviewedOn <= state.today)
    return found([!reviewed && obstacle('ACCESS_NOT_REVOKED')], [byFact(state, 'access-revoked')])
  },
  H08: (state) => {
    const cases = state.openRequests + state.openHolds
    if (cases === 0) return notApplicable('没有在办请求或争议', 'No open request or dispute')
    return found([factOf(state, 'open-cases-handed-over') === undefined && obstacle('OPEN_CASES_NOT_HANDED_OVER', { counts: { cases } })], [byFact(state, 'open-cases-handed-over')])
  },
} as const satisfies Record<string, GateRule>
