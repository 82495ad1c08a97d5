// SPDX-License-Identifier: Apache-2.0
// Every way in against a rule that stops it: one small deal, played by real commands; before each step that a rule guards one fact is broken, the command is tried, and nothing has happened.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyFile } from '@handover/proof'
import { approveByTwo, closeAndProve, factsBeforeClose, factsBeforeDestroying, requestDestruction, sealReceipts } from '../app/src/demo/index.ts'
import { clearAway } from './demo-run.ts'
import { customer, openDeal, registerText, type Answer, type Deal } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-unmet-'))
const first = Array.from({ length: 12 }, (_, number) => customer(number))
const second = first.map((line, number) => (number === 3 ? customer(3, '改约') : line))
const anyExit = Array.from({ length: 256 }, (_, exit) => exit)
const refusal = z.object({ error: z.object({ code: z.string(), obstacles: z.array(z.object({ code: z.string(), rule: z.string() })) }) })
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
const incidents = (reviewedOn: string): string[] => ['incidents-reviewed', `reviewedOn=${reviewedOn}`, 'incidents=0']

/** A fact that breaks a rule, the one that mends it, and what the refusal names. */
interface Broken {
  rule: string
  code: string
  breaks: readonly string[]
  mends: readonly string[]
}
const row = (rule: string, code: string, breaks: readonly string[], mends: readonly string[]): Broken => ({ rule, code, breaks, mends })
const always = [row('A01', 'DOCUMENT_DOES_NOT_FIT', documents('dissolution-decision'), documents('contract')), row('B01', 'INVENTORY_NOT_SIGNED', inventory(false), inventory(true)), row('C01', 'VIEWERS_NOT_RECORDED', declared('outsidersSaw'), declared())]
const beforePack = [...always, row('F01', 'AGREEMENT_MISSING', agreement('transferor,custodian'), agreement('transferor,transferee')), row('G01', 'EXPORT_ANSWERS_MISSING', abroad(2), abroad(0)), row('G07', 'FOREIGN_REQUEST_NOT_APPROVED', declared('foreignRequest'), declared())]
const beforeDestroy = [row('B01', 'INVENTORY_NOT_SIGNED', inventory(false), inventory(true)), row('J04', 'PLATFORM_RECORDS_UNASSIGNED', sector('e-commerce-platform'), sector('none')), row('J07', 'CLAIMS_WITHOUT_HOLD', claims(2), claims(0)), row('J07', 'PREPAID_EVIDENCE_IN_DESTRUCTION', declared('prepaid'), declared())]
// At the close what only warned before stops as well (register §9); the override of G08 has ended the day before.
const beforeClose = [...always, row('C04', 'VIEWED_FROM_ABROAD', abroad(2), abroad(0)), row('E14', 'PREPAID_NOT_SETTLED', declared('prepaid'), declared()), row('G08', 'ARCHIVES_NOT_CLEARED', declared('stateArchives'), declared()), row('L02', 'INCIDENTS_NOT_REVIEWED', incidents('2026-09-01'), incidents('2026-10-28')), row('J16', 'LOGS_NOT_ARCHIVED', logs('2026-05-01'), logs('2027-10-31'))]

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

async function sign([name = '', ...pairs]: readonly string[]): Promise<void> {
  const answer = await seller('fact', 'add', name, ...pairs.flatMap((pair) => ['--set', pair]), '--evidence', deal.policy, '--key', people.legal)
  if (answer.exit !== 0) throw new Error(`fact add ${name}: exit ${answer.exit}\n${answer.messages.join('\n')}`)
}

/** Breaks each row in turn, tries the command, and mends it. Returns what went wrong, row by row: nothing, if all hold. */
async function triedAgainst(rows: readonly Broken[], ...argv: string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const { rule, code, breaks, mends } of rows) {
    await sign(breaks)
    const before = await standing()
    const answer = await seller(...argv)
    const named = refusal.safeParse(answer.document)
    const isNamed = named.success && named.data.error.code === 'OBSTACLES_UNMET' && named.data.error.obstacles.some((found) => found.rule === rule && found.code === code)
    if (answer.exit !== 15 || !isNamed) wrong.push(`${argv.slice(0, 2).join(' ')} × ${rule} ${code}: exit ${answer.exit} ${JSON.stringify(answer.document).slice(0, 400)}`)
    try {
      expect(await standing()).toEqual(before)
    } catch (error) {
      wrong.push(`${argv.slice(0, 2).join(' ')} × ${rule} ${code}: something was written\n${error instanceof Error ? error.message : ''}`)
    }
    await sign(mends)
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
  deal = await openDeal(folder, first)
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
    await deal.plan(first)
    expect(await triedAgainst(beforePack, 'pack', '--to', 'transferee', '-o', deal.file('拒绝.tar'))).toEqual([])
    await deal.plan(first)
    await deal.handOver('首包', [])
  }, 400_000)

  test('pack of a delta package: refused by each rule, and done when all are met', async () => {
    writeFileSync(deal.register, registerText(second))
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
    await factsBeforeDestroying(deal.stage, atDay(today), people)
    await sealReceipts(deal.stage, atDay(today))
    const orders = []
    for (const scope of ['originals', 'vault'] as const) orders.push(await requestDestruction(deal.stage, { at: atDay(today), people, scope }))
    today = '2026-10-27'
    const [originals = '', vault = ''] = orders
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
