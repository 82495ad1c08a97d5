// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { closeSync, existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { required } from '../../kit/assert.ts'
import { readSourceHere, type SourceFile } from '../../sources/index.ts'
import { refusalOf } from '../../test-home.ts'
import type { ComparedFile, FoundSet } from './original-file.ts'
import { createBeside, putInPlace, wipe, workName } from './replace-file.ts'
import { rewriteCsv } from './rewrite-csv.ts'
import { holdSqlite } from './rewrite-sqlite.store.ts'
import { RowEdits } from './row-edits.ts'
import type { RowFate } from './row-fate.rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-rewrite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const order = 'ord_00000000000000000000000000000001'

/** A file as the reader finds it, with these fates by row. */
async function found(path: string, fates: readonly RowFate[]): Promise<ComparedFile> {
  let source: SourceFile | null = null
  const sets: FoundSet[] = []
  for await (const event of readSourceHere(path)) {
    if (event.kind === 'source') source = event.source
    if (event.kind === 'dataSet') sets.push({ name: event.dataSet.name, fields: event.dataSet.fields.map((field) => field.name), edits: new RowEdits(event.dataSet.name.endsWith('#above')) })
    if (event.kind === 'rows') for (const row of event.rows) sets.at(-1)?.edits.add(row, fates[row.ordinal] ?? 'stays')
  }
  return { source: required(source, 'a source'), sets, content: Buffer.alloc(0), contentAfter: Buffer.alloc(0), isGone: () => false, counts: { removed: 0, blanked: 0, untouched: 0 } }
}

const gb = (text: string): Buffer => Buffer.from(text.replaceAll('甲', '\u00bc\u00d7').replaceAll('乙', '\u00d2\u00d2'), 'latin1') // GB 2312: 甲 BCD7, 乙 D2D2
const big = (text: string): Buffer => Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(text, 'utf16le').swap16()])

test.each([
  ['UTF-8 with a mark, quotes and a line break in a cell', (text: string) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(text)])],
  ['GB18030', gb],
  ['UTF-16 big-endian', big],
])('a %s file loses the rows and cells that go, and no other byte changes', async (name, encode) => {
  const path = join(folder, `${name.slice(0, 6)}.csv`)
  const rows = ['a,b,c\r\n', '1,"x\r\n,甲",3\r\n', '2,乙,"4""5"\r\n', '3,甲,6\r\n', '\r\n', '4,"乙",7']
  const mark = encode('')
  const bare = (text: string): Buffer => encode(text).subarray(mark.length)
  writeFileSync(path, encode(rows.join('')))
  const sha256 = rewriteCsv(path, await found(path, ['goes', Buffer.of(0b101), 'stays', Buffer.of(0b011)]), order)
  const after = readFileSync(workName(path, order, 'new'))
  expect(after).toEqual(Buffer.concat([mark, bare(rows[0] ?? ''), bare('2,,"4""5"\r\n'), bare(rows[3] ?? ''), bare(rows[4] ?? ''), bare('4,"乙",')]))
  expect(createHash('sha256').update(after).digest('hex')).toBe(sha256)
  putInPlace(path, order)
  expect(readFileSync(path)).toEqual(after)
})

test('a replacement that died at any point is finished by the next, and the old bytes are written over', () => {
  const path = join(folder, 'f.txt')
  const witness = join(folder, 'witness')
  const fresh = workName(path, order, 'new')
  const old = workName(path, order, 'old')
  const start = (): void => {
    for (const file of [path, witness, fresh, old]) rmSync(file, { force: true })
    writeFileSync(path, 'old bytes')
    linkSync(path, witness) // the same bytes under another name: shows whether they were written over
    const { handle } = createBeside(path, order)
    writeSync(handle, 'new')
    closeSync(handle)
  }
  const deaths = [
    () => undefined, // before anything
    () => linkSync(path, old), // the old bytes have their second name
    () => { linkSync(path, old); rmSync(path); writeFileSync(path, readFileSync(fresh)); rmSync(fresh) }, // the new file stands there, the old is not wiped
    () => { linkSync(path, old); rmSync(path) }, // a file system without links: moved, not yet replaced
  ]
  for (const die of deaths) {
    start()
    die()
    putInPlace(path, order)
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(readFileSync(witness).length).toBe(0)
    expect(readdirSync(folder).filter((name) => name.startsWith('.handover'))).toEqual([])
    putInPlace(path, order)
    expect(readFileSync(path, 'utf8')).toBe('new')
  }
  wipe(path)
  wipe(path)
  expect(existsSync(path)).toBe(false)
})

test('a database in use, one with a full text index, and a constraint against empty cells stop the rewriting with everything as it was', async () => {
  const path = join(folder, 'x.sqlite')
  const database = new DatabaseSync(path)
  database.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT CHECK (b IS NOT NULL AND b <> '')); INSERT INTO t VALUES (1, 'x'), (2, 'y')")
  database.exec('BEGIN IMMEDIATE')
  expect(await refusalOf(Promise.resolve().then(() => holdSqlite(path)))).toBe('ORIGINAL_IO')
  database.exec('ROLLBACK')
  const attempt = async (fate: RowFate): Promise<string> => {
    const { sets } = await found(path, [fate])
    const held = holdSqlite(path)
    try {
      return await refusalOf(Promise.resolve().then(() => held.apply(sets)))
    } finally {
      held.end()
    }
  }
  expect(await attempt(Buffer.of(0b01))).toBe('ORIGINAL_REFUSES')
  expect(await attempt(Buffer.of(0b10))).toBe('ORIGINAL_REFUSES')
  database.exec('CREATE VIRTUAL TABLE f USING fts5(b)')
  expect(await attempt('goes')).toBe('ORIGINAL_REFUSES')
  expect(database.prepare('SELECT count(*) AS n FROM t').get()?.['n']).toBe(2)
  database.close()
})
