// SPDX-License-Identifier: Apache-2.0
// 预付客户退款名单: customers with prepaid balances are creditors of the operator (rules E14, K03; 法释〔2025〕4号). The list is for the party alone.
import { existsSync } from 'node:fs'
import { readHeader, type InformationType } from '../detection/index.ts'
import { workbookCell } from '../kit/formula-cell.rules.ts'
import { fenOf, yuanOf } from '../kit/money.rules.ts'
import { lawSentence, type LawLine } from '../law/index.ts'
import { writeXlsx } from '../lifecycle/hand-over/index.ts'
import { readSource, type Cell, type SourceDataSet } from '../sources/index.ts'
import { cliFailures } from './cli-failures.ts'

/** Where the balances stand and where the list goes; `show` names the columns to take along, null: those that tell who it is. */
export interface PrepaidOrder {
  source: string
  column: string
  file: string
  show: readonly string[] | null
  lang: 'zh' | 'en'
}

type SourceField = SourceDataSet['fields'][number]

/** What the list holds, in counts and sums. */
export interface PrepaidList {
  file: string
  rows: number
  /** Rows with money to give back, and how much, in yuan. */
  creditors: number
  total: string
  /** Balances that are no amount: they stand in the list to be checked by hand. */
  unread: number
  /** Rows without anybody, or with a word of a total in a cell: the source's own sums are nobody's balance; they stand in the list to be checked by hand. */
  nobodys: number
  /** Who owes the operator is no creditor and does not stand in the list. */
  negative: number
  zero: number
  /** Places of the source that could not be read. */
  notRead: number
}

interface Counting {
  rows: number
  creditors: number
  fen: bigint
  unread: number
  nobodys: number
  negative: number
  zero: number
  notRead: number
}

/** Writes the refund list as a workbook of texts, row by row, safe against formulas (SECURITY P24). Refuses a file that is there already and a source without such a column. */
export async function writePrepaidList(order: PrepaidOrder): Promise<PrepaidList> {
  if (existsSync(order.file)) throw cliFailures.FILE_EXISTS({ file: order.file })
  const sum: Counting = { rows: 0, creditors: 0, fen: 0n, unread: 0, nobodys: 0, negative: 0, zero: 0, notRead: 0 }
  const columns = columnsOf(order)
  await refuseWithoutColumn(order)
  await writeXlsx(order.file, order.lang === 'zh' ? '预付退款名单' : 'Refund list', listRows(order, columns, sum))
  return { file: order.file, rows: sum.rows, creditors: sum.creditors, total: yuanOf(sum.fen), unread: sum.unread, nobodys: sum.nobodys, negative: sum.negative, zero: sum.zero, notRead: sum.notRead }
}

/** A column of the list and how it finds its field. */
interface ListColumn {
  title: string
  isFor: (field: Pick<SourceField, 'name' | 'index'>) => boolean
}

const identifying: readonly { zh: string; en: string; types: readonly InformationType[] }[] = [
  { zh: '客户编号', en: 'Customer number', types: ['customer-id'] }, { zh: '姓名', en: 'Name', types: ['person-name'] }, { zh: '电话', en: 'Telephone', types: ['mobile', 'landline'] }, { zh: '电子邮箱', en: 'E-mail', types: ['email'] },
]

/** No more than it takes to tell who it is and to reach them (PIPL 6), unless the party names other columns. */
function columnsOf({ show, lang }: PrepaidOrder): ListColumn[] {
  if (show !== null) return show.map((title) => ({ title, isFor: (field) => isColumn(field, title) }))
  return identifying.map((column) => ({ title: column[lang], isFor: ({ name }) => column.types.some((type) => readHeader(name).type === type) }))
}

function sameTitle(one: string, other: string): boolean {
  return one.normalize('NFKC').trim() === other.normalize('NFKC').trim()
}

async function refuseWithoutColumn({ source, column, show }: PrepaidOrder): Promise<void> {
  const fields: SourceField[] = []
  for await (const event of readSource(source)) if (event.kind === 'dataSet') fields.push(...event.dataSet.fields)
  for (const wanted of [column, ...(show ?? [])]) {
    if (fields.some((field) => isColumn(field, wanted))) continue
    const there = [...new Set(fields.map(shownColumn))].slice(0, 20).join(' | ')
    throw cliFailures.WRONG_ARGUMENT({ what: wanted === column ? '--column' : '--show', why: { zh: `没有这一列;有这些列:${there}`, en: `there is no such column; there are: ${there}` }, command: 'advise' })
  }
}

/** A column by its title, or by its place: `#3` is the third. */
function isColumn({ name, index }: Pick<SourceField, 'name' | 'index'>, wanted: string): boolean {
  return sameTitle(name, wanted) || wanted.trim() === `#${index + 1}`
}

/** A title that our recognisers know as one, else the column's place: what stands on top of a table without header is a customer's name or number. */
function shownColumn({ name, index }: SourceField): string {
  return readHeader(name).type === null ? `#${index + 1}` : name
}

interface Table {
  name: string
  balance: number
  /** Field of each column of the list, or -1. */
  shown: readonly number[]
  /** Fields that tell whose row it is; none where no title says so. */
  who: readonly number[]
}

async function* listRows(order: PrepaidOrder, columns: readonly ListColumn[], sum: Counting): AsyncGenerator<readonly string[], void, undefined> {
  const zh = order.lang === 'zh'
  yield [...(zh ? ['序号', '表', '行'] : ['No.', 'Table', 'Row']), ...columns.map(({ title }) => workbookCell(title)), zh ? '余额(元)' : 'Balance (yuan)', zh ? '备注' : 'Remark']
  const tables = new Map<number, Table>()
  for await (const event of readSource(order.source)) {
    if (event.kind === 'notRead') sum.notRead += 1
    if (event.kind === 'dataSet') {
      const table = tableOf(event.dataSet, order.column, columns)
      if (table !== null) tables.set(event.dataSet.index, table)
    }
    if (event.kind !== 'rows') continue
    const table = tables.get(event.dataSet)
    if (table === undefined) continue
    for (const { cells, place } of event.rows) {
      const row = creditorRow(cells, table, sum, zh)
      if (row !== null) yield [String(sum.creditors + sum.unread + sum.nobodys), workbookCell(table.name), String(place), ...row]
    }
  }
  yield []
  yield [zh ? '合计' : 'Total', '', '', ...columns.map(() => ''), yuanOf(sum.fen), zh ? `${sum.creditors} 笔;待核 ${sum.unread + sum.nobodys} 笔` : `${sum.creditors} balances; ${sum.unread + sum.nobodys} to be checked`]
}

function tableOf({ name, fields }: SourceDataSet, column: string, columns: readonly ListColumn[]): Table | null {
  const balance = fields.find((field) => isColumn(field, column))?.index
  if (balance === undefined) return null
  const shown = columns.map(({ isFor }) => fields.find((field) => field.index !== balance && isFor(field))?.index ?? -1)
  const telling = fields.filter((field) => field.index !== balance && identifying.some(({ types }) => types.some((type) => readHeader(field.name).type === type))).map(({ index }) => index)
  return { name, balance, shown, who: [...new Set([...telling, ...shown.filter((at) => at >= 0)])] }
}

/** The cells of a row that belongs into the list, or null; counts it either way. */
function creditorRow(cells: readonly Cell[], { balance, shown, who: telling }: Table, sum: Counting, zh: boolean): string[] | null {
  sum.rows += 1
  const text = textOf(cells[balance])
  const fen = text.trim() === '' ? 0n : fenOf(text)
  if (fen !== null && fen <= 0n) {
    if (fen < 0n) sum.negative += 1
    else sum.zero += 1
    return null
  }
  const who = shown.map((at) => workbookCell(textOf(cells[at])))
  if (fen === null) {
    sum.unread += 1
    return [...who, workbookCell(text), zh ? '余额看不懂,请人工核对(未计入合计)' : 'no amount, check by hand (not in the total)']
  }
  if (isNobodysRow(cells, telling)) {
    sum.nobodys += 1
    return [...who, yuanOf(fen), zh ? '没有客户信息或为合计行,请人工核对(未计入合计)' : 'nobody in it, or a total: check by hand (not in the total)']
  }
  sum.creditors += 1
  sum.fen += fen
  return [...who, yuanOf(fen), '']
}

const totalWord = /^(?:本页|本月|本店|以上)?(?:合计|总计|小计|累计|共计|总额|grandtotal|subtotal|sub-total|total|sum|共\d+[人户位名笔条])(?:\(?(?:人民币|元|yuan|rmb|cny)\)?)?:?$/i

/** A row that says of nobody whose money it is, or says of itself that it is a sum. */
function isNobodysRow(cells: readonly Cell[], telling: readonly number[]): boolean {
  if (telling.length > 0 && telling.every((at) => textOf(cells[at]).trim() === '')) return true
  return cells.some((cell) => totalWord.test(textOf(cell).normalize('NFKC').replace(/\s/g, '')))
}

function textOf(cell: Cell | undefined): string {
  return typeof cell?.value === 'string' ? cell.value : ''
}

const creditorLaws: readonly LawLine[] = [
  { zh: '有预付余额的客户是债权人:清算通知和公告也要到他们', en: 'Customers with prepaid balances are creditors: notice and announcement of the liquidation reach them too', law: '公司法 第二百三十五条; 法释〔2025〕4号 第七条、第十五条', conf: 'P' },
  { zh: '停业、迁址提前告知,继续履行或退还余额', en: 'Before closing or moving they are told; the contract is performed or the balance refunded', law: '消费者权益保护法实施条例 第二十二条', conf: 'P' },
  { zh: '合同、到店和余额记录不得丢弃:拿不出来的,可以按消费者的说法认定', en: 'Contract, visit and balance records are not dropped: without them the consumer’s version may be taken as fact', law: '法释〔2025〕4号 第二十五条', conf: 'P' },
]

/** What was found, in sums only. */
export function prepaidLines(list: PrepaidList, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return [
    zh ? `✔ ${list.file}:${list.creditors} 笔余额,合计 ${list.total} 元(共读 ${list.rows} 行;零或空 ${list.zero},负数 ${list.negative} 不列)` : `✔ ${list.file}: ${list.creditors} balances, ${list.total} yuan in all (${list.rows} rows read; ${list.zero} empty or zero, ${list.negative} negative not listed)`,
    ...(list.unread > 0 ? [zh ? `⚠ ${list.unread} 笔余额看不懂,已列在名单里待核` : `⚠ ${list.unread} balances are no amounts; they stand in the list to be checked`] : []),
    ...(list.nobodys > 0 ? [zh ? `⚠ ${list.nobodys} 行没有客户信息或为合计行,已列在名单里待核,未计入合计` : `⚠ ${list.nobodys} rows have nobody in them or are totals; they stand in the list to be checked and are not in the sum`] : []),
    ...(list.notRead > 0 ? [zh ? `⚠ 有 ${list.notRead} 处没有读到,名单不完整` : `⚠ ${list.notRead} places were not read; the list is incomplete`] : []),
    ...creditorLaws.map((line) => `· ${lawSentence(line, lang)}`),
  ]
}
