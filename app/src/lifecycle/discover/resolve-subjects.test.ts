// SPDX-License-Identifier: Apache-2.0
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inventTestPeople, openTestHome, registerLines, withCheckDigit, type TestHome } from './fixture.ts'
import { ingestSources, refuseUnlessResolved, reportSubjects, resolveSubjects } from './index.ts'

let at: TestHome
const people = inventTestPeople(60)
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))

/** The subject of each record that holds this value in its own data set; by reading through the blind index. */
async function subjectsOf(type: 'mobile' | 'resident-id' | 'email', value: string): Promise<string[]> {
  const blind = await at.ctx.vault.blind(at.matter.id, type, value)
  const rows = await at.ctx.db.query<{ subject_id: string }>('select s.subject_id from record_key k join record_subject s on s.record_id = k.record_id where k.key_type = $1 and k.blind = $2 order by 1', [type, blind])
  return rows.map((row) => row.subject_id)
}

beforeAll(async () => {
  at = await openTestHome('subjects')
})
afterAll(async () => { await at.remove() })

test('refuses while there is nobody to resolve', async () => {
  expect(await codeOf(resolveSubjects(at.ctx, at.matter))).toBe('NO_RECORDS')
})

test('finds one person again across a register, a ticket list and a shop', async () => {
  const register = at.write('登记.csv', registerLines(people))
  const tickets = at.write('工单.csv', ['工单号,客户姓名,联系电话,上门地址', ...people.slice(0, 20).map((p, n) => `GD${n},${p.name},+86 ${p.mobile.slice(0, 3)} ${p.mobile.slice(3)},北京市测试区一号院${n}号`)])
  const shop = join(at.folder, '商城.sqlite')
  const sqlite = new DatabaseSync(shop)
  sqlite.exec('create table users (user_id integer primary key, nickname text, mobile text, email text); create table orders (order_sn text, user_id integer, amount text); create table products (sku text, price text)')
  for (const [n, p] of people.slice(10, 30).entries()) {
    sqlite.prepare('insert into users values (?, ?, ?, ?)').run(1000 + n, `用户${n}`, p.mobile, p.email.toUpperCase())
    sqlite.prepare('insert into orders values (?, ?, ?)').run(`SN2026${n}`, 1000 + n, '199.00')
  }
  sqlite.exec(`insert into products values ('JL-1', '99.00'), ('JL-2', '199.00')`)
  sqlite.close()
  await ingestSources(at.ctx, at.matter, { paths: [register, tickets, shop] })
  const done = await resolveSubjects(at.ctx, at.matter)
  expect(done).toMatchObject({ subjects: 60, records: 60 + 20 + 20 + 20, impersonal: 2, repeated: false })
  expect(done.ageGroups).toMatchObject({ under14: 3, adult: 57 })
  const one = people[15]
  expect(new Set(await subjectsOf('mobile', one?.mobile ?? '')).size).toBe(1)
  expect((await subjectsOf('mobile', one?.mobile ?? '')).length).toBe(3)
})

test('the same edges again give the first result and no second event', async () => {
  expect(await resolveSubjects(at.ctx, at.matter)).toMatchObject({ subjects: 60, repeated: true })
  expect((await at.ctx.ledger.eventsOfType(at.matter.id, 'SubjectsResolved')).length).toBe(1)
})

test('counts the persons for the thresholds, sensitive ones and children apart', async () => {
  const report = await reportSubjects(at.ctx, at.matter.id)
  expect(report).toMatchObject({ persons: 60, tier: 'small', under14: 3, unknownAge: 0, stale: false })
  expect(report.sensitive).toBe(60)
})

test('keeps families, switchboards and placeholder numbers apart, and says so', async () => {
  const known = people[3]
  const lines = ['姓名,手机号,身份证号', `${known?.name},${known?.mobile},`, `赵家人,${known?.mobile},${withCheckDigit('11019919800101777')}`]
  for (let n = 0; n < 12; n++) lines.push(`${'甲乙丙丁戊己庚辛壬癸子丑'.charAt(n)}小明,17011112222,`, `${'甲乙丙丁戊己庚辛壬癸子丑'.charAt(n)}小红,13800000000,`)
  await ingestSources(at.ctx, at.matter, { paths: [at.write('补录.csv', lines)] })
  expect(await codeOf(refuseUnlessResolved(at.ctx, at.matter.id))).toBe('SUBJECTS_NOT_RESOLVED')
  const before = await subjectsOf('resident-id', known?.residentId ?? '')
  const done = await resolveSubjects(at.ctx, at.matter)
  expect(done.subjects).toBe(60 + 1 + 24)
  expect(await subjectsOf('resident-id', known?.residentId ?? '')).toEqual(before)
  expect(new Set(await subjectsOf('mobile', known?.mobile ?? '')).size).toBe(2)
  const { demoted } = await reportSubjects(at.ctx, at.matter.id)
  expect(demoted.map((one) => `${one.type} ${one.why} ${one.records}`).sort()).toEqual(['mobile different-names 4', 'mobile placeholder 12', 'mobile too-many-names 12'])
  expect(await codeOf(refuseUnlessResolved(at.ctx, at.matter.id))).toBe('nothing refused')
})

test('a name cannot be looked up: only two bytes of its blind index are kept', async () => {
  const [row] = await at.ctx.db.query<{ longest: number }>(`select max(length(blind)) as longest from record_key where key_type = 'person-tags'`)
  // One byte of flags, two of the name, two of the birth day.
  expect(row?.longest).toBe(5)
})
