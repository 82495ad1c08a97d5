// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { cellForPeople, csvLine } from './peoples-cell.rules.ts'

test.each(['=1+1', '+86138', '-1', '@SUM', '\t=1', '\r1', '\n1', ' =1', '\u3000=1', '\uff1d1', '\uff0b1', '\uff0d1', '\uff20x', '\u00a0=x'])('%j cannot be taken for a formula', (text) => {
  expect(cellForPeople('t', text)).toBe(`'${text}`)
})

test.each(['1+1', 'a=b', '张三', '00123', '', "'quoted"])('%j is left alone', (text) => {
  expect(cellForPeople('t', text)).toBe(text)
})

test('bytes, null and text with NUL are shown as what they are', () => {
  expect(cellForPeople('b', '00ff')).toBe('hex:00ff')
  expect(cellForPeople('n', null)).toBe('')
  expect(cellForPeople('x', Buffer.from('=a\0b').toString('hex'))).toBe("'=a\u2400b")
})

test('every cell of a CSV line is quoted', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines'])).toBe('"a,b","say ""hi""","two\nlines"\r\n')
})
