// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ColumnScan } from './column-scan.ts'
import { columnVerdict } from './column-verdict.ts'
import type { InformationType } from './information-types.ts'

const people = ['id', 'user_name', 'phone', 'gender']

function told(header: string, make: (row: number) => string, headers: readonly string[] = people, dataSet = 't_order'): InformationType {
  const scan = new ColumnScan()
  for (let row = 0; row < 80; row++) scan.add(make(row), row + 2)
  return columnVerdict(scan.counts, { header, headers: [...headers, header], dataSet }).type
}

describe('a name whose values are of another kind', () => {
  it.each([
    ['email', (row: number) => String(row % 2)],
    ['mobile', (row: number) => `2024-0${1 + (row % 9)}-11 10:0${row % 6}:12`],
    ['home_address', (row: number) => String(row % 7)],
    ['id_no', (row: number) => `8fb0eef6-58c9-40e4-a68d-7197011${String(10_000 + row)}`],
    ['telephone', (row: number) => `{"a":${row}}`],
    ['real_name', (row: number) => `${row}.50`],
    ['certificate_no', (row: number) => String(20_240_000 + row)],
    ['remark', (row: number) => ['done', 'open', 'void'][row % 3] ?? ''],
    ['access_token', (row: number) => String(100 + row)],
    ['gender', (row: number) => String(1000 + row)],
  ] as const)('%s says nothing of them', (header, make) => {
    expect(told(header, make)).toBe('none')
  })

  it('keeps its sense with codes, hashes and masks that such values are kept as', () => {
    expect(told('gender', (row) => String(1 + (row % 2)))).toBe('gender')
    expect(told('marital_status', (row) => String(row % 4))).toBe('marital-status')
    expect(told('mobile', (row) => `${String(row).padStart(4, '0')}9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f0`)).toBe('mobile')
    expect(told('mobile', (row) => `138****${String(1000 + row)}`)).toBe('mobile')
    expect(told('province', (row) => String(110_000 + (row % 30) * 10_000))).toBe('region')
  })

  it('is a picture of a document when files stand under a document’s name', () => {
    expect(told('id_card', (row) => `/upload/2024/${row}.jpg`)).toBe('photo')
  })
})

describe('what people and things both have', () => {
  const goods = ['id', 'goods_name', 'price', 'stock']
  it('is nobody’s in a table that knows of no person', () => {
    expect(told('photo', (row) => `/img/${row}.jpg`, goods, 'product')).toBe('none')
    expect(told('symptom', (row) => `症状${row}`, goods, 'disease_dictionary')).toBe('none')
    expect(told('age', (row) => String(row), goods, 'machine')).toBe('none')
  })

  it('is somebody’s beside one', () => {
    expect(told('photo', (row) => `/img/${row}.jpg`)).toBe('photo')
    expect(told('img', (row) => `/img/${row}.jpg`, people, 'borrowers')).toBe('photo')
    expect(told('img', (row) => `/img/${row}.jpg`, goods, 'product')).toBe('none')
  })
})

describe('a name that says something else than its values', () => {
  const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
  it('gives way to names and addresses of people', () => {
    expect(told('detail', (row) => `浙江省杭州市西湖区文三路${row + 1}号${(row % 9) + 1}单元${101 + row}室`)).toBe('address')
    expect(told('handle_status', (row) => `${surnames[row % 20] ?? ''}${'建国志明秀英丽华'[row % 8] ?? ''}${'伟芳敏静强磊洋艳'[(row * 3) % 8] ?? ''}`)).toBe('person-name')
  })
})
