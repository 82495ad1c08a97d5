// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { gradeType, inspectText, inspectValue, maskValue, normaliseKey } from './index.ts'

describe('inspecting values', () => {
  it('says why an ID number is none', () => {
    const codes = ['11019919900101121', '11019919900101121Y', '990199199001011217', '110199199002301212', '110199209901011212', '110199199001011218'].map((value) => inspectValue('resident-id', value))
    expect(codes.map((check) => (check.valid ? 'valid' : check.code))).toEqual(['BAD_LENGTH', 'BAD_CHARACTER', 'BAD_REGION', 'BAD_DATE', 'BAD_DATE', 'BAD_CHECKSUM'])
  })

  it('asks of a county, when told to, that it ever existed', () => {
    expect(inspectValue('resident-id', '110101199003078670', { region: 'ever-existed' }).valid).toBe(true)
    expect(inspectValue('resident-id', '110199900307867').valid).toBe(true)
    expect(inspectValue('resident-id', '110199900307867', { region: 'ever-existed' })).toEqual({ valid: false, code: 'BAD_REGION' })
  })

  it('knows the new ranges of mobile numbers and the gaps', () => {
    for (const prefix of ['161', '162', '171', '192', '199']) expect(inspectValue('mobile', `${prefix}12345678`).valid).toBe(true)
    for (const prefix of ['120', '140', '154', '160', '194']) expect(inspectValue('mobile', `${prefix}12345678`)).toEqual({ valid: false, code: 'BAD_PREFIX' })
  })

  it('answers unknown types and values of any length without failing', () => {
    expect(inspectValue('star-sign', 'x')).toEqual({ valid: false, code: 'UNKNOWN_TYPE' })
    expect(inspectValue('email', 'a'.repeat(1_000_000))).toEqual({ valid: false, code: 'BAD_LENGTH' })
  })
})

describe('identity keys', () => {
  it('makes ways of writing one number equal', () => {
    expect(new Set(['13800138001', '+86 138-0013-8001', '0086 13800138001', '１３８００１３８００１'].map((text) => normaliseKey('mobile', text)))).toEqual(new Set(['13800138001']))
    expect(normaliseKey('resident-id', '110101900307867')).toBe('110101199003078670'.slice(0, 17) + normaliseKey('resident-id', '110101900307867')?.at(-1))
    expect(normaliseKey('resident-id', '44040119580101000x')).toBe('44040119580101000X')
    expect(normaliseKey('email', ' Zhang@Example.COM ')).toBe('zhang@example.com')
  })

  it('makes no key of broken, masked or empty values', () => {
    for (const [type, value] of [['mobile', '138****5678'], ['mobile', '12345'], ['resident-id', '110199199001011218'], ['email', 'x'], ['customer-id', ' ']] as const) expect(normaliseKey(type, value)).toBeNull()
  })
})

describe('inspecting texts', () => {
  it('finds names, numbers, addresses and organisations at their places', () => {
    const text = '客户张伟明来电,电话１３８００１３８００１,住上海市黄浦区南京东路100号3栋502室,在上海大明建材有限公司上班'
    const found = inspectText(text).map(([start, end, type]) => [type, text.slice(start, end)])
    expect(found).toEqual([['person-name', '张伟明'], ['mobile', '１３８００１３８００１'], ['address', '上海市黄浦区南京东路100号3栋502室'], ['organisation-name', '上海大明建材有限公司']])
  })

  it('finds nothing in ordinary sentences', () => {
    for (const text of ['花洒漏水,已更换进水阀', '订单号 2023010112345678901 已发货', '高兴地通知您新品上市', '型号 JL-Z900 单价 1,299.00 元']) expect(inspectText(text)).toEqual([])
  })

  it('finds addresses of both versions of IP, and no clock, no double colon', () => {
    const found = (text: string): string[] => inspectText(text).filter((span) => span[2] === 'ip-address').map(([start, end]) => text.slice(start, end))
    expect(found('登录地址 2001:db8:85a3::8a2e:370:7334 异常')).toEqual(['2001:db8:85a3::8a2e:370:7334'])
    expect(found('来自 ::ffff:192.0.2.128 的请求')).toEqual(['::ffff:192.0.2.128'])
    for (const text of ['时间 12:30:45 到', 'std::vector::x', '比例 1::2', 'mac aa:bb:cc:dd:ee:ff', '备注::::']) expect(found(text)).toEqual([])
  })

  it('ends on hostile text of a hundred thousand repetitions, which only linear patterns do', () => {
    for (const unit of ['1', 'a@', '张', '上海市', '138 0013 ', '公司', '(', '1:', 'a1::']) expect(Array.isArray(inspectText(unit.repeat(100_000)))).toBe(true)
  })
})

describe('masking and grading', () => {
  it('never shows more than the agreed parts', () => {
    expect(maskValue('mobile', '+86 138 0013 8001')).toBe('138****8001')
    expect(maskValue('resident-id', '110101199003078670')).toBe('110***********8670')
    expect(maskValue('person-name', '欧阳娜娜')).toBe('欧***')
    expect(maskValue('email', 'zhang@example.com')).toBe('z****@example.com')
    expect(maskValue('mobile', '123')).toBe('***')
    for (const [birth, shown] of [['1990-01-05', '1990-**-**'], ['19900105', '1990****'], ['1990年1月5日', '1990年*月*日'], ['05/01/1990', '**/**/1990'], ['5 Jan 1990', '* *** 1990'], ['05/01/90', '********'], ['一九九〇年一月五日', '*********'], ['32878', '*****']]) expect(maskValue('birth-date', birth ?? '')).toBe(shown)
    for (const [address, shown] of [['192.168.1.20', '192.168.*.*'], ['fe80::1%eth0', 'fe80:*'], ['2001:db8:1:2:3:4:5:6', '2001:db8:*'], ['::1', '***'], ['10.0.0.1:8080', '10.0.*.*']]) expect(maskValue('ip-address', address ?? '')).toBe(shown)
    expect([maskValue('organisation-name', '张三餐馆'), maskValue('organisation-name', '北京某某有限公司'), maskValue('email', '没有地址'), maskValue('region', '北京市东城区某某路12号')]).toEqual(['**餐馆', '北京****公司', '没***', '北京**********'])
    expect(maskValue('free-text-personal', '对青霉素过敏')).toBe('******')
    expect(maskValue('person-name', '张\u202e\u001b[31m')).not.toMatch(/[\u202e\u001b]/)
  })

  it('says which rule gave a grade', () => {
    expect(gradeType('resident-id', 'gbt45574-2025')).toEqual({ grade: 'general', rule: 'gbt45574-2025/A-ID-ALONE', isCombination: true })
    expect(gradeType('resident-id', 'gbt35273-2020').grade).toBe('sensitive')
    expect(gradeType('uscc').grade).toBe('organisation')
  })
})
