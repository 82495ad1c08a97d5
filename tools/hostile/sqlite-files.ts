// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { draws, secret, type Expected, type HostileFile } from './hostile-file.ts'

const corrupt: Expected = { codes: ['SQLITE_CORRUPT'] }
const usual = `create table people(name text, note text); insert into people values ('张三', '${secret}'), ('李四', '无')`

function sqlite(kind: string, name: string, expect: Expected, sql: string, after: (path: string) => void = () => {}): HostileFile {
  return {
    kind, name, expect,
    make: (folder) => {
      const path = join(folder, `${name}.db`)
      const database = new DatabaseSync(path, { defensive: false })
      database.exec(sql)
      database.close()
      after(path)
      return path
    },
  }
}

const edited = (change: (bytes: Buffer) => Buffer) => (path: string): void => writeFileSync(path, change(readFileSync(path)))
const byte = (at: number, value: number) => edited((bytes) => (bytes.writeUInt8(value, at), bytes))
const many = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)'

function pages(seed: number, count: number): HostileFile[] {
  const draw = draws(seed ^ 0x5e1)
  const filled = `${usual}; create table more(a integer primary key, b text); ${many} insert into more select i, 'x' || i || hex(randomblob(20)) from n; create index more_b on more(b)`
  return [
    sqlite('sqlite-pages', 'header-only', corrupt, usual, edited((bytes) => bytes.subarray(0, 100))),
    sqlite('sqlite-pages', 'cut', corrupt, filled, edited((bytes) => bytes.subarray(0, 9000))),
    sqlite('sqlite-pages', 'page-size-1', { ...corrupt, rows: [2] }, usual, byte(17, 7)),
    sqlite('sqlite-pages', 'page-size-64k', corrupt, usual, edited((bytes) => (bytes.writeUInt16BE(1, 16), bytes))),
    sqlite('sqlite-pages', 'says-2-gib', { ...corrupt, rows: [2] }, usual, edited((bytes) => (bytes.writeUInt32BE(500_000, 28), bytes))),
    sqlite('sqlite-pages', 'freelist-loop', { ...corrupt, rows: [2] }, usual, edited((bytes) => (bytes.writeUInt32BE(2, 32), bytes.writeUInt32BE(1_000_000, 36), bytes))),
    sqlite('sqlite-pages', 'cell-points-outside', corrupt, usual, edited((bytes) => (bytes.writeUInt16BE(0xffff, 4096 + 8), bytes))),
    sqlite('sqlite-pages', 'root-is-schema', corrupt, `${usual}; pragma writable_schema=on; update sqlite_schema set rootpage = 1 where name = 'people'`),
    sqlite('sqlite-pages', 'two-tables-one-root', { ...corrupt, rows: [2] }, `${usual}; create table other(name text, note text); pragma writable_schema=on; update sqlite_schema set rootpage = (select rootpage from sqlite_schema where name = 'people')`),
    ...Array.from({ length: count }, (_, i) => {
      const places = Array.from({ length: 1 + Math.floor(draw() * 40) }, (): [number, number] => [Math.floor(draw() * 40_000) + 16, Math.floor(draw() * 256)])
      return sqlite('sqlite-pages', `turned-${i}`, { codes: ['SQLITE_CORRUPT', 'CELL_TOO_LONG'], rows: [2] }, filled.replaceAll('randomblob(20)', '1'), edited((bytes) => {
        for (const [at, value] of places) if (at < bytes.length) bytes.writeUInt8(value, at)
        return bytes
      }))
    }),
  ]
}

function schemas(): HostileFile[] {
  const ends = 'case when 1 then 1 end'
  const nested = Array.from({ length: 30 }, (_, i) => `create view v${i + 1} as select a.name from v${i} a, v${i} b;`).join('')
  const schema = (name: string, sql: string): string => `${usual}; pragma writable_schema=on; update sqlite_schema set sql = '${sql.replaceAll("'", "''")}' where name = '${name}'`
  return [
    sqlite('sqlite-schema', 'nested-views', { rows: [2], notRead: ['VIEW'] }, `${usual}; create view v0 as select * from people; ${nested}`),
    sqlite('sqlite-schema', 'endless-view', { rows: [2], notRead: ['VIEW'] }, `${usual}; create view v as with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`),
    sqlite('sqlite-schema', 'view-of-itself', { rows: [2], notRead: ['VIEW'] }, `${usual}; create view a as select * from b; create view b as select * from a`),
    sqlite('sqlite-schema', 'load-extension', { rows: [2], notRead: ['VIEW'] }, `${usual}; create view v as select load_extension('/tmp/x.so') from people`),
    sqlite('sqlite-schema', 'triggers', { rows: [2] }, `${usual}; create trigger t after insert on people begin delete from people; end`),
    sqlite('sqlite-schema', 'virtual-table', { rows: [2], notRead: ['VIRTUAL_TABLE'] }, `${usual}; create virtual table notes using fts5(body); insert into notes values ('${secret}')`),
    sqlite('sqlite-schema', 'unknown-module', { rows: [2], notRead: ['VIRTUAL_TABLE'] }, `${schema('people', 'create table people(name text, note text)')}; insert into sqlite_schema values ('table', 'evil', 'evil', 0, 'CREATE VIRTUAL TABLE evil USING evilmodule(x)')`),
    sqlite('sqlite-schema', 'check-never-ends', { rows: [1] }, `create table people(name text, check (name like '${'%a'.repeat(40)}%b' or 1)); pragma ignore_check_constraints=on; insert into people values ('${'a'.repeat(100_000)}')`),
    sqlite('sqlite-schema', 'computed-never-ends', { rows: [1], notRead: ['COMPUTED_COLUMN'] }, `create table people(name text, slow as (name like '${'%a'.repeat(40)}%b') virtual); insert into people values ('${'a'.repeat(100_000)}')`),
    sqlite('sqlite-schema', 'computed-huge', { rows: [1], notRead: ['COMPUTED_COLUMN'] }, "create table people(name text, big as (hex(zeroblob(400000000))) virtual); insert into people values ('张三')"),
    sqlite('sqlite-schema', 'stored-computed', { rows: [1] }, `create table people(name text, twice text as (name || name) stored, other as (${ends}) virtual); insert into people(name) values ('张三')`),
    sqlite('sqlite-schema', 'unknown-collation', { rows: [2], codes: ['SQLITE_CORRUPT'] }, schema('people', 'create table people(name text collate evil, note text)')),
    sqlite('sqlite-schema', 'schema-is-no-sql', corrupt, schema('people', 'create table people(')),
    sqlite('sqlite-schema', 'schema-names-other', { rows: [2], codes: ['SQLITE_CORRUPT'] }, schema('people', 'create table "__proto__"(a, b)')),
    sqlite('sqlite-schema', 'deep-expression', { rows: [2], codes: ['SQLITE_CORRUPT'] }, schema('people', `create table people(name text default (${'('.repeat(5000)}1${')'.repeat(5000)}), note text)`)),
    sqlite('sqlite-schema', 'row-id-names-taken', { rows: [1] }, "create table people(rowid text, _rowid_ text, oid text); insert into people values ('a', 'b', 'c')"),
    sqlite('sqlite-schema', 'without-row-id', { rows: [1] }, "create table people(name text primary key, note) without rowid; insert into people values ('张三', x'00')"),
    sqlite('sqlite-schema', 'no-tables', { rows: [] }, 'create table a(b); drop table a'),
    ...['__proto__', 'constructor', 'a"b', "a'b; drop table x", 'a\nb', '\u001b[2J', '\u202ex', ' ', '=1', 'sqlite', 'x'.repeat(3000)].map((name, i) =>
      sqlite('sqlite-names', `name-${i}`, { rows: [1] }, `create table "${name.replaceAll('"', '""')}"("${name.replaceAll('"', '""')}" text, "a""b]" text); insert into "${name.replaceAll('"', '""')}" values ('张三', '${secret}')`)),
  ]
}

function values(): HostileFile[] {
  return [
    sqlite('sqlite-values', 'blob-40-mb', { codes: ['CELL_TOO_LONG'] }, `${usual}; insert into people values (zeroblob(40000000), 'x')`),
    sqlite('sqlite-values', 'blobs-3-mb', { rows: [40] }, 'create table people(face blob); with recursive n(i) as (select 1 union all select i + 1 from n where i < 40) insert into people select zeroblob(3000000) from n'),
    sqlite('sqlite-values', 'every-kind', { rows: [6] }, "create table people(a); insert into people values (9e999), (-0.0), (9223372036854775807), (x''), (cast(x'ff00' as text)), ('a' || char(0) || 'b')"),
    sqlite('sqlite-values', 'utf16', { rows: [2] }, `pragma encoding='UTF-16le'; create table people(a text); insert into people values ('张三'), (cast(x'00d84100' as text))`),
    sqlite('sqlite-values', 'columns-2000', { rows: [1] }, `create table people(${Array.from({ length: 2000 }, (_, i) => `c${i}`).join(',')}); insert into people(c0) values ('${secret}')`),
  ]
}

function besides(): HostileFile[] {
  const beside = (ending: string, content: Buffer | string) => (path: string): void => writeFileSync(`${path}${ending}`, content)
  return [
    sqlite('sqlite-beside', 'log-of-noise', { rows: [2], codes: ['SQLITE_CORRUPT'] }, usual, beside('-wal', Buffer.alloc(5000, 7))),
    sqlite('sqlite-beside', 'log-empty', { rows: [2] }, usual, beside('-wal', '')),
    sqlite('sqlite-beside', 'log-is-pipe', corrupt, usual, (path) => void execFileSync('mkfifo', [`${path}-wal`])),
    sqlite('sqlite-beside', 'log-is-link', corrupt, usual, (path) => symlinkSync('/etc/passwd', `${path}-wal`)),
    sqlite('sqlite-beside', 'hot-journal', { codes: ['SQLITE_UNFINISHED'] }, usual, beside('-journal', Buffer.concat([Buffer.from('d9d505f920a163d7', 'hex'), Buffer.alloc(1000)]))),
    sqlite('sqlite-beside', 'finished-journal', { rows: [2] }, usual, beside('-journal', Buffer.alloc(512))),
  ]
}

/** Hostile databases. */
export function sqliteFiles(seed: number, count: number): HostileFile[] {
  return [...pages(seed, count), ...schemas(), ...values(), ...besides()]
}
