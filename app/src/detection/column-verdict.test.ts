// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { residentIdCheck } from './check-digits.ts'
import { ColumnScan, columnVerdict, mergeCounts } from './index.ts'
import type { ColumnVerdict } from './index.ts'

function scanOf(values: readonly string[], firstPlace = 2): ColumnScan {
  const scan = new ColumnScan()
  values.forEach((value, i) => scan.add(value, firstPlace + i))
  return scan
}

function verdictOf(header: string | null, values: readonly string[], headers: readonly string[] = [], dataSet = 'Sheet1'): ColumnVerdict {
  return columnVerdict(scanOf(values).counts, { header, headers, dataSet })
}

const many = (count: number, make: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => make(i))
const idOf = (i: number): string => {
  const body = `110199${1950 + (i % 50)}0${1 + (i % 9)}1${i % 9}${String(100 + (i % 800)).padStart(3, '0')}`
  return body + residentIdCheck(body)
}
const mobiles = many(60, (i) => `138${String(i * 7919 + 10_000_000).slice(0, 8)}`)
const names = many(60, (i) => `${'王李张刘陈杨黄赵吴周徐孙'[i % 12]}${'伟芳娜敏静丽强磊军洋'[i % 10]}${'明超秀霞平刚桂英华玉'[(i * 3) % 10]}`)

describe('columns with names', () => {
  const cases: [string, string, string[]][] = [
    ['手机号', 'mobile', mobiles], ['联系电话', 'landline', many(30, (i) => `021-${55_550_000 + i}`)], ['tel', 'mobile', mobiles], ['身份证号码', 'resident-id', many(60, idOf)], ['客户姓名', 'person-name', names],
    ['客户名称', 'organisation-name', many(20, (i) => `第${i}建材有限公司`)], ['客户名称', 'person-name', names], ['收货地址', 'address', many(20, (i) => `上海市黄浦区南京东路${i + 1}号`)], ['会员卡号', 'customer-id', many(20, (i) => `VIP${1000 + i}`)],
    ['账号', 'mobile', mobiles], ['生日', 'birth-date', many(20, (i) => `19${60 + i}-03-04`)], ['下单日期', 'none', many(20, (i) => `19${60 + i}-03-04`)], ['手机型号', 'none', many(20, (i) => `V${i}`)],
    ['card_no', 'bank-card', many(20, (i) => `55555555555${44_400 + i}`)], ['密码', 'password', ['e10adc39', 'abc123']], ['state', 'none', ['1', '0', '2']], ['name', 'none', many(20, (i) => `智能马桶 ${i}`)], ['name', 'person-name', names],
  ]
  it.each(cases)('%s is %s', (header, type, values) => {
    expect(verdictOf(header, values).type).toBe(type)
  })

  it('reports damaged, masked and broken numbers apart', () => {
    const values = [...many(20, idOf), '1.10199E+17', '110199********1234', `${idOf(3).slice(0, 17)}${idOf(3).endsWith('1') ? '2' : '1'}`]
    expect(verdictOf('身份证号', values)).toMatchObject({ type: 'resident-id', values: 23, matched: 20, damaged: 1, masked: 1, invalid: 1, grade: 'general', gradeRule: 'pipl-28/general', combination: true })
  })

  it('shows samples only masked, with their rows', () => {
    const verdict = verdictOf('手机号', mobiles)
    expect(verdict.evidence[0]).toEqual({ row: 2, shown: `${mobiles[0]?.slice(0, 3)}****${mobiles[0]?.slice(7)}` })
    for (const sample of verdict.evidence) expect(sample.shown).not.toMatch(/\d{5}/)
    expect(verdictOf('姓名', names).evidence[0]?.shown).toBe(`${names[0]?.[0]}**`)
    expect(verdictOf('密码', ['secret-1']).evidence[0]?.shown).toBe('********')
  })
})

describe('short names whose values are of another kind', () => {
  const people = ['姓名', '手机号', '性别']
  it.each<[string, string, string[]]>([
    ['khh', 'none', many(20, (i) => `中国${'工农建'[i % 3]}银行`)], ['khh', 'customer-id', many(20, (i) => `KH${1000 + i}`)], ['tz', 'none', many(20, (i) => ['Asia/Shanghai', 'Europe/Paris'][i % 2] ?? '')], ['tz', 'medical', many(20, (i) => `${50 + i}.5`)],
    ['user_num', 'none', many(20, (i) => String(3 + i * 7))], ['代发账号', 'bank-account', many(20, (i) => `22334455667788${100 + i}`)],
  ])('%s is %s', (header, type, values) => {
    expect(verdictOf(header, values, [...people, header], '会员').type).toBe(type)
  })
})

describe('numbers that are nobody’s', () => {
  let seed = 7
  const digit = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % 10
  const digits = (count: number): string => Array.from({ length: count }, digit).join('')
  const columns: [string, () => string][] = [
    ['order_sn', () => `110101${1990 + digit()}0${1 + (digit() % 9)}1${digit()}${digits(4)}`], ['订单号', () => `1${3 + (digit() % 6)}${digits(9)}`], ['sku', () => digits(16)], ['优惠券码', () => digits(16)], ['条码', () => `69${digits(11)}`], ['流水号', () => digits(18)],
  ]
  it.each(columns)('does not flag %s', (header, make) => {
    expect(verdictOf(header, many(300, make)).type).toBe('none')
  })

  it.each([11, 15, 16, 17, 18, 20])('does not flag random numbers of %i digits without a name', (length) => {
    expect(verdictOf(null, many(300, () => digits(length))).type).toBe('none')
  })
})

describe('columns without names', () => {
  const cases: [string, string[]][] = [
    ['resident-id', many(60, idOf)], ['mobile', mobiles], ['person-name', names], ['email', many(20, (i) => `u${i}@example.com`)], ['gender', many(30, (i) => (i % 2 === 0 ? '男' : '女'))],
    ['birth-date', many(60, (i) => `${1950 + i}-05-06`.replace('2009', '1999'))], ['address', many(20, (i) => `杭州市西湖区文三路${i + 1}号`)], ['region', many(20, (i) => ['上海市', '浙江省杭州市', '苏州'][i % 3] ?? '')],
    ['licence-plate', many(20, (i) => `沪A${10_000 + i}`)], ['ip-address', many(20, (i) => `192.0.2.${i}`)], ['organisation-name', many(20, (i) => `上海第${i}商贸有限公司`)], ['none', many(60, (i) => `2024-0${1 + (i % 9)}-1${i % 9} 10:1${i % 9}:00`)],
    ['ethnicity', many(30, (i) => ['汉族', '回族', '满族'][i % 3] ?? '')], ['landline', many(20, (i) => `0571-8765${1000 + i}`)], ['none', many(40, (i) => `节水型花洒 ${i} 号`)],
  ]
  it.each(cases)('finds %s by values alone', (type, values) => {
    expect(verdictOf(null, values).type).toBe(type)
  })

  it('finds numbers of persons inside texts, whatever the column is called', () => {
    const notes = many(40, (i) => (i === 17 ? '客户要求改约,请打 13912345678 联系' : '已经上门安装完毕,客户满意'))
    expect(verdictOf('描述', notes)).toMatchObject({ type: 'free-text-personal', matched: 1 })
    expect(verdictOf('描述', notes.filter((_, i) => i !== 17)).type).toBe('none')
  })
})

describe('counting', () => {
  it('gives the same verdict when a column is counted in parts, in any grouping', () => {
    const values = [...mobiles, ...many(400, (i) => `139${10_000_000 + i}`), '坏', '138****5678']
    const whole = scanOf(values).counts
    const [a, b, c] = [values.slice(0, 100), values.slice(100, 101), values.slice(101)]
    const parts = [scanOf(a).counts, scanOf(b, 102).counts, scanOf(c, 103).counts] as const
    expect(mergeCounts(mergeCounts(parts[0], parts[1]), parts[2])).toEqual(whole)
    expect(mergeCounts(parts[0], mergeCounts(parts[1], parts[2]))).toEqual(whole)
  })
})
