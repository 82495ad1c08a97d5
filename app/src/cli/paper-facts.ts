// SPDX-License-Identifier: Apache-2.0
import { statementDigest } from '@handover/proof'
import type { Context } from '../context.ts'
import { isInformationType, typeLabel } from '../detection/index.ts'
import { dayInChina, instantOf } from '../kit/time.ts'
import { coveredText, retentionWords, type MatterState, type PlanState, type RetentionRow } from '../law/index.ts'
import { loadOrders, type DestructionOrder } from '../lifecycle/destroy/index.ts'
import { loadMatterState } from '../lifecycle/hand-over/index.ts'
import { positionsOf, type Matter } from '../matter/index.ts'
import { buildRegister, type ProcessingRegister, type RegisterEntry } from '../stewardship/inventory/index.ts'
import type { PaperCategory, PaperDataSet, PaperFacts, PaperOrder } from '../stewardship/papers/index.ts'

/** What was read of a matter for its papers; the state and the register serve the impact assessment as well. */
export interface LoadedFacts {
  facts: PaperFacts
  state: MatterState
  /** null while nothing was entered in the books. */
  register: ProcessingRegister | null
}

/** Reads everything that papers may say from the matter's books, register and files. Refuses what the books refuse. */
export async function loadPaperFacts(ctx: Context, matter: Matter): Promise<LoadedFacts> {
  const state = await loadMatterState(ctx, matter)
  const register = state.dataSets.length === 0 ? null : await buildRegister(ctx, { id: matter.id, code: matter.code, parties: matter.parties.map(({ id, role, file, isSelf }) => ({ id, role, name: file.name, isSelf })) }, state.law)
  const copies = await ctx.ledger.copies(matter.id)
  const names = await ctx.vault.openLabels(matter.id, 'person-name')
  const entries = register?.entries ?? []
  const activities = entries.flatMap((entry) => entry.activities)
  const facts: PaperFacts = {
    today: ctx.today(), now: ctx.now(), isClockDeclared: matter.isDemo, matter: { code: matter.code, type: matter.type, openedOn: dayInChina(matter.openedAt) },
    parties: matter.parties.map(({ role, file }) => ({ role, name: file.name, creditCode: file.creditCode, contact: file.contact })),
    successor: state.successor, transferorSurvives: state.transferorSurvives, receiverChangesPurpose: state.receiverChangesPurpose, isRecipientAbroad: matter.settings.recipient_overseas, abroad: abroadOf(state),
    residualCopyDays: matter.settings.residual_copy_days, cutoffDay: matter.settings.cutoff_day, positions: positionsOf(matter.settings),
    categories: categoriesOf(entries.flatMap((entry) => entry.fields)), purposes: unique(activities.flatMap((one) => one.purposes)), bases: unique(activities.map((one) => one.basis)),
    retention: state.law.retentionRows.filter(({ id }) => activities.some((one) => one.retention?.some((text) => text.startsWith(`${id} `)) === true)).map((row) => ({ text: retentionLine(row, 'zh'), textEn: retentionLine(row, 'en'), source: row.source, conf: row.conf })),
    dataSets: entries.map(dataSetOf), persons: personsOf(state), plan: state.plan === null ? null : planOf(state.plan, register),
    copies: { open: state.copies.open, byKind: { ...state.copies.openByKind }, outOfReach: copies.filter((copy) => copy.endedHow === 'out-of-reach' || copy.endedHow === 'attested').length },
    orders: (await loadOrders(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).map((order) => orderOf(order, (id) => names.get(id) ?? id)), notRead: state.notRead,
    overrides: state.overrides.map(({ rule, counts, article, opinion, on, until, approval }) => ({ rule, covered: coveredText(counts), article, opinion, on, until, approval })),
  }
  return { facts, state, register }
}

/** What the export check found, for the papers of the three mechanisms (rules G01, G03–G05). */
function abroadOf({ exportRoute, facts }: MatterState): PaperFacts['abroad'] {
  if (exportRoute === null) return null
  const { counts, result, done } = exportRoute
  return { ...counts, total: result.total, allowed: result.allowed, reasons: result.reasons, ciio: facts['export-answers']?.at(-1)?.value.ciio ?? null, importantData: facts['important-data-checked']?.at(-1)?.value.answer ?? null, done }
}

const retentionLine = (row: RetentionRow, lang: 'zh' | 'en'): string => `${retentionWords(row).records[lang]} ${retentionWords(row).period[lang]}`

const unique = (words: readonly string[]): string[] => [...new Set(words)]

/** The kinds of personal information among the fields, the most frequent first; blank fields and tables without persons say nothing. */
function categoriesOf(fields: RegisterEntry['fields']): PaperCategory[] {
  const personal = fields.filter(({ grade, values }) => values > 0 && (grade === 'sensitive' || grade === 'general'))
  return [...Map.groupBy(personal, ({ type, grade }) => `${type}/${grade}`).values()]
    .flatMap((same): PaperCategory[] => {
      const [first] = same
      if (first === undefined) return []
      const words = isInformationType(first.type) ? typeLabel(first.type) : { zh: first.type, en: first.type }
      return [{ words, isSensitive: first.grade === 'sensitive', values: same.reduce((sum, { values }) => sum + values, 0) }]
    })
    .toSorted((a, b) => b.values - a.values)
}

function dataSetOf(entry: RegisterEntry): PaperDataSet {
  const { number, dataSet, source, kind, records, values, persons, moved } = entry
  return { number, name: dataSet, source, kind, records, values, persons, moved, categories: categoriesOf(entry.fields), endings: entry.endings.map((ending) => ({ outcome: ending.outcome, values: ending.values })) }
}

/** As held today. */
function personsOf({ counts, today }: MatterState): PaperFacts['persons'] {
  if (counts === null) return null
  const { persons, sensitive, under14, under18, unknownAge } = counts
  return { all: persons, sensitive, under14, under18, unknownAge, countedOn: today }
}

/** Once nothing is left that the plan would hand over, the numbers are of what was. */
function planOf(plan: PlanState, register: ProcessingRegister | null): PaperFacts['plan'] {
  const entries = register?.entries ?? []
  const transfer = plan.transfer.records === 0 && register?.moved ? register.moved : plan.transfer
  // What the plan says of every value; counted again, records that ended by it would be missing.
  const ending = (word: string): number => entries.flatMap((entry) => entry.endings).reduce((sum, { outcome, values }) => sum + (outcome === word ? values : 0), 0)
  return {
    id: plan.id, isApproved: plan.approved, transferRecords: transfer.records, transferValues: transfer.values, transferPersons: transfer.persons,
    sealedValues: ending('sealed'), keptValues: ending('kept'), destroyedValues: ending('destroyed'), anonymisedValues: ending('anonymised'), pendingValues: plan.pendingValues,
  }
}

function orderOf(order: DestructionOrder, nameOf: (id: string) => string): PaperOrder {
  const { facts } = order
  const certificate = order.finalCertificate ?? order.certificate
  return {
    id: order.id, status: order.status, scope: order.scope.kind, records: facts.records, values: facts.values, copies: facts.copies.length, requestedAt: instantOf(facts.requestedAt),
    requestedBy: facts.requestedBy === null ? null : nameOf(facts.requestedBy), approvedBy: facts.approvedBy.map(nameOf), identitiesVerified: facts.identitiesVerified,
    destroyedAt: facts.destroyedAt === null ? null : instantOf(facts.destroyedAt), certificate: certificate === null ? null : statementDigest(certificate), outOfReach: facts.notRead.length + facts.refused.length,
  }
}
