// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyFile } from '@handover/proof'
import { customer, landedLines, openDeal, registerText, type Deal } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-cut-over-'))
const customers = 5000
const first = Array.from({ length: customers }, (_, number) => customer(number))
/** By the first delta 37 have another note, 12 are gone, 41 are new, and every row stands elsewhere. */
const second = [
  ...first.flatMap((line, number) => (number % 400 === 7 && number < 4800 ? [] : [number % 135 === 4 && number < 4900 ? customer(number, '改约周末') : line])).reverse(),
  ...Array.from({ length: 41 }, (_, number) => customer(customers + number, '新客户')),
]
/** By the second delta three more change, one of them for the second time. */
const third = second.map((line) => (line === customer(4, '改约周末') ? customer(4, '改约节后') : line === customer(10) ? customer(10, '换机') : line === customer(5001, '新客户') ? customer(5001, '已上门') : line))
const objector = 20
const gone = 12
let deal: Deal
const files: string[] = []

beforeAll(async () => {
  deal = await openDeal(folder, first)
  await deal.plan(first)
  files.push(await deal.handOver('首包', []))
}, 600_000)

afterAll(async () => {
  await deal.stage.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const refused = (code: string, exit = 65) => ({ exit, document: { error: { code } } })
const cells = (lines: readonly string[]): number => lines.length * 4
const byLine = (a: string, b: string): number => (a < b ? -1 : 1)

async function balance() {
  const { document } = await deal.run('seller', 'close', '--dry-run')
  return z.looseObject({ discovered: z.int(), pending: z.int(), inTransit: z.int(), dispositions: z.looseObject({ transferred: z.int() }) }).parse(document)
}

describe('a cut-over with two deltas', () => {
  test('the first package brought everything', async () => {
    expect(landedLines(deal.landing).toSorted(byLine)).toEqual(first.toSorted(byLine))
    expect(await balance()).toMatchObject({ discovered: cells(first), pending: 0, dispositions: { transferred: cells(first) } })
  })

  test('a delta scan of 5,000 records counts exactly and books nothing', async () => {
    writeFileSync(deal.register, registerText(second))
    const scanned = await deal.done('seller', 'scan', '--delta', deal.register)
    expect(scanned.document).toMatchObject({ booked: false, foundBy: 'customer-id', dataSets: [{ rows: 5029, unchanged: 4951, changed: 37, added: 41, gone }] })
    expect(await balance()).toMatchObject({ discovered: cells(first), dispositions: { transferred: cells(first) } })
  }, 120_000)

  test('entering it survives kill -9 at any moment and then gives the same numbers', async () => {
    expect(await deal.run('seller', 'ingest', '--delta', deal.register)).toMatchObject(refused('DELTA_UNAPPROVED', 13))
    expect(await deal.run('seller', 'delta', 'request', deal.register, '--key', deal.people.lead)).toMatchObject(refused('DELTA_RECEIPTS_NOT_SEALED', 15))
    await deal.approveDelta()
    for (const wait of [900, 1500, 2100, 2700, 3300]) await deal.killed('seller', wait, 'ingest', '--delta', deal.register)
    const entered = await deal.done('seller', 'ingest', '--delta', deal.register)
    expect(entered.document).toMatchObject({ booked: true, dataSets: [{ rows: 5029, unchanged: 4951, changed: 37, added: 41, gone }] })
    expect(await deal.done('seller', 'ingest', '--delta', deal.register)).toMatchObject({ document: { repeated: true } })
    // What the source has now, and what it had of those who are gone: their values were handed over and stay so.
    expect(await balance()).toMatchObject({ discovered: cells(second) + cells(first.slice(0, gone)), pending: cells(second.slice(0, 37 + 41)) })
    expect((await deal.run('seller', 'log', 'verify')).exit).toBe(0)
  }, 180_000)

  test('the delta package sends only what is new or changed; the buyer then holds exactly the register and those who are gone from it', async () => {
    await deal.plan(second)
    const packed = await deal.done('seller', 'pack', '--to', 'transferee', '-o', deal.file('二包-试.tar'))
    expect(packed.document).toMatchObject({ sequence: 2, records: 78, values: 312, repeated: false })
    const receive = (...more: string[]) => deal.run('buyer', 'receive', deal.file('二包-试.tar'), '--into', `sqlite:${deal.landing}`, '-o', deal.file('试.tar'), ...more)
    expect(await receive()).toMatchObject(refused('PREVIOUS_FILE_NEEDED', 2))
    for (const wait of [600, 1100, 1600]) await deal.killed('buyer', wait, 'receive', deal.file('二包-试.tar'), '--into', `sqlite:${deal.landing}`, '-o', deal.file('杀.tar'), '--previous', files[0] ?? '')
    files.push(await deal.handOver('二包', files))
    const lost = first.filter((_, number) => number % 400 === 7 && number < 4800)
    expect(landedLines(deal.landing).toSorted(byLine)).toEqual([...second, ...lost].toSorted(byLine))
    expect(await balance()).toMatchObject({ pending: 0, inTransit: 0, dispositions: { transferred: cells(second) + cells(lost) } })
  }, 300_000)

  test('a repetition is idempotent; the older package is refused once a later one is reconciled', async () => {
    const again = await deal.run('buyer', 'receive', files[1] ?? '', '--into', `sqlite:${deal.landing}`, '-o', deal.file('二包-验收单.tar'), '--previous', files[0] ?? '')
    expect(again, again.messages.join('\n')).toMatchObject({ exit: 0, document: { repeated: true, loaded: 0 } })
    expect(await deal.run('buyer', 'receive', files[0] ?? '', '--into', `sqlite:${deal.landing}`, '-o', deal.file('旧.tar'))).toMatchObject(refused('PACKAGE_SUPERSEDED'))
  }, 120_000)

  test('after the freeze another content of the source is refused', async () => {
    writeFileSync(deal.register, registerText(third))
    const frozen = await deal.done('seller', 'freeze', '--key', deal.people.lead)
    expect(frozen.document).toMatchObject({ repeated: false, sources: [{ changedSinceEntered: true }] })
    expect(await deal.done('seller', 'freeze', '--key', deal.people.lead)).toMatchObject({ document: { repeated: true } })
    copyFileSync(deal.register, deal.file('封库时.csv'))
    writeFileSync(deal.register, registerText(third.slice(1)))
    expect(await deal.run('seller', 'ingest', '--delta', deal.register)).toMatchObject(refused('DELTA_AFTER_FREEZE'))
    copyFileSync(deal.file('封库时.csv'), deal.register)
  }, 60_000)

  test('an objection after the hand-over is withdrawn with the second delta, and the recipient proves the deletion', async () => {
    await deal.approveDelta()
    expect((await deal.done('seller', 'ingest', '--delta', deal.register)).document).toMatchObject({ foundBy: 'customer-id', dataSets: [{ changed: 3, added: 0, gone: 0, goneBefore: gone }] })
    const answer = deal.file('选择.csv')
    writeFileSync(answer, `手机号,选择,时间\n${customer(objector).split(',')[1] ?? ''},不同意,2026-10-19 10:00\n`)
    await deal.done('seller', 'subjects')
    await deal.done('seller', 'choice', 'import', answer)
    await deal.plan(third)
    files.push(await deal.handOver('三包', files))
    const landed = landedLines(deal.landing)
    expect(landed).not.toContain(customer(objector))
    expect(landed).toContain(customer(4, '改约节后'))
    expect(landed).toContain(customer(5001, '已上门'))
    expect(landed.length).toBe(third.length + gone - 1)
    const events = await deal.run('seller', 'log', 'show')
    expect(z.looseObject({ events: z.array(z.looseObject({ type: z.string() })) }).parse(events.document).events.map(({ type }) => type)).toContain('WithdrawalProven')
  }, 300_000)

  test('a destination that somebody changed in an earlier package gives no acceptance', async () => {
    copyFileSync(deal.landing, deal.file('改过.sqlite'))
    const database = new DatabaseSync(deal.file('改过.sqlite'))
    const [table = ''] = database.prepare(`select distinct table_name as t from handover_columns`).all().map((row) => String(row['t']))
    database.exec(`update ${table} set f3 = '悄悄改' where f0 = 'KH00100'`)
    database.close()
    const received = await deal.run('buyer', 'receive', files[2] ?? '', '--into', `sqlite:${deal.file('改过.sqlite')}`, '-o', deal.file('改.tar'), '--previous', files[0] ?? '', '--previous', files[1] ?? '')
    expect(received).toMatchObject(refused('CHAIN_DIFFERS', 3))
  }, 120_000)

  test('the bundle of all this verifies, and a stranger sees every step', async () => {
    await deal.done('seller', 'export', 'proof', '-o', deal.file('证据包.tar'))
    const verdict = await verifyFile(deal.file('证据包.tar'), { policy: readFileSync(deal.policy, 'utf8') })
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict).toMatchObject({ ok: true, trust: 'policy' })
  }, 120_000)
})
