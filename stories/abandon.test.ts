// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyFile } from '@handover/proof'
import { customer, openDeal, registerText, type Deal } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-abandon-'))
const lines = Array.from({ length: 80 }, (_, number) => customer(number))
const later = [...lines.map((line, number) => (number < 5 ? customer(number, '变更') : line)), customer(900, '新客户')]
let deal: Deal
let firstPackage = ''

beforeAll(async () => {
  deal = await openDeal(folder, lines)
  await deal.plan(lines)
  firstPackage = await deal.handOver('首包', [])
  // A second package is on its way, received and accepted but not reconciled, when the deal fails.
  writeFileSync(deal.register, registerText(later))
  await deal.approveDelta()
  await deal.done('seller', 'ingest', '--delta', deal.register)
  await deal.plan(later)
  await deal.done('seller', 'pack', '--to', 'transferee', '-o', deal.file('二包.tar'))
  await deal.done('buyer', 'receive', deal.file('二包.tar'), '--into', `sqlite:${deal.landing}`, '-o', deal.file('二包-验收单.tar'), '--previous', firstPackage)
}, 300_000)

afterAll(async () => {
  await deal.stage.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const refused = (code: string, exit = 65) => ({ exit, document: { error: { code } } })
const values = later.length * 4
const notices = (): string[] => readdirSync(deal.file('通知')).map((name) => join(deal.file('通知'), name))
const stateOf = (document: unknown) => z.looseObject({ endedAt: z.string().nullable(), open: z.array(z.looseObject({ copy: z.string(), values: z.int() })), sheet: z.looseObject({ pending: z.int(), inTransit: z.int(), balance: z.looseObject({ discovered: z.int(), dispositions: z.record(z.string(), z.int()) }) }) }).parse(document)

describe('a deal that fails after packages were received', () => {
  test('is not abandoned by one person alone', async () => {
    const asked = await deal.done('seller', 'abandon', 'request', '--reason', 'financing-failed', '--key', deal.people.lead)
    expect(await deal.run('seller', 'abandon', '--reason', 'financing-failed')).toMatchObject({ exit: 13 })
    await deal.done('seller', 'approve', z.looseObject({ request: z.string() }).parse(asked.document).request, '--key', deal.people.legal)
    expect(await deal.run('seller', 'abandon', '--reason', 'mutual')).toMatchObject({ exit: 13 })
  }, 60_000)

  test('declared, kill -9 or not, it voids what was not reconciled and says what is open in whose hands', async () => {
    for (const wait of [700, 1000, 1300, 1600]) await deal.killed('seller', wait, 'abandon', '--reason', 'financing-failed', '-o', deal.file('通知'))
    const declared = await deal.run('seller', 'abandon', '--reason', 'financing-failed', '-o', deal.file('通知'))
    expect(declared, declared.messages.join('\n')).toMatchObject({ exit: 14 })
    const state = stateOf(declared.document)
    expect(state).toMatchObject({ endedAt: null, open: [{ values: 320 }, { values: 24 }], sheet: { inTransit: 0 } })
    expect(notices().length).toBe(1)
    expect(await deal.run('seller', 'reconcile', deal.file('二包-验收单.tar'))).toMatchObject(refused('MATTER_NOT_OPEN', 15))
    expect(await deal.run('seller', 'pack', '--to', 'transferee', '-o', deal.file('三包.tar'))).toMatchObject(refused('MATTER_NOT_OPEN', 15))
  }, 120_000)

  test('the recipient destroys what it loaded, certifies it, and cannot load it again', async () => {
    const [notice = ''] = notices()
    for (const wait of [500, 900]) await deal.killed('buyer', wait, 'abandon', '--notice', notice, '--into', `sqlite:${deal.landing}`, '-o', deal.file('归还.json'))
    const returned = await deal.run('buyer', 'abandon', '--notice', notice, '--into', `sqlite:${deal.landing}`, '--package', deal.file('二包.tar'), '-o', deal.file('归还.json'))
    expect(returned, returned.messages.join('\n')).toMatchObject({ exit: 0 })
    const bytes = readFileSync(deal.landing)
    expect(lines.filter((line) => bytes.includes(line.split(',')[1] ?? ''))).toEqual([])
    expect(await deal.run('buyer', 'receive', firstPackage, '--into', `sqlite:${deal.landing}`, '-o', deal.file('再.tar'))).toMatchObject(refused('PACKAGE_VOID'))
    expect(await deal.run('buyer', 'abandon', '--notice', notice, '-o', deal.file('归还.json'))).toMatchObject({ exit: 0, document: { repeated: true } })
  }, 120_000)

  test('a certificate of somebody else, or one that was changed, ends nothing', async () => {
    const certificate = readFileSync(deal.file('归还.json'), 'utf8')
    writeFileSync(deal.file('改.json'), certificate.replace('"sig":"', '"sig":"A'))
    expect((await deal.run('seller', 'abandon', '--proof', deal.file('改.json'))).exit).toBe(65)
    expect(stateOf((await deal.run('seller', 'abandon')).document).open.length).toBe(2)
  }, 60_000)

  test('the certificate brings everything back; the sheet balances and every record is the transferor\'s own', async () => {
    for (const wait of [700, 1100, 1500]) await deal.killed('seller', wait, 'abandon', '--proof', deal.file('归还.json'))
    const settled = await deal.run('seller', 'abandon', '--proof', deal.file('归还.json'))
    expect(settled, settled.messages.join('\n')).toMatchObject({ exit: 0 })
    const printed = await deal.done('seller', 'abandon', '--sheet', deal.file('终止清算表.html'))
    expect(printed.document).toMatchObject({ sheetFile: deal.file('终止清算表.html') })
    const page = readFileSync(deal.file('终止清算表.html'), 'utf8')
    for (const words of ['终止事项客户信息清算表', '融资未成', '作废的移交包', '账平', '公章']) expect(page).toContain(words)
    expect(page).not.toMatch(/src=|href=|<script/)
    expect(stateOf(settled.document)).toMatchObject({ open: [], sheet: { pending: 0, inTransit: 0, balance: { discovered: values, dispositions: { kept: values, transferred: 0 } } } })
    expect(await deal.run('seller', 'abandon')).toMatchObject({ exit: 0, document: { repeated: true } })
    expect((await deal.run('seller', 'log', 'verify')).exit).toBe(0)
  }, 120_000)

  test('the bundle verifies as abandoned, not as closed', async () => {
    await deal.done('seller', 'export', 'proof', '-o', deal.file('证据包.tar'))
    const verdict = await verifyFile(deal.file('证据包.tar'), { policy: readFileSync(deal.policy, 'utf8'), language: 'en' })
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict.checks.find((check) => check.name === 'abandoned')?.detail).toContain('abandoned, not closed; balanced')
    expect(verdict.checks.find((check) => check.name === 'close')?.detail).toContain('not closed')
    expect(existsSync(deal.file('二包.tar'))).toBe(false)
  }, 60_000)
})
