// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, parseJsonStrict } from '@handover/proof'
import type { Context } from '../../../context.ts'
import { blanksOf, paperDigest, paperJson, type Paper } from '../../../kit/paper/paper.ts'
import { addYears, dayInChina, instantOf } from '../../../kit/time.ts'
import type { MatterState } from '../../../law/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../../matter/index.ts'
import { loadPersons, signingPersonOf, type PersonRole } from '../../../stewardship/access/index.ts'
import { addFactOfAct } from '../add-fact.ts'
import { asAssessed, basisDigest, basisOf, type PlannedMoves } from './impact-basis.rules.ts'
import { assessRisks, isHigh, openPoints, residualLevel, type AssessedRisk } from './assess-risks.rules.ts'
import { impactFailures } from './impact-failures.ts'
import { insertBasis, insertReport, loadAnswerRows, loadReports } from './impact.store.ts'
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
export async function loadImpact(ctx: Context, matter: Pick<Matter, 'id'>, { state: given, about }: { state: MatterState; about: ImpactMatter }): Promise<ImpactStanding> {
  const state = asAssessed(given)
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
  /** What the plan moves and under which treatments; the approval is bound to it. */
  planned: PlannedMoves | null
}

/** Who approves, and whether it is the management that accepts a high risk that is left. */
export interface Approver {
  keyFile: string
  management: boolean
}

/**
 * Refuses to approve before it was started, with open questions or untreated high risks, with gaps in the report, with a conclusion to stop, a high level without the management (rule D04), and by
 * whoever would approve a judgement of their own (IMPACT_OWN_WORK); asked before anything is printed.
 */
export async function refuseUnapprovable(ctx: Context, matter: Matter, { said, open, risks, content }: ImpactStanding, { keyFile, management }: Approver): Promise<{ started: { id: string }; person: string; residual: RiskLevel; isManagement: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const { started } = said
  if (started === null) throw impactFailures.IMPACT_NOT_STARTED()
  if (open.questions.length + open.risks.length > 0) throw impactFailures.IMPACT_OPEN({ questions: open.questions.join(', ') || '–', risks: open.risks.join(', ') || '–' })
  if (said.answers.get('conclusion')?.choice === 'stop') throw impactFailures.IMPACT_STOP()
  const { person } = await signingPersonOf(ctx, matter, keyFile)
  const residual = residualLevel(risks)
  const isManagement = management && person.role === 'lead'
  if (isHigh(residual) && !isManagement) throw impactFailures.IMPACT_MANAGEMENT({ level: levelWords[residual].zh })
  if (!(await mayApprove(ctx, said, person))) throw impactFailures.IMPACT_OWN_WORK()
  const blanks = blanksOf(impactReport(content, 'zh'))
  if (blanks.length > 0) throw impactFailures.IMPACT_BLANK({ count: blanks.length, blanks: blanks.join('、') })
  return { started, person: person.id, residual, isManagement }
}

/**
 * Two eyes of their own: whoever approves said nothing in the assessment, or told only who, how and where and has another role than everybody who judged (PIPL 55, 56 name no person; the rule is the product's, J). Somebody's one
 * trivial answer does not make another's work theirs to approve.
 */
async function mayApprove(ctx: Context, said: SaidSoFar, person: { id: string; role: PersonRole }): Promise<boolean> {
  if (!said.saidBy.has(person.id)) return true
  const roleById = new Map((await loadPersons(ctx.db, ctx.tenant)).map(({ id, role }) => [id, role]))
  return [...said.judgedBy].every((judge) => judge !== person.id && roleById.get(judge) !== person.role)
}

/**
 * 批准评估. Approves the report: signs the fact `pia-approved` with its digest, keeps the report whole for three years and more, and books the event with what the approval was made over, all in one transaction (rules D01–D04).
 * Refuses what `refuseUnapprovable` refuses, a matter without plan, and answers that came in meanwhile.
 */
export async function approveImpact(ctx: Context, matter: Matter, { standing, report, evidenceFile, keyFile, management, planned }: ImpactApproval): Promise<{ fact: string; digest: string; residual: string; keptUntil: string; repeated: boolean }> {
  const { started, person, residual, isManagement } = await refuseUnapprovable(ctx, matter, standing, { keyFile, management })
  if (planned === null) throw impactFailures.IMPACT_NO_PLAN()
  const digest = paperDigest(report)
  const keptUntil = addYears(ctx.today(), 3)
  const basis = basisOf(planned, standing.content.state, { risks: standing.risks, answers: standing.said.lines })
  const ofBasis = basisDigest(basis)
  const sealed = await ctx.vault.sealText(matter.id, `impact-report/${digest}`, paperJson(report))
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    if ((await loadAnswerRows(tx, scope)).length !== standing.said.lines) throw impactFailures.IMPACT_CHANGED()
    const { fact, repeated } = await addFactOfAct(ctx, tx, matter, {
      name: 'pia-approved', evidenceFile, keyFile,
      value: { report: digest, approvedOn: ctx.today(), covers: ['purpose-and-method', 'rights-and-risk', 'measures'], form: 'full', residualRisk: residual, managementSigned: isManagement, keptUntil },
    })
    await insertReport(tx, scope, { digest: Buffer.from(digest, 'hex'), factId: fact.id, reportSealed: sealed, at: ctx.now() })
    await insertBasis(tx, scope, { factId: fact.id, digest: Buffer.from(ofBasis, 'hex'), basis: canonicalJson({ ...basis }), at: ctx.now() })
    const body = { assessment: started.id, report: digest, fact: fact.id, residual, plan: basis.plan, basis: ofBasis, by: person }
    await ctx.ledger.append(tx, matter.id, { type: 'ImpactApproved', body }, `impact/${started.id}/approved/${digest}/${fact.id}/${ofBasis}`)
    return { fact: fact.id, digest, residual, keptUntil, repeated }
  })
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
