// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { wordsShortenedAs } from './abbreviated-word.rules.ts'
import { calibrated } from './calibrate-confidence.ts'
import { ColumnScan, columnVerdict, noCounts, readHeader } from './index.ts'
import type { ColumnContext, InformationType } from './index.ts'
import { speaksOfPersons } from './read-header.ts'
import { headerTokens, splitRunTogether } from './split-header.rules.ts'
import { gluedLetter, tablePrefix, withoutPrefix } from './table-prefix.rules.ts'

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

  const built: readonly [string, InformationType][] = [
    // words without vowels, cut short, in other languages, in other scripts
    ['mrtl_sts', 'marital-status'], ['mthly_incm', 'income'], ['resd_addr', 'address'], ['bnfcry_nm', 'person-name'], ['fecha_nacimiento', 'birth-date'], ['Geburtsdatum', 'birth-date'], ['prénom', 'person-name'], ['PLZ', 'postcode'], ['氏名', 'person-name'], ['휴대폰', 'mobile'], ['GBDAT', 'birth-date'], ['AAC003', 'person-name'],
    // a word that means one thing, wherever it stands, and what turns it
    ['phone_biz', 'landline'], ['phone_contact', 'landline'], ['emp_ssn_num', 'national-id-foreign'], ['GuestBornDate', 'birth-date'], ['face_img_url', 'photo'], ['diagnosis_name', 'medical'], ['country_of_birth', 'region'], ['next_of_kin_name', 'person-name'], ['certificate_nbr', 'resident-id'], ['payee_acct_no', 'bank-account'],
    ['phone_type', 'none'], ['email_status', 'none'], ['product_pic', 'none'], ['mbr_card_no', 'customer-id'], ['instagram_handle', 'online-id'], ['height_cm', 'medical'],
    // 業主: traditional characters; forms of qualities; how Chinese names are built
    ['聯絡電話', 'mobile'], ['電郵地址', 'email'], ['郵遞區號', 'postcode'], ['銀行帳號', 'bank-account'], ['婚姻状况名称', 'marital-status'], ['ABO血型名称', 'medical'], ['职业类别代码', 'job'], ['*手机号(必填)', 'mobile'], ['工资卡账号', 'bank-account'], ['参保人编号', 'customer-id'], ['人脸照片地址', 'photo'], ['经纪人', 'person-name'], ['年龄限制', 'none'], ['岗位编码', 'none'], ['hzdhhm', 'mobile'], ['hyzkdm', 'marital-status'], ['fqxm', 'person-name'],
  ]
  it.each(built)('%s says %s by how it is built', (name, type) => {
    const said = readHeader(name).type
    expect(said === type || (type === 'none' && said === null) || (type === 'landline' && said === 'mobile')).toBe(true)
  })

  it('are read by how they are built: whose it is before or after what it is, x of y, brackets of forms and queries', () => {
    const built: readonly [string, InformationType][] = [
      ['qlrxm', 'person-name'], ['jdrsfzh', 'resident-id'], ['fddbrsfzjhm', 'resident-id'], ['ywr_txdz', 'address'], ['cwfzrlxdh', 'mobile'], ['phone_guardian', 'mobile'], ['PID_7_DateOfBirth', 'birth-date'], ['email_addr_of_landlord', 'email'],
      ['email_addr_2', 'email'], ['user[email]', 'email'], ['max(t1.mobile)', 'mobile'], ['Age__c', 'age'], ['password_his', 'password'], ['order_consignee', 'person-name'],
    ]
    for (const [name, type] of built) expect(readHeader(name).type, name).toBe(type)
  })

  it('that are cut short say nothing when they may stand for words of several senses', () => {
    expect(wordsShortenedAs('gndr')).toEqual(['gender'])
    expect(wordsShortenedAs('cntr').length).toBeGreaterThan(0)
    expect(wordsShortenedAs('gender')).toEqual([])
    expect(wordsShortenedAs('xq')).toEqual([])
    expect(readHeader('prov_flg').type === null || readHeader('prov_flg').type === 'none').toBe(true)
  })

  it('lose the mark that their table puts before them, not a word', () => {
    expect(tablePrefix(['c_id', 'c_first', 'c_last', 'c_zip', 'note'])).toBe('c')
    expect(tablePrefix(['product_id', 'product_name', 'product_price', 'product_note'])).toBeNull()
    expect(tablePrefix(['is_a', 'is_b', 'is_c', 'is_d'])).toBeNull()
    expect(withoutPrefix('c_first', 'c')).toBe('first')
    expect(withoutPrefix('note', 'c')).toBe('note')
  })

  it('lose a letter that a system glued to all of them, when without it more say something', () => {
    const speaks = (name: string): boolean => readHeader(name).strength === 'sure'
    expect(gluedLetter(['FQQ', 'FEMAIL', 'FMOBILE', 'FZIP', 'FWECHAT', 'FSEX'], speaks)).toBe('F')
    expect(withoutPrefix('FQQ', 'F', true)).toBe('QQ')
    expect(gluedLetter(['sku', 'status', 'sort', 'size', 'stock', 'salary'], speaks)).toBeNull()
    expect(gluedLetter(['FQQ', 'FEMAIL', 'MOBILE', 'FZIP', 'FWECHAT', 'FSEX'], speaks)).toBeNull()
  })

  it('of things say so when the thing is cut short, and diagnoses keep their sense', () => {
    expect(readHeader('brnd_nm').type).toBe('none')
    expect(readHeader('diag_nm').type).toBe('medical')
    expect(readHeader('nok_nm').type).toBe('person-name')
    expect(readHeader('face_verify_img').type).toBe('photo')
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

  const manyOf = (words: string): string[] => Array.from({ length: 60 }, (_, i) => words.split(' ')[i % words.split(' ').length] ?? '')

  it('tells parts of names in Latin letters by lists and endings, and not the names of towns or makes', () => {
    const firsts = 'James Mary Luís František Bjørn Leonie Hiroshi Fatima Ingrid Marta Kevin Astrid Pedro'
    const lasts = 'Andersson Kowalski Müller García Papadopoulos Smith Nguyen Köhler Fernandes Stevens Watson Hansen Wong'
    expect(verdictOf(manyOf(firsts), {}).type).toBe('person-name')
    expect(verdictOf(manyOf(lasts), {}).type).toBe('person-name')
    expect(verdictOf(manyOf('London Paris Madrid Boston Austin Victoria Madison Florence Toronto Berlin Sydney Houston Prague'), {}).type).toBe('region')
    expect(verdictOf(manyOf('Toyota Honda Ford Mazda Volvo Audi Skoda Nissan Kia Subaru Lexus Tesla Suzuki'), { header: 'name', headers: ['name'], dataSet: 'car_make' }).type).toBe('none')
  })

  it('tells states by their codes only where a column is full of them, and American telephone numbers by how they are written', () => {
    expect(verdictOf(manyOf('CA NY TX WA OR FL ON BC'), {}).type).toBe('region')
    expect(verdictOf(manyOf('CA XX TX ZZ Q1 FL ON KK'), {}).type).toBe('none')
    expect(verdictOf(many((i) => `(212) 555-01${10 + i}`), {}).type).toBe('landline')
    expect(verdictOf(many((i) => `212-555-01${10 + i}`), {}).type).toBe('landline')
    expect(verdictOf(many((i) => `2024-000${10 + i}`), {}).type).toBe('none')
  })

  it('takes numbers between towns for postcodes, and numbers beside nothing for nothing', () => {
    const columns = [many((i) => `${i + 1} Main Street`), manyOf('London Paris Madrid Boston Toronto').slice(0, 40), many((i) => String(10_000 + i * 713)), manyOf('USA France Spain Canada').slice(0, 40), many((i) => String(10_000 + i * 713))].map((values) => {
      const scan = new ColumnScan()
      values.forEach((value, i) => scan.add(value, i + 2))
      return scan.counts
    })
    const typeAt = (at: number): string => columnVerdict(columns[at] ?? noCounts(), { header: null, headers: [], dataSet: 'Sheet1', columns }).type
    expect(typeAt(2)).toBe('postcode')
    expect(columnVerdict(columns[2] ?? noCounts(), { header: null, headers: [], dataSet: 'Sheet1', columns: columns.slice(2, 3) }).type).toBe('none')
  })

  it('flags less clear values in a table of persons, and says of what it cannot read that somebody should look', () => {
    const mixed = many((i) => (i % 5 < 3 ? `${'王李张刘陈'[i % 5] ?? '王'}${'伟芳娜敏静丽强磊军洋'[i % 10] ?? ''}${'明超秀霞平刚桂英华玉'[(i * 3) % 10] ?? ''}` : `XK-${i}乙`))
    expect(verdictOf(mixed, { header: 'zzq1', headers: ['zzq1', 'sku'] }).type).toBe('none')
    const among = verdictOf(mixed, { header: 'zzq1', headers: ['zzq1', '手机号'] })
    expect(among.type).toBe('person-name')
    expect(among.why.zh).toContain('请人工确认')
    expect(verdictOf(many((i) => `乙${i}丙${i * 7}`), { header: 'zzq2', headers: ['zzq2', '手机号'] }).why.zh).toContain('请人工查看')
    expect(verdictOf(many((i) => `乙${i}丙${i * 7}`), { header: 'zzq2', headers: ['zzq2', 'sku'] }).why.zh).not.toContain('请人工查看')
  })

  it('says a probability: never certain, more for more evidence', () => {
    for (const told of ['name', 'values', 'text', 'nothing'] as const) {
      const said = [0, 0.3, 0.5, 0.7, 0.85, 0.9, 1].map((raw) => calibrated(told, raw))
      expect(said).toEqual(said.toSorted((a, b) => a - b))
      expect(said.every((one) => one >= 0 && one < 1)).toBe(true)
    }
  })
})

describe('names that tell who acted, how old a thing is, and whose a field is', () => {
  it('are nobody’s when they are keys of the staff or ages of things', () => {
    expect(['created_user_id', 'admin_user_id', 'last_modified_user_id', 'car_age', 'cache_age', '库龄', '创建人id', 'callback_address', 'url_addr'].map((name) => readHeader(name).type)).toEqual(Array.from({ length: 9 }, () => 'none'))
    expect(readHeader('user_id').type).toBe('customer-id')
    expect(readHeader('ip_addr').type).toBe('ip-address')
  })

  it('say whose a field is, first or last', () => {
    expect(readHeader('head_of_house_tel').type).toBe('landline')
    expect(readHeader('nro_cliente').type).toBe('customer-id')
    expect(readHeader('student_pic').type).toBe('photo')
    expect(readHeader('utel').type).toBe('mobile')
    expect(readHeader('IDcard').type).toBe('resident-id')
    expect(readHeader('agentpay_passage_name').type).not.toBe('age')
  })
})

describe('names and comments as client libraries have them', () => {
  it('are nobody’s when they extend a record, say what came of a call, or when it happened', () => {
    expect(['gmt_pay', 'result_message', 'ext_info', 'mail_no', 'damage_degree', 'order_line_id', '时区', '商户号', '城市code', 'operation_uid'].map((name) => readHeader(name).type)).toEqual(Array.from({ length: 10 }, () => 'none'))
    expect(readHeader('gmt_birthday').type).toBe('birth-date')
  })

  it('are not cut out of longer words', () => {
    expect(['消息uuid', 'skuid', 'periodPaidAll', 'out_merge_no', 'at_all'].map((name) => readHeader(name).type).filter((type) => type !== null && type !== 'none')).toEqual([])
    expect(readHeader('用户uid').type).toBe('customer-id')
    expect(wordsShortenedAs('merge')).toEqual([])
  })

  it('let a name that says a kind or a state outweigh a comment that lists what it may be', () => {
    expect(readHeader('cert_type', '身份证: IDENTITY_CARD').type).toBe('none')
    expect(readHeader('principal_type', 'ALIPAY_USER_ID: 会员').type).toBe('none')
    expect(readHeader('sex_type', '性别').type).toBe('gender')
    expect(readHeader('ding_index', '最近1天钉钉指数').type).toBe(readHeader('ding_index').type)
  })

  it('tell a licence of a business from a photograph', () => {
    expect(readHeader('营业执照编号').type).toBe('business-registration-number')
    expect(readHeader('免冠照编号').type).toBe('photo')
    expect(readHeader('buyerCertBackPic').type).toBe('photo')
  })
})

describe('verdicts that values make under names that say little', () => {
  it('take names that people gave themselves for names of users, and departments for nothing', () => {
    const nicks = many((i) => `${['风中的', '一只', '木子', 'Lucky', '暖暖的'][i % 5] ?? ''}${['承诺', '小猫', '阳光', 'tom', '草莓'][(i * 3) % 5] ?? ''}${i}`)
    expect(verdictOf(nicks, { header: 'commenter_name', headers: ['commenter_name', 'mobile'] }).type).toBe('user-name')
    expect(verdictOf(many((i) => `${['研发', '市场', '骨科', '内科', '财务'][i % 5] ?? ''}${i}部`), { header: 'creator_name', headers: ['creator_name', 'mobile'] }).type).toBe('none')
  })

  it('take e-mail addresses and mobile numbers by turns for what people log in with or are paid with', () => {
    const accounts = many((i) => (i % 2 === 0 ? `u${i}@example.com` : `138${10_000_000 + i * 7919}`))
    expect(verdictOf(accounts, { header: 'withdraw_to', headers: ['withdraw_to', 'real_name'] }).type).toBe('payment-account')
    expect(verdictOf(accounts, { header: 'zzq', headers: ['zzq', 'real_name'] }).type).toBe('user-name')
  })

  it('take an extension for one beside telephones only, and keys for no identity on a network', () => {
    expect(verdictOf(many((i) => String(100 + i)), { header: 'ext', headers: ['contact_name', 'phone', 'ext'] }).type).toBe('landline')
    expect(verdictOf(many((i) => `{"a":${i}}`), { header: 'ext', headers: ['contact_name', 'phone', 'ext'] }).type).toBe('none')
    expect(verdictOf(many((i) => String(1001 + i)), { header: 'device_id', headers: ['device_id', 'phone'] }).type).toBe('none')
    expect(verdictOf(many((i) => String(1001 + i)), { header: 'client_id', headers: ['client_id', 'client_secret', 'mobile'] }).type).toBe('none')
  })
})

describe('names in other languages', () => {
  it.each([
    ['geb_dat', 'birth-date'], ['stundenlohn', 'income'], ['jobTitel', 'job'], ['untertitel', 'none'], ['telefone', 'landline'], ['telefone_contato', 'landline'], ['razao_social', 'organisation-name'], ['nome_social', 'person-name'], ['calle_y_num', 'address'],
    ['numero_piece_identite', 'national-id-foreign'], ['compte_utilisateur', 'user-name'], ['gruppo_sanguigno', 'medical'], ['haitatsu_yubin_no', 'postcode'], ['koza_no', 'bank-account'], ['tgl_lahir', 'birth-date'], ['nama_barang', null], ['cep_telefonu', 'mobile'], ['dia_chi', 'address'], ['ein', 'tax-id'],
  ])('%s says %s', (name, type) => {
    expect(readHeader(name).type).toBe(type)
  })
})

it('take a number of identity with other digits than a Chinese one for one of another country, in a table of persons', () => {
  expect(verdictOf(many((i) => String(6_198_039_357 + i * 7919)), { header: 'tenant_id_number', headers: ['tenant_name', 'phone', 'tenant_id_number'] }).type).toBe('national-id-foreign')
  expect(verdictOf(many((i) => String(6_198_039_357 + i * 7919)), { header: 'id_number', headers: ['goods', 'price', 'id_number'] }).type).toBe('none')
})

describe('names of columns that a hostile file has', () => {
  const units = ['1', 'a', '_', '户', '1_', 'img', 'pic', 'image', 'user', 'tel1', '(', '[', 'name_', 'height', '客户', '姓名', '手机', ' ', '.', "'"]
  // A pattern that looks at them again and again takes years for forty characters; these take a moment.
  it.each(units)('end, repeated: %s', (unit) => {
    for (const tail of ['x', '!', '', 'img', 'height', '_pic', '图片', '1']) {
      for (const head of ['', 'img', 'user_']) {
        const name = head + unit.repeat(Math.ceil(60 / unit.length)) + tail
        for (const values of [many((i) => `a/b${i}.png`), many((i) => `张${i}`)]) expect(verdictOf(values, { header: name, headers: ['id', name, '姓名', 'user_name'], dataSet: `user ${name}`, comment: name }).type).toBeTypeOf('string')
      }
    }
  })
})
