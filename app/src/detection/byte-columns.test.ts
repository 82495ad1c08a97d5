// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { byteClasses, ByteColumn, ColumnScan, columnCheck, inspectPending, detectionWork } from './index.ts'
import type { CellBlock, ColumnCounts } from './index.ts'
import { CountingKernel, todayNumber } from './counting/index.ts'
import { creditCodeCheck, organisationCodeCheck, passesLuhn, residentIdCheck } from './check-digits.ts'

/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const digits = (random: (below: number) => number, count: number): string => Array.from({ length: count }, () => String(random(10))).join('')
const pick = <T>(random: (below: number) => number, from: readonly T[]): T => from[random(from.length)] ?? from[0] ?? ((): never => { throw new RangeError('empty') })()

function residentId(random: (below: number) => number): string {
  const body = `${pick(random, ['110199', '310101', '999999', '440401', '810000', '110000'])}${1900 + random(130)}${String(1 + random(13)).padStart(2, '0')}${String(random(32)).padStart(2, '0')}${digits(random, 3)}`
  return body + residentIdCheck(body)
}

function card(random: (below: number) => number): string {
  const body = pick(random, ['62', '60', '9', '4', '51', '37', '12']) + digits(random, 11 + random(6))
  return body + (Array.from({ length: 10 }, (_, digit) => String(digit)).find((digit) => passesLuhn(body + digit)) ?? '0')
}

/** A credit code of digits alone, with both check digits (GB 32100, GB 11714) wherever digits can be had. */
function creditNumber(random: (below: number) => number): string {
  const area = `91${digits(random, 6)}`
  const org = digits(random, 8)
  const check = organisationCodeCheck(org)
  const body = `${area}${org}${check === 'X' ? '5' : check}`
  return body + creditCodeCheck(body)
}

// Values near every form that the byte kernel decides, and every word that it leaves to the recognisers.
const makers: readonly ((random: (below: number) => number) => string)[] = [
  creditNumber, (r) => `${pick(r, ['911', '931', '999'])}${pick(r, ['124', '840', '999'])}${1950 + r(60)}0${1 + r(9)}1${digits(r, 4)}`.replace(/.*/, (body) => body.slice(0, 17) + residentIdCheck(body.slice(0, 17))),
  (r) => `${pick(r, ['东方', '司马', '北京', '杭州', '上海', '巴特', '扎西', '中国', '韩国', '市辖', '阿依', '黄梅', '金东', '西藏', '欧阳', '张䶮', '李㛃', '迪丽', '吉林', '海南'])}${pick(r, ['', '明', '市', '县', '区', '省', '国', '国栋', '上海', '古丽', '某', '司', '磐', '经理', '尔', '文', '䷀', '市上海', '热巴'])}`,
  (r) => `${pick(r, ['LTAI', 'AKIA', 'AKID', 'ASIA', 'LTBI'])}${Array.from({ length: 10 + r(14) }, () => pick(r, [...'ABCDEFabcdefxyz'])).join('')}`,
  (r) => `${pick(r, ['KH', 'SO', 'E', 'EA', 'C', 'H', 'xx', 'XX', 'PE', 'A', 'B2'])}${digits(r, 3 + r(32))}`,
  residentId, card, (r) => digits(r, 1 + r(40)), (r) => `1${digits(r, 10)}`, (r) => `${pick(r, ['86', '0086', '+86', '+86 '])}1${digits(r, 10 + r(4))}`, (r) => `${pick(r, ['010', '021', '0571', '86021', '00860755', '400', '800', '2'])}${digits(r, 6 + r(4))}`,
  (r) => `${pick(r, ['021-', '(0571)', '0571 ', '400-'])}${digits(r, 7 + r(2))}`, (r) => `${1840 + r(200)}${pick(r, ['-', '/', '.', '年', ''])}${String(r(14)).padStart(2, '0')}${pick(r, ['-', '/', '.', '月', ''])}${String(r(33)).padStart(2, '0')}`,
  (r) => `${1990 + r(40)}-0${1 + r(9)}-1${r(9)}${pick(r, [' ', 'T'])}${pick(r, ['00:00', '12:30', '00:00:00', '23:59:60', '0:00', '10:00:00Z'])}`, (r) => `${digits(r, 1 + r(8))}.${digits(r, 1 + r(9))}`, (r) => `${pick(r, ['-', '¥', '+', ''])}${digits(r, 3)},${digits(r, 3)}.${digits(r, 2)}`,
  (r) => `${pick(r, ['kehu', 'a.b', 'x_y-z', 'a..b', '.a', '张三', 'A*B', ''])}${digits(r, r(4))}@${pick(r, ['example.com', 'a', 'a.b.c', '-a.com', 'a-.com', 'a.1', '例子.公司', 'a.co m', 'x@y.com'])}`,
  (r) => `${pick(r, ['E', 'G', 'H', 'M', 'PE', 'EA', 'EI', 'MA', 'KH', 'C', 'CW', 'W', 'S', 'D', 'KHX', 'e', 'ma'])}${digits(r, 6 + r(6))}`, (r) => `${pick(r, ['SO', 'KH', 'VIP', '', '9', 'ORD-'])}${digits(r, r(16))}${pick(r, ['', 'X', 'x', 'AB', 'xx'])}`,
  (r) => `9${pick(r, ['1', '2', 'A', 'I'])}${digits(r, 6)}${Array.from({ length: 10 }, () => pick(r, [...'0123456789ABCDEFGHJKLMNPQRTUWXY'])).join('')}`, (r) => Array.from({ length: 17 }, () => pick(r, [...'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'])).join(''),
  (r) => `${pick(r, [...'王李张欧东司上第满京男汉水满林师'])}${pick(r, [...'阳方马官海生明'])}${pick(r, ['', '伟', '生', '师', '经理', '京', '市', '某', '店', '公司', '总', '国栋'])}`, (r) => pick(r, ['欧阳', '东方', '张', '单于', '高兴', '龙头', '第五', '男', '先生', '汉族', '本科', '已婚', '佛教', '工程师', '上海', '上海市黄浦区', '中国', '市辖区', '张*', '王某某', '李××', '张 三', '阿·买提']),
  (r) => `${pick(r, ['浙江省杭州市', '上海市浦东新区', '市辖区', '北京', '', '某市', '东区', '城'])}${pick(r, ['西湖区天目山路', '人民大街', '花园', '幸福小区', '工业园', '三里屯', '建设路胡同', '五一广场', '开发区', '市场', '四号'])}${digits(r, r(4))}${pick(r, ['号', '弄', ' 号', '-', '#', '单元', '单', '室', '座', '一号楼', ''])}${digits(r, r(8))}${pick(r, ['室', '工作室', '店', '公司', '!', '(东)', '', '户', 'x', 'xx', '-301'])}`,
  (r) => `${pick(r, ['客户来电', '已发货,单号', '请打', '京A', '沪B', '空字第', '设备'])}${digits(r, r(12))}${pick(r, ['', '号', '领', '联系,周末上门', '@', ' 备注'])}`, (r) => pick(r, ['manager', 'bank', 'Bank of China Limited', 'USA', 'Street', 'John Smith', 'representative', 'abcdefghijklmnopq', 'm', 'phd', 'xx', 'a'.repeat(45), '12 Main Street']),
  (r) => `${digits(r, 3)}****${digits(r, 4)}`, (r) => pick(r, ['1.10199E+17', '1.38E+10', '1E17', '192.168.1.1', '10.0.0.1:80', '::1', '00:1a:2b:3c:4d:5e', '116.397,39.908', '116.397128', ' 13800001111', '13800001111 ', '１３８００００１１１１', '\u00a0a', '𠮷野家', '\u0000', 'a\u0000b', '磐石', '\t', '　', 'é', '😀', '〇', '㐀', 'x\ny', '12岁', '12.0']),
  (r) => `${pick(r, ['A', 'B', 'Z', 'S', 'T', 'AB'])}${pick(r, ['1', '2', '8', '5'])}${digits(r, 6 + r(3))}${pick(r, ['', 'A', 'J', '(3)'])}`, (r) => `${pick(r, ['LTAI', 'AKIA', 'AKID', 'eyJhbGciOi.eyJzdWIi.', 'sk-', '$2a$10$', 'ghp_'])}${Array.from({ length: 12 + r(30) }, () => pick(r, [...'ABCDEFabcdef234567'])).join('')}`,
  (r) => `${pick(r, ['慢性', '2型', '', '急性', '患者有3次左侧腰部反复发作的'])}${pick(r, ['胃炎', '糖尿病', '高血压', '结节', '青霉素', 'A型', '骨折术后', '病'])}`, (r) => `${residentId(r).slice(0, 15)}000`, (r) => `9${pick(r, ['11', '31', '99'])}${pick(r, ['124', '840', '999'])}${1950 + r(60)}0${1 + r(9)}1${digits(r, 5)}`, (r) => `1${digits(r, 10)}.0`,
  (r) => `${pick(r, ['021-', 'E', 'C', '91', 'wx', '192.168.', '1990-', 'LSV', '某'])}${digits(r, r(4))}${'*'.repeat(1 + r(10))}${pick(r, ['', '.*', '-**', '公司'])}${digits(r, r(5))}`,
  (r) => `${pick(r, ['AB', 'KH', 'a', 'SKU', 'xx', 'X', 'A1', 'sk', 'xoxb', 'glpat', 'Bank', 'st', 'Hauptstrasse', 'E', 'PE', '91310', 'N2'])}${pick(r, ['-', '--', '-', '_', '/'])}${digits(r, r(9))}${pick(r, ['-', '', '-A', '-RED-', '-road-', '-CO', '-sa', '-apt-', ' -', '-xx', '-Z9'])}${digits(r, r(14))}`,
  (r) => Array.from({ length: 6 }, () => `${pick(r, [...'0123456789abcdefAB'])}${pick(r, [...'0123456789abcdefAB'])}`).join('-'), (r) => `${pick(r, ['A', 'N', 'Y', 'B'])}${pick(r, ['1', 'A'])}-${digits(r, 6)}-${Array.from({ length: 10 }, () => pick(r, [...'0123456789ABCDEFGH'])).join('')}`,
  (r) => digits(r, 1) + pick(r, ['8986', '460', '19850101']) + digits(r, 10 + r(8)), (r) => `${pick(r, ['8986', '460', '1000'])}${digits(r, 11 + r(7))}${pick(r, ['', 'A', ''])}`, (r) => `${'详细情况见附件说明'.repeat(1 + r(60))}${digits(r, r(5))}`,
]
const odd = [...'0123456789xX*@-. /()#,号室店市一张王某A\u3000é']

function mutate(random: (below: number) => number, value: string): string {
  const at = random(value.length + 1)
  const how = random(4)
  if (how === 0) return value.slice(0, at) + pick(random, odd) + value.slice(at)
  if (how === 1) return value.slice(0, at) + value.slice(at + 1)
  return how === 2 ? value.slice(0, at) + pick(random, odd) + value.slice(at + 1) : value.replace(/\d/, String(random(10)))
}

function blockOf(values: readonly (string | null)[]): CellBlock {
  const pieces = values.map((value) => Buffer.from(value ?? '', 'utf8'))
  const bytes = Buffer.concat([...pieces, Buffer.alloc(8)])
  const starts = new Int32Array(values.length)
  const metas = new Int32Array(values.length)
  let at = 0
  pieces.forEach((piece, i) => {
    starts[i] = values[i] === null ? -1 : at
    metas[i] = (piece.length << 8) | piece.reduce((bits, byte) => bits | (byteClasses[byte] ?? 0), 0)
    at += piece.length
  })
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), rows: values.length, width: 1, namedWidth: 1, starts, metas, places: Float64Array.from(values, (_, i) => i + 2) }
}

function byKernel(values: readonly (string | null)[]): ColumnCounts {
  const column = new ByteColumn(columnCheck(), 16)
  const block = blockOf(values)
  column.take(block, 0)
  const counts = column.end()
  inspectPending(counts)
  return counts
}

/** The same by the WebAssembly kernel; it keeps what it learnt of forms from one column to the next, as in a file. */
const kernel = new CountingKernel(1, todayNumber(columnCheck()))
function byWebAssembly(values: readonly (string | null)[], times: number): ColumnCounts {
  const block = blockOf(values)
  block.bytes.copy(kernel.window)
  const starts = kernel.starts.subarray(0, values.length)
  starts.set(block.starts)
  kernel.metas.set(block.metas)
  kernel.places.set(block.places)
  const column = new ByteColumn(columnCheck(), 16, kernel.column(0, true))
  const { window: bytes, metas, places } = kernel
  for (let time = 0; time < times; time++) column.take({ ...block, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), starts: kernel.starts, metas, places }, 0)
  const counts = column.end()
  inspectPending(counts)
  return counts
}

function byCells(values: readonly (string | null)[]): ColumnCounts {
  const scan = new ColumnScan()
  values.forEach((value, i) => scan.add(value?.includes('\0') === true ? Buffer.from(value) : value, i + 2))
  return scan.counts
}

describe('columns counted as bytes', () => {
  it('count the same as cell by cell: two thousand columns of values near every form, with their evidence', () => {
    const random = seeded(20_260_901)
    let values = 0
    for (let round = 0; round < 2000; round++) {
      const make = pick(random, makers)
      const column = Array.from({ length: 12 }, (_, i): string | null => {
        const value = (i % 4 === 3 ? pick(random, makers) : make)(random)
        return i % 3 === 2 ? mutate(random, value).toWellFormed() : i === 5 ? null : value
      })
      values += column.length
      const expected = byCells(column)
      expect(byKernel(column), JSON.stringify(column)).toEqual(expected)
      expect(byWebAssembly(column, 1), JSON.stringify(column)).toEqual(expected)
    }
    expect(values).toBe(24_000)
  })

  it('decide codes with dashes on their bytes, without asking the recognisers about each', () => {
    const codes = Array.from({ length: 1000 }, (_, i) => `AB-1234-${String(i * 7919).padStart(8, '0')}`)
    const bytes = codes.reduce((sum, code) => sum + code.length, 0)
    const before = detectionWork.steps
    byKernel(codes)
    expect((detectionWork.steps - before) / bytes).toBeLessThan(2)
    const slow = detectionWork.steps
    byCells(codes)
    expect((detectionWork.steps - slow) / bytes).toBeGreaterThan(5)
  })

  it('count repeated values, which are remembered, and more different ones than the sketch holds', () => {
    const random = seeded(7)
    const column = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? pick(random, ['男', '女', '周末送货', '13800001111', 'ab c']) : pick(random, makers)(random)))
    expect(byKernel(column)).toEqual(byCells(column))
    expect(byWebAssembly(column, 1)).toEqual(byCells(column))
  })

  // Only values whose outcome was learnt from others are counted by the kernel itself: after fifty rounds most are.
  it('count the same when nearly all is counted by what was learnt before', () => {
    const random = seeded(2026)
    const forms = makers.map((make) => Array.from({ length: 40 }, () => make(random).toWellFormed()))
    for (const values of forms) byWebAssembly(values, 5)
    for (const make of makers) {
      const column = Array.from({ length: 60 }, () => make(random).toWellFormed())
      const expected = byCells(Array.from({ length: 8 }, () => column).flat())
      const found = byWebAssembly(column, 8)
      // the evidence of a repeated column is of other places
      const numbers = ({ seen: _, textSeen: __, tallies, ...rest }: ColumnCounts): unknown => ({ ...rest, tallies: new Map([...tallies].map(([type, { matched, masked, damaged }]) => [type, { matched, masked, damaged }])) })
      expect(numbers(found), JSON.stringify(column)).toEqual(numbers(expected))
    }
  })
})
