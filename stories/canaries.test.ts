// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import ExcelJS from 'exceljs'
import { afterAll, describe, expect, test } from 'vitest'
import { makeDemoSources } from '../app/src/demo/index.ts'
import { openHome } from '../app/src/home.ts'
import { dayOf } from '../app/src/kit/time.ts'
import { openDatabases } from '../app/src/store/index.ts'
import { canaryDetector, type Sighting } from './canary-detector.ts'
import { clearAway, partyHomes, runHandover, startDemo, tell, type Ended } from './demo-run.ts'
import { everyRowOf } from './every-row.store.ts'
import { filesBelow } from './files-below.ts'
import { storySeed } from './seeded-draws.ts'

const seed = storySeed()
const folder = mkdtempSync(join(tmpdir(), 'handover-story-canary-'))
const started = Date.now()
const customers = 60
const cell = [`金丝雀${seed}鸣鸟`, `Canary${seed}Wren`]
const detector = canaryDetector(cell)

afterAll(() => clearAway(folder))

describe('canary strings planted in the input', () => {
  test('the detector finds every encoding that it claims to find', async () => {
    const place = join(folder, 'planted')
    mkdirSync(place, { recursive: true })
    const [chinese = '', latin = ''] = cell
    const book = new ExcelJS.Workbook()
    book.addWorksheet('表').addRow(['甲', `前${chinese}后`])
    await book.xlsx.writeFile(join(place, 'book.xlsx'))
    const planted: Record<string, Buffer> = {
      'utf-8': Buffer.from(`x${chinese}y`), 'utf-16le': Buffer.from(`x${latin}y`, 'utf16le'), 'utf-16be': Buffer.from(`x${chinese}y`, 'utf16le').swap16(),
      'utf-8 base64 +0': Buffer.from(Buffer.from(`abc${chinese}z`).toString('base64')), 'utf-8 base64 +1': Buffer.from(Buffer.from(`a${latin}zz`).toString('base64')),
      'utf-8 base64 +2': Buffer.from(Buffer.from(`ab${chinese}`).toString('base64')), 'utf-16le base64 +1': Buffer.from(Buffer.from(`甲乙${latin}`, 'utf16le').toString('base64')),
      'utf-8 hex': Buffer.from(Buffer.from(latin).toString('hex')), 'utf-8 HEX': Buffer.from(Buffer.from(chinese).toString('hex').toUpperCase()),
      reversed: Buffer.from([...chinese].toReversed().join('')), 'json escapes': Buffer.from(JSON.stringify([...chinese].map((c) => (c < '\u0080' ? c : `\\u${c.charCodeAt(0).toString(16)}`)).join('')).replaceAll('\\\\', '\\')),
    }
    for (const [encoding, bytes] of Object.entries(planted)) expect(detector.inBytes(bytes, encoding).map((sighting) => sighting.encoding)).toContain(encoding)
    writeFileSync(join(place, 'log.gz'), gzipSync(`x ${latin}`))
    expect(detector.inFile(join(place, 'log.gz')).map(({ encoding }) => encoding)).toEqual(['utf-8'])
    expect(detector.inFile(join(place, 'book.xlsx')).map(({ encoding }) => encoding)).toEqual(['utf-8'])
    expect(detector.inBytes(Buffer.from(`金丝雀${seed}`), 'cut')).toEqual([])
  })

  test('stand nowhere in any home, log, witness, tile, package, temporary file or output: not after a crash, not at the end', async () => {
    const originals = join(folder, 'demo', 'seller', 'originals')
    const sources = await makeDemoSources({ folder: originals, seed: 'canary', customers, today: dayOf('2026-09-01'), canaries: cell })
    const planted = [sources.workbook, sources.tickets, sources.shop]
    for (const file of planted) expect(new Set(detector.inFile(file).map(({ canary }) => canary)).size, `${file} carries both canaries`).toBe(2)

    const packed = Promise.withResolvers<void>()
    const first = startDemo({ folder, customers, seed: 'canary', onStep: (title) => { if (title.startsWith('逐条对账')) packed.resolve() } })
    await Promise.race([packed.promise.then(() => sleep(300)), first.ended])
    first.killGroup()
    const crashed = await first.ended
    expect(crashed.exit, crashed.stderr.slice(-2000)).toBe(null)
    const ownDatabase = join(folder, 'demo', 'buyer', '接收库.sqlite')
    expect(detector.inFile(ownDatabase).length, 'the canaries reached the buyer').toBeGreaterThan(0)
    expect(sightingsBelow(folder, [originals, ownDatabase])).toEqual([])
    expect(sightingsIn(crashed)).toEqual([])

    const ended = await startDemo({ folder, customers, seed: 'canary' }).ended
    expect(ended.exit, ended.stderr.slice(-2000)).toBe(0)
    expect(sightingsIn(ended)).toEqual([])
    expect(sightingsBelow(folder, [ownDatabase])).toEqual([])
    expect(strayTemporaryFiles().flatMap((file) => detector.inFile(file))).toEqual([])
    expect(await sightingsInTables()).toEqual([])
    const searched = filesBelow(folder)
    tell(`HANDOVER_SEED=${seed}: ${detector.needles} needles, ${searched.length} files, ${Math.round(searched.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6)} MB, all tables of ${partyHomes(folder).length} homes, nothing seen`)
  }, 600_000)

  test('as names of a file, a sheet and a column stand in no file of the home', async () => {
    const names = [`表名${seed}鹂`, `列名${seed}雀`, `文件${seed}莺`]
    const [sheet = '', column = '', file = ''] = names
    const place = join(folder, 'names')
    const home = join(place, 'demo', 'seller', 'home')
    mkdirSync(place, { recursive: true })
    const book = new ExcelJS.Workbook()
    const rows = book.addWorksheet(sheet)
    rows.addRows([['姓名', '手机号', column], ...Array.from({ length: 12 }, (_, at) => [`赵试${'甲乙丙丁戊己庚辛壬癸子丑'[at]}`, `1990000${String(1000 + at)}`, `备注${at}`])])
    await book.xlsx.writeFile(join(place, `${file}.xlsx`))
    writeFileSync(join(place, `${file}.csv`), `姓名,手机号,${column}\r\n赵试寅,19900002001,甲\r\n多,余,的,格,子\r\n`)
    const said: Ended[] = []
    const commands = [
      ['init', '命名试验', '--type', 'asset-transfer', '--role', 'transferor', '--company', '试验卫浴有限公司', '--credit-code', '91310199MA1K4D0042', '--contact', '021-00000001', '--demo-seed', 'names'],
      ['ingest', join(place, `${file}.xlsx`), join(place, `${file}.csv`)], ['subjects'], ['treat', '--template', '-o', join(place, 'treatment.json')], ['log', 'show'], ['doctor'],
    ]
    for (const command of commands) {
      const ended = await runHandover([...command, '--home', home], place)
      expect([0, 3], `handover ${command[0]}: ${ended.stderr}`).toContain(ended.exit)
      said.push(ended)
    }
    const titles = canaryDetector(names)
    expect(titles.inFile(join(place, 'treatment.json')).length, 'the names were read').toBeGreaterThan(0)
    expect(filesBelow(home).flatMap((path) => titles.inFile(path))).toEqual([])
    expect(filesBelow(join(place, 'tmp')).flatMap((path) => titles.inFile(path))).toEqual([])
    expect(await everyRowBelow(home, (text, table) => titles.inBytes(Buffer.from(text), table))).toEqual([])
    expect(filesBelow(home).filter((path) => names.some((name) => path.includes(name)))).toEqual([])
    tell(`names: ${filesBelow(home).length} files of the home searched after ${said.length} commands`)
  }, 120_000)
})

function sightingsBelow(top: string, allowed: readonly string[]): Sighting[] {
  const own = join(folder, 'planted')
  return filesBelow(top).filter((file) => ![...allowed, own].some((place) => file === place || file.startsWith(`${place}/`))).flatMap((file) => detector.inFile(file))
}

function sightingsIn({ stdout, stderr }: Ended): Sighting[] {
  return [...detector.inBytes(Buffer.from(stdout), 'stdout'), ...detector.inBytes(Buffer.from(stderr), 'stderr')]
}

/** What came to the machine's own temporary folder since the story began, whoever put it there; big files are not ours. */
function strayTemporaryFiles(): string[] {
  return readdirSync(tmpdir(), { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(tmpdir(), entry.name)).filter((file) => {
    const stat = statSync(file, { throwIfNoEntry: false })
    return stat !== undefined && stat.mtimeMs >= started && stat.size < 50_000_000
  })
}

/** The tables as text too: PostgreSQL keeps long values compressed on disk. */
async function sightingsInTables(): Promise<Sighting[]> {
  const found = []
  for (const home of partyHomes(folder)) found.push(...(await everyRowBelow(home, (text, table) => detector.inBytes(Buffer.from(text), table))))
  return found
}

async function everyRowBelow(home: string, look: (text: string, table: string) => Sighting[]): Promise<Sighting[]> {
  const databases = await openDatabases({ homeDir: home, tenant: openHome(home).settings.tenant, settings: {} })
  try {
    const tables = [...(await everyRowOf(databases.main)), ...(await everyRowOf(databases.keys))]
    expect(tables.length).toBeGreaterThan(20)
    return tables.flatMap(({ table, text }) => look(text, table))
  } finally {
    await databases.close()
  }
}

