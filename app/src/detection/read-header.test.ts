// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { calibrated } from './calibrate-confidence.ts'
import { ColumnScan, columnVerdict, readHeader } from './index.ts'
import type { ColumnContext, InformationType } from './index.ts'
import { speaksOfPersons } from './read-header.ts'
import { headerTokens, splitRunTogether } from './split-header.rules.ts'

describe('names of columns', () => {
  const told: readonly [string, InformationType][] = [
    ['收货人手机号码', 'mobile'], ['客户姓名', 'person-name'], ['身份证件号码', 'resident-id'], ['药物过敏史', 'medical'], ['联系人QQ/MSN', 'online-id'], ['手机号1', 'mobile'], ['手机型号', 'none'], ['租户编号', 'none'], ['商户订单号', 'none'], ['是否已婚', 'marital-status'], ['是否启用', 'none'],
    ['contactLastName', 'person-name'], ['CONTACTLASTNAME', 'person-name'], ['billing_postal_code', 'postcode'], ['addressLine1', 'address'], ['address_2', 'address'], ['creditLimit', 'credit-information'], ['NationalIDNumber', 'national-id-foreign'], ['last_login_ip', 'ip-address'], ['last_login_time', 'none'],
    ['phone_encrypted', 'mobile'], ['id_card_no_md5', 'resident-id'], ['gndr_cd', 'gender'], ['edu_level', 'education'], ['brth_dt', 'birth-date'], ['paxname', 'person-name'], ['order_state', 'none'], ['reset_password_token', 'secret'], ['password_salt', 'secret'], ['is_mobile_verified', 'none'], ['card_type', 'none'],
    ['shouhuodizhi', 'address'], ['kehuxingming', 'person-name'], ['shenfenzhenghao', 'resident-id'], ['sfzh', 'resident-id'], ['lianxidianhua', 'mobile'],
  ]
  it.each(told)('%s says %s', (name, type) => {
    const reading = readHeader(name)
    expect(reading.type === type || (reading.strength === 'maybe' && reading.type === type)).toBe(true)
  })

  it('are outweighed by a comment that is clear, not by one that says little', () => {
    expect(readHeader('nationality', '民族').type).toBe('ethnicity')
    expect(readHeader('id', '身份证号').type).toBe('resident-id')
    expect(readHeader('sex', '性别:0 未知,1 男').type).toBe('gender')
    expect(readHeader('province', '行政区域表的省ID').type).toBe('region')
    expect(readHeader('is_mobile', '手机号').type).toBe('none')
    expect(readHeader('c1', 'customer email address').type).toBe('email')
  })

  it('are cut into words however they are written', () => {
    expect(headerTokens('BillingPostalCode')).toEqual(['billing', 'postal', 'code'])
    expect(headerTokens('CUST_FIRST-NAME 2')).toEqual(['cust', 'first', 'name', '2'])
    expect(splitRunTogether('contactlastname')).toEqual(['contact', 'lastname'])
    expect(splitRunTogether('zzzzqqqq')).toEqual(['zzzzqqqq'])
  })

  it('of hostile length are read in the time of reading them', () => {
    for (const name of ['name'.repeat(100_000), '手机'.repeat(100_000), 'a'.repeat(1_000_000), 'zhang'.repeat(50_000), '_'.repeat(500_000)]) expect(readHeader(name, name)).toHaveProperty('type')
  })

  it('of a path count only at its end: a folder called users says nothing of the file', () => {
    expect(speaksOfPersons(['/home/user/customers of x/goods.csv'])).toBe(false)
    expect(speaksOfPersons(['/data/goods/客户名单.xlsx'])).toBe(true)
    expect(speaksOfPersons(['sys_user'])).toBe(true)
  })
})

function verdictOf(values: readonly string[], context: Partial<ColumnContext>): ReturnType<typeof columnVerdict> {
  const scan = new ColumnScan()
  values.forEach((value, i) => scan.add(value, i + 2))
  return columnVerdict(scan.counts, { header: null, headers: [], dataSet: 'Sheet1', ...context })
}
const many = (make: (i: number) => string): string[] => Array.from({ length: 40 }, (_, i) => make(i))

describe('verdicts that need more than a name', () => {
  it('takes height for a quality of persons beside persons only', () => {
    const heights = many((i) => String(150 + i))
    expect(verdictOf(heights, { header: 'height', headers: ['patient_name', 'mobile', 'height'] }).type).toBe('medical')
    expect(verdictOf(heights, { header: 'height', headers: ['sku', 'width', 'height'] }).type).toBe('none')
  })

  it('takes eight bare digits without a name for nothing, mobile numbers under an empty name for what they are', () => {
    expect(verdictOf(many((i) => String(23_456_789 + i * 977)), {}).type).toBe('none')
    expect(verdictOf(many((i) => `138${10_000_000 + i * 7919}`), { header: 'number', headers: ['number'] }).type).toBe('mobile')
  })

  it('tells hashes of passwords, tokens and keys by their own form', () => {
    expect(verdictOf(many((i) => `$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lh${10 + i}`), {}).type).toBe('password')
    expect(verdictOf(many((i) => `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${1000 + i}.c2lnbmF0dXJl`), {}).type).toBe('secret')
  })

  it('takes names of banks for no organisation of the customer', () => {
    expect(verdictOf(many((i) => ['招商银行杭州分行', '中国建设银行天河支行', '中国工商银行'][i % 3] ?? ''), {}).type).not.toBe('organisation-name')
  })

  it('says a probability: never certain, more for more evidence', () => {
    for (const told of ['name', 'values', 'text', 'nothing'] as const) {
      const said = [0, 0.3, 0.5, 0.7, 0.85, 0.9, 1].map((raw) => calibrated(told, raw))
      expect(said).toEqual(said.toSorted((a, b) => a - b))
      expect(said.every((one) => one >= 0 && one < 1)).toBe(true)
    }
  })
})
