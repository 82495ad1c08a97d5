// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { inspectValue } from './index.ts'
import type { InformationType } from './index.ts'
import { isIban, residentIdCheck } from './check-digits.ts'
import { damagedType, maskedTypes } from './mask-value.ts'
import { plainText } from './normalise-text.ts'
import { recognisers } from './recognisers.ts'

// Numbers pass their checks and belong to nobody: unassigned regions (county 99), reserved or invented serials.
const withCheck = (body: string): string => body + residentIdCheck(body)
const examples: readonly (readonly [InformationType, readonly string[], readonly string[]])[] = [
  ['resident-id', [withCheck('11019919900101121'), '110199900101121', withCheck('81000019900101001'), withCheck('83000019900101001'), '１１０１９９１９９００１０１１２１' + residentIdCheck('11019919900101121'), '110199 19900101 121' + residentIdCheck('11019919900101121')], ['110199199013011219', withCheck('99019919900101121'), '11019919900101121', '110199199001011219']],
  ['foreign-permanent-resident-id', [withCheck('91112419810803002'), withCheck('93184019810803002')], [withCheck('99912419810803002'), withCheck('91199919810803002'), '911124198108030029', 'CAN110181080309']],
  ['passport', ['E12345678', 'EA1234567', 'G12345678', '141234567', '151234567', 'PE1234567', 'SE1234567', 'DE1234567', 'P1234567', 'P.1234567', 'S12345678', 'D1234567', 'K12345678', 'H12345678', 'MA1234567'], ['EI1234567', 'EO1234567', 'X12345678', 'E1234567', '161234567']],
  ['hk-mo-travel-permit', ['C12345678', 'W12345678', 'CA1234567', 'L12345678', 'T12345678'], ['C1234567', 'X12345678']], ['mainland-travel-permit', ['H12345678', 'M12345678', 'H1234567801', '12345678', '1234567801'], ['A12345678', '1234567']],
  ['military-id', ['军字第2001988号', '空字第1234567号', '南字第12345678号'], ['军字2001988', '第123号']], ['driver-licence', ['110199123456', withCheck('11019919900101121')], ['11019912345']],
  ['national-id-foreign', ['A123456(3)', 'AB987654(3)', 'A123456789', 'S1234567D', '123-45-6789', '5686611(1)', 'AB123456C'], ['A123456(4)', 'K034169(1)', 'A123456788', 'S1234567A', '000-45-6789', '666-45-6789', 'BG123456C']],
  ['mobile', ['13012345678', '16112345678', '16212345678', '17412345678', '19212345678', '+86 138 0013 8001', '0086-13800138001', '1400123456789', '1410123456789', '1440123456789', '1460123456789', '1480123456789', '１３８００１３８００１'], ['12012345678', '14012345678', '15412345678', '1380013800', '92123456789']],
  ['landline', ['010-62345678', '(021)62345678', '0571-86543210', '0571-8654321', '021-62345678-801', '021-62345678转801', '400-123-4567', '8001234567', '86-21-62345678', '62345678'], ['0571', '99-12345678901234567', '12345678']],
  ['email', ['a.b@example.com', '张三@例子.公司', 'user+tag@mail.example.cn'], ['a@b', 'a..b@example.com', '@example.com', 'a@-example.com', '"a b"@example.com']], ['ip-address', ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', 'fe80::1%eth0', '[2001:db8::1]:443', '192.0.2.1:8080'], ['256.0.0.1', '192.0.2', '2001:db8:::1', '192.0.2.1:99999']],
  ['mac-address', ['00:1A:2b:3c:4d:5e', '00-1a-2b-3c-4d-5e', '001a.2b3c.4d5e'], ['00:1a:2b:3c:4d', '00:1a-2b:3c:4d:5e']], ['imei', ['860000000000009', '35-209900-176148-1'], ['860000000000000', '000000000000000', '1234567890123456']], ['imsi', ['460991234567890'], ['310150123456789']], ['iccid', ['89869912345678901234', '8986991234567890123'], ['8900991234567890123']],
  ['bank-card', ['6299990000000000004', '4111111111111111', '378282246310005', '3530111333300000'], ['4111111111111112', '1234567890123452', '6234567890']], ['bank-account', ['DE89370400440532013000', '1202 0001 0990 0123 456'], ['账号', '1234']],
  ['uscc', ['91350100M000100Y43'], ['91350100M000100Y44', '9135O100M000100Y43']], ['business-registration-number', ['310000000000000'], ['310000000000001', '99000000000000']], ['tax-id', ['91350100M000100Y43', '110199123456789'], ['12345']], ['invoice-number', ['12345678', '1100123456', '24312000000012345678'], ['1234']],
  ['licence-plate', ['京A12345', '沪AD12345', '粤B12345D', '京A·1234警', '浙A1234学', '苏E1234挂', '粤Z1234港', '粤Z1234澳', '京A1234领', '使014001', 'WJ京1234X', 'VA12345'], ['京I12345', '京A1234', '啊A12345', '京AI2345', '京京12345']], ['vin', ['1M8GDM9AXKP042788'], ['1M8GDM9A1KP042788', '1M8GDM9AXKP04278I']],
  ['online-id', ['wxid_abc123', 'oABCDEFGHIJKLMNOPQRSTUVWXYZ1', '12345678'], ['a', '0123456']], ['postcode', ['100000', '510000'], ['000000', '1000']], ['geo-location', ['39.908823,116.397470', 'POINT(116.397470 39.908823)', '(31.2304, 121.4737)'], ['200.123,300.456', '1.5,2.5']],
  ['birth-date', ['1990-01-31', '1990/1/31', '1990年1月31日', '19900131', '1990.01.31', '1990-01', '1/31/1990'], ['1990-02-30', '2990-01-01', '1749-01-01']], ['age', ['30', '30岁', '8周岁', '45.0'], ['121', '-1']], ['gender', ['男', '女性', 'Female', 'M', '1'], ['男女', '5']],
  ['ethnicity', ['汉', '汉族', '维吾尔族', '门巴', '基诺族'], ['京城族']], ['religion', ['佛教', '无', 'Islam'], ['教师']], ['marital-status', ['已婚', '未婚', 'Divorced', 'never-married'], ['婚']], ['education', ['本科', '硕士研究生', 'Bachelor', '初中及以下'], ['学习']], ['job', ['软件工程师', '教师', '个体户', 'Sales Manager'], ['苹果', 'Apple']],
  ['medical', ['2型糖尿病', '高血压', '慢性胃炎', 'AB型', '青霉素过敏', '骨折术后'], ['手机', '水龙头']], ['password', ['$2a$10$abcdefghijklmnopqrstuu5XQF8Oj1bQwGm1P2bQ9c1bV6c1bV6c1', '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub', '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g', 'pbkdf2_sha256$260000$salt$hash0123456789'], ['$100.00', '$2a$', 'hello world!!']],
  ['secret', ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', 'AKIAABCDEFGH23456723', `ghp_${'a'.repeat(36)}`, 'LTAI5tAbCdEfGhIjKlMnOp', '-----BEGIN PRIVATE KEY-----MIIB', 'https://example.com/cb?state=1&access_token=abcdef123456'], ['https://example.com/p?page=2', 'AKIA', 'eyJ.abc']],
  ['region', ['上海市黄浦区', '浙江省', '苏州', '中国', 'Berlin', 'California', 'United States'], ['西湖花园', 'Foo']], ['person-name', ['张伟', '欧阳娜娜', '买买提·艾力', 'John Smith'], ['高兴', '公司']], ['address', ['上海市黄浦区南京东路100号', '文三路12号3幢502室'], ['今天天气很好', '上海市']], ['organisation-name', ['上海大明建材有限公司', '浙江大学', 'Acme Inc.'], ['张伟', '苹果']],
]

describe('each recogniser', () => {
  it.each(examples.map(([type, good, bad]) => ({ type, good, bad })))('$type takes its forms and refuses what comes near', ({ type, good, bad }) => {
    expect(good.filter((value) => !inspectValue(type, value).valid)).toEqual([])
    expect(bad.filter((value) => inspectValue(type, value).valid)).toEqual([])
  })

  it('has examples here', () => {
    expect(recognisers.map((recogniser) => recogniser.type).filter((type) => !examples.some((one) => one[0] === type))).toEqual([])
  })

  it('lets every good example through its own gate of lengths', () => {
    const stopped = examples.flatMap(([type, good]) => {
      const [shortest, longest] = recognisers.find((recogniser) => recogniser.type === type)?.lengths ?? [0, 0]
      return good.filter((value) => plainText(value).length < shortest || plainText(value).length > longest)
    })
    expect(stopped).toEqual([])
  })

  it('answers any text: a megabyte by its length alone, the longest that is looked at in full', () => {
    expect(inspectValue('resident-id', '1'.repeat(1_000_000))).toEqual({ valid: false, code: 'BAD_LENGTH' })
    for (const unit of ['1', 'A1', '-', '张', 'a.', '$2a$10$', 'eyJ', 'https://a?b&', '病', '(', '上海市']) {
      for (const { type } of recognisers) {
        expect(typeof inspectValue(type, unit.repeat(4096 / unit.length)).valid).toBe('boolean')
      }
    }
  })
})

describe('values that are hidden in part, or spoilt', () => {
  it.each<[InformationType, string]>([
    ['mobile', '138****5678'], ['resident-id', '110199********1234'], ['bank-card', '6222 **** **** 1234'], ['person-name', '张*'], ['person-name', '李**'], ['email', 'a***@example.com'], ['address', '上海市黄浦区****'], ['licence-plate', '京A***45'], ['landline', '021-****5678'],
    ['passport', 'E****5678'], ['hk-mo-travel-permit', 'C****5678'], ['mainland-travel-permit', 'H****5678'], ['uscc', '9131**********1234'], ['vin', 'LSV**********1234'], ['ip-address', '192.0.2.*'], ['birth-date', '1990-**-**'], ['organisation-name', '上海****有限公司'],
  ])('%s is seen in %s', (type, value) => {
    expect(maskedTypes(value)).toContain(type)
  })

  it('takes stars in ordinary words for nothing', () => {
    for (const value of ['5*8', '**重要**', '*', '规格 10*20*30', '1****']) expect(maskedTypes(value)).toEqual([])
  })

  it.each<[InformationType, string]>([['resident-id', '1.10199E+17'], ['resident-id', '11019919900101121'], ['resident-id', '110199199001011000'], ['mobile', '1.38001E+10'], ['mobile', '13800138001.0'], ['bank-card', '6.22299E+18']])('%s was %s before a spreadsheet spoilt it', (type, value) => {
    expect(damagedType(value, false)).toBe(type)
  })

  it('takes whole numbers for no damage', () => {
    for (const value of [withCheck('11019919900101121'), '13800138001', '20240101000', '123456789012345000', '1.5E+3']) expect(damagedType(value, false)).toBeNull()
  })
})

describe('account numbers of ISO 13616', () => {
  it('need their check digits', () => {
    expect(isIban('GB82 WEST 1234 5698 7654 32')).toBe(true)
    expect(isIban('GB83WEST12345698765432')).toBe(false)
    expect(isIban('XS202412345678')).toBe(false)
  })
})
