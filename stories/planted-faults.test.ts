// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseServers, type DatabaseServers } from '../app/src/store/database-servers.ts'
import { folderIntruder, postgresIntruder, sqliteIntruder, type Intruder, type Row } from './landed-rows.ts'
import { differencesOf, playSmallHandover, type SmallHandover } from './small-handover.ts'

type Found = { recordId: string; kind: string; fields: number[] }
interface Planted {
  rows: Row[]
  expected: Found[]
}
interface Fault {
  kind: string
  name: string
  /** Changes the rows; every fault takes records that no other one has. */
  plant(planted: Planted, take: Take): void
}
/** Takes a record that nobody has taken; `fits` chooses by a cell. */
type Take = (fits?: (cell: string) => boolean) => { row: Row; field: number }

const folder = mkdtempSync(join(tmpdir(), 'handover-story-faults-'))
const stranger = (text: string): string => createHash('sha256').update(`handover/stranger/${text}`).digest('hex').slice(0, 32)

const drop = (name: string, count: number): Fault => ({
  kind: 'dropped', name,
  plant: (planted, take) => {
    for (let n = 0; n < count; n++) {
      const { row } = take()
      planted.rows = planted.rows.filter((one) => one !== row)
      planted.expected.push({ recordId: row.record ?? '', kind: 'missing', fields: [] })
    }
  },
})

const double = (name: string, copy: (row: Row, field: number) => Row[], alsoChanged = false): Fault => ({
  kind: 'doubled', name,
  plant: (planted, take) => {
    const { row, field } = take()
    planted.rows.push(...copy(row, field))
    planted.expected.push({ recordId: row.record ?? '', kind: 'duplicate', fields: [] })
    if (alsoChanged) planted.expected.push({ recordId: row.record ?? '', kind: 'changed', fields: [field] })
  },
})

const change = (kind: string, name: string, fits: (cell: string) => boolean, to: (cell: string) => string | null | Buffer, letter?: string): Fault => ({
  kind, name,
  plant: (planted, take) => {
    const { row, field } = take(fits)
    const before = row.cells[field]
    const after = to(typeof before === 'string' ? before : '')
    if (after === before) throw new Error(`the fault "${name}" changes nothing`)
    row.cells[field] = after
    if (letter !== undefined) row.kinds = row.kinds.slice(0, field) + letter + row.kinds.slice(field + 1)
    planted.expected.push({ recordId: row.record ?? '', kind: 'changed', fields: [field] })
  },
})

const add = (name: string, record: string | null, options: { count?: number; owner?: null } = {}): Fault => ({
  kind: 'extra', name,
  plant: (planted) => {
    const model = planted.rows[0]
    if (model === undefined) throw new Error('no row to copy')
    const row = { ...model, record, ...('owner' in options ? { package: null } : {}), cells: [...model.cells] }
    const id = record !== null && /^[0-9a-f]{32}$/.test(record) ? record : stranger(record ?? '')
    for (let n = 0; n < (options.count ?? 1); n++) planted.rows.push({ ...row, cells: [...row.cells] })
    planted.expected.push({ recordId: id, kind: 'extra', fields: [] })
    if ((options.count ?? 1) > 1) planted.expected.push({ recordId: id, kind: 'duplicate', fields: [] })
  },
})

const isText = (cell: string): boolean => cell !== ''
const latin1 = (cell: string): string => Buffer.from(cell, 'utf8').toString('latin1')
const hasHan = (cell: string): boolean => /\p{Script=Han}/u.test(cell)

/** Six kinds, five of each; the fifth of `doubled` and of `encoding` differ where a destination cannot hold them. */
const faultsFor = (intruder: Intruder): Fault[] => [
  drop('one row', 1), drop('another row', 1), drop('a third row', 1), drop('a fourth row', 1), drop('a fifth row', 1),
  double('the same row again', (row) => [{ ...row, cells: [...row.cells] }]),
  double('the same row three times', (row) => [{ ...row, cells: [...row.cells] }, { ...row, cells: [...row.cells] }]),
  double('the row again with one cell different', (row, field) => [{ ...row, cells: row.cells.map((cell, at) => (at === field ? `${String(cell)}x` : cell)) }], true),
  double('the row again without its package', (row) => [{ ...row, package: null, cells: [...row.cells] }]),
  double('the row again, rows apart', (row) => [{ ...row, cells: [...row.cells] }]),
  change('edited', 'a blank at the end', isText, (cell) => `${cell} `),
  change('edited', 'one character', isText, (cell) => `${cell.slice(0, -1)}${cell.endsWith('甲') ? '乙' : '甲'}`),
  change('edited', 'emptied', isText, () => ''),
  change('edited', 'made null', isText, () => null, 'n'),
  change('edited', 'null without its letter', isText, () => null),
  change('encoding', 'UTF-8 read as Latin-1', hasHan, latin1),
  change('encoding', 'question marks', hasHan, (cell) => cell.replace(/\p{Script=Han}/gu, '?')),
  change('encoding', 'replacement characters', hasHan, (cell) => cell.replace(/\p{Script=Han}/gu, '\ufffd')),
  change('encoding', 'composed (NFC)', (cell) => cell.includes('e\u0301'), (cell) => cell.normalize('NFC')),
  intruder.canHoldBadUtf8 ? change('encoding', 'GB18030 bytes', hasHan, () => Buffer.from('b1b8d7a2', 'hex')) : change('encoding', 'four-byte character lost', (cell) => cell.includes('😀'), () => '?'),
  change('coercion', 'leading zeros', (cell) => cell === '00123', () => '123'),
  change('coercion', 'a long number as a float', (cell) => cell === '900000000000000017', (cell) => String(Number(cell))),
  change('coercion', 'an impossible date made possible', (cell) => cell === '2026-02-30', () => '2026-03-02'),
  change('coercion', 'a fraction as a date', (cell) => cell === '3/4', () => '2026-03-04'),
  change('coercion', 'a decimal without its scale', (cell) => cell === '1.10', () => '1.1'),
  add('a row nobody sent', 'f'.repeat(32)), add('a row with an id that is none', 'KH9999'), add('a row without id', null), add('a row of no package', `0${'1'.repeat(31)}`, { owner: null }), add('two rows nobody sent', 'ab'.repeat(16), { count: 2 }),
]

function plantAll(faults: readonly Fault[], rows: Row[]): Planted {
  const planted: Planted = { rows, expected: [] }
  const taken = new Set<Row>()
  const cellFits = (row: Row, fits: (cell: string) => boolean): number => row.cells.findIndex((cell, at) => at >= 2 && typeof cell === 'string' && row.kinds[at] === 't' && fits(cell))
  const take: Take = (fits = isText) => {
    const row = rows.find((one) => !taken.has(one) && cellFits(one, fits) >= 0)
    if (row === undefined) throw new Error('no record left for this fault')
    taken.add(row)
    return { row, field: cellFits(row, fits) }
  }
  // What needs a certain value chooses first.
  for (const fault of [...faults].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) fault.plant(planted, take)
  return planted
}
const order = ['coercion', 'encoding', 'edited', 'doubled', 'dropped', 'extra']

const sorted = (found: readonly Found[]): string[] => found.map((one) => JSON.stringify([one.recordId, one.kind, one.fields])).sort()

let small: SmallHandover
let servers: DatabaseServers
const intruders = new Map<string, Intruder>()

beforeAll(async () => {
  small = await playSmallHandover(folder)
  servers = await databaseServers(join(folder, 'buyers-server'), {})
  const login = servers.main.owner('postgres')
  const client = new Client(login)
  await client.connect()
  await client.query('create database landing')
  await client.end()
  writeFileSync(join(folder, 'landing.password'), String(login.password), { mode: 0o600 })
  const address = `postgresql://${String(login.user)}@${encodeURIComponent(String(login.host))}:${String(login.port)}/landing`
  for (const one of [sqliteIntruder(join(folder, 'landing.sqlite')), postgresIntruder(address, join(folder, 'landing.password')), folderIntruder(join(folder, 'landing'))]) intruders.set(one.kind, one)
}, 120_000)

afterAll(async () => {
  await small.stage.stop()
  await servers.release()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

function intruderOf(kind: string): Intruder {
  const found = intruders.get(kind)
  if (found === undefined) throw new Error(kind)
  return found
}

const receive = (intruder: Intruder, ...more: string[]) => small.run('buyer', 'receive', small.packageFile, '--into', intruder.into, ...intruder.flags, '-o', small.file(`${intruder.kind}.tar`), '--policy', small.policy, ...more)

describe.each(['sqlite', 'postgresql', 'folder'])('a package of hostile values, received into %s', (kind) => {
  test('arrives value for value, and again without a second row', async () => {
    const first = await receive(intruderOf(kind))
    expect({ exit: first.exit, document: first.document }, first.messages.join('\n')).toMatchObject({ exit: 0, document: { status: 'complete', records: 60, loaded: 1, destination: kind, differences: [] } })
    const again = await receive(intruderOf(kind))
    expect(again).toMatchObject({ exit: 0, document: { status: 'complete', loaded: 0, repeated: true } })
  })

  test('thirty planted faults are each named by record and field, at both sides, and nothing else is', async () => {
    const faults = faultsFor(intruderOf(kind))
    expect(faults).toHaveLength(30)
    let expected: Found[] = []
    await intruderOf(kind).change((rows) => {
      const planted = plantAll(faults, rows)
      expected = planted.expected
      return planted.rows
    })
    const received = await receive(intruderOf(kind))
    expect(received.exit, received.messages.join('\n')).toBe(3)
    expect(sorted(differencesOf(received.document))).toEqual(sorted(expected))
    const reconciled = await small.run('seller', 'reconcile', small.file(`${kind}.tar`), '-o', small.file(`${kind}.json`))
    expect(reconciled.exit, reconciled.messages.join('\n')).toBe(3)
    expect(sorted(differencesOf(reconciled.document))).toEqual(sorted(expected))
  })

  test('loaded again it is whole, and the sender finds it so', async () => {
    const received = await receive(intruderOf(kind), '--reload')
    expect(received, received.messages.join('\n')).toMatchObject({ exit: 0, document: { status: 'complete', loaded: 1 } })
    const reconciled = await small.run('seller', 'reconcile', small.file(`${kind}.tar`), '-o', small.file(`${kind}.json`))
    expect(reconciled, reconciled.messages.join('\n')).toMatchObject({ exit: 0, document: { status: 'matched', matched: 60 } })
  })
})

describe('what else can go wrong at the recipient', () => {
  test('a column that is gone is named with every record that had it', async () => {
    const intruder = sqliteIntruder(small.file('column.sqlite'))
    expect((await receive(intruder)).exit).toBe(0)
    const database = new DatabaseSync(small.file('column.sqlite'))
    const [table = ''] = database.prepare(`select table_name as t from handover_columns where column_name = 'f4'`).all().map((row) => String(row['t']))
    const ids = database.prepare(`select record_id as r from ${table}`).all().map((row) => String(row['r']))
    database.exec(`alter table ${table} drop column f4`)
    database.close()
    const received = await receive(intruder)
    expect(sorted(differencesOf(received.document))).toEqual(sorted(ids.map((recordId) => ({ recordId, kind: 'changed', fields: [4] }))))
  })

  test('the sender books a countersigned reconciliation once, and an older one no more', async () => {
    const intruder = sqliteIntruder(small.file('last.sqlite'))
    await receive(intruder)
    const [acceptance, proposal, signed] = [small.file('sqlite.tar'), small.file('last.json'), small.file('last-signed.json')]
    expect((await small.run('seller', 'reconcile', acceptance, '-o', proposal)).exit).toBe(0)
    expect(await small.run('seller', 'reconcile', '--conclude', proposal)).toMatchObject({ exit: 65, document: { error: { code: 'NOT_COUNTERSIGNED' } } })
    expect(await small.run('buyer', 'reconcile', '--countersign', small.file('folder.json'), '-o', small.file('wrong.json'))).toMatchObject({ exit: 65, document: { error: { code: 'RECONCILIATION_REFUSED' } } })
    expect((await small.run('buyer', 'reconcile', '--countersign', proposal, '--acceptance', acceptance, '-o', signed)).exit).toBe(0)
    expect(await small.run('seller', 'reconcile', '--conclude', signed)).toMatchObject({ exit: 0, document: { matched: 60, outcome: 'transferred', repeated: false } })
    expect(await small.run('seller', 'reconcile', '--conclude', signed)).toMatchObject({ exit: 0, document: { repeated: true } })
    expect((await small.run('seller', 'log', 'verify')).exit).toBe(0)
    expect(await small.run('seller', 'reconcile', acceptance, '--withdraw')).toMatchObject({ exit: 65, document: { error: { code: 'RECONCILED_ALREADY' } } })
  })
})
