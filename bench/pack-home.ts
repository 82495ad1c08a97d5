// SPDX-License-Identifier: Apache-2.0
// A transferor's home with any number of invented customers, told and treated, up to the door of the plan: the input of the plan's and the package's benchmarks.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../app/src/context.ts'
import { idText, randomIds } from '../app/src/kit/ids.ts'
import { composePolicy } from '../app/src/ledger/index.ts'
import { addFact, answerImpact, approveImpact, loadImpact, questions, reportOf, startImpact } from '../app/src/lifecycle/assess/index.ts'
import { treatDataSets, type TreatmentFile } from '../app/src/lifecycle/classify/index.ts'
import { ingestSources, resolveSubjects } from '../app/src/lifecycle/discover/index.ts'
import { approvePlan, computePlan, loadMatterState, plannedMoves, planApprovalParameters, recipientsOf } from '../app/src/lifecycle/hand-over/index.ts'
import { importNoticeResults } from '../app/src/lifecycle/notify/index.ts'
import { currentMatter, importParty, makeSigningKey, openMatter, partyFileText, prepareHome, registerParty, signPartyFile, spokenWords, type Matter } from '../app/src/matter/index.ts'
import { openContext } from '../app/src/open-context.ts'
import { approve, registerPerson, requestApproval } from '../app/src/stewardship/access/index.ts'
import { generateRows } from '../tools/generate-rows.ts'

/** The legal time of every act on these homes. */
export const benchTime = '2026-11-10T01:00:00.000Z'

const group = {
  basis: 'contract', purposeState: 'live', purposeMetWhere: [], neededForTransfer: true, neededForContract: true, onlyForNewPurpose: false, contractAssent: 'all', biometric: 'none',
  faceRoute: 'enrol-anew', majorEffect: false, recordsClasses: [], yearFacet: null, designatedBody: false, removal: 'destroy',
} as const

/** Everything goes but the identity number, which was collected for a purpose that is met. */
const treatment: TreatmentFile = {
  version: 1,
  dataSets: [{
    dataSet: 1, holdsPersons: true, collected: 'direct', lawfulSource: 'lawful', facets: [], staysWhere: [], servedWhere: [],
    groups: [
      { ...group, purposes: ['售后服务'], recordsClasses: [], purposeMetWhere: [], name: '核验', neededForTransfer: false, purposeState: 'met', columns: ['身份证号'] },
      { ...group, purposes: ['售后服务'], recordsClasses: [], purposeMetWhere: [], name: '服务', columns: '*' },
    ],
  }],
}

/** Opens a home at the benchmark's legal time. */
export async function openBenchHome(path: string): Promise<{ ctx: Context; matter: Matter }> {
  const opened = await openContext(path)
  opened.declareTime(benchTime)
  return { ctx: opened.context, matter: await currentMatter(opened.context, 'BENCH') }
}

/** Makes `planned` (told and treated, no plan yet) and `approved` (plan in force) below the folder, once. */
export async function preparePackHomes(rows: number, folder: string): Promise<void> {
  if (existsSync(join(folder, 'approved', 'ready-2'))) return
  rmSync(join(folder, 'planned'), { recursive: true, force: true })
  rmSync(join(folder, 'approved'), { recursive: true, force: true })
  mkdirSync(join(folder, 'planned'), { recursive: true })
  await makePlannedHome(rows, join(folder, 'planned'))
  copyHome(join(folder, 'planned'), join(folder, 'approved'))
  const { ctx, matter } = await openBenchHome(join(folder, 'approved', 'home'))
  await computePlan(ctx, matter)
  await assessToday(ctx, matter, join(folder, 'approved')) // bound to what this plan moves
  await approveToday(ctx, matter, join(folder, 'approved'))
  await ctx.close()
  writeFileSync(join(folder, 'approved', 'ready-2'), '')
}

/** A copy of a closed home; with its owners, since PostgreSQL runs as a user of its own. */
export function copyHome(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  execFileSync('cp', ['-a', from, to])
}

async function makePlannedHome(rows: number, folder: string): Promise<void> {
  await prepareHome(join(folder, 'home'), { company: '甲卫浴有限公司', demoSeed: 'bench' })
  const opened = await openContext(join(folder, 'home'))
  opened.declareTime(benchTime)
  const ctx = opened.context
  await registerParty(ctx, { name: '甲卫浴有限公司', creditCode: '91320500MA1AB00002', contact: '400-000-0000' }, 'transferor')
  const { matter } = await openMatter(ctx, { name: '基准', type: 'asset-transfer', role: 'transferor', code: 'BENCH' })
  await addTransferee(ctx, matter, folder)
  generateRows({ rows, seed: 'bench', file: join(folder, '客户.csv'), told: join(folder, '送达.csv') })
  await ingestSources(ctx, matter, { paths: [join(folder, '客户.csv')] })
  await resolveSubjects(ctx, matter)
  await treatDataSets(ctx, matter, treatment)
  for (const notice of ['art23', 'art30', 'art31'] as const) await importNoticeResults(ctx, matter, { path: join(folder, '送达.csv'), notice, channel: 'sms' })
  const key = await addPersons(ctx, matter, folder)
  await signFacts(ctx, matter, { folder, key })
  const policy = composePolicy({ log: await ctx.ledger.logVkey(matter.id), witnesses: [], ownWitnesses: [], needed: 0, parties: [], approvers: [] })
  await ctx.db.transaction((tx) => ctx.ledger.setPolicy(tx, matter.id, policy, { ownKeys: [] }))
  await ctx.close()
}

async function addTransferee(ctx: Context, matter: Matter, folder: string): Promise<void> {
  const noteSigner = makeSigningKey(join(folder, 'transferee.key'), idText('pty', randomIds.bytes('pty')))
  const signer = { vkey: noteSigner.vkey, noteSigner, ageIdentity: ctx.signer.ageIdentity, ageRecipient: ctx.signer.ageRecipient }
  const file = signPartyFile(signer, { name: '乙卫浴有限公司', creditCode: 'TEST-0001', contact: '400' }, 'transferee')
  await importParty(ctx, matter, partyFileText(file), { words: spokenWords(file.digest, 'zh').join(' ') })
}

async function addPersons(ctx: Context, matter: Matter, folder: string): Promise<string> {
  for (const role of ['lead', 'legal'] as const) {
    const { vkey } = makeSigningKey(join(folder, `${role}.key`), idText('per', randomIds.bytes('per')))
    await registerPerson(ctx, matter, { name: role, role, custody: 'this-home', vkey: vkey.text })
  }
  return join(folder, 'legal.key')
}

async function signFacts(ctx: Context, matter: Matter, { folder, key }: { folder: string; key: string }): Promise<void> {
  const on = '2026-11-01'
  const digest = 'ab'.repeat(32)
  const evidenceFile = join(folder, '文件.txt')
  writeFileSync(evidenceFile, '虚构\n')
  const values = {
    'deal-documents': { kind: 'contract', signedOn: on },
    'inventory-signed-off': { allSystemsListed: true, paperListed: true, backupsListed: true, processorsListed: true, notReadSeen: 0 },
    'age-presumption': { group: 'adult', reason: 'identity-checked-at-contract' },
    'important-data-checked': { answer: 'none-identified', checkedOn: on },
    'sector-checked': { sectors: ['none'] },
    'grading-approved': { ruleSet: 'pipl-28' },
    'sensitive-review': { sampled: 200, corrected: 0 },
    'basis-register': { approvedOn: on },
    'circumstances-declared': { declaredOn: on, ...Object.fromEntries(['ciio', 'broker', 'foreignControl', 'foreignListing', 'derivedData', 'outsidersSaw', 'marketing', 'eCommerceStops', 'prepaid', 'joinsOwnData', 'jointProcessing', 'foreignRequest', 'stateArchives'].map((name) => [name, false])) },
    'child-assessment': { report: digest, assessedOn: on, by: 'self' },
    'transfer-agreement-signed': { agreement: digest, signedOn: on, signedBy: ['transferor', 'transferee'], names: { purpose: true, method: true, scope: true, security: true } },
    'successor-undertaking-signed': { undertaking: digest, signedOn: on, samePurpose: true, accepts: { rights: true, retention: true, pendingRequests: true, optOuts: true } },
    'opt-outs-brought-in': { on, systems: 1, entries: 0 },
    'restore-test-passed': { testedOn: on, backupEnds: '2026-12-20' },
    'notice-text-approved': { texts: digest, kinds: ['art22', 'art23', 'art30', 'art31'], approvedOn: on, plain: true, prominent: true, listed: true },
    'abroad-access': { viewers: 0, processors: 0, persons: 0, sensitive: 0 },
  }
  for (const [name, value] of Object.entries(values)) await addFact(ctx, matter, { name, value, evidenceFile, keyFile: key })
}

/** The impact assessment over the plan of today: legal answers, the lead approves. */
async function assessToday(ctx: Context, matter: Matter, folder: string): Promise<void> {
  const keyFile = join(folder, 'legal.key')
  await startImpact(ctx, matter, keyFile)
  for (const { id, choices } of questions) await answerImpact(ctx, matter, { item: id, said: { choice: id === 'conclusion' ? 'proceed' : (Object.keys(choices)[0] ?? null), text: '虚构' }, keyFile })
  const state = await loadMatterState(ctx, matter)
  const about = {
    now: ctx.now(), isClockDeclared: true, matter: { code: matter.code }, parties: matter.parties.map(({ role, file }) => ({ role, name: file.name, creditCode: file.creditCode })),
    categories: [{ words: { zh: '手机号', en: 'mobile number' }, isSensitive: false, values: 1 }], purposes: ['售后服务'], bases: ['contract'], retention: [], dataSets: [],
  }
  for (const item of (await loadImpact(ctx, matter, { state, about })).open.risks) await answerImpact(ctx, matter, { item, said: { measure: '虚构', owner: '虚构', due: null, strength: 'ordinary', impact: null, likelihood: null }, keyFile })
  const standing = await loadImpact(ctx, matter, { state, about })
  await approveImpact(ctx, matter, { standing, planned: await plannedMoves(ctx, matter, 'may-move'), report: reportOf(standing, 'zh'), evidenceFile: join(folder, '文件.txt'), keyFile: join(folder, 'lead.key'), management: true })
}

/** Computes, requests, approves and puts in force the plan of today; answers the seconds of each part. */
export async function approveToday(ctx: Context, matter: Matter, folder: string): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const result = await work()
    seconds[name] = (performance.now() - started) / 1000
    return result
  }
  const plan = await timed('plan', () => computePlan(ctx, matter))
  const again = await timed('again', () => computePlan(ctx, matter))
  if (again.digest !== plan.digest) throw new Error('the same facts gave another plan')
  await addFact(ctx, matter, { name: 'minimisation-approved', value: { plan: plan.id }, evidenceFile: join(folder, '文件.txt'), keyFile: join(folder, 'legal.key') })
  const { request } = await requestApproval(ctx, matter, { act: 'hand-over', parameters: planApprovalParameters(plan, recipientsOf(matter)), keyFile: join(folder, 'lead.key') })
  await approve(ctx, matter, { requestId: request.id, keyFile: join(folder, 'legal.key') })
  await timed('approve', () => approvePlan(ctx, matter))
  return seconds
}
