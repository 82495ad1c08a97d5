// SPDX-License-Identifier: Apache-2.0
// Values of invented people for the evaluation's tables: numbers pass their checks but use unassigned regions and issuers.
import type { SeededRandom } from '../../app/src/demo/index.ts'
import * as words from './sample-words.ts'

/** Makes one value; `row` counts from 0. */
export type ValueMaker = (random: SeededRandom, row: number) => string

const digits = (random: SeededRandom, count: number): string => Array.from({ length: count }, () => String(random.below(10))).join('')
const pad = (value: number, width: number): string => String(value).padStart(width, '0')
const hex = (random: SeededRandom, count: number): string => Array.from({ length: count }, () => random.pick([...'0123456789abcdef'])).join('')
const letters = (random: SeededRandom, count: number, from = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'): string => Array.from({ length: count }, () => random.pick([...from])).join('')
const pickOf = (from: readonly string[]): ValueMaker => (random) => random.pick(from)

function name(random: SeededRandom): string {
  if (random.chance(0.01)) return random.pick(words.dotted)
  return random.pick(words.surnames) + random.pick(words.given) + (random.chance(0.75) ? random.pick(words.given) : '')
}

const mobile = (random: SeededRandom): string => `1${random.pick(['30', '35', '36', '38', '39', '50', '58', '59', '66', '73', '77', '80', '86', '87', '89', '91', '98'])}${digits(random, 8)}`
const landline = (random: SeededRandom): string => random.pick([`0${random.pick(['20', '21', '10'])}-${2 + random.below(7)}${digits(random, 7)}`, `0${random.pick(['571', '755', '731', '591'])}-${2 + random.below(7)}${digits(random, 7)}`, `05718${digits(random, 7)}`])

function idCheck(body: string): string {
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (2 ** (17 - i) % 11), 0)
  return '10X98765432'[sum % 11] ?? ''
}

function luhn(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, i) => total + (i % 2 === 0 ? (Number(digit) * 2 > 9 ? Number(digit) * 2 - 9 : Number(digit) * 2) : Number(digit)), 0)
  return body + String((10 - (sum % 10)) % 10)
}

const birthOf = (random: SeededRandom): [number, number, number] => [1945 + random.below(65), 1 + random.below(12), 1 + random.below(28)]
const birth: ValueMaker = (random) => birthOf(random).map((part, i) => pad(part, i === 0 ? 4 : 2)).join('-')
const id18: ValueMaker = (random) => {
  const body = random.pick(['330199', '440199', '510199', '110199', '320599']) + birthOf(random).map((part, i) => pad(part, i === 0 ? 4 : 2)).join('') + digits(random, 3)
  return body + idCheck(body)
}
const date: ValueMaker = (random) => `${2021 + random.below(5)}-${pad(1 + random.below(12), 2)}-${pad(1 + random.below(28), 2)}`
const clock = (random: SeededRandom): string => `${pad(random.below(24), 2)}:${pad(random.below(60), 2)}:${pad(random.below(60), 2)}`
const address: ValueMaker = (random) => random.pick(words.provinces) + random.pick(words.cities) + random.pick(words.districts) + partAddress(random)
const partAddress = (random: SeededRandom): string => random.chance(0.5) ? `${random.pick(words.roads)}${1 + random.below(900)}号${random.pick(words.estates)}${1 + random.below(30)}栋${digits(random, 1)}0${1 + random.below(8)}室` : `${random.pick(words.roads)}${1 + random.below(400)}号`
const org: ValueMaker = (random) => `${random.pick(words.cities).slice(0, 2)}${random.pick(words.brandsOfCompanies)}${random.pick(words.trades)}${random.pick(['有限公司', '有限责任公司', '股份有限公司', '经营部', '厂'])}`
const login: ValueMaker = (random) => random.pick([`user${digits(random, 4)}`, `${random.pick(['zhang', 'li', 'wang', 'chen'])}${letters(random, 3, 'abcdefghij')}${digits(random, 2)}`, letters(random, 7, 'abcdefghijklmnop'), mobile(random)])
const ip: ValueMaker = (random) => `${1 + random.below(220)}.${random.below(256)}.${random.below(256)}.${1 + random.below(250)}`
const uuid: ValueMaker = (random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`
const amount: ValueMaker = (random) => (random.below(500_000) / 100).toFixed(2)
const openid: ValueMaker = (random) => `o${letters(random, 27)}`
const wechat: ValueMaker = (random) => random.pick([`wxid_${letters(random, 12, 'abcdefghij0123456789')}`, `${letters(random, 6, 'abcdefgh')}${digits(random, 4)}`, mobile(random)])
const plainEmail: ValueMaker = (random, row) => `${random.pick(['zhang', 'lily', 'kehu', 'm.chen', 'info'])}${row}@${random.pick(['example.com', 'mail.example.cn', 'example.org'])}`

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const uscc: ValueMaker = (random) => {
  const org = digits(random, 8)
  const orgSum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, i) => total + weight * Number(org[i]), 0)
  const orgCheck = 11 - (orgSum % 11)
  const body = `91${random.pick(['330199', '440199'])}${org}${orgCheck === 10 ? 'X' : orgCheck === 11 ? '0' : orgCheck}`
  const sum = [...body].reduce((total, char, i) => total + creditAlphabet.indexOf(char) * (3 ** i % 31), 0)
  return body + (creditAlphabet[(31 - (sum % 31)) % 31] ?? '')
}
const vin: ValueMaker = (random) => {
  const body = [...`LSV${letters(random, 5, 'ABCDEFGH')}0${letters(random, 3, 'KLMN12')}${digits(random, 5)}`]
  const value = (char: string): number => (/\d/.test(char) ? Number(char) : '0ABCDEFGH'.indexOf(char) > 0 ? '0ABCDEFGH'.indexOf(char) : '0JKLMN'.indexOf(char) > 0 ? '0JKLMN'.indexOf(char) : { P: 7, R: 9 }[char] ?? 'STUVWXYZ'.indexOf(char) + 2)
  const sum = body.reduce((total, char, i) => total + value(char) * ([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2][i] ?? 0), 0)
  body[8] = sum % 11 === 10 ? 'X' : String(sum % 11)
  return body.join('')
}
const registration: ValueMaker = (random) => {
  const body = `${random.pick(['330199', '440199'])}${digits(random, 8)}`
  return Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).find((number) => {
    let product = 10
    for (const digit of number.slice(0, 14)) product = ((((product + Number(digit)) % 10 || 10) * 2) % 11)
    return (product + Number(number[14])) % 10 === 1
  }) ?? body
}
const plate: ValueMaker = (random) => random.pick(['浙A', '粤B', '京N', '沪C', '苏E']) + (random.chance(0.2) ? `D${digits(random, 5)}` : letters(random, 5, 'ABCDEFGH0123456789'))
const note = (random: SeededRandom): string => random.pick(words.notes).replace('{name}', name(random)).replace('{mobile}', mobile(random)).replace('{addr}', `${random.pick(words.districts)}${partAddress(random)}`).replace('{wechat}', `wx${digits(random, 6)}`)
const masked = (text: string, from: number, to: number): string => `${text.slice(0, from)}${'*'.repeat(Math.max(1, to - from))}${text.slice(to)}`

/** Every kind of values by its word in `schemas/*.txt`. */
export const makers: Readonly<Record<string, ValueMaker>> = {
  serial: (_, row) => String(1001 + row), uuid, order: (random) => `202${random.below(6)}${pad(1 + random.below(12), 2)}${pad(1 + random.below(28), 2)}${digits(random, 10)}`, sku: (random) => random.pick([`S${digits(random, 2)}_${digits(random, 4)}`, `ECS${digits(random, 6)}`, digits(random, 12)]),
  docno: (random) => `${random.pick(['XS', 'GD', 'HT', 'TJ'])}2024${digits(random, 8)}`, coupon: (random) => letters(random, 10, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'), barcode: (random) => `69${digits(random, 11)}`, express_no: (random) => random.pick([`SF${digits(random, 13)}`, `YT${digits(random, 13)}`, `7${digits(random, 13)}`]),
  serialno: (random) => `SN${letters(random, 10, 'ABCDEF0123456789')}`, batch: (random) => `20240${1 + random.below(9)}${digits(random, 3)}`, digits4: (random) => digits(random, 4), digits8: (random) => `${1 + random.below(9)}${digits(random, 7)}`, digits9: (random) => `${1 + random.below(9)}${digits(random, 8)}`, digits10: (random) => `${1 + random.below(9)}${digits(random, 9)}`, digits12: (random) => `${1 + random.below(9)}${digits(random, 11)}`, digits20: (random) => `2023${digits(random, 16)}`,
  code2: (random) => random.pick(['00', '01', 'A1', 'EM', 'PG']), code5: (random) => letters(random, 5, 'ABCDEFGHIJKLMNOPRSTW'), code6: pickOf(['330106', '440305', '110108', '310115']), khcode: (_, row) => `KH${pad(row + 1, 6)}`, vip: (_, row) => `VIP8${pad(row, 5)}`, empno: (_, row) => `E${pad(row + 1, 4)}`, cus: (random) => `cus_${letters(random, 14)}`, so: (_, row) => `SO${43_659 + row}`, po: (random) => `PO${digits(random, 10)}`, awaccount: (random) => `10-40${digits(random, 2)}-${digits(random, 6)}`, approval: (random) => `${digits(random, 6)}Vi${digits(random, 5)}`, checkno: (random) => `${letters(random, 2, 'ABCDEFGHJ')}${digits(random, 6)}`, appid: (random) => `wx${hex(random, 16)}`,
  int: (random) => String(random.below(5000)), small: (random) => String(random.below(6)), bool: (random) => String(random.below(2)), amount, percent: (random) => `${(10 + random.below(300) / 10).toFixed(1)}%`, unix: (random) => String(1_600_000_000 + random.below(90_000_000)), stamp: (random, row) => `${date(random, row)} ${clock(random)}`, date, yearmonth: (random) => `202${random.below(6)}-${pad(1 + random.below(12), 2)}`, year: (random) => String(2005 + random.below(5)), version: (random) => `${random.below(9)}.${random.below(9)}.${random.below(20)}`,
  url: (random) => `https://img.example.com/u/${hex(random, 12)}.jpg`, path: (random) => `/profile/upload/2024/${hex(random, 10)}.png`, ua: (random) => `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/${100 + random.below(20)}.0.0.0`, json: (random) => `{"msg":"操作成功","code":${random.pick(['200', '500'])}}`, javamethod: (random) => `com.ruoyi.web.controller.${random.pick(['SysUser', 'GenTable'])}Controller.edit()`, base64: (random) => `${letters(random, 43)}=`, pem: (random) => `-----BEGIN PRIVATE KEY-----MIIEvQ${letters(random, 60)}-----END PRIVATE KEY-----`, jwt: (random) => `eyJhbGciOiJIUzI1NiJ9.eyJ${letters(random, 30)}.${letters(random, 43)}`, akid: (random) => `AKIA${letters(random, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  name, namemasked: (random) => masked(name(random), 1, 2), nameen: (random) => `${random.pick(words.firstEnglish)} ${random.pick(words.lastEnglish)}`, firsten: pickOf(words.firstEnglish), lasten: pickOf(words.lastEnglish), firstupper: (random) => random.pick(words.firstEnglish).toUpperCase(), lastupper: (random) => random.pick(words.lastEnglish).toUpperCase(), initialen: (random) => (random.chance(0.4) ? '' : letters(random, 1, 'ABCDEJLMPRS')), pinyin: pickOf(words.pinyinNames), nick: (random) => random.pick(words.nicks) + (random.chance(0.5) ? digits(random, 2) : ''), nickmasked: (random) => `${random.pick([...'小阿一风木'])}***${random.pick([...'a1猫6'])}`, login, loginen: (random) => `${random.pick(words.firstEnglish).toLowerCase()}${random.below(90)}`, domainlogin: (random) => `adventure-works\\${random.pick(words.firstEnglish).toLowerCase()}${random.below(3)}`,
  mobile, mobilemasked: (random) => masked(mobile(random), 3, 7), mobilehash: (random) => (random.chance(0.8) ? mobile(random) : masked(mobile(random), 3, 7)), landline, phones: (random) => (random.chance(0.8) ? mobile(random) : landline(random)), phoneforeign: (random) => random.pick([`(5) 555-${digits(random, 4)}`, `030-00${digits(random, 5)}`, `(171) 555-${digits(random, 4)}`, `0921-12 ${digits(random, 2)} ${digits(random, 2)}`, `+49 0711 ${digits(random, 7)}`, `40.32.${digits(random, 4)}`]), phoneus: (random) => random.pick([`${digits(random, 3)}-555-0${digits(random, 3)}`, `(${200 + random.below(700)}) 555-0${digits(random, 3)}`, `1 (11) 500 555-0${digits(random, 3)}`]), ext: (random) => `x${digits(random, 4)}`,
  email: plainEmail, emailormobile: (random, row) => (random.chance(0.5) ? mobile(random) : plainEmail(random, row)), id18, passport: (random) => `${random.pick(['E', 'G', 'EA', 'EB'])}${digits(random, 8)}`.slice(0, 9), hkmo: (random) => `C${digits(random, 8)}`, mainland: (random) => `H${digits(random, 8)}`, military: (random) => `${random.pick([...'军空海'])}字第${digits(random, 7)}号`, ssn: (random) => `9${digits(random, 2)}-${1 + random.below(8)}${digits(random, 1)}-${digits(random, 4)}`,
  nino: (random) => `AB${digits(random, 6)}C`, bankcard: (random) => luhn(`62${random.pick(['1799', '2299', '9999'])}${digits(random, 12)}`), badcard: (random) => `${random.pick(['1111', '3333', '5555'])}${digits(random, 10)}`, account: (random) => `${1 + random.below(8)}${digits(random, 16)}`, bankacct: (random) => `${random.pick(['中国工商银行天河支行 ', ''])}6222${digits(random, 15)}`, iban: (random) => `DE${digits(random, 20)}`, openid, wechat, qq: (random) => `${1 + random.below(9)}${digits(random, 5 + random.below(5))}`,
  ip, ipmix: (random, row) => (random.chance(0.2) ? `2001:db8:${hex(random, 4)}::${hex(random, 3)}` : ip(random, row)), mac: (random) => Array.from({ length: 6 }, () => hex(random, 2)).join(':'), imei: (random) => luhn(`86${digits(random, 12)}`), imsi: (random) => `46099${digits(random, 10)}`, iccid: (random) => `898699${digits(random, 14)}`, plate, vin, engine: (random) => letters(random, 8, 'ABCDEFGH0123456789'), lng: (random) => `11${random.below(9)}.${digits(random, 6)}`, lat: (random) => `3${random.below(9)}.${digits(random, 6)}`, pair: (random) => `${20 + random.below(20)}.${digits(random, 6)},${100 + random.below(20)}.${digits(random, 6)}`, pointhex: (random) => `0xE6100000010C${hex(random, 32).toUpperCase()}`,
  address, addr_part: partAddress, addrmasked: (random) => `${random.pick(words.cities)}${random.pick(words.districts)}****`, building: pickOf(words.estates), estate: pickOf(words.estates), roomno: (random) => `${1 + random.below(20)}-${1 + random.below(4)}-${100 * (1 + random.below(20)) + 1}`, addren: pickOf(words.streetsEnglish), houseno: (random) => `${1 + random.below(200)}${random.pick(['', '', 'a', 'b'])}`,
  province: pickOf(words.provinces), city: pickOf(words.cities), district: pickOf(words.districts), region: (random) => random.pick(words.provinces) + random.pick(words.cities), country: pickOf(words.countries), cityen: pickOf(words.citiesEnglish), stateen: pickOf(words.statesEnglish), countryen: pickOf(words.countriesEnglish), postcode: (random) => `${random.pick(['310', '510', '100', '200', '610'])}${digits(random, 3)}`, zipus: (random) => digits(random, 5), zipforeign: (random) => random.pick([digits(random, 5), `WA1 ${1 + random.below(9)}DP`, `S-${digits(random, 3)} ${digits(random, 2)}`, `0${digits(random, 4)}-${digits(random, 3)}`, 'T2P 2T3']),
  org, orgshort: (random) => random.pick(words.brandsOfCompanies) + random.pick(words.trades), orgen: pickOf(words.companiesEnglish), school: pickOf(words.schools), uscc, bizreg: registration, vat: (random) => `DE${digits(random, 9)}`,
  birth, birthdt: (random, row) => `${birth(random, row)} 00:00:00`, birthcompact: (random, row) => birth(random, row).replaceAll('-', ''), age: (random) => String(8 + random.below(80)), gender: pickOf(['男', '女']), gendercode: (random) => String(random.below(3)), gendermf: pickOf(['M', 'F']), genderen: pickOf(['Male', 'Female']), maritalen: pickOf(['Married', 'Single', 'Divorced', 'Widowed']), educationen: pickOf(['Bachelors', 'High School', 'Graduate Degree', 'Partial College', 'Masters']), raceen: pickOf(['White', 'Black or African American', 'Asian', 'Hispanic', 'White']), yearbirth: (random) => String(birthOf(random)[0]), yearmonthbirth: (random, row) => birth(random, row).slice(0, 7), ethnicity: pickOf(['汉族', '汉族', '汉族', '回族', '满族', '苗族', '汉']), religion: pickOf(['无', '佛教', '基督教', '伊斯兰教', '天主教']), marital: pickOf(['已婚', '未婚', '离异']), maritalms: pickOf(['M', 'S']), education: pickOf(['本科', '大专', '硕士', '高中', '中专', '博士']), major: pickOf(['计算机科学与技术', '会计学', '临床医学', '土木工程']), job: pickOf(words.jobs), joben: pickOf(words.jobsEnglish), salary: (random) => String(3000 + 500 * random.below(60)),
  md5: (random) => hex(random, 32), sha1: (random) => hex(random, 40), bcrypt: (random) => `$2a$10$${letters(random, 53)}`, phpass: (random) => `$P$B${letters(random, 30)}`, token: (random) => letters(random, 40), salt: (random) => letters(random, 6), goods: pickOf(words.goods), goodsen: pickOf(words.goodsEnglish), classname: (random) => `${1 + random.below(6)}年级(${1 + random.below(8)})班`,
  diagnosis: pickOf(words.diagnoses), allergy: pickOf(['青霉素', '无', '头孢类', '海鲜', '磺胺类药物']), blood: pickOf(['A型', 'B型', 'O型', 'AB型', 'A', 'O']), height: (random) => String(150 + random.below(40)), weight: (random) => `${45 + random.below(50)}.${random.below(10)}`, pressure: (random) => `${100 + random.below(50)}/${60 + random.below(35)}`, vision: (random) => (4 + random.below(13) / 10).toFixed(1), temperature: (random) => (36 + random.below(15) / 10).toFixed(1), score: (random) => String(550 + random.below(200)), hobby: pickOf(words.hobbies),
  note, plainnote: pickOf(words.plainNotes), sentenceen: pickOf(words.sentencesEnglish), bioen: pickOf(words.livesEnglish), ...Object.fromEntries(Object.entries(words.wordsOf).map(([key, from]) => [key, pickOf(from)])),
}

/** The values of a type when the schema names none. */
export const usualMaker: Readonly<Record<string, string>> = {
  'person-name': 'name', 'user-name': 'nick', 'customer-id': 'khcode', gender: 'gender', 'birth-date': 'birth', age: 'age', ethnicity: 'ethnicity', religion: 'religion', 'marital-status': 'marital', education: 'education', job: 'job', income: 'salary', 'resident-id': 'id18', passport: 'passport',
  mobile: 'mobile', landline: 'landline', email: 'email', address: 'address', region: 'region', postcode: 'postcode', 'bank-card': 'bankcard', 'bank-account': 'account', 'online-id': 'wechat', 'ip-address': 'ip', 'mac-address': 'mac', imei: 'imei', imsi: 'imsi', iccid: 'iccid', 'licence-plate': 'plate', vin: 'vin', 'organisation-name': 'org', uscc: 'uscc', 'free-text-personal': 'note',
}
