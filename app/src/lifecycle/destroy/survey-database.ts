// SPDX-License-Identifier: Apache-2.0
// Which tables of a live database an order concerns, and how all of their rows stand, in one state of the database.
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { openForEditing, tableByName, type DatabaseLogin, type EditableDatabase, type EditSession } from '../../sources/index.ts'
import { labelKinds } from '../discover/index.ts'
import { compareKeyless } from './clear-keyless-table.ts'
import { presenceByFate, wordsOfObstacles } from './database-obstacles.rules.ts'
import { destroyFailures } from './destroy-failures.ts'
import type { ExpectedSet } from './original-file.ts'
import { judgeDatabaseRows, openRecords, type TableOfOrder } from './judge-database-rows.ts'
import type { OriginalFile } from './rewrite-original.ts'
import type { RowFate } from './row-fate.rules.ts'

/** Rows of a data set that an order does not end, and why. */
export interface LeftRows {
  dataSetId: string
  copy: string
  /** Other than they were inventoried. */
  changed: number
  /** Whose commitments or keys cannot be opened any more. */
  unknown: number
  /** As inventoried still, after all was done that could be: rows that stay point at them. */
  pointedAt: number
  /** New since the inventory. */
  extra: number
  /** In words, why no row of the table can be changed; empty when rows can be. */
  refused: string
}

/** A database of an order, open, with its tables. */
export interface OpenedDatabase {
  file: OriginalFile
  database: EditableDatabase
  tables: TableOfOrder[]
  /** Data sets whose tables are certainly not there any more. */
  gone: ExpectedSet[]
}

/** How the tables of an order stand. */
export interface Survey {
  left: LeftRows[]
  rowsRead: number
  /** Data sets of which rows or cells went, by this order or before it. */
  touched: string[]
}

const rowsAtOnce = 500

/** Opens the database of an order and finds its tables. Refuses a table that this login is not shown, and one with other columns than the inventory's. */
export async function withDatabase<T>(ctx: Context, matter: Matter, { file, login }: { file: OriginalFile; login: DatabaseLogin }, work: (opened: OpenedDatabase) => Promise<T>): Promise<T> {
  const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
  const titles = await ctx.vault.openLabels(matter.id, labelKinds.fieldName)
  const database = await openForEditing(login)
  const opened: OpenedDatabase = { file, database, tables: [], gone: [] }
  try {
    for (const set of file.expected.filter(({ copy }) => copy !== null)) {
      const name = names.get(set.dataSet.id) ?? ''
      const table = tableByName(database.tables, name)
      if (table === undefined) {
        if (!(await database.isGone(name))) throw destroyFailures.DATABASE_TABLE_HIDDEN({ table: name })
        opened.gone.push(set)
        continue
      }
      const { fields } = set.dataSet
      const isSame = fields.length === table.table.fields.length && fields.every(({ id, position }) => titles.get(id) === table.table.fields[position]?.name)
      if (!isSame) throw destroyFailures.ORIGINAL_REFUSES({ file: name, why: '表的列与清查时不同 / its columns are not those of the inventory' })
      opened.tables.push({ set, table })
    }
    return await work(opened)
  } finally {
    await database.close()
  }
}

/** Compares every row of the order's tables with the inventory and changes nothing; `before` the work rows that stand as inventoried are not left over, `after` it they are. */
export async function surveyDatabase(ctx: Context, matter: Matter, { file, database, tables }: OpenedDatabase, when: 'before' | 'after'): Promise<Survey> {
  const survey: Survey = { left: [], rowsRead: 0, touched: [] }
  await database.inTransaction('read', async (session) => {
    for (const of of tables) await surveyTable(ctx, matter, { survey, session, database, of, approval: file.approval, when })
  })
  return survey
}

interface TableSurvey {
  survey: Survey
  session: EditSession
  database: EditableDatabase
  of: TableOfOrder
  approval: string
  when: 'before' | 'after'
}

async function surveyTable(ctx: Context, matter: Matter, { survey, session, database, of, approval, when }: TableSurvey): Promise<void> {
  const left: LeftRows = { dataSetId: of.set.dataSet.id, copy: of.set.copy ?? '', changed: 0, unknown: 0, pointedAt: 0, extra: 0, refused: '' }
  const rows = await session.count(of.table)
  const canCompare = rows > 0 && of.table.key.length > 0
  const fates = new Map<RowFate, Uint8Array>()
  let [there, lost, whole] = [0, 0, 0]
  for await (const batch of of.set.rows()) {
    whole += batch.filter((row) => row.inOriginal === null).length
    presenceByFate(batch, fates)
    const compared = canCompare ? batch : []
    for (let at = 0; at < compared.length; at += rowsAtOnce) {
      const some = compared.slice(at, at + rowsAtOnce)
      for (const { row, verdict, isThere } of await judgeDatabaseRows({ records: await openRecords(ctx, matter, approval, some), database, of }, session, some)) {
        survey.rowsRead += 1
        if (isThere) there += 1
        if (verdict === 'unknown' && !isThere) lost += 1
        if (row.fate === 'stays') continue
        if (verdict === 'changed' || verdict === 'unknown') left[verdict] += 1
        if (verdict === 'inventoried' && when === 'after') left.pointedAt += 1
      }
      ctx.progress({ zh: '核对数据库', en: 'Comparing the database' }, survey.rowsRead, null)
    }
  }
  if (canCompare) {
    left.refused = wordsOfObstacles(of.table, fates)
    left.extra = Math.max(0, rows - there - lost)
  } else if (rows > 0) {
    const found = await compareKeyless(ctx, matter, { approval, of, session })
    // Where nothing that goes is there any more, nothing has to be changed.
    left.refused = found.going === 0 ? '' : wordsOfObstacles(of.table, fates)
    left.extra = found.extra
    left.unknown = found.unknown
    if (when === 'after') left.pointedAt = found.going
    survey.rowsRead += rows
  }
  if (left.changed + left.unknown + left.pointedAt + left.extra > 0 || left.refused !== '') survey.left.push(left)
  if (whole < of.set.dataSet.rows) survey.touched.push(of.set.dataSet.id)
}
