// SPDX-License-Identifier: Apache-2.0
import { ageDecrypt, decodeUtf8Strict, once, PACKAGE_FILES, readAll, readPackageManifest, unverifiedStatement, verifyFile, type PackageManifest } from '@handover/proof'
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../context.ts'
import { composePolicy } from '../../ledger/index.ts'
import { currentMatter, type Matter, type Party, type PartySigner } from '../../matter/index.ts'
import { approve, requestApproval } from '../../stewardship/access/index.ts'
import { normaliseKey } from '../../detection/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { addFact } from '../assess/index.ts'
import { readTreatment, treatDataSets } from '../classify/index.ts'
import { ingestSources, loadDataSets, resolveSubjects } from '../discover/index.ts'
import { importChoices, importNoticeResults } from '../notify/index.ts'
import { approvePlan, planApprovalParameters, recipientsOf } from './approve-plan.ts'
import { approvedImpact } from '../../test-impact.ts'
import { packageFolder } from './package-parts.ts'
import { computePlan } from './compute-plan.ts'
import { pretendReconciled } from './fixture.store.ts'
import { issuePackage, type IssuedPackage } from './issue-package.ts'
import { askGate } from './load-matter-state.ts'
import { allPackages } from './package.store.ts'

/** Before any clock on which this test may run, because one test lets real time run. */
const legalTime = '2025-06-01T01:00:00.000Z'
const mobile = (at: number): string => `1700${String(1_000_000 + at * 7)}`

let home: TestHome
let matter: Matter
let people: { lead: string; legal: string } | undefined
beforeAll(async () => {
  home = await openTestHome()
}, 60_000)
afterAll(() => home.remove())

/** A matter with this many customers whose plan is approved; each has a number, a mobile and a remark that nobody needs. */
async function approvedMatter(customers: number): Promise<{ transferee: Party; custodian: Party }> {
  home.setTime(legalTime)
  const opened = (await home.addParty(await home.openMatter('asset-transfer'), '乙卫浴有限公司', 'transferee')).matter
  const { partyId } = await home.addParty(opened, '丙档案有限公司', 'custodian')
  await ingestSources(home.ctx, opened, { paths: [write('客户.csv', ['客户编号,手机号,备注,业务员手机', ...Array.from({ length: customers }, (_, at) => `KH${String(at).padStart(5, '0')},${mobile(at)},${at % 3 === 0 ? '' : '周末'},${mobile(900_000 + (at % 3))}`)])] })
  await resolveSubjects(home.ctx, opened)
  const group = { purposes: ['售后服务'], basis: 'contract' as const, purposeState: 'live' as const, purposeMetWhere: [], neededForContract: true, onlyForNewPurpose: false, contractAssent: 'all' as const, biometric: 'none' as const, faceRoute: 'enrol-anew' as const, majorEffect: false, recordsClasses: [], yearFacet: null, designatedBody: false, removal: 'destroy' as const }
  await treatDataSets(home.ctx, opened, { version: 1, dataSets: [{
    dataSet: 1, holdsPersons: true, collected: 'direct', lawfulSource: 'lawful', facets: [], staysWhere: [], servedWhere: [],
    groups: [{ ...group, name: '服务', neededForTransfer: true, columns: ['客户编号', '手机号'] }, { ...group, name: '备注', neededForTransfer: false, columns: ['备注', '业务员手机'] }],
  }] })
  matter = await currentMatter(home.ctx, opened.id)
  people ??= { lead: (await home.addPerson(matter, '甲一', { role: 'lead' })).keyFile, legal: (await home.addPerson(matter, '乙二')).keyFile }
  await importNoticeResults(home.ctx, matter, { path: write('送达.csv', ['手机号,结果,时间', ...Array.from({ length: customers }, (_, at) => `${mobile(at)},送达,2025-03-05 10:00`)]), notice: 'art23', channel: 'sms' })
  await signFacts()
  const policy = composePolicy({ log: await home.ctx.ledger.logVkey(matter.id), witnesses: [], ownWitnesses: [], needed: 0, parties: [], approvers: [] })
  await home.ctx.db.transaction((tx) => home.ctx.ledger.setPolicy(tx, matter.id, policy, { ownKeys: [] }))
  await approveToday()
  const partyOf = (test: (party: Party) => boolean): Party => matter.parties.find(test) ?? expect.fail('the party is in the matter')
  return { transferee: partyOf((party) => party.role === 'transferee'), custodian: partyOf((party) => party.id === partyId) }
}

/** Says again what the data set is for, and which transferee takes it over. */
async function nameTransferee(transferee: string): Promise<void> {
  const [dataSet] = await loadDataSets(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })
  const { facets: _facets, groups, ...treatment } = readTreatment(dataSet?.treatment) ?? expect.fail('the data set is treated')
  const columns = [['客户编号', '手机号'], ['备注', '业务员手机']]
  await treatDataSets(home.ctx, matter, { version: 1, dataSets: [{ ...treatment, dataSet: 1, facets: [], transferee, groups: groups.map(({ fields: _fields, ...group }, at) => ({ ...group, columns: columns[at] ?? [] })) }] })
}

async function signFacts(): Promise<void> {
  const on = '2025-05-30'
  const digest = 'ab'.repeat(32)
  const values = {
    'deal-documents': { kind: 'contract', signedOn: on },
    'inventory-signed-off': { allSystemsListed: true, paperListed: true, backupsListed: true, processorsListed: true, notReadSeen: 0 },
    'age-presumption': { group: 'adult', reason: 'identity-checked-at-contract' },
    'important-data-checked': { answer: 'none-identified', checkedOn: on },
    'basis-register': { approvedOn: on },
    'abroad-access': { viewers: 0, processors: 0, persons: 0, sensitive: 0 },
    'opt-outs-brought-in': { on, systems: 1, entries: 0 },
    'notice-text-approved': { texts: digest, kinds: ['art23'], approvedOn: on, plain: true, prominent: true, listed: true },
    'circumstances-declared': { declaredOn: on, ...Object.fromEntries(['ciio', 'broker', 'foreignControl', 'foreignListing', 'derivedData', 'outsidersSaw', 'marketing', 'eCommerceStops', 'prepaid', 'joinsOwnData', 'jointProcessing', 'foreignRequest', 'stateArchives'].map((name) => [name, false])) },
    'transfer-agreement-signed': { agreement: digest, signedOn: on, signedBy: ['transferor', 'transferee'], names: { purpose: true, method: true, scope: true, security: true } },
  }
  const evidenceFile = write('文件.txt', ['虚构'])
  for (const [name, value] of Object.entries(values)) await addFact(home.ctx, matter, { name, value, evidenceFile, keyFile: people?.legal ?? '' })
}

async function approveToday(): Promise<void> {
  await computePlan(home.ctx, matter)
  await approvedImpact(home.ctx, matter, { keyFile: people?.legal ?? '', evidenceFile: write('文件.txt', ['虚构']) })
  const plan = await computePlan(home.ctx, matter)
  await addFact(home.ctx, matter, { name: 'minimisation-approved', value: { plan: plan.id }, evidenceFile: write('文件.txt', ['虚构']), keyFile: people?.legal ?? '' })
  const { request } = await requestApproval(home.ctx, matter, { act: 'hand-over', parameters: planApprovalParameters(plan, recipientsOf(matter)), keyFile: people?.lead ?? '' })
  await approve(home.ctx, matter, { requestId: request.id, keyFile: people?.legal ?? '' })
  await approvePlan(home.ctx, matter)
}

function write(name: string, lines: readonly string[]): string {
  const file = join(dirname(home.path), name)
  writeFileSync(file, `${lines.join('\r\n')}\r\n`)
  return file
}

const fileOf = (name: string): string => join(dirname(home.path), name)
const object = (at: number, file: string) => importChoices(home.ctx, matter, { path: write(file, ['手机号,选择,时间', `${mobile(at)},不同意,2025-05-31 10:00`]), channel: 'sms' })
const inTransit = async (): Promise<number> => (await home.ctx.ledger.mainBook(matter.id)).reduce((sum, line) => sum + line.inTransit, 0)
const issuedEvents = async (): Promise<number> => (await home.ctx.ledger.eventsOfType(matter.id, 'PackageIssued')).length

async function manifestOf(issued: Pick<IssuedPackage, 'id'>): Promise<PackageManifest> {
  const signer: PartySigner = home.ctx.signer
  const sealed = readFileSync(join(packageFolder(home.ctx, issued.id), PACKAGE_FILES.manifest))
  return readPackageManifest(unverifiedStatement(decodeUtf8Strict(await readAll(ageDecrypt(once(sealed), { identities: [signer.ageIdentity] }), 1 << 26))))
}

/** The same home, in which the process dies when this much of the package has been committed. */
function dyingAfter(records: number): Context {
  return { ...home.ctx, progress: (_label, done) => { if (done >= records) throw new Error('killed') } }
}

describe('issuing a package', () => {
  it('works while real time runs on', async () => {
    const { transferee } = await approvedMatter(40)
    home.setTime(undefined)
    const issued = await issuePackage(home.ctx, matter, { to: transferee, purpose: 'transfer', file: fileOf('包.tar') })
    expect(issued).toMatchObject({ records: 40, values: 80, repeated: false })
    expect(await inTransit()).toBe(80)
  }, 60_000)

  it('goes on after a crash between segment and event, with the same content and nothing twice', async () => {
    const { transferee } = await approvedMatter(1010)
    const order = { to: transferee, purpose: 'transfer' as const, file: fileOf('包.tar') }
    await expect(issuePackage(dyingAfter(1000), matter, order)).rejects.toThrow('killed')
    expect(await inTransit()).toBe(0)
    const [begunFirst] = await allPackages(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })
    const finished = join(packageFolder(home.ctx, begunFirst?.id ?? ''), 'segments', '00000.age')
    const ciphertext = readFileSync(finished)
    await expect(issuePackage(dyingAfter(1010), matter, order)).rejects.toThrow('killed')
    const dying: Context = { ...home.ctx, ledger: { ...home.ctx.ledger, openCopy: () => Promise.reject(new Error('killed')) } }
    await expect(issuePackage(dying, matter, order)).rejects.toThrow('killed')
    const [begun] = await allPackages(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })
    const before = await manifestOf({ id: begun?.id ?? '' })
    const issued = await issuePackage(home.ctx, matter, order)
    const after = await manifestOf(issued)
    expect(after.contentRoot).toBe(before.contentRoot)
    expect(readFileSync(finished).equals(ciphertext), 'a finished segment is not encrypted again').toBe(true)
    expect([issued.records, issued.values, await inTransit(), await issuedEvents()]).toEqual([1010, 2020, 2020, 1])
    expect(await issuePackage(home.ctx, matter, order)).toMatchObject({ id: issued.id, repeated: true })
    expect([await inTransit(), await issuedEvents()]).toEqual([2020, 1])
    const verdict = await verifyFile(order.file, { identities: [home.ctx.signer.ageIdentity], language: 'en' })
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
  }, 60_000)

  it('never goes on with what an interrupted attempt left on the disk', async () => {
    const { transferee } = await approvedMatter(30)
    const order = { to: transferee, purpose: 'transfer' as const, file: fileOf('包.tar') }
    await expect(issuePackage(dyingAfter(30), matter, order)).rejects.toThrow('killed')
    const [begun] = await allPackages(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })
    writeFileSync(join(packageFolder(home.ctx, begun?.id ?? ''), 'segments', '00000.age'), 'cut off')
    await issuePackage(home.ctx, matter, order)
    const verdict = await verifyFile(order.file, { identities: [home.ctx.signer.ageIdentity], language: 'en' })
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
  }, 60_000)

  it('refuses a plan that a late objection made stale, and keeps that person out of the next package', async () => {
    const { transferee } = await approvedMatter(30)
    const order = { to: transferee, purpose: 'transfer' as const, file: fileOf('包.tar') }
    await expect(issuePackage(dyingAfter(30), matter, order)).rejects.toThrow('killed')
    const [begun] = await allPackages(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })
    await object(7, '反对.csv')
    await expect(issuePackage(home.ctx, matter, order)).rejects.toThrow('PLAN_STALE')
    expect(await inTransit()).toBe(0)
    await approveToday()
    const issued = await issuePackage(home.ctx, matter, order)
    expect(issued).toMatchObject({ records: 29, values: 58, sequence: 1 })
    expect((await manifestOf(issued)).previous).toBeNull()
    const { suppression, nonce } = await manifestOf(issued)
    // The recipient tests a customer it meets by the keyed hash of the number (rule B11): who objected is found, nobody else is, and no number stands in the list.
    const hashOf = (number: string): string => createHmac('sha256', Buffer.from(nonce, 'hex')).update(`mobile\0${normaliseKey('mobile', number) ?? ''}`).digest('hex')
    expect(suppression, 'the number of the person who objected, not that of the clerk').toEqual([hashOf(mobile(7))])
    expect([hashOf(mobile(8)), hashOf(mobile(900_001))].filter((hash) => suppression.includes(hash))).toEqual([])
    expect(existsSync(packageFolder(home.ctx, begun?.id ?? '')), 'ciphertext of a package that was never issued').toBe(false)
  }, 60_000)

  it('refuses when an objection arrives while it is encrypting', async () => {
    const { transferee } = await approvedMatter(30)
    const order = { to: transferee, purpose: 'transfer' as const, file: fileOf('包.tar') }
    // The manifest asks for the newest checkpoint when everything is encrypted; the gate asked before.
    let asked = 0
    const latestCheckpoint: Context['ledger']['latestCheckpoint'] = async (id) => {
      asked += 1
      if (asked === 2) await object(7, '反对.csv')
      return home.ctx.ledger.latestCheckpoint(id)
    }
    const late: Context = { ...home.ctx, ledger: { ...home.ctx.ledger, latestCheckpoint } }
    await expect(issuePackage(late, matter, order)).rejects.toThrow('PLAN_STALE')
    expect(asked).toBeGreaterThan(1)
    expect([await inTransit(), await issuedEvents()]).toEqual([0, 0])
  }, 60_000)

  it('asks for the impact assessment again when what moves is treated otherwise than assessed, and not when people leave', async () => {
    const { transferee } = await approvedMatter(30)
    const ofAssessment = async () => (await askGate(home.ctx, matter, 'pack')).results.find(({ rule }) => rule === 'D01')
    await object(7, '反对.csv')
    await computePlan(home.ctx, matter)
    expect(await ofAssessment()).toMatchObject({ status: 'satisfied' })
    await nameTransferee(transferee.id)
    await computePlan(home.ctx, matter)
    expect(await ofAssessment()).toMatchObject({ status: 'unmet', stops: true, obstacles: [{ code: 'PIA_STALE', facts: { changed: 'treatment' } }] })
    await approvedImpact(home.ctx, matter, { keyFile: people?.legal ?? '', evidenceFile: write('文件.txt', ['虚构']) })
    expect(await ofAssessment()).toMatchObject({ status: 'satisfied' })
  }, 60_000)

  it('refuses a party that the approval does not name, and a purpose that is not that party\'s', async () => {
    const { transferee, custodian } = await approvedMatter(30)
    const later = await home.addParty(matter, '丁卫浴有限公司', 'transferee')
    const stranger = later.matter.parties.find((party) => party.id === later.partyId) ?? expect.fail('the party is in the matter')
    const file = fileOf('包.tar')
    expect(await refusalOf(issuePackage(home.ctx, later.matter, { to: stranger, purpose: 'transfer', file }))).toBe('RECIPIENT_NOT_APPROVED')
    expect(await refusalOf(issuePackage(home.ctx, matter, { to: custodian, purpose: 'transfer', file }))).toBe('NOTHING_TO_SEND')
    expect(await refusalOf(issuePackage(home.ctx, matter, { to: custodian, purpose: 'custody', file }))).toBe('NOTHING_TO_SEND')
    expect(await refusalOf(issuePackage(home.ctx, matter, { to: transferee, purpose: 'custody', file }))).toBe('NOTHING_TO_SEND')
    expect(await allPackages(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id })).toEqual([])
  }, 60_000)

  it('sends a data set to the transferee that its treatment names, and to nobody while that is nobody', async () => {
    const { transferee } = await approvedMatter(30)
    const later = await home.addParty(matter, '丁卫浴有限公司', 'transferee')
    matter = later.matter
    const other = matter.parties.find((party) => party.id === later.partyId) ?? expect.fail('the party is in the matter')
    await nameTransferee(`pty_${'0'.repeat(32)}`)
    expect(await refusalOf(approveToday())).toBe('RECIPIENT_AMBIGUOUS')
    await nameTransferee(other.id)
    await approveToday()
    expect(await refusalOf(issuePackage(home.ctx, matter, { to: transferee, purpose: 'transfer', file: fileOf('甲.tar') }))).toBe('NOTHING_TO_SEND')
    expect(await issuePackage(home.ctx, matter, { to: other, purpose: 'transfer', file: fileOf('丁.tar') })).toMatchObject({ records: 30, values: 60 })
  }, 60_000)

  it('sends in a second package only what no package took before', async () => {
    const { transferee } = await approvedMatter(30)
    await object(7, '反对.csv')
    await approveToday()
    const first = await issuePackage(home.ctx, matter, { to: transferee, purpose: 'transfer', file: fileOf('一.tar') })
    expect(first.records).toBe(29)
    await importChoices(home.ctx, matter, { path: write('同意.csv', ['手机号,选择,时间', `${mobile(7)},同意转移,2025-06-01 08:00`]), channel: 'sms' })
    await approveToday()
    expect(await refusalOf(issuePackage(home.ctx, matter, { to: transferee, purpose: 'transfer', file: fileOf('二.tar') }))).toBe('PREDECESSOR_OPEN')
    await pretendReconciled(home.ctx.db, { tenant: home.ctx.tenant, matterId: matter.id }, first.id)
    const second = await issuePackage(home.ctx, matter, { to: transferee, purpose: 'transfer', file: fileOf('二.tar') })
    expect(second).toMatchObject({ records: 1, values: 2, sequence: 2 })
    expect((await manifestOf(second)).previous).toBe(first.id)
    expect(await inTransit()).toBe(60)
  }, 60_000)
})
