// SPDX-License-Identifier: Apache-2.0
// For tests: a small real matter up to its approved plan. Branch 苏州 stays, invoices stay sealed, everything else ends.
import { parseVkey } from '@handover/proof'
import ExcelJS from 'exceljs'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Context } from '../../context.ts'
import { composePolicy } from '../../ledger/index.ts'
import { idText, randomIds } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import { currentMatter, makeSigningKey, ownParty, type Matter } from '../../matter/index.ts'
import { approve, grantParameters, registerPerson, requestApproval } from '../../stewardship/access/index.ts'
import { openTestHome, type TestHome } from '../../test-home.ts'
import { watchLog } from '../../witness/index.ts'
import { startWitness } from '../../witness/witness-process.fixture.ts'
import { addFact } from '../assess/index.ts'
import type { DatabaseLogin } from '../../sources/index.ts'
import { treatDataSets } from '../classify/index.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'
import { approvePlan, computePlan, planApprovalParameters, recipientsOf } from '../hand-over/index.ts'
import { sealReceipts } from '../prove/index.ts'
import { requestDestruction, scopeOfWord } from './request-destruction.ts'

/** A matter whose plan is approved, with its files and people. */
export interface DestructionMatter {
  home: TestHome
  ctx: Context
  matter: Matter
  folder: string
  files: { csv: string; xlsx: string; sqlite: string; ndjson: string }
  people: { lead: string; legal: string; finance: string }
  /** Asks for a destruction and has it approved by two; the legal clock stands behind the cooling-off then. */
  order(scope: string): Promise<string>
  stopWitnesses(): Promise<void>
  remove(): Promise<void>
}

/** Times of the fixture on the legal clock. */
export const before = '2025-06-01T01:00:00.000Z'
export const afterCooling = '2025-06-03T01:00:00.000Z'

/** What only destroyed rows and cells hold. */
export const doomed = { csv: '要销毁的备注', xlsx: '销毁用语甲', sqlite: '开票备注要销毁' }

/** The mobile number of an invented customer. */
export const mobile = (at: number): string => `1700${String(1_000_000 + at * 7)}`

/** Databases that take the place of the files, with what is said of their tables. */
export interface FixtureDatabases {
  logins: readonly DatabaseLogin[]
  treatments: TreatmentSets
}

/** Opens the matter with this many customers in the CSV; also with a file of which no part can be removed, or with databases in place of all files, when they are wanted. */
export async function openDestructionMatter(customers = 12, { withJson = false, databases = null }: { withJson?: boolean; databases?: FixtureDatabases | null } = {}): Promise<DestructionMatter> {
  const home = await openTestHome()
  home.setTime(before)
  const { ctx } = home
  const folder = dirname(home.path)
  const opened = (await home.addParty(await home.openMatter('asset-transfer'), '乙卫浴有限公司', 'transferee')).matter
  const files = await writeOriginals(join(folder, 'originals'), customers)
  const witnesses = await Promise.all(['buyer', 'broker'].map((name) => startWitness(join(folder, `witness-${name}`), `witness.${name}.example`)))
  const log = await ctx.ledger.logVkey(opened.id)
  const policy = composePolicy({ log, witnesses: witnesses.map((witness) => ({ name: witness.name, vkey: parseVkey(witness.vkey), url: witness.url })), ownWitnesses: [], needed: 2, parties: opened.parties.map((party) => ({ role: party.role, vkey: party.file.vkey })), approvers: [] })
  await ctx.db.transaction((tx) => ctx.ledger.setPolicy(tx, opened.id, policy, { ownKeys: [] }))
  for (const witness of witnesses) watchLog(witness.home, log.text)
  const paths = databases?.logins.map((login) => login.place) ?? [files.csv, files.xlsx, files.sqlite, ...(withJson ? [files.ndjson] : [])]
  await ingestSources(ctx, opened, { paths, options: { databases: new Map(databases?.logins.map((login) => [login.place, login])) } })
  await resolveSubjects(ctx, opened)
  await treatDataSets(ctx, opened, { version: 1, dataSets: databases?.treatments ?? treatments().slice(withJson ? 0 : 1) })
  const matter = await currentMatter(ctx, opened.id)
  const keyOf = async (name: string, role: 'lead' | 'legal'): Promise<string> => (await home.addPerson(matter, name, { role })).keyFile
  const [lead, legal] = [await keyOf('甲一', 'lead'), await keyOf('乙二', 'legal')]
  const people = { lead, legal, finance: await thirdPerson(ctx, matter, { folder, lead, legal }) }
  await signFacts({ ctx, matter, folder, keyFile: people.legal })
  const plan = await computePlan(ctx, matter)
  const { request } = await requestApproval(ctx, matter, { act: 'hand-over', parameters: planApprovalParameters(plan, recipientsOf(matter)), keyFile: people.lead })
  await approve(ctx, matter, { requestId: request.id, keyFile: people.legal })
  await approvePlan(ctx, matter)
  const stopWitnesses = async (): Promise<void> => void (await Promise.all(witnesses.map((witness) => witness.kill())))
  return {
    home, ctx, matter, folder, files, people, stopWitnesses,
    order: async (scope) => {
      const wish = { scope: await scopeOfWord(ctx, matter, scope), keyFile: people.lead }
      const asked = await requestDestruction(ctx, matter, wish).catch(async (error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'RECEIPTS_NOT_SEALED')) throw error
        await sealReceipts(ctx, matter, { file: join(folder, '回执码.csv') })
        return requestDestruction(ctx, matter, wish)
      })
      if (!asked.repeated) for (const keyFile of [people.legal, people.finance]) await approve(ctx, matter, { requestId: asked.request, keyFile })
      home.setTime(addHours(ctx.now(), 48))
      return asked.order.id
    },
    remove: async () => {
      await stopWitnesses()
      await home.remove()
    },
  }
}

/** From the third person on a role is granted by two (CONTRACTS §18). */
async function thirdPerson(ctx: Context, matter: Matter, by: { folder: string; lead: string; legal: string }): Promise<string> {
  const keyFile = join(by.folder, 'third.key')
  const { vkey } = makeSigningKey(keyFile, idText('per', randomIds.bytes('per')))
  const person = { name: '丙三', role: 'finance', custody: 'own-device', vkey: vkey.text } as const
  const { request } = await requestApproval(ctx, matter, { act: 'role-grant', parameters: grantParameters({ id: vkey.name, vkey: vkey.text, partyId: ownParty(matter).id, role: person.role }), keyFile: by.lead })
  await approve(ctx, matter, { requestId: request.id, keyFile: by.legal })
  await registerPerson(ctx, matter, person)
  return keyFile
}

/** Whether a file holds this text in UTF-8 or UTF-16. */
export function holds(file: string, text: string): boolean {
  return existsSync(file) && [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')].some((bytes) => readFileSync(file).includes(bytes))
}

async function writeOriginals(folder: string, customers: number): Promise<DestructionMatter['files']> {
  mkdirSync(folder, { recursive: true })
  const files = { csv: join(folder, '客户.csv'), xlsx: join(folder, '登记.xlsx'), sqlite: join(folder, '发票.sqlite'), ndjson: join(folder, '回访.ndjson') }
  const lines = Array.from({ length: customers }, (_, at) => `KH${String(at).padStart(5, '0')},${mobile(at)},"${doomed.csv},""${at}""",${at % 3 === 0 ? '苏州' : '上海'}`)
  writeFileSync(files.csv, `\ufeff${['客户编号,手机号,备注,门店', ...lines].join('\r\n')}\r\n`)
  writeFileSync(files.ndjson, Array.from({ length: 4 }, (_, at) => `${JSON.stringify({ 回访号: `HF${String(at).padStart(5, '0')}`, 手机: mobile(700 + at), 门店: at % 2 === 0 ? '苏州' : '上海' })}\n`).join(''))
  await writeWorkbook(files.xlsx)
  writeDatabase(files.sqlite)
  return files
}

async function writeWorkbook(file: string): Promise<void> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('会员')
  sheet.addRow(['会员号', '手机', '喜好', '分店', '合计'])
  for (let at = 0; at < 6; at += 1) {
    const row = sheet.addRow([`HY${String(at).padStart(5, '0')}`, mobile(500 + at), `${doomed.xlsx}${at}`, at % 2 === 0 ? '苏州' : '上海'])
    row.getCell(5).value = { formula: `LEN(B${at + 2})`, result: 11 }
  }
  sheet.getCell('C3').value = { text: `${doomed.xlsx}1`, hyperlink: 'https://shop.example/people/doomed' }
  await book.xlsx.writeFile(file)
}

function writeDatabase(file: string): void {
  const database = new DatabaseSync(file)
  database.exec(`CREATE TABLE invoices (id INTEGER PRIMARY KEY, number TEXT NOT NULL, mobile TEXT, year TEXT, remark TEXT NOT NULL);
    CREATE TABLE shops (name TEXT PRIMARY KEY, city TEXT) WITHOUT ROWID;
    CREATE TABLE audit (what TEXT);
    CREATE TRIGGER keep_copy AFTER DELETE ON invoices BEGIN INSERT INTO audit VALUES (old.remark); END;
    CREATE INDEX by_mobile ON invoices (mobile);`)
  const insert = database.prepare('INSERT INTO invoices VALUES (?, ?, ?, ?, ?)')
  for (let at = 0; at < 5; at += 1) insert.run(10 + at * 3, `FP${String(at).padStart(6, '0')}`, mobile(900 + at), '2024', `${doomed.sqlite}${at}`)
  for (const [name, city] of [['苏州店', '苏州'], ['上海店', '上海']]) database.prepare('INSERT INTO shops VALUES (?, ?)').run(name ?? '', city ?? '')
  database.close()
}

const group = { basis: 'contract', purposeState: 'live', purposeMetWhere: [], neededForTransfer: false, neededForContract: true, onlyForNewPurpose: false, contractAssent: 'all', biometric: 'none', faceRoute: 'enrol-anew', majorEffect: false, recordsClasses: [], yearFacet: null, designatedBody: false, removal: 'destroy' } as const
const ofCompany = { holdsPersons: true, collected: 'direct', lawfulSource: 'lawful', facets: [], staysWhere: [], servedWhere: [] } as const

/** What is said of data sets. */
export type TreatmentSets = Parameters<typeof treatDataSets>[2]['dataSets']

/** A table of customers by branch, of which 苏州 stays: `used` columns serve them, `over` ones were never needed. */
export function branchTreatment(dataSet: string, branch: string, columns: { used: string[]; over: string[] }): TreatmentSets[number] {
  const fresh = { purposeMetWhere: [], recordsClasses: [] }
  const groups = [{ ...group, ...fresh, name: '服务', purposes: ['服务'], columns: columns.used }, { ...group, ...fresh, name: '备注', purposes: ['核验'], purposeState: 'over-collected' as const, columns: columns.over }]
  return { ...ofCompany, dataSet, facets: [{ name: 'branch', as: 'text', column: branch }], staysWhere: [{ facet: 'branch', values: ['苏州'] }], servedWhere: [{ facet: 'branch', values: ['苏州'] }], groups: groups.filter((one) => one.columns.length > 0) }
}

/** A table of which nothing is needed any more. */
export function endedTreatment(dataSet: string): TreatmentSets[number] {
  return { ...ofCompany, dataSet, facets: [], staysWhere: [], servedWhere: [], groups: [{ ...group, purposeMetWhere: [], recordsClasses: [], name: '日志', purposes: ['日志'], purposeState: 'met', columns: '*' }] }
}

function treatments(): TreatmentSets {
  const fresh = { purposeMetWhere: [], recordsClasses: [] }
  const staying = (column: string): Pick<TreatmentSets[number], 'facets' | 'staysWhere' | 'servedWhere'> => ({ facets: [{ name: 'branch', as: 'text', column }], staysWhere: [{ facet: 'branch', values: ['苏州'] }], servedWhere: [{ facet: 'branch', values: ['苏州'] }] })
  return [
    { ...ofCompany, ...staying('门店'), dataSet: '回访.ndjson', groups: [{ ...group, ...fresh, name: '服务', purposes: ['服务'], columns: '*' }] },
    { ...ofCompany, ...staying('门店'), dataSet: '客户.csv', groups: [{ ...group, ...fresh, name: '服务', purposes: ['服务'], columns: ['客户编号', '手机号', '门店'] }, { ...group, ...fresh, name: '备注', purposes: ['核验'], purposeState: 'over-collected', columns: ['备注'] }] },
    { ...ofCompany, ...staying('分店'), dataSet: '会员', groups: [{ ...group, ...fresh, name: '服务', purposes: ['服务'], columns: ['会员号', '手机', '分店', '合计'] }, { ...group, ...fresh, name: '喜好', purposes: ['核验'], purposeState: 'over-collected', columns: ['喜好'] }] },
    {
      ...ofCompany, dataSet: 'invoices', staysWhere: [], servedWhere: [], facets: [{ name: 'year', as: 'text', column: 'year' }],
      groups: [{ ...group, ...fresh, name: '发票', purposes: ['会计核算'], basis: 'legal-duty', recordsClasses: ['RT01'], yearFacet: 'year', columns: ['id', 'number', 'mobile', 'year'] }, { ...group, ...fresh, name: '备注', purposes: ['核验'], purposeState: 'over-collected', columns: ['remark'] }],
    },
    { ...ofCompany, ...staying('city'), dataSet: 'shops', groups: [{ ...group, ...fresh, name: '门店', purposes: ['门店'], columns: '*' }] },
    { ...ofCompany, dataSet: 'audit', facets: [], staysWhere: [], servedWhere: [], groups: [{ ...group, ...fresh, name: '日志', purposes: ['日志'], purposeState: 'met', columns: '*' }] },
  ]
}

async function signFacts({ ctx, matter, folder, keyFile }: { ctx: Context; matter: Matter; folder: string; keyFile: string }): Promise<void> {
  const on = '2025-05-30'
  const values = {
    'deal-documents': { kind: 'contract', signedOn: on },
    'inventory-signed-off': { allSystemsListed: true, paperListed: true, backupsListed: true, processorsListed: true, notReadSeen: 9 },
    'age-presumption': { group: 'adult', reason: 'identity-checked-at-contract' },
    'important-data-checked': { answer: 'none-identified', checkedOn: on },
    'sector-checked': { sectors: ['none'] },
    'grading-approved': { ruleSet: 'handover-grading-2025-11' },
    'sensitive-review': { sampled: 20, corrected: 0 },
    'basis-register': { approvedOn: on },
    'circumstances-declared': { declaredOn: on, ...Object.fromEntries(['ciio', 'broker', 'foreignControl', 'foreignListing', 'derivedData', 'outsidersSaw', 'marketing', 'eCommerceStops', 'prepaid', 'joinsOwnData', 'jointProcessing', 'foreignRequest', 'stateArchives'].map((name) => [name, false])) },
    'retention-map-approved': { approvedOn: on },
    'hold-register-reviewed': { reviewedOn: on, openClaims: 0 },
    'archive-appraisal': { answer: 'no-archives-among-them', on },
  }
  const evidenceFile = join(folder, '文件.txt')
  writeFileSync(evidenceFile, '虚构\n')
  for (const [name, value] of Object.entries(values)) await addFact(ctx, matter, { name, value, evidenceFile, keyFile })
}

/** Runs again and again in a process that dies at every sign of progress that it has not given before; returns where it died. */
export async function dyingEverywhere(ctx: Context, run: (ctx: Context) => Promise<unknown>): Promise<string[]> {
  const deaths: string[] = []
  for (;;) {
    const dying: Context = { ...ctx, progress: ({ en }, done) => {
      const point = `${en} ${done}`
      if (deaths.includes(point)) return
      deaths.push(point)
      throw new Error('killed')
    } }
    const died = await run(dying).then(() => false, (error: unknown) => {
      if (error instanceof Error && error.message === 'killed') return true
      throw error
    })
    if (!died) return deaths
  }
}
