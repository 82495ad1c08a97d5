// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasMariaDb, startMariaDb, type MariaDb } from '../../sources/databases/mariadb.fixture.ts'
import { pinDatabaseAddress, shownAddress, type DatabaseLogin } from '../../sources/index.ts'
import { inventTestPeople } from '../discover/fixture.ts'
import { keyEdges, waysToCustomers, type KeyColumn } from './key-graph.rules.ts'
import { nameLikeness } from './key-names.rules.ts'
import { comparableKey, inclusionOf, KeyFilter, keySetOf, KeySketch, RunHash, sketchValues } from './key-sketch.ts'
import { mapKeys, type KeyMap } from './map-keys.ts'

const people = inventTestPeople(120)
let folder: string
let map: KeyMap
const write = (name: string, lines: string[]) => writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
const named = (end: { table: number; column: string }) => `${map.tables[end.table]?.name}.${end.column}`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handover-keys-'))
  write('customers.csv', ['customer_id,姓名,身份证号,手机号', ...people.map((one) => [one.number, one.name, one.residentId, one.mobile].join(','))])
  write('orders.csv', ['id,customer_id,金额', ...Array.from({ length: 400 }, (_, at) => [at + 1, people[(at * 7) % 120]?.number, (at * 13) % 900].join(','))])
  write('order_items.csv', ['id,order_id,product_id,数量', ...Array.from({ length: 600 }, (_, at) => [at + 1, 1 + ((at * 11) % 400), 1 + (at % 40), 1 + (at % 3)].join(','))])
  write('products.csv', ['id,品名', ...Array.from({ length: 40 }, (_, at) => `${at + 1},花洒${at}`)])
  // Three in four of the numbers are those of customers, the others of people whom nobody knows.
  write('工单.csv', ['工单号,联系电话', ...Array.from({ length: 80 }, (_, at) => `GD${5000 + at},${at < 60 ? people[at]?.mobile : 19900000000 + at}`)])
  map = await mapKeys([folder])
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the map of keys', () => {
  it('finds which column points to which table, with the share that it measured', () => {
    expect(map.edges.map((edge) => [named(edge.from), named(edge.to), edge.inclusion, edge.cardinality]).sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['order_items.csv.order_id', 'orders.csv.id', 1, 'n:1'], ['order_items.csv.product_id', 'products.csv.id', 1, 'n:1'], ['orders.csv.customer_id', 'customers.csv.customer_id', 1, 'n:1'], ['工单.csv.联系电话', 'customers.csv.手机号', 0.75, '1:1'],
    ])
    expect(map.edges.every(({ isExact, by }) => isExact && by === 'name and values')).toBe(true)
  })

  it('tells how each table reaches the customers, and that goods do not', () => {
    const ways = Object.fromEntries(map.tables.map(({ name, toCustomers }) => [name, toCustomers === null ? null : toCustomers.edges.map((at) => named(map.edges[at]?.to ?? { table: -1, column: '' }))]))
    expect(ways).toEqual({ 'customers.csv': [], 'orders.csv': ['customers.csv.customer_id'], 'order_items.csv': ['orders.csv.id', 'customers.csv.customer_id'], 'products.csv': null, '工单.csv': ['customers.csv.手机号'] })
    expect(map.tables.filter(({ isPersons }) => isPersons).map(({ name }) => name)).toEqual(['customers.csv'])
  })

  it('holds no value', () => {
    const text = JSON.stringify(map)
    for (const one of people.slice(0, 20)) for (const value of [one.number, one.name, one.residentId, one.mobile]) expect(text).not.toContain(value)
  })

  it('lists what it could not read', async () => {
    write('bad.xlsx', ['PK not a workbook'])
    expect((await mapKeys([folder])).notRead.map(({ where }) => where)).toEqual(['bad.xlsx'])
  }, 300_000)
})

describe.skipIf(!hasMariaDb())('the map of keys of a live database', () => {
  let server: MariaDb | undefined
  afterAll(() => server?.stop())

  it('finds the same edges between tables, which a file beside it shares', async () => {
    server = await startMariaDb()
    const session = await server.admin()
    const [numbers, ids] = [people.map((one) => `'${one.number}'`), people.map((one) => `'${one.residentId}'`)]
    await session.run(`create database shop; use shop; create user reader identified by 'reader-pass'; create table a_never (id int primary key, customer_no varchar(20)) engine=InnoDB`)
    await session.run(`create table orders (id int primary key, customer_no varchar(20), amount int); insert into orders select seq, elt(1 + seq * 7 % 120, ${numbers.join(',')}), seq * 13 % 900 from seq_1_to_400`)
    await session.run(`create table customer (customer_no varchar(20) primary key, name varchar(20), id_card varchar(18)); insert into customer select elt(seq, ${numbers.join(',')}), elt(seq, ${people.map((one) => `'${one.name}'`).join(',')}), elt(seq, ${ids.join(',')}) from seq_1_to_120`)
    await session.run(`grant select on shop.orders to reader; grant select on shop.customer to reader; grant show view on shop.a_never to reader`)
    session.end()
    const address = await pinDatabaseAddress(`mysql://reader@127.0.0.1:${server.port}/shop`, { allowed: [], isLoopbackAllowed: true })
    const login: DatabaseLogin = {
      address, place: shownAddress(address), password: 'reader-pass', tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: false,
      limits: { sampleRows: null, sampleBytes: 1e9, rowsMax: 1e7, statementSeconds: 60, connectMs: 10_000, isOrdered: false, tables: [] },
    }
    map = await mapKeys([login.place, join(folder, 'customers.csv')], { databases: new Map([[login.place, login]]) })
    expect(map.edges.map((edge) => [named(edge.from), named(edge.to), edge.inclusion, edge.isExact])).toEqual(expect.arrayContaining([['orders.customer_no', 'customer.customer_no', 1, true]]))
    expect(map.tables.map(({ name, isPersons, toCustomers }) => [name, isPersons, toCustomers?.edges.length])).toEqual([['customer', true, 0], ['orders', false, 1], ['customers.csv', true, 0]])
    expect(map.notRead.map(({ where }) => where)).toContain(`${login.place}!a_never`) // it stands first among the tables, and shifts no other
    for (const one of people.slice(0, 20)) expect(JSON.stringify(map)).not.toContain(one.residentId)
  }, 300_000)
})

describe('hashes of one run', () => {
  const hashed = (values: string[], seed?: Buffer) => {
    const hash = new RunHash(seed)
    const sketch = new KeySketch()
    const filter = new KeyFilter(values.length)
    for (const value of values) {
      hash.take(value)
      sketch.add(hash.low, hash.high)
      filter.add(hash.low, hash.high)
    }
    return { ...sketch.values(), filter }
  }
  const seed = Buffer.from('0102030405060708', 'hex')
  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, at) => `K${from + at}`)

  it('compare keys however they are written', () => {
    expect(new Set(['ab-12', ' AB-12 ', 'ＡＢ－１２'].map(comparableKey)).size).toBe(1)
    expect(comparableKey('007')).not.toBe(comparableKey('7'))
  })

  it('never take a stranger for a customer while values are few, whatever the seed', () => {
    for (let run = 0; run < 300; run++) {
      const at = Buffer.alloc(8)
      at.writeUInt32LE(run * 2_654_435_761 % 2 ** 32)
      const [customers, strangers] = [hashed(numbers(0, 120), at), hashed(numbers(5000, 80), at)]
      expect(inclusionOf(strangers.hashes, keySetOf(customers, customers.filter)), `seed ${run}`).toBe(0)
    }
  })

  it('measure inclusion exactly while values are few, and within two points from a sample', () => {
    expect(inclusionOf(hashed(numbers(0, 300), seed).hashes, hashed(numbers(100, 900), seed).filter)).toBeCloseTo(200 / 300, 2)
    const many = hashed([...numbers(0, 30_000), ...numbers(0, 30_000)], seed)
    expect([many.isAll, many.hashes.length]).toEqual([false, sketchValues])
    expect(Math.abs(many.distinct / 30_000 - 1)).toBeLessThan(0.06)
    expect(Math.abs(inclusionOf(many.hashes, hashed(numbers(10_000, 40_000), seed).filter) - 2 / 3)).toBeLessThan(0.03)
    expect(inclusionOf(many.hashes, hashed(numbers(50_000, 30_000), seed).filter)).toBeLessThan(0.01)
  })

  it('differ from run to run', () => {
    expect([...hashed(['a', 'b', 'c']).hashes].some((hash) => [...hashed(['a', 'b', 'c']).hashes].includes(hash))).toBe(false)
  })
})

describe('names of keys', () => {
  it.each([
    ['orders', 'customer_id', 'customers', 'id', 1], ['订单', '客户编号', '客户信息', '客户编号', 1], ['订单', '客户编号', '客户信息', '编号', 1], ['orders', 'buyer_no', 'goods', 'id', 0], ['a', 'id', 'b', 'id', 0], ['t_order', 'parent_category_id', 'categories', 'id', 0],
    ['x', 'ship_customer_no', 'y', 'customer_no', 0.6],
  ])('%s.%s and %s.%s are %d alike', (childTable, child, parentTable, parent, expected) => {
    expect(nameLikeness({ table: childTable, title: child, type: 'none' }, { table: parentTable, title: parent, type: 'none' })).toBe(expected)
  })
})

describe('the graph', () => {
  const column = (set: number, title: string, more: Partial<KeyColumn> = {}): KeyColumn => ({ set, table: `t${set}`, index: 0, title, type: 'none', values: 100, distinct: 100, isCounter: false, ...more })

  it('takes counters of two tables for nothing, and other values alone only when there are many', () => {
    const measured = [{ child: 0, parent: 1, share: 1, sampled: 100, isExact: true }]
    expect(keyEdges([column(0, 'id', { isCounter: true }), column(1, 'id', { isCounter: true })], measured)).toEqual([])
    expect(keyEdges([column(0, 'a_no', { distinct: 19 }), column(1, 'b_no')], measured)).toEqual([])
    expect(keyEdges([column(0, 'a_no'), column(1, 'b_no')], measured)).toMatchObject([{ by: 'values' }])
  })

  it('relates two tables with the same keys once, the smaller to the larger', () => {
    const columns = [column(0, 'member_no'), column(1, 'member_no', { distinct: 60, values: 60 })]
    const both = [{ child: 0, parent: 1, share: 0.6, sampled: 100, isExact: true }, { child: 1, parent: 0, share: 1, sampled: 60, isExact: true }]
    expect(keyEdges(columns, both)).toMatchObject([{ from: 1, to: 0, cardinality: '1:1' }])
  })

  it('ends although tables point at each other', () => {
    const edge = { inclusion: 1, compared: 1, isExact: true, by: 'values', cardinality: 'n:1' } as const
    const columns = [column(0, 'a'), column(1, 'b'), column(2, 'c')]
    expect(waysToCustomers([{ isPersons: false }, { isPersons: false }, { isPersons: true }], [{ from: 0, to: 1, ...edge }, { from: 1, to: 0, ...edge }], columns)).toEqual([null, null, []])
  })
})
