// SPDX-License-Identifier: Apache-2.0
import type { ForeignTable, TablePlan } from './foreign-table.ts'
import type { AskMysql, MysqlField } from './mysql-schema.ts'

/** In so many places of the key a sample is taken. */
const SPREAD = 32

/** The statements that read a table as planned: one for all of it; for a sample ranges spread over a numeric key, or its two ends, or, without any key, its first rows. */
export async function mysqlStatements(table: ForeignTable, plan: TablePlan, how: { rowsMax: number; ask: AskMysql }): Promise<string[]> {
  const from = `select ${selectedColumns(table)} from ${mysqlName(table)}`
  const keys = table.key.map((at) => quoted(table.fields[at]?.name ?? ''))
  const order = keys.length === 0 ? '' : ` order by ${keys.join(', ')}`
  const rows = Math.min(plan.rows ?? how.rowsMax, how.rowsMax)
  if (plan.take !== 'spread') return [`${from}${order} limit ${rows}`]
  const [key = ''] = keys
  if (table.isNumberKey) {
    const ranges = await rangesOf(table, key, how.ask)
    if (ranges !== null) return ranges.map(([low, high]) => `${from} where ${key} >= ${low} and ${key} < ${high} order by ${key} limit ${Math.ceil(rows / SPREAD)}`)
  }
  if (keys.length === 0) return [`${from} limit ${rows}`]
  return [`${from}${order} limit ${Math.ceil(rows / 2)}`, `${from} order by ${keys.map((one) => `${one} desc`).join(', ')} limit ${Math.floor(rows / 2)}`]
}

/** A name for a statement. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** The table's full name for a statement. */
export function mysqlName(table: ForeignTable): string {
  return `${quoted(table.schema)}.${quoted(table.bare)}`
}

/** From the lowest key to the highest in equal steps; null when there are none. */
async function rangesOf(table: ForeignTable, key: string, ask: AskMysql): Promise<[bigint, bigint][] | null> {
  const [[low, high] = []] = await ask(`select min(${key}), max(${key}) from ${mysqlName(table)}`)
  if (typeof low !== 'string' || typeof high !== 'string' || !/^-?\d+$/.test(low) || !/^-?\d+$/.test(high)) return null
  const [first, end] = [BigInt(low), BigInt(high) + 1n]
  const step = (end - first) / BigInt(SPREAD)
  if (step < 1n) return [[first, end]]
  return Array.from({ length: SPREAD }, (_, i) => [first + step * BigInt(i), i === SPREAD - 1 ? end : first + step * BigInt(i + 1)])
}

/** How the columns are asked for: single precision by a way that keeps all its digits, and texts of other character sets twice: as Unicode where that gives the same bytes back, else as the bytes. */
export function selectedColumns(table: ForeignTable): string {
  return table.fields.map((field) => {
    const name = quoted(field.name)
    if (field.form === 'float') return `${name} + 0e0`
    const charset = charsetOf(field)
    if (charset === null) return name
    const isExact = `cast(convert(convert(${name} using utf8mb4) using ${charset}) as binary) = cast(${name} as binary)`
    return `case when ${isExact} then convert(${name} using utf8mb4) end, case when not ${isExact} then cast(${name} as binary) end`
  }).join(', ')
}

/** The character set whose texts come twice, or null. */
export function charsetOf(field: object): string | null {
  return isMysqlField(field) && field.charset !== null && /^[a-z0-9]+$/.test(field.charset) ? field.charset : null
}

const isMysqlField = (field: object): field is MysqlField => 'charset' in field
