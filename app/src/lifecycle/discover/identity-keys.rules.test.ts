// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { ageGroupOf, birthDayOfResidentId, birthDayOfText, youngest } from './age.rules.ts'
import { withCheckDigit } from './fixture.ts'
import { comparableName, identityFields, keyWithScope, nameField, placeholderReason } from './identity-keys.rules.ts'
import { sizeTier } from '../../law/index.ts'

describe('identity keys', () => {
  test('a column about somebody else than the customer proves nothing', () => {
    const fields = ['手机号', '紧急联系人电话', '收货人电话', '业务员手机', 'receiver_mobile', 'mobile'].map((name, position) => ({ position, name, type: 'mobile' }))
    expect(identityFields(fields).map((field) => field.proven)).toEqual([true, false, false, false, false, true])
    expect(identityFields([{ position: 0, name: '地址', type: 'address' }])).toEqual([])
  })

  test('the name is that of the customer, not of the clerk', () => {
    expect(nameField([{ position: 0, name: '经办人', type: 'person-name' }, { position: 1, name: '客户姓名', type: 'person-name' }])).toBe(1)
    expect(nameField([{ position: 0, name: '推荐人姓名', type: 'person-name' }])).toBeNull()
  })

  test('a customer number counts within its source only', () => {
    expect(keyWithScope('customer-id', 'KH1', 'src_a')).not.toBe(keyWithScope('customer-id', 'KH1', 'src_b'))
    expect(keyWithScope('mobile', '17000000001', 'src_a')).toBe(keyWithScope('mobile', '17000000001', 'src_b'))
  })

  test.each([
    ['mobile', '13800000000', true], ['mobile', '13800138000', true], ['mobile', '18888888888', true], ['mobile', '13912345678', true], ['mobile', '13812345679', false],
    ['email', 'test@qq.com', true], ['email', 'tester@qq.com', false], ['customer-id', '0000', true], ['customer-id', '暂无', true], ['customer-id', 'KH0000', false],
  ] as const)('%s %s is a placeholder: %s', (type, value, is) => {
    expect(placeholderReason(type, value) !== null).toBe(is)
  })

  test.each([['张三', '张三'], ['张 三', '张三'], ['阿卜杜拉·买买提', '阿卜杜拉买买提'], ['张先生', null], ['张*', null], ['张', null], ['Li Lei', 'LILEI']])('%s compares as %s', (text, name) => {
    expect(comparableName(text)).toBe(name)
  })
})

describe('ages', () => {
  test.each([
    ['2012-11-22', 'under14'], ['2012-11-21', 'under18'], ['2008-11-22', 'under18'], ['2008-11-21', 'adult'], ['2027-01-01', 'unknown'], ['1880-01-01', 'unknown'], [null, 'unknown'],
  ] as const)('born %s is %s on 2026-11-21', (day, group) => {
    expect(ageGroupOf(day, '2026-11-21')).toBe(group)
  })

  test('come from an ID number or from a date as people write it, never from an impossible one', () => {
    expect(birthDayOfResidentId(withCheckDigit('11019920150102001'))).toBe('2015-01-02')
    expect(birthDayOfResidentId(withCheckDigit('11019920150230001'))).toBeNull()
    expect(['1990-1-5', '1990/01/05', '1990年1月5日', '19900105', '1990-01-05 00:00:00', '１９９０．１．５'].map(birthDayOfText)).toEqual(Array.from({ length: 6 }, () => '1990-01-05'))
    expect(['', '90-1-5', '1990-13-01', '保密', '1850-01-01'].map(birthDayOfText)).toEqual(Array.from({ length: 5 }, () => null))
  })

  test('of several the youngest counts', () => {
    expect(youngest(['adult', 'under18', 'unknown'])).toBe('under18')
    expect(youngest([])).toBe('unknown')
  })
})

test.each([[0, 'small'], [99_999, 'small'], [100_000, 'normal'], [999_999, 'normal'], [1_000_000, 'dpo'], [10_000_000, 'mass']] as const)('%i persons are size %s: the number itself counts', (persons, tier) => {
  expect(sizeTier(persons).tier).toBe(tier)
})
