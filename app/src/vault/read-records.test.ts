// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instantOf } from '../kit/time.ts'
import { putRequest, grantOf, openTestVault, readAll, storeRecords, testDataSet, testMatter, testRecordId, type StoredRecord, type TestVault } from './test-vault.ts'

let home: TestVault
let records: StoredRecord[]
beforeAll(async () => {
  home = await openTestVault()
  records = await storeRecords(home, Array.from({ length: 30 }, (_, at) => [`客户${at}`, `1990000${String(at).padStart(4, '0')}`, at % 3 === 0 ? '' : `备注${at}`, at % 5 === 0 ? null : Buffer.from([at])]))
})
afterAll(() => home.remove())

const idOf = (at: number): Buffer => records[at]?.recordId ?? Buffer.alloc(16)

async function auditRows(): Promise<{ person: string; purpose: string; records: number; record_ids: Buffer; compartments: string[] }[]> {
  return home.databases.main.query('select person, purpose, records, record_ids, compartments from read_audit order by id')
}

async function setDisposition(at: number, field: number, code: number): Promise<void> {
  await home.databases.main.execute('update record set dispositions = set_byte(dispositions, $2, $3) where id = $1', [idOf(at), field, code])
}

test('a reading in order gives every record once, in batches, with values, salts and a line in the book for each batch', async () => {
  const before = (await auditRows()).length
  const batches: number[] = []
  const names: unknown[] = []
  for await (const batch of home.vault.read(grantOf(), { matterId: testMatter, batchRecords: 12 })) {
    batches.push(batch.length)
    names.push(...batch.map((record) => record.values[0]))
    expect((await auditRows()).length - before).toBe(batches.length)
  }
  expect(batches).toEqual([12, 12, 6])
  expect(names).toEqual(records.map((record) => record.values[0]))
  expect((await auditRows()).at(-1)).toMatchObject({ person: 'per_tester', purpose: 'pack', records: 6 })
})

test('a reading goes on behind an ordinal', async () => {
  const rest = await readAll(home.vault, grantOf(), { dataSetId: testDataSet, after: 27 })
  expect(rest.map((record) => record.ordinal)).toEqual([28, 29])
})

test('records come in the order of the ids asked for, and the book names them', async () => {
  const found = await readAll(home.vault, grantOf(), { recordIds: [idOf(7), idOf(3), idOf(7)] })
  expect(found.map((record) => record.values[0])).toEqual(['客户7', '客户3'])
  expect((await auditRows()).at(-1)?.record_ids.toString('hex')).toBe(Buffer.concat([idOf(7), idOf(3)]).toString('hex'))
})

test('the grant opens its compartments and fields and nothing else, salts included', async () => {
  const [sensitive] = await readAll(home.vault, grantOf({ compartments: ['sensitive'] }), { recordIds: [idOf(1)] })
  expect(sensitive?.values).toEqual([undefined, '19900000001', undefined, undefined])
  expect(sensitive?.salts.map((salt) => salt?.length)).toEqual([undefined, 16, undefined, undefined])
  const [field] = await readAll(home.vault, grantOf({ fieldIndexes: [2, 3] }), { recordIds: [idOf(1)] })
  expect(field?.values).toEqual([undefined, undefined, '备注1', Buffer.from([1])])
})

test('commitments of all fields come with a narrow grant, without the values', async () => {
  const [narrow] = await readAll(home.vault, grantOf({ compartments: ['general'], fieldIndexes: [0] }), { recordIds: [idOf(2)], withLeaves: true })
  expect(narrow?.leaves?.map((leaf) => leaf.length)).toEqual([32, 32, 32, 32])
  expect(narrow?.values).toEqual(['客户2', undefined, undefined, undefined])
})

test('facets and age groups filter before anything is decrypted', async () => {
  const found = await readAll(home.vault, grantOf(), { where: { facets: { branch: ['西店'] }, ageGroups: ['unknown'] } })
  expect(found).toHaveLength(15)
  expect((await auditRows()).at(-1)?.records).toBe(15)
  expect(await readAll(home.vault, grantOf(), { where: { facets: { shop: ['西店'] } } })).toEqual([])
})

test('a grant that has ended opens nothing', async () => {
  const before = (await auditRows()).length
  await expect(readAll(home.vault, grantOf({ until: instantOf('2026-11-21T07:59:59Z') }))).rejects.toMatchObject({ code: 'GRANT_ENDED' })
  expect(await auditRows()).toHaveLength(before)
})

test('an unknown record is refused by its id', async () => {
  await expect(readAll(home.vault, grantOf(), { recordIds: [testRecordId(999)] })).rejects.toMatchObject({ code: 'VAULT_RECORD_UNKNOWN' })
})

test('sealed values are withheld; custody and receipts open them; a record with nothing else is refused', async () => {
  await setDisposition(10, 1, 3)
  const [partly] = await readAll(home.vault, grantOf(), { recordIds: [idOf(10)] })
  expect(partly?.values[1]).toBeUndefined()
  expect(partly?.values[0]).toBe('客户10')
  for (const field of [0, 2]) await setDisposition(10, field, 3)
  await expect(readAll(home.vault, grantOf(), { recordIds: [idOf(10)] })).rejects.toMatchObject({ code: 'RECORD_SEALED' })
  for (const purpose of ['custody', 'receipt'] as const) expect((await readAll(home.vault, grantOf({ purpose }), { recordIds: [idOf(10)] }))[0]?.values[1]).toBe('19900000010')
  expect((await readAll(home.vault, grantOf(), { where: { hasDisposition: 3 } })).map((record) => record.ordinal)).toEqual([10])
})

test('a value posted as destroyed or anonymised is given to nobody', async () => {
  await setDisposition(11, 0, 5)
  await setDisposition(11, 1, 4)
  expect((await readAll(home.vault, grantOf({ purpose: 'custody' }), { recordIds: [idOf(11)] }))[0]?.values.slice(0, 2)).toEqual([undefined, undefined])
})

test('from the tombstone on a record is refused, although its key still exists', async () => {
  await home.databases.main.execute(
    `insert into erasure (tenant, matter_id, number, record_id, version, slot, order_id, intent_seq) values ($1, $2, 0, $3, 1, $4, 'ord_1', 1)`,
    [home.tenant, testMatter, idOf(20), records[20]?.slot ?? -1],
  )
  await expect(readAll(home.vault, grantOf({ purpose: 'custody' }), { recordIds: [idOf(20)] })).rejects.toMatchObject({ code: 'RECORD_ERASED' })
  expect((await readAll(home.vault, grantOf({ purpose: 'custody' }))).map((record) => record.ordinal)).not.toContain(20)
})

test('a record whose key is erased is refused even if the main database has forgotten the tombstone', async () => {
  await home.vault.eraseSlots(testMatter, 'ord_2', [records[21]?.slot ?? -1])
  await expect(readAll(home.vault, grantOf(), { recordIds: [idOf(21)] })).rejects.toMatchObject({ code: 'RECORD_ERASED' })
  expect((await readAll(home.vault, grantOf())).map((record) => record.ordinal)).not.toContain(21)
})

test('ciphertext swapped between two rows, compartments or versions is refused', async () => {
  const { main } = home.databases
  const swap = `update record_cipher a set sealed = b.sealed from record_cipher b where a.record_id = $1 and b.record_id = $2 and a.compartment = $3 and b.compartment = $4`
  await main.execute(swap, [idOf(25), idOf(26), 'sensitive', 'sensitive'])
  await main.execute(swap, [idOf(27), idOf(27), 'text', 'sensitive'])
  await main.execute('update record set version = 2 where id = $1', [idOf(28)])
  await main.execute('update record_cipher set version = 2 where record_id = $1', [idOf(28)])
  for (const at of [25, 27, 28]) await expect(readAll(home.vault, grantOf(), { recordIds: [idOf(at)] }), `record ${at}`).rejects.toMatchObject({ code: 'CIPHERTEXT_REFUSED' })
})

test('a compartment that was taken away is refused where all commitments are asked for', async () => {
  await home.databases.main.execute(`delete from record_cipher where record_id = $1 and compartment = 'sensitive'`, [idOf(24)])
  await expect(readAll(home.vault, grantOf(), { recordIds: [idOf(24)], withLeaves: true })).rejects.toMatchObject({ code: 'CIPHERTEXT_REFUSED' })
})

test('the book of readings cannot be changed or shortened', async () => {
  await expect(home.databases.main.execute(`update read_audit set person = 'nobody'`)).rejects.toThrow(/SQLSTATE/)
  await expect(home.databases.main.execute('delete from read_audit')).rejects.toThrow(/SQLSTATE/)
})

test('one person without approval reveals at most 500 records a day, however many calls it takes', async () => {
  await storeRecords(home, Array.from({ length: 520 }, (_, at) => [`新${at}`, '', '', '']), 1000)
  const reveal = grantOf({ purpose: 'reveal', person: 'per_curious' })
  const ids = Array.from({ length: 520 }, (_, at) => testRecordId(1000 + at))
  expect(await readAll(home.vault, reveal, { recordIds: ids.slice(0, 300) })).toHaveLength(300)
  await expect(readAll(home.vault, reveal, { recordIds: ids.slice(300) })).rejects.toMatchObject({ code: 'BULK_NEEDS_APPROVAL' })
  expect(await readAll(home.vault, reveal, { recordIds: ids.slice(300, 500) })).toHaveLength(200)
  await expect(readAll(home.vault, reveal, { recordIds: ids.slice(0, 1) })).rejects.toMatchObject({ code: 'BULK_NEEDS_APPROVAL' })
  const under = (approval: string) => readAll(home.vault, { ...reveal, approval }, { recordIds: ids })
  await expect(under('apr_1')).rejects.toMatchObject({ code: 'READ_NOT_APPROVED', exitCode: 13 })
  await putRequest(home, { id: 'apr_1', act: 'bulk-export', status: 'open' })
  await putRequest(home, { id: 'apr_2', act: 'destroy', status: 'approved' })
  await putRequest(home, { id: 'apr_3', act: 'bulk-export', status: 'approved' })
  for (const refused of ['apr_1', 'apr_2']) await expect(under(refused)).rejects.toMatchObject({ code: 'READ_NOT_APPROVED' })
  expect(await under('apr_3')).toHaveLength(520)
  await expect(readAll(home.vault, grantOf({ purpose: 'rewrite' }), { recordIds: ids })).rejects.toMatchObject({ code: 'READ_NOT_APPROVED' })
})
