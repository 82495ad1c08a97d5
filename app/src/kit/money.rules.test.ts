// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { fenOf, yuanOf } from './money.rules.ts'

describe('an amount as people write it', () => {
  it.each([
    ['1234.5', '1234.50'], ['¥1,234.50', '1234.50'], ['￥１２３４．５０', '1234.50'], ['1 234.50元', '1234.50'], ['(12.00)', '-12.00'], ['-0.01', '-0.01'], ['¥-12', '-12.00'], ['1.2万', '12000.00'], ['100万元', '1000000.00'],
    ['RMB 88', '88.00'], ['0', '0.00'], ['99999999999999999999.99', '99999999999999999999.99'], ['12.500', '12.50'], ['人民币 3 元', '3.00'],
  ])('%s is %s yuan', (text, yuan) => {
    expect(yuanOf(fenOf(text) ?? 0n)).toBe(yuan)
    expect(fenOf(text)).not.toBeNull()
  })

  it.each(['', '12.345', '约100', '$5', '1,23', '十元', '=1+1', '3次', '2026-11-21', '1e3'])('%s is none, so nobody is refunded by a guess', (text) => {
    expect(fenOf(text)).toBeNull()
  })
})
