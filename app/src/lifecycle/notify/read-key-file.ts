// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import { basename } from 'node:path'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { normaliseKey } from '../../detection/index.ts'
import { readSource, type SourceRow } from '../../sources/index.ts'
import type { IdentityKeyType } from '../discover/index.ts'
import { rearmed } from '../../kit/formula-cell.rules.ts'
import { keyTypeOf, layoutOf, type ColumnRole, type KeyFileLayout } from './key-file.rules.ts'
import { notifyFailures, type RowErrorCode } from './notify-failures.ts'

/** One row of an imported file; `key` is null when it names nobody that can be looked up. */
export interface KeyRow {
  cells: string[]
  key: { type: IdentityKeyType; normalised: string; source: string | null } | null
  error: RowErrorCode | null
  cell(role: ColumnRole): string
}

/** What is known of a file of keys before its rows. */
export interface KeyFileHead {
  name: string
  /** HMAC of the file's SHA-256 under the matter's blind-index key: recognises the same file again and tells nothing else. */
  digest: Buffer
  header: string[]
}

/** 标识文件. A file of results or choices, read whole. */
export interface KeyFile extends KeyFileHead {
  rows: KeyRow[]
}

/** Which file, and which columns it must have besides the key. */
export interface KeyFileOrder {
  path: string
  needed: readonly ColumnRole[]
}

/** Reads a file of keys whole, for lists that a person writes. Refuses what `readKeyParts` refuses. */
export async function readKeyFile(ctx: Context, matterId: string, order: KeyFileOrder): Promise<KeyFile> {
  const parts = await Array.fromAsync(readKeyParts(ctx, matterId, order))
  const head = required(parts[0]?.head, 'a file without rows was refused')
  return { ...head, rows: parts.flatMap((part) => part.rows) }
}

const rowsAPart = 2000

/** Reads a CSV or XLSX file whose first row names its columns, part by part, so that memory does not grow with it. Refuses one without the needed columns or rows, and at its end one whose rows stand on several sheets: do nothing for good before. */
export async function* readKeyParts(ctx: Context, matterId: string, order: KeyFileOrder): AsyncGenerator<{ head: KeyFileHead; rows: KeyRow[] }, void, undefined> {
  let open: { head: KeyFileHead; layout: KeyFileLayout } | null = null
  let rows: KeyRow[] = []
  let count = 0
  for await (const { cells, sha256 } of readRows(order.path)) {
    if (open === null) {
      open = await openFile(ctx, matterId, order, { cells, sha256 })
      continue
    }
    if (cells.every((cell) => cell.trim() === '')) continue
    rows.push(rowOf(cells, open.layout))
    count += 1
    if (rows.length < rowsAPart) continue
    yield { head: open.head, rows }
    rows = []
  }
  open ??= await openFile(ctx, matterId, order, { cells: [], sha256: '' })
  if (count === 0) throw notifyFailures.KEY_FILE_EMPTY({ where: basename(order.path) })
  if (rows.length > 0) yield { head: open.head, rows }
}

async function openFile(ctx: Context, matterId: string, order: KeyFileOrder, first: { cells: string[]; sha256: string }): Promise<{ head: KeyFileHead; layout: KeyFileLayout }> {
  const name = basename(order.path)
  const header = first.cells.map((cell) => cell.trim())
  const layout = layoutOf(header)
  const missing = (['key', ...order.needed] as const).filter((role) => layout.at[role] === undefined)
  if (layout.at.key !== undefined && layout.keyTypeOfColumn === null && layout.at.keyType === undefined) missing.push('keyType')
  if (missing.length > 0) throw notifyFailures.KEY_FILE_COLUMNS({ where: name, missing: missing.map((role) => shownColumn[role]).join('、') })
  const key = await ctx.vault.matterKey(matterId, 'blind')
  return { head: { name, digest: createHmac('sha256', key).update('handover/import/').update(first.sha256).digest(), header }, layout }
}

const shownColumn: Record<ColumnRole, string> = { keyType: '标识类型', key: '标识', result: '结果', choice: '选择', time: '时间', channel: '渠道', source: '数据源' }

/** The rows of the one table as text; the header is ours to find, so none is looked for. Rows on a further sheet, hidden or not, would be somebody's answer that nobody hears: such a file is refused. */
async function* readRows(path: string): AsyncGenerator<{ cells: string[]; sha256: string }, void, undefined> {
  let sha256 = ''
  const filled = new Set<number>()
  for await (const event of readSource(path, { header: 'none' })) {
    if (event.kind === 'source') sha256 = event.source.sha256
    if (event.kind !== 'rows' || event.rows.length === 0) continue
    filled.add(event.dataSet)
    if (filled.size === 1) for (const row of event.rows) yield { cells: textsOf(row), sha256 }
  }
  if (filled.size > 1) throw notifyFailures.KEY_FILE_SHEETS({ where: basename(path), n: filled.size })
}

function textsOf(row: SourceRow): string[] {
  return row.cells.map((cell) => (typeof cell.value === 'string' ? cell.value : ''))
}

function rowOf(cells: string[], layout: KeyFileLayout): KeyRow {
  const cell = (role: ColumnRole): string => rearmed(cells[layout.at[role] ?? -1]?.trim() ?? '')
  const row = { cells, cell, key: null }
  const type = layout.keyTypeOfColumn ?? keyTypeOf(cell('keyType'))
  if (cell('key') === '') return { ...row, error: 'NO_KEY' }
  if (type === null) return { ...row, error: 'KEY_TYPE' }
  const normalised = normaliseKey(type, cell('key'))
  return normalised === null ? { ...row, error: 'BAD_KEY' } : { ...row, key: { type, normalised, source: cell('source') || null }, error: null }
}
