// SPDX-License-Identifier: Apache-2.0
// Invented customers in any number, for benchmarks and load: 12 columns, about 211 bytes a row, the same bytes for the same seed.
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { inventPerson, seededRandom, type InventedPerson, type SeededRandom } from '../app/src/demo/index.ts'
import { dayOf } from '../app/src/kit/time.ts'

/** What to write: customers, and beside them what an SMS gateway reports of the notices. */
export interface RowsOrder {
  rows: number
  seed: string
  file: string
  /** The day and time in China that the results of notices carry, `2026-09-10 10:00`. */
  toldAt?: string
  /** Results of notices (手机号, 结果, 时间), one a customer. */
  told?: string
  /** The same for the customers under 14 alone. */
  toldChildren?: string
}

/** The header of the generated table. */
export const generatedColumns = ['客户编号', '姓名', '性别', '身份证号', '手机号', '电子邮箱', '出生日期', '详细地址', '银行卡号', '最近订单号', '累计消费', '备注'] as const

const today = dayOf('2026-09-01')
const remarks = ['', '', '', '周末送货', '已开发票', '偏好电话联系', '老客户介绍', '安装后回访满意', '"门铃坏了,请打电话"', '需要上门量尺寸'] as const
const pieceBytes = 4 << 20

/** Writes the files in one pass with flat memory; each appears under its name only when it is whole. Answers the bytes of the table. */
export function generateRows(order: RowsOrder): number {
  const random = seededRandom(`${order.seed}/rows`)
  const { toldAt = '2026-09-10 10:00' } = order
  const table = new Pieces(order.file, `${generatedColumns.join(',')}\r\n`)
  const told = [order.told, order.toldChildren].map((file) => (file === undefined ? null : new Pieces(file, '手机号,结果,时间\r\n')))
  for (let number = 0; number < order.rows; number++) {
    const person = inventPerson(random, number, today)
    const mobile = `1${random.pick(['98', '99'])}${String(number).padStart(8, '0')}`
    table.add(`${cellsOf(random, person, mobile).join(',')}\r\n`)
    const line = `${mobile},${random.chance(0.97) ? '送达' : '退回'},${toldAt}\r\n`
    told[0]?.add(line)
    if (person.birthDate > `${Number(toldAt.slice(0, 4)) - 14}${toldAt.slice(4, 10)}`) told[1]?.add(line)
  }
  for (const pieces of told) pieces?.end()
  return table.end()
}

function cellsOf(random: SeededRandom, person: InventedPerson, mobile: string): string[] {
  return [
    `KH${String(person.number).padStart(9, '0')}`, person.name, person.gender, person.residentId, mobile, `kehu${person.number}@example.com`, person.birthDate, person.address,
    bankCard(person.number), `SO2026${String(random.below(1e9)).padStart(9, '0')}`, (random.below(5_000_000) / 100).toFixed(2), random.pick(remarks),
  ]
}

/** A 19-digit card number of a BIN that no bank was given, with the right check digit (ISO/IEC 7812-1 Annex B). */
function bankCard(number: number): string {
  const body = `629999${String(number).padStart(12, '0')}`
  const sum = [...body].reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return body + String((10 - (sum % 10)) % 10)
}

/** A file written in pieces under a temporary name. */
class Pieces {
  private readonly fd: number
  private waiting: string
  private readonly file: string

  constructor(file: string, header: string) {
    this.file = file
    this.fd = openSync(`${file}.part`, 'w', 0o600)
    this.waiting = header
  }

  add(line: string): void {
    this.waiting += line
    if (this.waiting.length * 2 > pieceBytes) this.flush()
  }

  end(): number {
    this.flush()
    const { size } = fstatSync(this.fd)
    closeSync(this.fd)
    renameSync(`${this.file}.part`, this.file)
    return size
  }

  private flush(): void {
    const bytes = Buffer.from(this.waiting)
    for (let done = 0; done < bytes.length;) done += writeSync(this.fd, bytes, done)
    this.waiting = ''
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, seed: { type: 'string', default: 'rows' }, output: { type: 'string', short: 'o' }, told: { type: 'string' } } })
  if (values.output === undefined || !/^[1-9]\d*$/.test(values.rows)) throw new Error('usage: node tools/generate-rows.ts --rows N --seed S -o FILE [--told FILE]')
  const bytes = generateRows({ rows: Number(values.rows), seed: values.seed, file: values.output, ...(values.told === undefined ? {} : { told: values.told }) })
  process.stdout.write(`${values.output}: ${values.rows} rows, ${bytes} bytes\n`)
}
