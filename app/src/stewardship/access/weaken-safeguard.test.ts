// SPDX-License-Identifier: Apache-2.0
import { makeVkey, NOTE_COSIGNATURE, parseVkey } from '@handover/proof'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composePolicy } from '../../ledger/index.ts'
import { currentMatter, type Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { approve, changePolicy, changeSettingSafely, requestPolicy } from './index.ts'

let home: TestHome
let matter: Matter
let lead: { id: string; vkey: string; keyFile: string }
let counsel: { id: string; vkey: string; keyFile: string }

beforeAll(async () => {
  home = await openTestHome()
  matter = await home.openMatter()
  lead = await home.addPerson(matter, '安娜')
  counsel = await home.addPerson(matter, '波')
})
afterAll(async () => home.remove())

const witnesses = ['a', 'b'].map((name, at) => ({ name, vkey: makeVkey(name, NOTE_COSIGNATURE, new Uint8Array(32).fill(at + 1)), url: null }))
const policy = async (needed: number, approvers: string[] = []): Promise<string> =>
  composePolicy({ log: await home.ctx.ledger.logVkey(matter.id), witnesses, ownWitnesses: [], needed, parties: [], approvers })
const set = (text: string) => changePolicy(home.ctx, matter, { text, ownKeys: [] })
const lower = async (value: string) => changeSettingSafely(home.ctx, await currentMatter(home.ctx, matter.id), { key: 'cooling_off_hours', value, by: lead.id, keyFile: lead.keyFile })

test('one person alone cannot replace the policy by a weaker one; two can, for exactly that text and once', async () => {
  const [two, one] = [await policy(2), await policy(1)]
  await set(two)
  expect(await refusalOf(set(one))).toBe('APPROVAL_MISSING')
  const { request } = await requestPolicy(home.ctx, matter, { text: one, keyFile: lead.keyFile })
  expect(await refusalOf(set(one))).toBe('APPROVAL_INCOMPLETE')
  expect(await refusalOf(approve(home.ctx, matter, { requestId: request, keyFile: lead.keyFile }))).toBe('OWN_REQUEST')
  await approve(home.ctx, matter, { requestId: request, keyFile: counsel.keyFile })
  expect(await refusalOf(set(await policy(1, [makeVkey('somebody', 1, new Uint8Array(32).fill(7)).text])))).toBe('APPROVAL_VOID')
  expect((await set(one)).repeated).toBe(false)
  expect((await set(two)).repeated).toBe(false)
  expect(await refusalOf(set(one))).toBe('APPROVAL_USED')
})

test('people whom this home registered may be named without that', async () => {
  await set(await policy(2))
  expect((await set(await policy(2, [parseVkey(counsel.vkey).text]))).repeated).toBe(false)
})

test('a policy in force whose file is gone cannot be compared with, so its successor takes two people', async () => {
  const text = await policy(2, [parseVkey(lead.vkey).text])
  await set(text)
  rmSync(join(home.ctx.home.paths.objects, 'policy'), { recursive: true })
  expect(await refusalOf(set(await policy(2)))).toMatch(/^APPROVAL_/)
})

test('a shorter cooling-off is asked for first and changes once another person approved; a longer one changes at once', async () => {
  const asked = await lower('12')
  expect(asked.asked).toMatch(/^apr_/)
  expect(asked.settings.cooling_off_hours).toBe(24)
  expect(await refusalOf(lower('12'))).toBe('APPROVAL_INCOMPLETE')
  await approve(home.ctx, matter, { requestId: asked.asked ?? '', keyFile: counsel.keyFile })
  expect(await lower('12')).toMatchObject({ asked: null, settings: { cooling_off_hours: 12 } })
  expect(await lower('48')).toMatchObject({ asked: null, settings: { cooling_off_hours: 48 } })
})
