// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyFile } from '@handover/proof'
import { customer, openDeal, type Deal } from './deal.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-story-abandon-unreached-'))
const lines = Array.from({ length: 20 }, (_, number) => customer(number))
let deal: Deal

beforeAll(async () => {
  deal = await openDeal(folder, lines)
  await deal.plan(lines)
  await deal.handOver('首包', [])
  const asked = await deal.done('seller', 'abandon', 'request', '--reason', 'counterparty-withdrew', '--key', deal.people.lead)
  await deal.done('seller', 'approve', z.looseObject({ request: z.string() }).parse(asked.document).request, '--key', deal.people.legal)
}, 300_000)

afterAll(async () => {
  await deal.stage.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const stateOf = (document: unknown) => z.looseObject({ endedAt: z.string().nullable(), open: z.array(z.looseObject({ copy: z.string() })), outOfReach: z.array(z.looseObject({ id: z.string() })), sheet: z.looseObject({ balance: z.looseObject({ dispositions: z.record(z.string(), z.int()) }) }) }).parse(document)

describe('a failed deal whose recipient answers nobody', () => {
  test('stays open until a named person says that its copy is out of reach, with a reason of the list', async () => {
    const declared = await deal.run('seller', 'abandon', '--reason', 'counterparty-withdrew')
    expect(declared, declared.messages.join('\n')).toMatchObject({ exit: 14 })
    const [copy, ...others] = stateOf(declared.document).open
    expect(others).toEqual([])
    const unreached = (...more: string[]) => deal.run('seller', 'abandon', '--out-of-reach', copy?.copy ?? '', ...more)
    expect((await unreached('--because', 'holder-refuses')).exit).toBe(2)
    expect((await unreached('--because', 'we-forgot', '--key', deal.people.lead)).exit).toBe(2)
    expect((await deal.run('seller', 'abandon', '--out-of-reach', `cpy_${'0'.repeat(32)}`, '--because', 'holder-refuses', '--key', deal.people.lead)).exit).not.toBe(0)
    const ended = await unreached('--because', 'holder-refuses', '--key', deal.people.lead, '--sheet', deal.file('清算表.html'))
    expect(ended, ended.messages.join('\n')).toMatchObject({ exit: 0 })
    // Nobody proved that the recipient has them no more: the values stay where they went, and the sheet says who has them.
    expect(stateOf(ended.document)).toMatchObject({ open: [], outOfReach: [{ id: copy?.copy }], sheet: { balance: { dispositions: { transferred: lines.length * 4 } } } })
    const page = readFileSync(deal.file('清算表.html'), 'utf8')
    for (const words of ['无法触及的副本', copy?.copy ?? '', 'holder-refuses', '对方退出']) expect(page).toContain(words)
    expect(await deal.run('seller', 'abandon')).toMatchObject({ exit: 0, document: { repeated: true } })
  }, 120_000)

  test('and the bundle says how many copies nobody reached', async () => {
    await deal.done('seller', 'export', 'proof', '-o', deal.file('证据包.tar'))
    const verdict = await verifyFile(deal.file('证据包.tar'), { policy: readFileSync(deal.policy, 'utf8'), language: 'en' })
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict.checks.find((check) => check.name === 'abandoned')?.detail).toContain('1 copies out of reach')
  }, 60_000)
})
