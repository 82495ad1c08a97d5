// SPDX-License-Identifier: Apache-2.0
import { parseJsonStrict } from '@handover/proof'
import type { Context } from '../../../context.ts'
import { blanksOf, paperDigest, paperJson, type Paper } from '../../../kit/paper/paper.ts'
import { addYears, dayInChina, instantOf } from '../../../kit/time.ts'
import type { MatterState } from '../../../law/index.ts'
import type { Matter } from '../../../matter/index.ts'
import { signingPerson } from '../../../stewardship/access/index.ts'
import { addFact } from '../add-fact.ts'
import { assessRisks, isHigh, openPoints, residualLevel, type AssessedRisk } from './assess-risks.rules.ts'
import { impactFailures } from './impact-failures.ts'
import { insertReport, loadReports } from './impact.store.ts'
import { levelWords, type RiskLevel } from './levels.rules.ts'
import { loadSaid, type SaidSoFar } from './record-answer.ts'
import { impactReport, type ImpactContent, type ImpactMatter } from './write-report.rules.ts'

/** 影响评估. The assessment as it stands now: what people said, the risks by today's facts, what is still open. */
export interface ImpactStanding {
  said: SaidSoFar
  risks: AssessedRisk[]
  open: { questions: string[]; risks: string[] }
  content: ImpactContent
  /** Digests of approved reports, the newest last, and whether today's report is still the newest approved one. */
  approved: { digest: string; fact: string; at: string }[]
}

/** Loads the assessment over the matter's state. Refuses damaged lines (IMPACT_DAMAGED). */
export async function loadImpact(ctx: Context, matter: Pick<Matter, 'id'>, { state, about }: { state: MatterState; about: ImpactMatter }): Promise<ImpactStanding> {
  const said = await loadSaid(ctx, matter)
  const risks = assessRisks(state, said.treatments)
  const content: ImpactContent = { about, state, answers: said.answers, risks, startedOn: said.started === null ? null : dayInChina(instantOf(said.started.at)) }
  const reports = await loadReports(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  return { said, risks, open: openPoints(state, said.answers, risks), content, approved: reports.map((row) => ({ digest: row.digest.toString('hex'), fact: row.factId, at: row.at })) }
}

/** What an approval needs: the assessment, the report as printed for signing, and who signs. */
export interface ImpactApproval extends Approver {
  standing: ImpactStanding
  /** The report that was shown and printed; its digest goes into the fact. */
  report: Paper
  /** The printed report, which is the evidence behind the fact. */
  evidenceFile: string
}

/** Who approves, and whether it is the management that accepts a high risk that is left. */
export interface Approver {
  keyFile: string
  management: boolean
}

/** Refuses to approve before it was started, with open questions or untreated high risks, with gaps in the report, with a conclusion to stop, and a high level without the management (rule D04); asked before anything is printed. */
export async function refuseUnapprovable(ctx: Context, { said, open, risks, content }: ImpactStanding, { keyFile, management }: Approver): Promise<{ started: { id: string }; person: string; residual: RiskLevel; isManagement: boolean }> {
  const { started } = said
  if (started === null) throw impactFailures.IMPACT_NOT_STARTED()
  if (open.questions.length + open.risks.length > 0) throw impactFailures.IMPACT_OPEN({ questions: open.questions.join(', ') || '–', risks: open.risks.join(', ') || '–' })
  if (said.answers.get('conclusion')?.choice === 'stop') throw impactFailures.IMPACT_STOP()
  const { person } = await signingPerson(ctx, keyFile)
  const residual = residualLevel(risks)
  const isManagement = management && person.role === 'lead'
  if (isHigh(residual) && !isManagement) throw impactFailures.IMPACT_MANAGEMENT({ level: levelWords[residual].zh })
  const blanks = blanksOf(impactReport(content, 'zh'))
  if (blanks.length > 0) throw impactFailures.IMPACT_BLANK({ count: blanks.length, blanks: blanks.join('、') })
  return { started, person: person.id, residual, isManagement }
}

/** 批准评估. Approves the report: signs the fact `pia-approved` with its digest, keeps the report whole for three years and more, books the event. Refuses open questions, untreated high risks, a conclusion to stop, and a high level without the management. */
export async function approveImpact(ctx: Context, matter: Matter, { standing, report, evidenceFile, keyFile, management }: ImpactApproval): Promise<{ fact: string; digest: string; residual: string; keptUntil: string; repeated: boolean }> {
  const { started, person, residual, isManagement } = await refuseUnapprovable(ctx, standing, { keyFile, management })
  const digest = paperDigest(report)
  const keptUntil = addYears(ctx.today(), 3)
  const { fact, repeated } = await addFact(ctx, matter, {
    name: 'pia-approved', evidenceFile, keyFile,
    value: { report: digest, approvedOn: ctx.today(), covers: ['purpose-and-method', 'rights-and-risk', 'measures'], form: 'full', residualRisk: residual, managementSigned: isManagement, keptUntil },
  })
  const sealed = await ctx.vault.sealText(matter.id, `impact-report/${digest}`, paperJson(report))
  await ctx.db.transaction(async (tx) => {
    await insertReport(tx, { tenant: ctx.tenant, matterId: matter.id }, { digest: Buffer.from(digest, 'hex'), factId: fact.id, reportSealed: sealed, at: ctx.now() })
    await ctx.ledger.append(tx, matter.id, { type: 'ImpactApproved', body: { assessment: started.id, report: digest, fact: fact.id, residual, by: person } }, `impact/${started.id}/approved/${digest}/${fact.id}`)
  })
  return { fact: fact.id, digest, residual, keptUntil, repeated }
}

/** The approved report, word for word; the newest unless a digest is given. Refuses when none was approved, and one that does not fit its digest. */
export async function approvedReport(ctx: Context, matter: Pick<Matter, 'id'>, asked: string | null): Promise<Paper> {
  const row = (await loadReports(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).findLast(({ digest }) => asked === null || digest.toString('hex') === asked)
  if (row === undefined) throw impactFailures.IMPACT_NOT_APPROVED()
  const digest = row.digest.toString('hex')
  const paper = parseJsonStrict(await ctx.vault.openText(matter.id, `impact-report/${digest}`, row.reportSealed))
  if (!isPaper(paper) || paperDigest(paper) !== digest) throw impactFailures.IMPACT_DAMAGED({ number: 0 })
  return paper
}

/** A paper that came out of our own seal and fits its digest has the form it was written with. */
function isPaper(value: unknown): value is Paper {
  return typeof value === 'object' && value !== null && 'template' in value && 'blocks' in value && Array.isArray(value.blocks)
}

/** The report of an assessment as it stands. */
export function reportOf(standing: ImpactStanding, lang: 'zh' | 'en'): Paper {
  return impactReport(standing.content, lang)
}
