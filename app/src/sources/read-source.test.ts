// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { readSource, readSourceHere } from './index.ts'
import type { ReadEvent } from './source-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-read-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(path: string, options = {}): Promise<ReadEvent[]> {
  const events: ReadEvent[] = []
  for await (const event of readSource(path, options)) events.push(event)
  return events
}

describe('SQLite', () => {
  it('reads tables exactly: integers in full, reals shortest, blobs and broken text as bytes, row ids as places', async () => {
    const path = join(folder, 'shop.db')
    const shop = new DatabaseSync(path)
    shop.exec(`create table users(id integer primary key, name text, big integer, price real, face blob, rowid text);
      insert into users values (7, '张三', 9223372036854775807, 0.1, x'00ff', 'x'), (9, cast(x'ff41' as text), null, 1.0, null, 'a' || char(0));
      create view names as select name from users; create virtual table notes using fts5(body); insert into notes values ('找张三');`)
    shop.close()
    const events = await read(path)
    const rows = events.flatMap((event) => (event.kind === 'rows' ? event.rows : []))
    expect(rows.map((row) => [row.ordinal, row.place, ...row.cells.map((cell) => cell.value)])).toEqual([
      [0, 7, '7', '张三', '9223372036854775807', '0.1', Uint8Array.from([0, 255]), 'x'],
      [1, 9, '9', Uint8Array.from([255, 65]), null, '1', null, Uint8Array.from([97, 0])],
    ])
    expect(events.flatMap((event) => (event.kind === 'notRead' ? [event.why.code] : []))).toEqual(['VIEW', 'VIRTUAL_TABLE'])
  })

  it('leaves no copy behind when its reader stops in the middle', async () => {
    const path = join(folder, 'stopped.db')
    const shop = new DatabaseSync(path)
    shop.exec(`pragma journal_mode=wal; pragma wal_autocheckpoint=0; create table t(a text);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) insert into t select '张三' || i from n`)
    const scratch = mkdtempSync(join(folder, 'scratch-'))
    const usual = process.env['TMPDIR']
    process.env['TMPDIR'] = scratch
    try {
      for await (const event of readSource(path)) if (event.kind === 'rows') break
    } finally {
      if (usual === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = usual
      shop.close()
    }
    expect(readdirSync(scratch)).toEqual([])
  })

  it('reads what stands only in the write-ahead log, and leaves the original as it was', async () => {
    const path = join(folder, 'wal.db')
    const shop = new DatabaseSync(path)
    shop.exec(`pragma journal_mode=wal; pragma wal_autocheckpoint=0; create table t(a text); insert into t values ('x')`)
    const events = await read(path)
    expect(events.flatMap((event) => (event.kind === 'rows' ? event.rows.map((row) => row.cells[0]?.value) : []))).toEqual(['x'])
    shop.close()
  })

  it('refuses a database whose write-ahead log grew while it was read: its rows would be of two states', async () => {
    const path = join(folder, 'busy.db')
    const shop = new DatabaseSync(path)
    shop.exec(`pragma journal_mode=wal; pragma wal_autocheckpoint=0; create table t(a text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) insert into t select '张三' || i from n`)
    const again = readSourceHere(path)
    const rest = async (): Promise<void> => {
      let isWritten = false
      for await (const event of again) {
        if (event.kind !== 'rows' || isWritten) continue
        shop.exec(`insert into t values ('李四')`)
        isWritten = true
      }
    }
    await expect(rest()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
    shop.close()
  })

  it('refuses a damaged file in words that hold none of its content', async () => {
    const path = join(folder, 'bad.db')
    const shop = new DatabaseSync(path)
    shop.exec(`create table t(a text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) insert into t select '张三' || i from n`)
    shop.close()
    const bytes = readFileSync(path)
    bytes.fill(0xa5, 4096, 4096 * 3)
    writeFileSync(path, bytes)
    await expect(read(path)).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' })
  })
})

describe('folders and limits', () => {
  it('reads every file of a folder in order and lists what it does not read', async () => {
    const root = join(folder, 'mixed')
    mkdirSync(join(root, 'sub'), { recursive: true })
    writeFileSync(join(root, 'a.csv'), '姓名,手机号\n张三,13800001111\n')
    writeFileSync(join(root, 'b.csv'), '姓名,备注\n张三,"\n')
    writeFileSync(join(root, 'c.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0]))
    writeFileSync(join(root, '~$d.xlsx'), 'x')
    writeFileSync(join(root, 'sub/e.csv'), '姓名,手机号\n李四,13800001112\n')
    symlinkSync('/etc/passwd', join(root, 'f'))
    const events = await read(root)
    expect(events.flatMap((event) => (event.kind === 'dataSetEnd' ? [event.dataSet] : []))).toEqual([0, 1])
    expect(events.flatMap((event) => (event.kind === 'notRead' ? [`${event.where} ${event.why.code}`] : []))).toEqual(['b.csv UNCLOSED_QUOTE', 'c.jpg IMAGE_REFUSED', 'f SYMBOLIC_LINK', '~$d.xlsx LOCK_FILE'])
  })

  it('says that a source does not exist, with its place', async () => {
    await expect(read(join(folder, 'nowhere.csv'))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
  })

  it('ends a reader that exceeds its memory', async () => {
    const path = join(folder, 'wide.csv')
    writeFileSync(path, `姓名,备注\n张三,"${'长'.repeat(2_000_000)}"\n`)
    await expect(read(path, { limits: { heapMegabytesMax: 4 } })).rejects.toMatchObject({ code: 'READER_OUT_OF_MEMORY' })
  })

  it('ends a reader that says nothing for too long, naming the place', async () => {
    await expect(read(folder, { limits: { silenceMsMax: 1 } })).rejects.toMatchObject({ code: 'READER_TOO_SLOW', facts: { where: folder } })
  })

  it('lets go of the worker when the reader stops early', async () => {
    const path = join(folder, 'many.csv')
    writeFileSync(path, `姓名,手机号\n${'张三,13800001111\n'.repeat(50_000)}`)
    for await (const event of readSource(path)) if (event.kind === 'rows') break
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort')
  })
})
