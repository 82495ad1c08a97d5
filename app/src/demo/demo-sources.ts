// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import ExcelJS from 'exceljs'
import type { Day } from '../kit/time.ts'
import { addDays, dayOf } from '../kit/time.ts'
import { writeContracts } from './demo-contracts.ts'
import { encodeGb18030 } from './encode-gb18030.ts'
import { inventPeople, type InventedPerson } from './invented-people.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** The original files of the demo transferor, in a realistic mess. */
export interface DemoSources {
  workbook: string
  tickets: string
  shop: string
  /** Folder of the contracts, a DOCX each. */
  contracts: string
  people: InventedPerson[]
}

/** What to make: where, from which seed, how many customers, as of which legal day; `canary` is planted into every file when a test asks for it. */
export interface DemoSourcesOrder {
  folder: string
  seed: string
  customers: number
  today: Day
  canaries?: readonly string[]
}

/** Writes the original files once, all or none; a second call with the same folder leaves it as it is: what was destroyed since must not come back. */
export async function makeDemoSources(order: DemoSourcesOrder): Promise<DemoSources> {
  const people = inventPeople(order.seed, order.customers, order.today)
  const made = {
    workbook: join(order.folder, '客户登记表.xlsx'),
    tickets: join(order.folder, '售后工单.csv'),
    shop: join(order.folder, '商城.sqlite'),
    contracts: join(order.folder, '合同'),
    people,
  }
  const canaries = order.canaries ?? []
  const random = (name: string): SeededRandom => seededRandom(`${order.seed}/${name}`)
  if (existsSync(order.folder)) return made
  const unfinished = `${order.folder}.part`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  await writeWorkbook(join(unfinished, basename(made.workbook)), people, random('workbook'), canaries)
  writeFileSync(join(unfinished, basename(made.tickets)), encodeGb18030(ticketLines(people, random('tickets'), canaries)))
  writeShop(join(unfinished, basename(made.shop)), people, random('shop'), canaries)
  writeContracts(join(unfinished, basename(made.contracts)), people, random('contracts'), canaries)
  renameSync(unfinished, order.folder)
  return made
}

async function writeWorkbook(file: string, people: InventedPerson[], random: SeededRandom, canaries: readonly string[]): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings: true, useStyles: true })
  const register = book.addWorksheet('客户登记')
  register.addRow(['沪上净阑卫生设备有限公司 客户登记表']).commit()
  register.addRow(['制表日期:', '2026-06-30', '', '内部资料']).commit()
  register.addRow(['客户编号', '姓名', '性别', '身份证号', '手机号', '出生日期', '所在地区', '详细地址', '电子邮箱', '服务门店', '会员等级', '偏好备注']).commit()
  const registered = people.filter((person) => person.number % 5 < 3)
  for (const person of registered) {
    register.addRow(registerRow(person, random)).commit()
    if (random.chance(0.02)) register.addRow(registerRow(person, random)).commit() // entered twice by another clerk
  }
  canaries.forEach((canary, index) => register.addRow([`KH-C${index}`, canary, '女', '', '', '', '', canary, '', '浦东门店', '', canary]).commit())
  register.commit()
  const old = book.addWorksheet('2015老客户', { state: 'hidden' })
  old.addRow(['姓名', '联系电话', '地址', '建档日期']).commit()
  for (const person of people.filter((one) => one.number % 13 === 0)) {
    old.addRow([person.name, person.mobile, person.address, '2015-03-18']).commit()
  }
  old.commit()
  await book.commit()
}

function registerRow(person: InventedPerson, random: SeededRandom): (string | number)[] {
  const brokenId = random.next()
  const id = brokenId < 0.006 ? `${person.residentId.slice(0, 17)}${person.residentId.endsWith('5') ? '6' : '5'}` : brokenId < 0.009 ? Number(person.residentId.slice(0, 17)) * 10 : person.residentId
  const mobile = random.chance(0.01) ? '13800000000' : random.chance(0.05) ? `+86 ${person.mobile}` : person.mobile
  return [
    `KH${String(person.number).padStart(6, '0')}`, person.name, person.gender, random.chance(0.1) ? '' : id, mobile,
    random.chance(0.05) ? '' : person.birthDate, person.region, person.address, random.chance(0.3) ? '' : person.email, person.branch,
    random.pick(['普通', '银卡', '金卡', '']), random.chance(0.4) ? random.pick(['喜欢智能马桶', '家有老人,需加装扶手', '关注节水型花洒', '周末上门']) : '',
  ]
}

function ticketLines(people: InventedPerson[], random: SeededRandom, canaries: readonly string[]): string {
  const rows = [['工单号', '客户姓名', '联系电话', '上门地址', '产品型号', '购买日期', '服务记录', '服务门店']]
  for (const person of people.filter((one) => one.number % 5 === 3 || one.number % 7 === 0)) {
    rows.push([
      `GD${String(20_260_000 + person.number)}`, person.name, random.chance(0.04) ? `${person.mobile.slice(0, 3)} ${person.mobile.slice(3, 7)} ${person.mobile.slice(7)}` : person.mobile,
      person.address, random.pick(['JL-Z900', 'JL-H210', 'JL-T35', 'JL-B8']), addDays(dayOf('2022-01-01'), random.below(1500)),
      random.pick(['更换进水阀', '漏水,已修复;\n客户要求周末复查', '安装"静音"水箱', '']), person.branch,
    ])
  }
  canaries.forEach((canary, index) => rows.push([`GDC${index}`, canary, '', canary, 'JL-T35', '2024-01-01', canary, '浦东门店']))
  return rows.map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n'
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function writeShop(file: string, people: InventedPerson[], random: SeededRandom, canaries: readonly string[]): void {
  const shop = new DatabaseSync(file)
  shop.exec(`pragma journal_mode = delete; begin;
    create table users (user_id integer primary key, nickname text, mobile text, email text, birthday text, branch text, created_at text);
    create table orders (order_sn text primary key, user_id integer, receiver text, mobile text, address text, amount text, branch text, created_at text);
    create table invoices (invoice_no text primary key, buyer_name text, mobile text, tax_id text, amount text, branch text, issued_on text, fiscal_year text);`)
  const user = shop.prepare('insert into users values (?, ?, ?, ?, ?, ?, ?)')
  const order = shop.prepare('insert into orders values (?, ?, ?, ?, ?, ?, ?, ?)')
  const invoice = shop.prepare('insert into invoices values (?, ?, ?, ?, ?, ?, ?, ?)')
  let orders = 0
  for (const person of people.filter((one) => one.number % 5 === 4 || one.number % 11 === 0)) {
    user.run(person.number + 1, `净阑用户${person.number}`, person.mobile, person.email, person.birthDate, person.branch, '2021-05-06 10:00:00')
    for (let count = random.below(3); count > 0; count--) {
      orders += 1
      const day = addDays(dayOf('2023-01-01'), random.below(1300))
      const amount = `${199 + random.below(9000)}.${String(random.below(100)).padStart(2, '0')}`
      order.run(`SN${day.replaceAll('-', '')}${String(orders).padStart(6, '0')}`, person.number + 1, person.name, person.mobile, person.address, amount, person.branch, `${day} 12:30:00`)
      if (random.chance(0.4)) invoice.run(`${26_000_000 + orders}`, person.name, person.mobile, null, amount, person.branch, day, day.slice(0, 4))
    }
  }
  canaries.forEach((canary, index) => user.run(9_000_000 + index, canary, '', canary, '', '浦东门店', canary))
  shop.exec('commit')
  shop.close()
}
