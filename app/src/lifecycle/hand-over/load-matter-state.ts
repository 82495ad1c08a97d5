// SPDX-License-Identifier: Apache-2.0
import { haltForBooks } from '../../kit/halt.ts'
import type { Context } from '../../context.ts'
import { addDays, dayInChina, instantOf } from '../../kit/time.ts'
import { gateFor, type CopyCounts, type DataSetState, type GateReport, type GuardedStep, type MatterState, type PlanState } from '../../law/index.ts'
import { ownParty, positionsOf, type Matter } from '../../matter/index.ts'
import { impactChangesOf } from '../assess/index.ts'
import { loadSources, reportSubjects } from '../discover/index.ts'
import { countFaces } from './count-faces.ts'
import { newDraft } from './plan-draft.ts'
import { evaluateRecords, type Evaluation, type JudgedDataSet } from './evaluate-records.ts'
import { countCertificates, countDataSets, countHoldOrders, countPackages, lastCount, lastReconciliation } from './matter-state.store.ts'
import { currentPlan } from './plan.store.ts'
import { dealCopies, loadDealState } from './load-deal-state.ts'
import { loadDutyEvents } from './load-duty-events.ts'
import { loadStandingState } from './load-standing-state.ts'
import { plannedMoves } from './planned-moves.ts'
import { fitsSurvivors } from './plan-of-survivors.ts'
import { newPlanTally, type PlanTally } from './plan-tally.ts'
import { exportStateOf, newExportTally, type ExportTally } from './export-state.ts'

/** 事项状态. Loads everything the gates may look at, recounted now (PRODUCT "Gates"). */
export async function loadMatterState(ctx: Context, matter: Matter): Promise<MatterState> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const evaluation = await evaluateRecords(ctx, matter)
  const recounted = await recount(matter, evaluation)
  const { tally } = recounted
  const latest = await ctx.ledger.latestCheckpoint(matter.id)
  const state: MatterState = {
    matterId: matter.id, law: evaluation.law, dutyEvents: await loadDutyEvents(ctx, matter), type: matter.type, today: ctx.today(), positions: positionsOf(matter.settings), successor: matter.settings.successor,
    transferorSurvives: matter.settings.seller_survives, receiverChangesPurpose: matter.settings.receiver_changes_purpose,
    parties: matter.parties.map((party) => ({ id: party.id, role: party.role, overseas: party.role === 'transferee' && matter.settings.recipient_overseas, wordsConfirmed: party.isSelf || party.confirmedAt !== null })),
    counts: await personCounts(ctx, matter, evaluation),
    dataSets: await dataSetStates(ctx, matter, evaluation),
    notRead: (await loadSources(ctx.db, scope)).reduce((sum, source) => sum + source.notRead.length, 0),
    facts: evaluation.facts,
    plan: await planState(ctx, matter, recounted),
    packages: await packageCounts(ctx, matter),
    copies: await copyCounts(ctx, matter),
    books: await bookCounts(ctx, matter),
    certificates: await countCertificates(ctx.db, scope),
    suppression: { ready: evaluation.matterFacts.suppressionReady, entries: tally.suppressed },
    ...(await loadStandingState(ctx, matter, evaluation.facts)),
    openHolds: tally.held, holdOrders: await countHoldOrders(ctx.db, scope), openRequests: tally.openRequests,
    witnesses: { needed: await witnessesNeeded(ctx, matter), confirmed: latest?.witnesses.length ?? 0 },
    ...(await loadDealState(ctx, matter)),
    exportRoute: await exportStateOf(ctx, matter, evaluation.facts, recounted.abroad), abroadAnswered: evaluation.facts['abroad-access']?.at(-1) !== undefined, impactChanges: [],
  }
  return { ...state, impactChanges: await impactChangesOf(ctx, matter, { state, planned: await plannedMoves(ctx, matter, 'moves') }) }
}

/** 闸口. The report of one step by the present state. */
export async function askGate(ctx: Context, matter: Matter, step: GuardedStep): Promise<GateReport> {
  return gateFor(step, await loadMatterState(ctx, matter))
}

interface Recount {
  tally: PlanTally
  abroad: ExportTally
  digest: Buffer
  vectors: Buffer
}

async function recount(matter: Matter, evaluation: Evaluation): Promise<Recount> {
  const tally = newPlanTally(positionsOf(matter.settings))
  const draft = newDraft(matter, evaluation.law)
  const abroad = newExportTally()
  for await (const batch of evaluation.records()) {
    for (const judged of batch) {
      tally.add(judged)
      draft.add(judged)
      abroad.add(judged)
    }
  }
  const { digest, vectors } = draft.finish()
  return { tally: tally.finish(), abroad, digest, vectors }
}

/** A plan is stale when today's facts give another one; once records are erased, when they give another one for those that are left. */
async function planState(ctx: Context, matter: Matter, now: Recount): Promise<PlanState | null> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const plan = await currentPlan(ctx.db, scope)
  if (plan === null) return null
  const { suppressed: _suppressed, openRequests: _open, held: _held, ...counted } = now.tally
  const stale = !plan.digest.equals(now.digest) && !(await fitsSurvivors(ctx.db, scope, plan.id, now.vectors))
  return { ...counted, id: plan.id, approved: plan.approvedSeq !== null, stale }
}

/** Persons as they are held now; `countedOn` is the day on which it was last found out who is one person. */
async function personCounts(ctx: Context, matter: Matter, { dataSets }: Evaluation): Promise<MatterState['counts']> {
  const counted = await lastCount(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  if (counted === null) return null
  const report = await reportSubjects(ctx, matter.id)
  return {
    countedOn: dayInChina(instantOf(counted.at)), stale: counted.stale, persons: report.persons, sensitive: report.sensitive,
    under14: report.byAge.under14, under18: report.under18, unknownAge: report.byAge.unknown, face: await countFaces(ctx, matter, dataSets),
  }
}

async function dataSetStates(ctx: Context, matter: Matter, { dataSets }: Evaluation): Promise<DataSetState[]> {
  const counts = new Map((await countDataSets(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).map((row) => [row.id, row]))
  return dataSets.map((set) => ({ ...stateOfTreatment(set), records: counts.get(set.dataSet.id)?.records ?? 0, values: counts.get(set.dataSet.id)?.values ?? 0 }))
}

function stateOfTreatment({ dataSet, treatment }: JudgedDataSet): Omit<DataSetState, 'records' | 'values'> {
  const groupOf = new Map((treatment?.groups ?? []).flatMap((group) => group.fields.map((field) => [field, group] as const)))
  const fieldsWhere = (test: (group: NonNullable<typeof treatment>['groups'][number] | undefined) => boolean): number => dataSet.fields.filter((field) => test(groupOf.get(field.id))).length
  const entries = (treatment?.groups ?? []).flatMap((group) => group.recordsClasses ?? [])
  const bound = (...ids: string[]): boolean => entries.some((entry) => ids.includes(entry))
  return {
    id: dataSet.id, holdsPersons: treatment?.holdsPersons ?? true, collected: treatment?.collected ?? 'unknown',
    consentBased: (treatment?.groups ?? []).some((group) => group.basis === 'consent'), publicBased: (treatment?.groups ?? []).some((group) => group.basis === 'public'), fields: dataSet.fields.length,
    fieldsUnclassified: fieldsWhere((group) => group === undefined),
    fieldsWithoutBasis: fieldsWhere((group) => group === undefined || group.basis === 'unknown'),
    fieldsWithoutPurpose: fieldsWhere((group) => group === undefined || group.purposes.length === 0),
    fieldsWithoutRecordsClass: fieldsWhere((group) => group === undefined || group.recordsClasses === null),
    accounting: bound('RT01', 'RT02', 'RT03', 'RT04', 'RT05'), platform: bound('RT08', 'RT09'), antiMoneyLaundering: bound('RT10'),
    holdsFaces: (treatment?.groups ?? []).some((group) => group.biometric === 'face'),
  }
}

async function packageCounts(ctx: Context, matter: Matter): Promise<MatterState['packages']> {
  const counts = await countPackages(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  return { issued: counts.issued, withoutAcceptance: counts.issued - counts.accepted, withDifferences: counts.differing, withoutReconciliation: counts.issued - counts.reconciled }
}

async function copyCounts(ctx: Context, matter: Matter): Promise<CopyCounts> {
  const copies = await ctx.ledger.copies(matter.id)
  const open = copies.filter((copy) => copy.endedHow === null)
  const own = ownParty(matter).id
  const reconciled = await lastReconciliation(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const residual = reconciled === null ? [] : open.filter((copy) => copy.holder === own)
  return {
    open: open.length,
    openByKind: Object.fromEntries([...Map.groupBy(open, (copy) => copy.kind)].map(([kind, of]) => [kind, of.length])),
    residualOpen: residual.length,
    residualDue: reconciled === null || residual.length === 0 ? null : addDays(dayInChina(instantOf(reconciled)), matter.settings.residual_copy_days),
    outOfReach: copies.filter((copy) => copy.endedHow === 'out-of-reach').length,
    ...dealCopies(copies),
  }
}

async function bookCounts(ctx: Context, matter: Matter): Promise<MatterState['books']> {
  const lines = await ctx.ledger.mainBook(matter.id)
  const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((total, line) => total + of(line), 0)
  const check = await ctx.ledger.verifyBooks(matter.id)
  haltForBooks(ctx.home, check.problems, 'gate')
  return { pending: sum((line) => line.pending), inTransit: sum((line) => line.inTransit), balanced: check.problems.length === 0 }
}

/** How many witnesses the policy's quorum asks for; 0 without a policy or with `quorum none`. */
async function witnessesNeeded(ctx: Context, matter: Matter): Promise<number> {
  const policy = (await ctx.ledger.policy(matter.id))?.policy
  if (policy === undefined || policy.quorum === 'none') return 0
  return policy.groupByName.get(policy.quorum)?.needed ?? 1
}
