// SPDX-License-Identifier: Apache-2.0
// Every way in against a rule that stops it: one small deal, played by real commands; before each step that a rule guards one fact is broken or one thing is still undone, the command is tried, and nothing has happened.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyFile } from '@handover/proof'
import { approveByTwo, approvePlan, closeAndProve, factsBeforeClose, factsBeforeDestroying, requestDestruction, sealReceipts } from '../app/src/demo/index.ts'
import { clearAway } from './demo-run.ts'
import { customer, openDeal, registerText, type Answer, type Deal } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-unmet-'))
/** A dozen grown-ups but for one child. */
const child = 7
const first = Array.from({ length: 12 }, (_, number) => customer(number, number === child ? '2016-03-03' : '1985-03-03'))
const second = first.map((line, number) => (number === 3 ? customer(3, '1985-03-04') : line))
const phoneOf = (number: number): string => first[number]?.split(',')[1] ?? ''
const anyExit = Array.from({ length: 256 }, (_, exit) => exit)
const refusal = z.object({ error: z.object({ code: z.string(), obstacles: z.array(z.object({ code: z.string(), rule: z.string() })) }) })
const gateReports = z.object({ steps: z.array(z.object({ obstacles: z.array(z.looseObject({ code: z.string(), rule: z.string() })) })) })
let deal: Deal
let people: Deal['people']

const atDay = (date: string): string => `${date}T09:00:00+08:00`
/** The legal day on which the rows are tried; the deal's own clock moves by minutes on the first. */
let today = '2026-10-20'
const seller = (...argv: string[]): Promise<Answer> => (today === '2026-10-20' ? deal.run('seller', ...argv) : deal.stage.asMay('seller', atDay(today), anyExit, ...argv))

const circumstances = ['ciio', 'broker', 'foreignControl', 'foreignListing', 'derivedData', 'outsidersSaw', 'marketing', 'eCommerceStops', 'prepaid', 'joinsOwnData', 'jointProcessing', 'foreignRequest', 'stateArchives'] as const
const declared = (present?: (typeof circumstances)[number]): string[] => ['circumstances-declared', 'declaredOn=2026-09-02', ...circumstances.map((name) => `${name}=${name === present}`)]
const inventory = (isWhole: boolean): string[] => ['inventory-signed-off', `allSystemsListed=${isWhole}`, 'paperListed=true', 'backupsListed=true', 'processorsListed=true', 'notReadSeen=0']
const documents = (kind: string): string[] => ['deal-documents', 'signedOn=2026-09-02', `kind=${kind}`]
const abroad = (viewers: number): string[] => ['abroad-access', `viewers=${viewers}`, 'processors=0', `persons=${viewers}`, 'sensitive=0']
const agreement = (signedBy: string): string[] => ['transfer-agreement-signed', `agreement=${'ab'.repeat(32)}`, 'signedOn=2026-10-20', `signedBy=${signedBy}`, 'names={"purpose":true,"method":true,"scope":true,"security":true}']
const claims = (open: number): string[] => ['hold-register-reviewed', 'reviewedOn=2026-10-24', `openClaims=${open}`]
const sector = (name: string): string[] => ['sector-checked', `sectors=${name}`]
const logs = (until: string): string[] => ['logs-archived', 'from=2026-04-01', `until=${until}`, 'holder=transferor']
const cryptography = (level: number): string[] => ['crypto-need-checked', 'checkedOn=2026-09-02', `mlpsLevel=${level}`, 'required=false']
const audited = (reportedOn: string): string[] => ['audit-cycle-checked', 'answer=audited', 'checkedOn=2026-09-02', `reportedOn=${reportedOn}`, 'by=self', `report=${'ab'.repeat(32)}`]
const incidents = (reviewedOn: string): string[] => ['incidents-reviewed', `reviewedOn=${reviewedOn}`, 'incidents=0']

/** What breaks a rule, what mends it, and what the refusal names. */
interface Broken {
  rule: string
  code: string
  breaks: () => Promise<unknown>
  mends: () => Promise<unknown>
}
const row = (rule: string, code: string, breaks: readonly string[], mends: readonly string[]): Broken => ({ rule, code, breaks: () => sign(breaks), mends: () => sign(mends) })
/** The register treated anew: collected so, on this basis, of these classes of records. */
const treated = (bend: Readonly<Record<string, string>> = {}): Promise<unknown> => {
  const said = { basis: 'contract', collected: 'direct', 'records-class': 'none', ...bend }
  return ok('treat', '客户登记.csv', ...Object.entries(said).flatMap(([flag, word]) => [`--${flag}`, word]), '--assent', 'all', '--purpose', '售后服务', '--source', 'lawful', '--transfer')
}
const treatedSo = (rule: string, code: string, bend: Readonly<Record<string, string>>): Broken => ({ rule, code, breaks: () => treated(bend), mends: () => treated() })
const always = [row('A01', 'DOCUMENT_DOES_NOT_FIT', documents('dissolution-decision'), documents('contract')), row('B01', 'INVENTORY_NOT_SIGNED', inventory(false), inventory(true)), row('C01', 'VIEWERS_NOT_RECORDED', declared('outsidersSaw'), declared())]
const beforePack = [...always, row('F01', 'AGREEMENT_MISSING', agreement('transferor,custodian'), agreement('transferor,transferee')), row('G01', 'EXPORT_ANSWERS_MISSING', abroad(2), abroad(0)), row('G07', 'FOREIGN_REQUEST_NOT_APPROVED', declared('foreignRequest'), declared())]
/** What lies in the registers and papers and not in a fact: where the data came from, on what basis, an assessment whose answers changed. */
const beforeFirstPack = [
  treatedSo('B05', 'SOURCE_UNCONFIRMED', { collected: 'indirect' }), treatedSo('B06', 'BASIS_UNKNOWN', { basis: 'unknown' }),
  { rule: 'D01', code: 'PIA_STALE', breaks: () => ok('impact', 'answer', 'team', '--text', `@${wordsFile('小组.txt')}`, '--key', people.legal), mends: () => ok('impact', 'approve', '-o', deal.file('评估报告二.docx'), '--key', people.lead, '--management') },
]
const beforeDestroy = [row('B01', 'INVENTORY_NOT_SIGNED', inventory(false), inventory(true)), row('J04', 'PLATFORM_RECORDS_UNASSIGNED', sector('e-commerce-platform'), sector('none')), row('J07', 'CLAIMS_WITHOUT_HOLD', claims(2), claims(0)), row('J07', 'PREPAID_EVIDENCE_IN_DESTRUCTION', declared('prepaid'), declared())]
// At the close what only warned before stops as well (register §9); the override of G08 has ended the day before.
const beforeClose = [...always, row('C04', 'VIEWED_FROM_ABROAD', abroad(2), abroad(0)), row('E14', 'PREPAID_NOT_SETTLED', declared('prepaid'), declared()), row('G08', 'ARCHIVES_NOT_CLEARED', declared('stateArchives'), declared()), row('L02', 'INCIDENTS_NOT_REVIEWED', incidents('2026-09-01'), incidents('2026-10-28')), row('L08', 'CRYPTO_NEED_CONTRADICTED', cryptography(3), cryptography(2)), row('M05', 'COMPLIANCE_AUDIT_OVERDUE', audited('2020-06-30'), audited('2025-06-30')), row('J16', 'LOGS_NOT_ARCHIVED', logs('2026-05-01'), logs('2027-10-31'))]

/** What a command that was refused may not have changed: events, both books, the original, and every file of the home's objects but the log's tiles, which may be published. */
async function standing(): Promise<unknown> {
  const events = z.object({ events: z.array(z.object({ seq: z.int(), type: z.string() })) }).parse((await seller('log', 'show')).document).events
  const copies = (await seller('copies')).document
  const sheet = z.looseObject({ dispositions: z.unknown(), pending: z.unknown(), discovered: z.unknown() }).parse((await seller('close', '--dry-run')).document)
  return { events: events.map(({ seq, type }) => `${seq} ${type}`), copies, books: [sheet.discovered, sheet.dispositions, sheet.pending], original: existsSync(deal.register) ? digestOf(deal.register) : 'gone', files: outputs() }
}

/** Files that steps write for people: packages, sheets, proofs. */
const outputs = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tar|html)$/.test(name) && statSync(join(folder, name)).isFile()).toSorted()
const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

async function ok(...argv: string[]): Promise<Answer> {
  const answer = await seller(...argv)
  if (answer.exit !== 0 && answer.exit !== 3) throw new Error(`${argv.join(' ')}: exit ${answer.exit}\n${answer.messages.join('\n')}`)
  return answer
}

const sign = ([name = '', ...pairs]: readonly string[]): Promise<Answer> => ok('fact', 'add', name, ...pairs.flatMap((pair) => ['--set', pair]), '--evidence', deal.policy, '--key', people.legal)

function wordsFile(name: string): string {
  writeFileSync(deal.file(name), '法务、安全、业务各一人,另加财务一人(虚构)\n')
  return deal.file(name)
}

/** Tries a command that these rules stop as things stand. Returns what went wrong: nothing, if each is named and nothing was written. */
async function refusedBy(rules: readonly (readonly [rule: string, code: string])[], ...argv: string[]): Promise<string[]> {
  const said = `${argv.slice(0, 2).join(' ')} × ${rules.map((each) => each.join(' ')).join(', ')}`
  const before = await standing()
  const answer = await seller(...argv)
  const named = refusal.safeParse(answer.document)
  const isNamed = named.success && named.data.error.code === 'OBSTACLES_UNMET' && rules.every(([rule, code]) => named.data.error.obstacles.some((found) => found.rule === rule && found.code === code))
  const wrong = answer.exit === 15 && isNamed ? [] : [`${said}: exit ${answer.exit} ${JSON.stringify(answer.document).slice(0, 1500)}`]
  try {
    expect(await standing()).toEqual(before)
  } catch (error) {
    wrong.push(`${said}: something was written\n${error instanceof Error ? error.message : ''}`)
  }
  return wrong
}

/** Breaks each row in turn, tries the command, and mends it. Returns what went wrong, row by row: nothing, if all hold. */
async function triedAgainst(rows: readonly Broken[], ...argv: string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const { rule, code, breaks, mends } of rows) {
    await breaks()
    wrong.push(...(await refusedBy([[rule, code]], ...argv)))
    await mends()
  }
  return wrong
}

/** Has a rule overridden as the law register asks; what the last command answered. */
async function overridden(rule: string, until: string): Promise<Answer> {
  const [opinion, reason] = [deal.file('法律意见.txt'), deal.file('理由.txt')]
  writeFileSync(opinion, '虚构的法律意见\n')
  writeFileSync(reason, '平台交易信息由平台方保存(虚构)\n')
  const words = ['gate', 'override', rule, '--opinion', opinion, '--article', 'PIPL-47', '--until', until, '--reason-file', reason]
  expect(await seller('counsel', 'add', opinion, '--rule', rule, '--conclusion', 'supports', '--given', '2026-10-20', '--firm', `@${reason}`, '--key', people.legal)).toMatchObject({ exit: 0 })
  const asked = await seller(...words, '--request', '--key', people.lead)
  await approveByTwo(deal.stage, atDay(today), { request: z.looseObject({ request: z.string() }).parse(asked.document).request, approvers: [people.legal], counsel: people.counsel })
  return seller(...words)
}

beforeAll(async () => {
  deal = await openDeal(folder, first, { lastTitle: '出生日期' })
  people = deal.people
}, 300_000)

afterAll(async () => {
  await deal.stage.stop()
  clearAway(folder)
})

describe('a step that a BLOCK rule guards', () => {
  test('is not in reach by a data room: there is no command that opens one', async () => {
    expect((await seller('room', 'open')).exit).toBe(2)
  })

  test('pack: refused by each rule, and done when all are met', async () => {
    const pack = ['pack', '--to', 'transferee', '-o', deal.file('拒绝.tar')]
    // Nobody was told yet: under Article 22, where the matter's position is that, and under 23.
    await ok('matter', 'set', 'asset_deal', 'art22', '--key', people.legal)
    await approvePlan(deal.stage, deal.now(), people)
    expect(await refusedBy([['E01', 'NOTICE_MISSING']], ...pack)).toEqual([])
    await ok('matter', 'set', 'asset_deal', 'art23', '--key', people.legal)
    await approvePlan(deal.stage, deal.now(), people)
    expect(await refusedBy([['E02', 'NOTICE_MISSING']], ...pack)).toEqual([])
    // A guardian was told and agreed, and nobody looked whether it is the guardian.
    writeFileSync(deal.file('监护人送达.csv'), `手机号,结果,时间\n${phoneOf(child)},送达,2026-09-10 10:00\n`)
    await ok('notice', 'import', deal.file('监护人送达.csv'), '--notice', 'art31', '--channel', 'sms')
    writeFileSync(deal.file('监护人选择.csv'), `手机号,选择,时间\n${phoneOf(child)},监护人同意,2026-10-19 10:00\n`)
    await ok('choice', 'import', deal.file('监护人选择.csv'))
    await deal.plan(first)
    expect(await refusedBy([['E08', 'GUARDIANSHIP_NOT_CHECKED']], ...pack)).toEqual([])
    await sign(['guardian-consent-checked', 'method=guardian-account', 'checked=1'])
    expect(await triedAgainst([...beforeFirstPack, ...beforePack], ...pack)).toEqual([])
    await deal.plan(first)
    await deal.handOver('首包', [])
  }, 400_000)

  test('pack of a delta package: refused by each rule, and done when all are met', async () => {
    writeFileSync(deal.register, registerText(second, '出生日期'))
    await deal.approveDelta()
    await deal.done('seller', 'ingest', '--delta', deal.register)
    writeFileSync(deal.file('选择.csv'), `手机号,选择,时间\n${customer(5).split(',')[1] ?? ''},不同意,2026-10-19 10:00\n`)
    await deal.done('seller', 'subjects')
    await deal.done('seller', 'choice', 'import', deal.file('选择.csv'))
    await deal.plan(second)
    expect(await triedAgainst(beforePack, 'pack', '--to', 'transferee', '-o', deal.file('拒绝二.tar'))).toEqual([])
    await deal.plan(second)
    await deal.handOver('二包', [deal.file('首包.tar')])
  }, 400_000)

  test('destroy, of originals and of the vault: refused by each rule, and done when all are met', async () => {
    today = '2026-10-24'
    await sealReceipts(deal.stage, atDay(today))
    const orders = []
    for (const scope of ['originals', 'vault'] as const) orders.push(await requestDestruction(deal.stage, { at: atDay(today), people, scope }))
    today = '2026-10-27'
    const [originals = '', vault = ''] = orders
    // Originals lie there, values wait, nobody approved the map of periods, and somebody finds that the register holds vouchers.
    const before = await standing()
    expect(await seller('close')).toMatchObject({ exit: 14, document: { closed: false, copiesOpen: 2 } }) // the books say it before any gate is asked
    expect(gateReports.parse((await seller('gate', 'close')).document).steps.flatMap(({ obstacles }) => obstacles.map(({ rule, code }) => `${rule} ${code}`))).toEqual(expect.arrayContaining(['H03 COPIES_OPEN', 'H03 VALUES_PENDING']))
    expect(await standing()).toEqual(before)
    expect(await refusedBy([['J02', 'RETENTION_MAP_NOT_APPROVED'], ['J03', 'RETENTION_MAP_NOT_APPROVED']], 'destroy', 'run', originals, '--allow-write')).toEqual([])
    await factsBeforeDestroying(deal.stage, atDay(today), people)
    await treated({ 'records-class': 'RT01' })
    expect(await refusedBy(['J01', 'J02', 'J03'].map((rule) => [rule, 'PLAN_STALE'] as const), 'destroy', 'run', originals, '--allow-write')).toEqual([])
    await treated()
    expect(await triedAgainst(beforeDestroy, 'destroy', 'run', originals, '--allow-write')).toEqual([])
    // The one way past an unmet rule: counsel's opinion, three named people, a last day, and on every certificate from then on. A BLOCK rule takes more than the people of one home.
    await sign(sector('e-commerce-platform'))
    expect(await overridden('J04', today)).toMatchObject({ exit: 13, document: { error: { code: 'GATE_OVERRIDE_IDENTITIES' } } })
    await sign(sector('none'))
    await sign(declared('stateArchives'))
    const { override } = z.looseObject({ override: z.string() }).parse((await overridden('G08', today)).document)
    const named = [{ override, rule: 'G08', codes: ['ARCHIVES_NOT_CLEARED'], until: today }]
    expect(await seller('destroy', 'run', originals, '--allow-write')).toMatchObject({ exit: 0, document: { certificate: { gateOverrides: named } } })
    await sign(declared())
    expect(await triedAgainst(beforeDestroy, 'destroy', 'run', vault, '--allow-write')).toEqual([])
    const done = await seller('destroy', 'run', vault, '--allow-write')
    expect(done).toMatchObject({ exit: 0, document: { certificate: { gateOverrides: named } } })
    expect(done.human.join('\n')).toContain('改判关卡 G08')
  }, 400_000)

  test('close: refused by each rule, also by those that only warned before, and done when all are met', async () => {
    expect(await seller('key', 'turn')).toMatchObject({ exit: 0 })
    today = '2026-10-28'
    await factsBeforeClose(deal.stage, atDay(today), people)
    expect(await triedAgainst(beforeClose, 'close')).toEqual([])
    const ending = await closeAndProve(deal.stage, atDay(today), people)
    expect(ending.close).toMatchObject({ balanced: true, closed: true })
    const verdict = await verifyFile(ending.bundle, { policy: readFileSync(deal.policy, 'utf8'), language: 'en' })
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(verdict.checks.find(({ name }) => name === 'approvals')?.detail).toContain('G08→2026-10-27')
  }, 400_000)
})
