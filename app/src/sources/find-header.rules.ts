// SPDX-License-Identifier: Apache-2.0

/** Where the table begins: rows above it hold a title, `header` its names (null: none), both as indexes into the sample. */
export interface TableStart {
  header: number | null
  firstRow: number
  titleRows: number[]
}

type Sample = readonly (readonly (string | null)[])[]

const LABEL_CHARS_MAX = 40
// Words that name a column in the tables that firms keep; a cell that ends with one is a name, not a value.
const labelEnd =
  /(姓名|名称|名字|昵称|号|号码|编号|编码|代码|电话|手机|座机|传真|地址|住址|邮箱|邮件|邮编|日期|时间|生日|年龄|性别|民族|籍贯|学历|职业|职务|单位|公司|部门|备注|说明|描述|状态|类型|类别|级别|等级|金额|单价|价格|数量|余额|积分|合计|总额|型号|品牌|规格|产品|商品|门店|分店|来源|渠道|省|市|区|城市|省份|国家|地区|客户|会员|联系人|收货人|车牌|密码|账号|帐号|微信|偏好|喜好|评价|内容|标题|序号|次数|比例|标签|身份证|证件|护照|银行卡|户名|开户行|税号|发票|订单|流水|负责人|业务员|经办人|签名|名|人)$/
const englishLabel = /^[a-z_][a-z0-9_ .\-/()#]*$/i

/** Finds the header among the first rows: the first full row of label-like, distinct cells whose rows below look different from it; title rows above are told apart. Null when every row looks like data. */
export function findTableStart(rows: Sample, mayHaveHeader: boolean): TableStart {
  const width = usualWidth(rows)
  const table = rows.findIndex((row) => filled(row) >= Math.max(1, Math.ceil(width * 0.6)))
  const first = table < 0 ? 0 : table
  const titleRows = rows.slice(0, first).flatMap((row, index) => (filled(row) > 0 ? [index] : []))
  const hasHeader = mayHaveHeader && rows[first] !== undefined && isHeader(rows[first], rows.slice(first + 1))
  return hasHeader ? { header: first, firstRow: first + 1, titleRows } : { header: null, firstRow: table < 0 ? 0 : first, titleRows }
}

/** The most frequent number of filled cells, the wider of two that are equally frequent. */
function usualWidth(rows: Sample): number {
  const countByWidth = new Map<number, number>()
  for (const row of rows) {
    const width = filled(row)
    if (width > 0) countByWidth.set(width, (countByWidth.get(width) ?? 0) + 1)
  }
  let best = 0
  let bestCount = 0
  for (const [width, count] of countByWidth) {
    if (count > bestCount || (count === bestCount && width > best)) {
      best = width
      bestCount = count
    }
  }
  return best
}

function filled(row: readonly (string | null)[]): number {
  let n = 0
  for (const cell of row) if (cell !== null && cell.trim() !== '') n++
  return n
}

function isHeader(row: readonly (string | null)[], below: Sample): boolean {
  const labels = row.flatMap((cell) => (cell === null || cell.trim() === '' ? [] : [cell.trim()]))
  if (labels.length === 0 || labels.some((label) => label.length > LABEL_CHARS_MAX || isTyped(label))) return false
  if (labels.some((label) => labelEnd.test(label.replace(/[(（[【].*$/, '').trim()))) return true
  if (labels.every((label) => englishLabel.test(label)) && !isRepeatedBelow(row, below) && differs(row, below)) return true
  if (labels.every((label) => /^[a-z][a-z0-9]*(_[a-z0-9]+)+$|^[a-z]+([A-Z][a-z]+)+$|^([A-Z][a-z]+){2,}$/.test(label))) return true
  return differs(row, below)
}

/** Numbers, dates, addresses of mail: what a value looks like and a name of a column does not. */
function isTyped(text: string): boolean {
  return /^[+-]?[\d,]+(\.\d+)?%?$/.test(text) || /\d{6,}/.test(text) || /^[^\s@]+@[^\s@]+$/.test(text) || /^\d{4}[-/.年]\d{1,2}/.test(text) || /^1\d{2}\*+\d+$/.test(text)
}

/** A column whose cells below are mostly numbers, dates or long texts, under a short word, has a name above it. */
function differs(row: readonly (string | null)[], below: Sample): boolean {
  return row.some((cell, column) => {
    if (cell === null || cell.trim() === '') return false
    const values = below.flatMap((r) => (r[column] === null || r[column] === undefined || r[column].trim() === '' ? [] : [r[column].trim()]))
    if (values.length === 0) return false
    const typed = values.filter((value) => isTyped(value)).length
    return typed >= values.length * 0.7
  })
}

function isRepeatedBelow(row: readonly (string | null)[], below: Sample): boolean {
  return row.some((cell, column) => cell !== null && cell !== '' && below.some((r) => r[column] === cell))
}

/** Names for the fields of a table from its header cells; a blank or missing name becomes 列N. */
export function fieldNames(header: readonly (string | null)[] | null, width: number): { names: string[]; blank: number; duplicate: number } {
  const names: string[] = []
  const seen = new Set<string>()
  let blank = 0
  let duplicate = 0
  for (let i = 0; i < Math.max(width, header?.length ?? 0); i++) {
    const given = header?.[i]?.trim() ?? ''
    if (given === '' && header !== null) blank++
    if (given !== '' && seen.has(given)) duplicate++
    if (given !== '') seen.add(given)
    names.push(given === '' ? `列${i + 1}` : given)
  }
  return { names, blank, duplicate }
}
