// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { instantOf } from '../../kit/time.ts'
import { choicesOf, csvLine, layoutOf, resultOf, timeOf } from './key-file.rules.ts'

const now = instantOf('2026-11-21T08:00:00Z')

describe('files of keys', () => {
  test('columns are found by the titles that clerks and gateways use', () => {
    expect(layoutOf(['姓名', '手机号', '发送结果', '回执时间'])).toEqual({ at: { key: 1, result: 2, time: 3 }, keyTypeOfColumn: 'mobile' })
    expect(layoutOf(['key_type', 'KEY', 'Status'])).toEqual({ at: { keyType: 0, key: 1, result: 2 }, keyTypeOfColumn: null })
    expect(layoutOf(['姓名', '结果']).at.key).toBeUndefined()
    expect(layoutOf(['constructor', '__proto__'])).toEqual({ at: {}, keyTypeOfColumn: null })
  })

  test.each([
    ['2026-11-10 09:30', '2026-11-10T01:30:00.000Z'], ['2026/1/5', '2026-01-04T16:00:00.000Z'], ['2026年1月5日', '2026-01-04T16:00:00.000Z'], ['2026-11-10T01:30:00Z', '2026-11-10T01:30:00.000Z'],
    ['', now], ['昨天', null], ['2026-13-40', null], ['2026-02-30 09:00', null], ['2027-01-01', null],
  ])('the time %s is %s', (text, instant) => {
    expect(timeOf(text, now)).toBe(instant)
  })

  test('results and choices in both languages; one unknown word makes the row wrong', () => {
    expect(['送达', 'DELIVRD', '空号', '公告', '也许'].map(resultOf)).toEqual(['delivered', 'delivered', 'bounced', 'announced', null])
    expect(choicesOf('同意;同意敏感信息')).toEqual(['agree-transfer', 'agree-sensitive'])
    expect(choicesOf('同意;同意出境')).toEqual(['agree-transfer', 'agree-export'])
    expect(choicesOf('不同意')).toEqual(['object'])
    expect(choicesOf('同意;随便')).toBeNull()
    expect(choicesOf('')).toBeNull()
    expect(choicesOf('constructor')).toBeNull()
  })

  test('what goes back is quoted, and no cell can be a formula', () => {
    expect(csvLine(['a,b', '说"好"', '=1+1', '+86 13800000000', '-cmd', '@x', '+1+cmd|x', '-2+3', '\uff1d1', '42'])).toBe(`"a,b","说""好""",'=1+1,'+86 13800000000,'-cmd,'@x,'+1+cmd|x,'-2+3,'\uff1d1,42\r\n`)
  })
})
