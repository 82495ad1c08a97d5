// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isUniqueViolation, keptPlan, SqlRefused, sqlText } from './index.ts'
import { openTestDatabases, type TestDatabases } from './test-databases.ts'

const migrations = mkdtempSync(join(tmpdir(), 'handover-migrations-'))
let store: TestDatabases

beforeAll(async () => {
  for (const folder of ['main', 'keys']) mkdirSync(join(migrations, folder))
  writeFileSync(join(migrations, 'main/0001-step.sql'), 'CREATE TABLE step (id int PRIMARY KEY, at bigint GENERATED ALWAYS AS IDENTITY, body text); GRANT SELECT, INSERT ON step TO handover_app;')
  store = await openTestDatabases({ migrationsFolder: migrations })
})

afterAll(async () => {
  await store.remove()
  rmSync(migrations, { recursive: true })
})

const insert = keptPlan('INSERT INTO step (id, body) VALUES ($1, $2)')
const ids = keptPlan('SELECT id FROM step WHERE id >= $1 AND id < $2 ORDER BY at')

it('statements given together run in the order in which they were given, each seeing those before it', async () => {
  await store.main.transaction(async (tx) => {
    for (let round = 0; round < 8; round++) {
      const first = round * 10
      const [, seen, , all] = await Promise.all([tx.execute(insert, [first, 'a']), tx.query(ids, [first, first + 10]), tx.execute(insert, [first + 1, 'b']), tx.query(ids, [first, first + 10])])
      expect(seen).toEqual([{ id: first }])
      expect(all).toEqual([{ id: first }, { id: first + 1 }])
    }
  })
})

it('the first mistake among statements given together is the one that is thrown, and nothing of the transaction is kept', async () => {
  const failing = store.main.transaction((tx) => Promise.all([tx.execute(insert, [100, 'a']), tx.execute(insert, [100, 'b']), tx.execute(insert, [101, 'c']), tx.query('SELECT 1/0')]))
  await expect(failing).rejects.toSatisfy((error) => isUniqueViolation(error, 'step_pkey'))
  expect(await store.main.query(ids, [100, 110])).toEqual([])
})

it('one who copies rows out between statements given together gets them all, and so does one who stops early', async () => {
  await store.main.transaction(async (tx) => {
    await Promise.all([tx.execute(insert, [200, 'a']), tx.execute(insert, [201, 'b'])])
    const copied: string[] = []
    for await (const part of tx.copyOut(`COPY (SELECT id FROM step WHERE id >= ${sqlText('200')}::int ORDER BY at) TO STDOUT`)) copied.push(Buffer.from(part).toString())
    expect(copied.join('')).toBe('200\n201\n')
    const [, seen] = await Promise.all([tx.execute(insert, [202, 'c']), tx.query(ids, [200, 210])])
    expect(seen).toHaveLength(3)
  })
  const stopped = store.main.transaction(async (tx) => {
    for await (const _ of tx.copyOut('COPY (SELECT repeat(md5(i::text), 100) FROM generate_series(1, 100000) i) TO STDOUT')) break
    await tx.execute(insert, [203, 'd'])
  })
  await expect(stopped).rejects.toMatchObject({ code: 'DATABASE_GONE' })
  expect(await store.main.query(ids, [200, 210])).toHaveLength(3)
})

it('rows copied in wait for the statements before them and come before those after them', async () => {
  const source = (async function* () {
    yield Buffer.from('300\tx\n')
    yield Buffer.from('301\ty\n')
  })()
  await store.main.transaction(async (tx) => {
    await tx.execute(insert, [302, 'z'])
    expect(await tx.copyIn('COPY step (id, body) FROM STDIN', source)).toBe(2)
    const [rows] = await Promise.all([tx.query(ids, [300, 310]), tx.execute(insert, [303, 'w'])])
    expect(rows).toEqual([{ id: 302 }, { id: 300 }, { id: 301 }])
  })
  const broken = store.main.transaction((tx) => tx.copyIn('COPY step (id, body) FROM STDIN', (async function* () { yield Buffer.from('no number\tx\n') })()))
  await expect(broken).rejects.toBeInstanceOf(SqlRefused)
  expect(await store.main.query(ids, [300, 310])).toHaveLength(4)
})
