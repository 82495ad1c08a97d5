// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openSealedReceipt, verifyFile } from '@handover/proof'
import { closeAndProve, factsBeforeClose, factsBeforeDestroying, requestDestruction, sealReceipts } from '../app/src/demo/index.ts'
import { customer, landedLines, openDeal, registerText, type Deal } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-cut-over-destroyed-'))
/** Customers of the shop that is not part of the deal: one from the beginning, one since the second version. */
const stay = [8, 31]
const first = Array.from({ length: 40 }, (_, number) => customer(number, number === 8 ? '留店' : undefined))
/** Three changed (one of them now belongs to the shop that stays), two gone, three new, every row elsewhere. */
const changed = [0, 17, 31]
const gone = [5, 39]
const second = [
  ...first.flatMap((line, number) => (gone.includes(number) ? [] : [changed.includes(number) ? customer(number, stay.includes(number) ? '留店' : '改约') : line])).reverse(),
  ...[900, 901, 902].map((number) => customer(number, '新客户')),
]
/** Two object after the first package: one whose record is of the first version, one whose record changed. */
const objectors = [17, 20]
const values = (second.length + gone.length) * 4
const at = (date: string): string => `${date}T09:00:00+08:00`
let deal: Deal

beforeAll(async () => {
  deal = await openDeal(folder, first, { lastTitle: '服务门店', treatment: ['--facet', 'shop=服务门店', '--stays', 'shop=留店', '--serves', 'shop=留店'] })
  await deal.plan(first)
  const before = await deal.handOver('首包', [])
  writeFileSync(deal.register, registerText(second, '服务门店'))
  await deal.done('seller', 'freeze', '--key', deal.people.lead)
  await deal.approveDelta()
  await deal.done('seller', 'ingest', '--delta', deal.register)
  writeFileSync(deal.file('选择.csv'), `手机号,选择,时间\n${objectors.map((number) => `${customer(number).split(',')[1] ?? ''},不同意,2026-10-19 10:00\n`).join('')}`)
  await deal.done('seller', 'subjects')
  await deal.done('seller', 'choice', 'import', deal.file('选择.csv'))
  await deal.plan(second)
  await deal.handOver('二包', [before])
}, 300_000)

afterAll(async () => {
  await deal.stage.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Whose mobile stands in a file. */
const isNamed = (file: string, lines: readonly string[]): number[] => {
  const bytes = readFileSync(file)
  return [...new Set(lines.filter((line) => bytes.includes(line.split(',')[1] ?? '')).map((line) => Number(line.slice(2, 7))))].toSorted((a, b) => a - b)
}

describe('destroying what a cut-over left', () => {
  test('the recipient holds the newest version of everybody, and those who were gone meanwhile', () => {
    const lost = gone.map((number) => customer(number))
    expect(landedLines(deal.landing).toSorted()).toEqual([...second, ...lost].filter((line) => ![...objectors, ...stay].some((number) => line.startsWith(`KH${String(number).padStart(5, '0')}`))).toSorted())
  })

  test('an order for the originals finds records of the first version, of the second, and those that only the second has', async () => {
    await factsBeforeDestroying(deal.stage, at('2026-10-24'), deal.people)
    await sealReceipts(deal.stage, at('2026-10-24'))
    const originals = await requestDestruction(deal.stage, { at: at('2026-10-24'), people: deal.people, scope: 'originals' })
    const vault = await requestDestruction(deal.stage, { at: at('2026-10-24'), people: deal.people, scope: 'vault' })
    const orders = z.array(z.looseObject({ order: z.string(), records: z.int(), values: z.int() })).parse((await deal.stage.as('seller', at('2026-10-24'), 'destroy', 'list')).document)
    expect(orders.find((one) => one.order === originals)).toMatchObject({ records: second.length - stay.length, values: (second.length - stay.length) * 4 })
    // The vault keeps nothing: what stays stands in the original.
    expect(orders.find((one) => one.order === vault)).toMatchObject({ records: second.length + gone.length, values })
    for (const order of [originals, vault]) await deal.stage.as('seller', at('2026-10-27'), 'destroy', 'run', order, '--allow-write')
    expect(isNamed(deal.register, [...first, ...second])).toEqual(stay)
    await deal.stage.as('seller', at('2026-10-27'), 'key', 'turn')
  }, 120_000)

  test('the matter closes: the books balance over both versions, and the bundle shows it to a stranger', async () => {
    await factsBeforeClose(deal.stage, at('2026-10-28'), deal.people)
    const ending = await closeAndProve(deal.stage, at('2026-10-28'), deal.people)
    expect(ending.close).toMatchObject({ balanced: true, closed: true, discovered: values, dispositions: { transferred: values - (stay.length + objectors.length) * 4, kept: stay.length * 4, destroyed: objectors.length * 4 }, copiesOpen: 0 })
    const [, code = ''] = /,([0-9A-Z-]{27,})/.exec(readFileSync(join(folder, 'seller', '回执码.csv'), 'utf8')) ?? []
    writeFileSync(deal.file('回执码.txt'), code)
    await deal.stage.as('seller', at('2026-10-28'), 'receipt', '--code-file', deal.file('回执码.txt'), '--sealed', '-o', deal.file('封存回执.json'))
    writeFileSync(deal.file('回执.json'), await openSealedReceipt(readFileSync(deal.file('封存回执.json'), 'utf8'), code))
    expect(await verifyFile(deal.file('回执.json'), { policy: readFileSync(deal.policy, 'utf8') })).toMatchObject({ ok: true, what: 'receipt' })
    const verdict = await verifyFile(ending.bundle, { policy: readFileSync(deal.policy, 'utf8') })
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict).toMatchObject({ ok: true, trust: 'policy' })
  }, 120_000)
})
