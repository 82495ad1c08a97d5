// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { decodeAcceptedRecords, decodeDifferences, fieldLeaf, readAll, recordRoot, type CanonicalValue, type ManifestDataSet, type SegmentRecord } from '@handover/proof'
import { unzipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasMariaDb, startMariaDb, type MariaDb } from '../../sources/databases/mariadb.fixture.ts'
import { readXlsx } from './read-people-sheet.fixture.ts'
import { compareLanded } from './compare-landed.ts'
import { landCell, landingTables, takeCell, type Landing, type LandingTable } from './landing.ts'
import { openLanding } from './open-landing.ts'
import { writeXlsx } from './write-xlsx.ts'

const values: CanonicalValue[] = ['=cmd', '', null, 'a\0b', Buffer.from([0, 255]), new Uint8Array(), '\ufeff', '𠮷', '123456789012345678', '\r\n', 'b', 'n', 'x', '-']
const packageId = `pkg_${'a'.repeat(32)}`
const id = (number: number, length = 16): Uint8Array => Buffer.from(String(number).padStart(length * 2, '0'), 'hex')

const dataSet = (number: number): ManifestDataSet => ({
  id: Buffer.from(id(number)).toString('hex').split('').reverse().join(''), name: `=表${number}`, kind: 'csv', records: 7, values: 7,
  fields: values.map((_, index) => ({ id: Buffer.from(id(100 + index)).toString('hex'), index, name: `@列${index}`, type: 'text', grade: 'general' })),
})

/** A record with one field left out, so that leaves of fields that did not travel are in play. */
function record(of: ManifestDataSet, number: number): SegmentRecord {
  const recordId = id(number)
  const leaves = values.map((_, index) => {
    const value = values[(index + number) % values.length] ?? null
    return { index, value, salt: id(1000 + index), leaf: fieldLeaf({ salt: id(1000 + index), recordId, fieldId: id(100 + index), value }) }
  })
  return {
    dataSetId: Buffer.from(of.id, 'hex'), recordId, version: 1, root: recordRoot(leaves.map(({ leaf }) => leaf)),
    fields: leaves.slice(1).map(({ index, value, salt }) => ({ index, value, salt })), leaves: leaves.slice(0, 1).map(({ index, leaf }) => ({ index, leafHash: leaf })),
  }
}

const dataSets = [dataSet(1), dataSet(2)]
const records = [...dataSets].sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap((set, at) => Array.from({ length: 7 }, (_, number) => record(set, at * 7 + number + 1)))
const segments = [records.slice(0, 5), records.slice(5, 10), records.slice(10)].map((part, position) => ({ position, sha256: `${position}`.repeat(64), count: part.length, records: part }))
const tables: Map<string, LandingTable> = landingTables(dataSets)

async function* sent(): AsyncGenerator<Iterable<SegmentRecord>> {
  for (const segment of segments) yield segment.records
}

/** What was found, with the lists of the acceptance read in. */
async function compared(landing: Landing, of: string) {
  const found = await compareLanded(landing, { packageId: of, tables, segments: sent() }, folder)
  const [records, differences] = await Promise.all([found.lists.records, found.lists.differences].map(({ open, size }) => readAll(open(), size)))
  found.close()
  return { ...found, records: decodeAcceptedRecords(records ?? Buffer.of(0)), differences: decodeDifferences(differences ?? Buffer.of(0)) }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-landing-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let server: MariaDb | null = null
let databases = 0
beforeAll(async () => {
  if (hasMariaDb()) server = await startMariaDb()
}, 240_000)
afterAll(async () => server?.stop(), 120_000)
// One database a test, opened as often as it likes.
beforeEach(async () => {
  const session = await server?.admin()
  await session?.run(`create database landing${++databases} character set latin1`)
  session?.end()
})

const addressOf = (kind: string): string => (kind === 'mysql' ? `mysql://root@127.0.0.1:${server?.port}/landing${databases}` : `${kind}:${join(folder, kind)}`)

const open = async (kind: string): Promise<Landing> => {
  const landing = await openLanding(addressOf(kind), undefined)
  await landing.prepare([...tables.values()])
  return landing
}

test.each(values.map((value) => [value]))('a landed cell gives %j back', (value) => {
  const { kind, text } = landCell(value)
  const taken = takeCell(kind, text)
  expect(taken instanceof Uint8Array ? Buffer.from(taken).toString('hex') : taken).toEqual(value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)
})

test('a cell whose letter and text do not belong together is no value', () => {
  for (const [kind, text] of [['n', ''], ['t', null], ['b', 'FF'], ['b', 'f'], ['x', 'zz'], ['', 'a'], ['q', 'a'], ['t', undefined]] as const) expect(takeCell(kind, text)).toBeUndefined()
})

describe.each(['sqlite', 'folder', ...(hasMariaDb() ? ['mysql'] : [])])('%s', (kind) => {
  test('loads segment by segment, goes on after an interruption, and reads back every value', async () => {
    const first = await open(kind)
    await first.load(packageId, segments[0] ?? { position: 0, sha256: '', count: 0, records: [] }, tables)
    await first.close()
    const again = await open(kind)
    expect([...(await again.loaded(packageId)).keys()]).toEqual([0])
    for (const segment of segments.slice(1)) await again.load(packageId, segment, tables)
    expect([...(await again.loaded(packageId)).values()]).toEqual(segments.map(({ sha256 }) => sha256))
    const found = await compared(again, packageId)
    expect(found.differences).toEqual([])
    expect(found.records.map(({ root, seen }) => [Buffer.from(root).toString('hex'), seen])).toEqual([...records].sort((a, b) => Buffer.compare(a.recordId, b.recordId)).map(({ root }) => [Buffer.from(root).toString('hex'), 1]))
    await again.close()
  })

  test('keeps another package apart, and forgets one without touching the other', async () => {
    const other = `pkg_${'b'.repeat(32)}`
    const landing = await open(kind)
    for (const one of [packageId, other]) for (const segment of segments) await landing.load(one, segment, tables)
    await landing.forget(other, [...tables.values()])
    expect((await landing.loaded(other)).size).toBe(0)
    expect((await compared(landing, packageId)).differences).toEqual([])
    expect((await compared(landing, other)).differences).toHaveLength(records.length)
    await landing.close()
  })
})

describe.skipIf(!hasMariaDb())('a MariaDB destination', () => {
  const run = async (sql: string): Promise<unknown[]> => {
    const session = await server?.admin(`landing${databases}`)
    const rows = (await session?.run(sql)) ?? []
    session?.end()
    return rows
  }

  test('shows what somebody changed, doubled, added or dropped in it', async () => {
    const landing = await open('mysql')
    for (const segment of segments) await landing.load(packageId, segment, tables)
    const [first] = [...tables.values()]
    await run(`update ${first?.name} set f1 = concat(coalesce(f1, ''), ' ') where record_id = '${Buffer.from(id(1)).toString('hex')}'`)
    await run(`delete from ${first?.name} where record_id = '${Buffer.from(id(2)).toString('hex')}'`)
    await run(`insert into ${first?.name} (record_id, kinds) values ('zz', 'n')`)
    expect((await compared(landing, packageId)).differences.map(({ kind }) => kind).toSorted()).toEqual(['changed', 'extra', 'missing'])
    await run(`alter table ${first?.name} drop column f3`)
    expect((await compared(landing, packageId)).differences.length).toBeGreaterThan(4)
    await landing.close()
  })

  test('gives back nothing of a package that was destroyed, and takes back single records', async () => {
    const other = `pkg_${'b'.repeat(32)}`
    const landing = await open('mysql')
    for (const one of [packageId, other]) for (const segment of segments) await landing.load(one, segment, tables)
    await landing.takeBack(packageId, [Buffer.from(id(3)).toString('hex')])
    expect((await compared(landing, other)).differences.filter(({ kind }) => kind === 'missing')).toHaveLength(1)
    expect(await landing.destroy([packageId])).toEqual({ rows: records.length, left: 0 })
    expect((await landing.loaded(packageId)).size).toBe(0)
    expect((await landing.loaded(other)).size).toBe(segments.length)
    await landing.close()
  })

  test('a segment that fails leaves nothing of itself', async () => {
    const landing = await open('mysql')
    const [segment] = segments
    if (segment === undefined) throw new Error('there is one')
    await landing.load(packageId, segment, tables)
    await expect(landing.load(packageId, { ...segment, position: 9 }, tables)).rejects.toMatchObject({ code: 'DESTINATION_TROUBLE' })
    expect([...(await landing.loaded(packageId)).keys()]).toEqual([0])
    await landing.close()
  })

  test('an address that is written in an odd way is refused, and so is a missing database', async () => {
    for (const address of ['mysql://root@127.1/x', 'mysql://root@169.254.169.254/x', 'mysql://root@127.0.0.1/x?multipleStatements=true']) await expect(openLanding(address, undefined)).rejects.toMatchObject({ code: 'CONNECTOR_REFUSED' })
    await expect(openLanding(`mysql://root@127.0.0.1:${server?.port}/nowhere`, undefined)).rejects.toMatchObject({ code: 'DESTINATION_TROUBLE' })
  })
})

test('a folder has tables for people in which nothing is a formula, beside the exact text', async () => {
  const landing = await open('folder')
  for (const segment of segments) await landing.load(packageId, segment, tables)
  expect(await landing.finish(packageId, [...tables.values()])).toEqual([])
  for (const { name } of tables.values()) {
    const csv = readFileSync(join(folder, 'folder', 'tables', `${name}.csv`), 'utf8')
    expect(csv).toContain(`"'=cmd"`)
    expect(csv).not.toMatch(/"[=+\-@]/)
    const cells = await readXlsx(join(folder, 'folder', 'tables', `${name}.xlsx`))
    expect(cells.length).toBeGreaterThan(50)
    expect(cells.filter(({ isFormula, text }) => isFormula || /^\s*[=+\-@]/.test(text))).toEqual([])
  }
  await landing.close()
})

test('a folder whose rows somebody moved to other files still reads back in order, and its damaged lines are shown', async () => {
  const landing = await open('folder')
  for (const segment of segments) await landing.load(packageId, segment, tables)
  const exact = join(folder, 'folder', 'exact', packageId)
  const [first, last] = ['00000.ndjson', '00002.ndjson'].map((name) => readFileSync(join(exact, name), 'utf8').trimEnd().split('\n'))
  if (first === undefined || last === undefined) throw new Error('the folder has its files')
  const [firstHead, ...firstRows] = first
  const [lastHead, ...lastRows] = last
  writeFileSync(join(exact, '00000.ndjson'), [firstHead, ...lastRows, firstRows[0]].join('\n'))
  writeFileSync(join(exact, '00002.ndjson'), [lastHead, ...firstRows.slice(1).reverse()].join('\n'))
  expect((await compared(landing, packageId)).differences).toEqual([])
  writeFileSync(join(exact, '00001.ndjson'), `${readFileSync(join(exact, '00001.ndjson'), 'utf8')}{"table":"torn\n`)
  const again = await openLanding(`folder:${join(folder, 'folder')}`, undefined)
  await again.prepare([...tables.values()])
  expect((await compared(again, packageId)).differences.map(({ kind }) => kind)).toEqual(['extra'])
})

test('a sheet holds what XML cannot, and nothing that only looks like it', async () => {
  const file = join(folder, 'sheet.xlsx')
  const texts = ['a\u0001b', 'line\r\nbreak', '<&>"', '_x0041_', '\ufffe', ' both ends ', '𠮷', '_x0041\u0001', '_x0041_x0042_']
  await writeXlsx(file, 'ds_1', (async function* () {
    yield texts
  })())
  const xml = Buffer.from(unzipSync(readFileSync(file))['xl/worksheets/sheet1.xml'] ?? []).toString('utf8')
  const cells = [...xml.matchAll(/<t xml:space="preserve">([^<]*)<\/t>/g)].map(([, text]) => text)
  expect(cells).toEqual(['a_x0001_b', 'line_x000D_\nbreak', '&lt;&amp;&gt;&quot;', '_x005F_x0041_', '_xFFFE_', ' both ends ', '𠮷', '_x005F_x0041_x0001_', '_x005F_x0041_x005F_x0042_'])
  expect(await readXlsx(file)).toHaveLength(texts.length)
})

test('a SQLite file of another encoding is refused before anything is written', async () => {
  const file = join(folder, 'wide.sqlite')
  const database = new DatabaseSync(file)
  database.exec(`pragma encoding = 'UTF-16le'; create table own (a text)`)
  database.close()
  await expect(openLanding(`sqlite:${file}`, undefined)).rejects.toMatchObject({ code: 'DESTINATION_ENCODING' })
})
