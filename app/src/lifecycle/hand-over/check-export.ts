// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { exportDuties, exportObstacles, obstacle, spellObstacle, type ExportState, type FactValue, type LawLine, type PersonsAbroad, type SpelledObstacle } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { refuseUnlessResolved } from '../discover/index.ts'
import { evaluateRecords } from './evaluate-records.ts'
import { exportedInYear } from './export-count.store.ts'
import { exportStateOf, newExportTally } from './export-state.ts'

/** 出境自查. What the questionnaire knows, what is missing, which route the numbers need, and what stands in the way. */
export interface ExportCheck {
  year: number
  /** Null when nobody outside the mainland receives or looks as far as somebody answered, and nothing was sent there this year. */
  state: ExportState | null
  answers: { abroadAccess: FactValue<'abroad-access'> | null; export: FactValue<'export-answers'> | null; importantData: FactValue<'important-data-checked'>['answer'] | null }
  /** Packages that went abroad this year, all matters of this home. */
  sentThisYear: PersonsAbroad
  obstacles: readonly SpelledObstacle[]
  duties: readonly LawLine[]
}

/** 出境自查. Fills the questionnaire from the plan, the packages of all matters since 1 January and the signed facts, and judges the route (PIPL 38–40; 促进和规范数据跨境流动规定). Writes nothing. Refuses while persons are not resolved. */
export async function checkExport(ctx: Context, matter: Matter): Promise<ExportCheck> {
  await refuseUnlessResolved(ctx, matter.id)
  const evaluation = await evaluateRecords(ctx, matter)
  const tally = newExportTally()
  for await (const batch of evaluation.records()) for (const judged of batch) tally.add(judged)
  const { facts } = evaluation
  const state = await exportStateOf(ctx, matter, facts, tally)
  const year = Number(ctx.today().slice(0, 4))
  const { here, others } = await exportedInYear(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, year)
  return {
    year, state,
    answers: { abroadAccess: facts['abroad-access']?.at(-1)?.value ?? null, export: facts['export-answers']?.at(-1)?.value ?? null, importantData: facts['important-data-checked']?.at(-1)?.value.answer ?? null },
    sentThisYear: { persons: here.persons + others.persons, sensitive: here.sensitive + others.sensitive },
    obstacles: [...(facts['abroad-access']?.at(-1) === undefined ? [obstacle('ABROAD_ACCESS_UNANSWERED')] : []), ...(state === null ? [] : exportObstacles(state, ctx.today()))].map(spellObstacle),
    duties: state === null ? [] : exportDuties(state.result.allowed),
  }
}
