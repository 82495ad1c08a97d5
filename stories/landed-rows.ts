// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { z } from 'zod'

const lineSchema = z.object({ table: z.string(), record: z.string(), kinds: z.string(), cells: z.array(z.string().nullable()) })

/** A row of a recipient's destination as somebody with access to it could change it. */
export interface Row {
  table: string
  package: string | null
  record: string | null
  kinds: string
  /** Bytes stand for text that is no UTF-8; only SQLite and files can hold it. */
  cells: (string | null | Buffer)[]
}

/** A destination with the hands of an intruder or a careless tool: reads all rows and writes all of them back. */
export interface Intruder {
  kind: string
  into: string
  flags: string[]
  canHoldBadUtf8: boolean
  change(work: (rows: Row[]) => Row[]): Promise<void>
}

/** SQLite: the unique index is dropped first, as an export and import would. */
export function sqliteIntruder(file: string): Intruder {
  return {
    kind: 'sqlite', into: `sqlite:${file}`, flags: [], canHoldBadUtf8: true,
    change: (work) => {
      const database = new DatabaseSync(file)
      const tables = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds\\_%' escape '\\'`).all().map((row) => String(row['name']))
      const rows = tables.flatMap((table) => database.prepare(`select * from ${table} order by record_id`).all().map((row) => rowOf(table, row)))
      for (const table of tables) database.exec(`drop index if exists ${table}_once; delete from ${table}`)
      for (const { table, package: owner, record, kinds, cells } of work(rows)) {
        const values = cells.map((cell) => (cell instanceof Buffer ? `cast(x'${cell.toString('hex')}' as text)` : '?'))
        database.prepare(`insert into ${table} values (${['?', '?', '?', ...values].join(', ')})`).run(owner, record, kinds, ...cells.filter((cell) => !(cell instanceof Buffer)))
      }
      database.close()
      return Promise.resolve()
    },
  }
}

/** PostgreSQL, as its owner. */
export function postgresIntruder(address: string, passwordFile: string): Intruder {
  return {
    kind: 'postgresql', into: address, flags: ['--password-file', passwordFile], canHoldBadUtf8: false,
    change: async (work) => {
      const url = new URL(address)
      url.password = encodeURIComponent(readFileSync(passwordFile, 'utf8').trim())
      const client = new Client({ connectionString: url.href })
      await client.connect()
      const { rows: tables } = await client.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'handover' and table_name like 'ds\\_%'`)
      const rows: Row[] = []
      for (const { name } of tables) rows.push(...(await client.query<Record<string, string | null>>(`select * from handover.${name} order by record_id`)).rows.map((row) => rowOf(name, row)))
      for (const { name } of tables) await client.query(`drop index if exists handover.${name}_once; delete from handover.${name}`)
      for (const { table, package: owner, record, kinds, cells } of work(rows)) {
        await client.query(`insert into handover.${table} values (${Array.from({ length: cells.length + 3 }, (_, index) => `$${index + 1}`).join(', ')})`, [owner, record, kinds, ...cells])
      }
      await client.end()
    },
  }
}

/** The exact files of a folder; a row of no package is a line in a file that somebody put there. */
export function folderIntruder(folder: string): Intruder {
  return {
    kind: 'folder', into: `folder:${folder}`, flags: [], canHoldBadUtf8: true,
    change: (work) => {
      const [packageId = ''] = readdirSync(join(folder, 'exact'))
      const file = join(folder, 'exact', packageId, '00000.ndjson')
      const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
      const rows = lines.map((line): Row => {
        const { table, record, kinds, cells } = lineSchema.parse(JSON.parse(line))
        return { table, package: packageId, record, kinds, cells }
      })
      const written = work(rows).map(({ table, record, kinds, cells }) => {
        const marks = cells.map((cell, index) => (cell instanceof Buffer ? `<bytes ${index}>` : cell))
        const line = Buffer.from(JSON.stringify({ table, record: record ?? '', kinds, cells: marks }))
        return cells.reduce<Buffer>((bytes, cell, index) => (cell instanceof Buffer ? replaced(bytes, `<bytes ${index}>`, cell) : bytes), line)
      })
      writeFileSync(file, Buffer.concat([Buffer.from(`${head}\n`), ...written.flatMap((line) => [line, Buffer.from('\n')])]))
      return Promise.resolve()
    },
  }
}

function replaced(bytes: Buffer, mark: string, by: Buffer): Buffer {
  const at = bytes.indexOf(mark)
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + mark.length)])
}

function rowOf(table: string, row: Record<string, unknown>): Row {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const cells = Object.keys(row).filter((name) => /^f\d+$/.test(name)).map((name) => text(row[name]))
  return { table, package: text(row['package']), record: text(row['record_id']), kinds: text(row['kinds']) ?? '', cells }
}
