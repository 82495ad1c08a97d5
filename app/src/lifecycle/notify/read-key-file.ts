// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { basename, extname, join, dirname } from 'node:path'
import type { Context } from '../../context.ts'
import { normaliseKey } from '../../detection/index.ts'
import { readSource, type SourceRow } from '../../sources/index.ts'
import type { IdentityKeyType } from '../discover/index.ts'
import { csvLine, keyTypeOf, layoutOf, type ColumnRole, type KeyFileLayout } from './key-file.rules.ts'
import { notifyFailures, rowErrors, type RowErrorCode } from './notify-failures.ts'

/** One row of an imported file; `key` is null when it names nobody that can be looked up. */
export interface KeyRow {
  cells: string[]
  key: { type: IdentityKeyType; normalised: string; source: string | null } | null
  error: RowErrorCode | null
  cell(role: ColumnRole): string
}

/** 标识文件. A file of results or choices, read whole. */
export interface KeyFile {
  name: string
  /** HMAC of the file's SHA-256 under the matter's blind-index key: recognises the same file again and tells nothing else. */
  digest: Buffer
  header: string[]
  rows: KeyRow[]
}

/** Reads a CSV or XLSX file whose first row names its columns. Refuses one without the needed columns or rows. */
export async function readKeyFile(ctx: Context, matterId: string, given: { path: string; needed: readonly ColumnRole[] }): Promise<KeyFile> {
  const name = basename(given.path)
  const { rows, sha256 } = await readRows(given.path)
  const header = (rows.shift() ?? []).map((cell) => cell.trim())
  const layout = layoutOf(header)
  const missing = (['key', ...given.needed] as const).filter((role) => layout.at[role] === undefined)
  if (layout.at.key !== undefined && layout.keyTypeOfColumn === null && layout.at.keyType === undefined) missing.push('keyType')
  if (missing.length > 0) throw notifyFailures.KEY_FILE_COLUMNS({ where: name, missing: missing.map((role) => shownColumn[role]).join('、') })
  const filled = rows.filter((cells) => cells.some((cell) => cell.trim() !== ''))
  if (filled.length === 0) throw notifyFailures.KEY_FILE_EMPTY({ where: name })
  const key = await ctx.vault.matterKey(matterId, 'blind')
  const digest = createHmac('sha256', key).update('handover/import/').update(sha256).digest()
  return { name, digest, header, rows: filled.map((cells) => rowOf(cells, layout)) }
}

const shownColumn: Record<ColumnRole, string> = { keyType: '标识类型', key: '标识', result: '结果', choice: '选择', time: '时间', channel: '渠道', source: '数据源' }

/** All rows of the one table as text; the header is ours to find, so none is looked for. Rows on a further sheet, hidden or not, would be somebody's answer that nobody hears: such a file is refused. */
async function readRows(path: string): Promise<{ rows: string[][]; sha256: string }> {
  const rows: string[][] = []
  let sha256 = ''
  const filled = new Set<number>()
  for await (const event of readSource(path, { header: 'none' })) {
    if (event.kind === 'source') sha256 = event.source.sha256
    if (event.kind !== 'rows' || event.rows.length === 0) continue
    filled.add(event.dataSet)
    rows.push(...event.rows.map(textsOf))
  }
  if (filled.size > 1) throw notifyFailures.KEY_FILE_SHEETS({ where: basename(path), n: filled.size })
  return { rows, sha256 }
}

function textsOf(row: SourceRow): string[] {
  return row.cells.map((cell) => (typeof cell.value === 'string' ? cell.value : ''))
}

function rowOf(cells: string[], layout: KeyFileLayout): KeyRow {
  const cell = (role: ColumnRole): string => cells[layout.at[role] ?? -1]?.trim() ?? ''
  const row = { cells, cell, key: null }
  const type = layout.keyTypeOfColumn ?? keyTypeOf(cell('keyType'))
  if (cell('key') === '') return { ...row, error: 'NO_KEY' }
  if (type === null) return { ...row, error: 'KEY_TYPE' }
  const normalised = normaliseKey(type, cell('key'))
  return normalised === null ? { ...row, error: 'BAD_KEY' } : { ...row, key: { type, normalised, source: cell('source') || null }, error: null }
}

/** Where the rows that had no effect go back to: a free name beside the file, unless told. Refuses to overwrite what was told. */
export function errorFileFor(path: string, told: string | undefined): string {
  if (told !== undefined && existsSync(told)) throw notifyFailures.ERROR_FILE_EXISTS({ where: told })
  if (told !== undefined) return told
  const stem = join(dirname(path), `${basename(path, extname(path))}-错误`)
  for (let copy = 1; ; copy++) {
    const file = `${stem}${copy === 1 ? '' : `-${copy}`}.csv`
    if (!existsSync(file)) return file
  }
}

/** Writes the rows that had no effect with their 错误原因, for the owner's eyes only (0600); it can be corrected and imported as it is. */
export function writeErrorFile(path: string, file: KeyFile, failed: readonly { row: KeyRow; code: RowErrorCode }[]): void {
  const out = openSync(path, 'wx', 0o600)
  try {
    writeSync(out, `\ufeff${csvLine([...file.header, '错误原因'])}`)
    for (const { row, code } of failed) writeSync(out, csvLine([...file.header.map((_, at) => row.cells[at] ?? ''), rowErrors[code].zh]))
  } finally {
    closeSync(out)
  }
}
