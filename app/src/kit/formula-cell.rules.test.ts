// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { disarmed, rearmed, workbookCell } from './formula-cell.rules.ts'

test.each(['=1+1', '+86138', '-1', '@SUM', '\t=1', '\r1', '\n1', ' =1', '\u3000=1', '\u200b=1', '\uff1d1', '\uff0b1', '\uff0d1', '\uff20x', '\u00a0=x'])('%j cannot be taken for a formula, and comes back as it was', (text) => {
  expect(disarmed(text)).toBe(`'${text}`)
  expect(rearmed(disarmed(text))).toBe(text)
})

test.each(['1+1', 'a=b', '张三', '客户-编号', '00123', '', "'quoted"])('%j is left alone', (text) => {
  expect(disarmed(text)).toBe(text)
  expect(rearmed(text)).toBe(text)
})

test('a workbook gets nothing that it cannot hold, and no half of a character', () => {
  expect(workbookCell('a\u0000b\ud800𠮷')).toBe('a·b·𠮷')
  expect(workbookCell(`${'a'.repeat(31_999)}𠮷`)).toBe(`${'a'.repeat(31_999)}…`)
  expect(workbookCell(`=${'a'.repeat(40_000)}`)).toHaveLength(32_002)
})
