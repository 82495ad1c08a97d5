// SPDX-License-Identifier: Apache-2.0
// Two commands at once, kills and waivers around a delta: whatever happens in between, every record of the books opens, and what is said of former values is true.
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { addHours } from '../../kit/time.ts'
import { approve } from '../../stewardship/access/index.ts'
import { addTestPeople, addTestWitness, type TestPeople } from './delta-people.fixture.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from './fixture.ts'
import { turnKeys } from '../destroy/index.ts'
import { bookedWaivers, ingestDelta, ingestSources, loadDataSets, requestDelta, resolveSubjects, scanDelta } from './index.ts'

let at: TestHome
let register: string
let staff: TestPeople
let stopWitness: (() => Promise<void>) | undefined
const lines = registerLines(inventTestPeople(30))
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
/** The register with another remark in one row. */
const withRemark = (row: number, remark: string): string[] => lines.map((line, at) => (at === row ? line.replace(/,[^,]*$/, `,${remark}`) : line))
const put = (text: readonly string[]): void => writeFileSync(register, `${text.join('\r\n')}\r\n`)

beforeAll(async () => {
  at = await openTestHome('delta-faults')
  staff = await addTestPeople(at)
  register = at.write('客户登记.csv', lines)
  await ingestSources(at.ctx, at.matter, { paths: [register] })
  await resolveSubjects(at.ctx, at.matter)
}, 300_000)
afterAll(async () => {
  await stopWitness?.()
  await at.remove()
}, 60_000)

/** Asks for the booking of the register as it is and has it approved by two. */
async function allow(): Promise<void> {
  const { request } = await requestDelta(at.ctx, at.matter, { path: register, withoutReceipts: 'nobody-to-reach' }, staff.lead)
  for (const keyFile of [staff.legal, staff.finance]) await approve(at.ctx, at.matter, { requestId: request, keyFile })
}

const scope = () => ({ tenant: at.ctx.tenant, matterId: at.matter.id })

/** A context that dies at the first sign of progress of this kind (the last of its work, when it has a total). */
function dyingAt(word: string): Context {
  return { ...at.ctx, progress: ({ en }, done, total) => { if (en === word && done === (total ?? done)) throw new Error('killed') } }
}

/** Everything that the vault opens, as rows of the register. */
async function opened(): Promise<string[]> {
  const [set] = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
  const grant = { person: 'test', purpose: 'backup-check' as const, compartments: ['general', 'sensitive', 'text'] as const, until: addHours(at.ctx.now(), 1), approval: null }
  const rows: string[] = []
  for await (const records of at.ctx.vault.read(grant, { matterId: at.matter.id, dataSetId: set?.id ?? '', withLeaves: true })) rows.push(...records.map((record) => record.values.join(',')))
  return rows.sort()
}

test('former values do not end without a witness, nor without receipts unless two people say why none is possible', async () => {
  put(withRemark(1, '改为工作日'))
  expect(await codeOf(requestDelta(at.ctx, at.matter, { path: register, withoutReceipts: 'nobody-to-reach' }, staff.lead))).toBe('DELTA_NO_WITNESSES')
  expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_NO_WITNESSES')
  stopWitness = await addTestWitness(at)
  expect(await codeOf(requestDelta(at.ctx, at.matter, { path: register }, staff.lead))).toBe('DELTA_RECEIPTS_NOT_SEALED')
  expect(await codeOf(ingestDelta(at.ctx, at.matter, { path: register }))).toBe('DELTA_UNAPPROVED')
}, 300_000)

test('a comparison that another command gives up while it is being booked loses neither the former nor the present version', async () => {
  const booked = withRemark(1, '改为工作日')
  put(booked)
  await allow()
  await expect(ingestDelta(dyingAt('sealing what changed'), at.matter, { path: register })).rejects.toThrow('killed')
  put(withRemark(2, '另一份文件'))
  const racing: Context = { ...at.ctx, vault: { ...at.ctx.vault, eraseSlots: async (...given) => {
    put(booked)
    await ingestDelta(at.ctx, at.matter, { path: register })
    put(withRemark(2, '另一份文件'))
    return at.ctx.vault.eraseSlots(...given)
  } } }
  await scanDelta(racing, at.matter, { path: register }).catch(() => undefined)
  put(booked)
  expect(await ingestDelta(at.ctx, at.matter, { path: register })).toMatchObject({ booked: true })
  expect(await opened()).toEqual(booked.slice(1).sort())
  expect(await bookedWaivers(at.ctx.db, scope())).toMatchObject([{ reason: 'nobody-to-reach', records: 1 }])
}, 300_000)

test('old keys open a former value until the keys turn, and the turn knows that it waits', async () => {
  const [booked] = await bookedWaivers(at.ctx.db, scope())
  const isFinal = async () => (await at.ctx.vault.erasureStatus(at.matter.id, booked?.scan ?? '')).final
  expect(await isFinal()).toBe(false)
  expect(await turnKeys(at.ctx, at.matter)).toMatchObject({ repeated: false, revised: true })
  expect(await isFinal()).toBe(true)
  expect(await turnKeys(at.ctx, at.matter)).toMatchObject({ repeated: true, revised: false })
}, 300_000)

test('a booking whose comparison was given up meanwhile is refused, not reported as done', async () => {
  const before = await opened()
  const wanted = withRemark(1, '改为节假日')
  put(wanted)
  await allow()
  const racing: Context = { ...at.ctx, vault: { ...at.ctx.vault, newSecrets: async (...given) => {
    put(withRemark(2, '另一份文件'))
    await scanDelta(at.ctx, at.matter, { path: register })
    put(wanted)
    return at.ctx.vault.newSecrets(...given)
  } } }
  expect(await codeOf(ingestDelta(racing, at.matter, { path: register }))).toBe('DELTA_OVERTAKEN')
  expect(await opened()).toEqual(before)
  expect(await ingestDelta(at.ctx, at.matter, { path: register })).toMatchObject({ booked: true })
  expect(await opened()).toEqual(wanted.slice(1).sort())
  expect(await at.ctx.db.query('select 1 from delta_cipher')).toEqual([])
}, 300_000)

test('a booking that was killed before its former keys went is finished by the next one, although the file is another by then', async () => {
  const first = withRemark(1, '改为夜间')
  put(first)
  await allow()
  const dying: Context = { ...at.ctx, vault: { ...at.ctx.vault, eraseSlots: () => Promise.reject(new Error('killed')) } }
  await expect(ingestDelta(dying, at.matter, { path: register })).rejects.toThrow('killed')
  const waiting = () => at.ctx.db.query('select 1 from erasure where erased_keys_at is null')
  expect(await waiting()).toHaveLength(1)
  put([...first, 'KH90001,赵新甲,,17008880001,1990-01-02,,浦东门店,'])
  expect(await ingestDelta(at.ctx, at.matter, { path: register })).toMatchObject({ erasedKeys: 1, dataSets: [{ changed: 0, added: 1 }] })
  expect(await waiting()).toEqual([])
  expect(await at.ctx.db.query(`select 1 from delta_scan where status = 'booked'`)).toEqual([])
}, 300_000)
