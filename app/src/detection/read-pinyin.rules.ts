// SPDX-License-Identifier: Apache-2.0
import { chineseEndings, chineseOthers } from './header-words.ts'
import type { InformationType } from './information-types.ts'
import { pinyinLines } from './pinyin-table.ts'

/** What a name in letters says when it is Chinese: spelt out, or by its initials alone, which many words share. */
export interface PinyinReading {
  type: InformationType
  isInitials: boolean
}

/** The readings of words; null for a type when words of several types are spelt so. Made when a name in letters is first read that way: workers that only count never need it. */
interface Spellings {
  whole: Map<string, InformationType | null>
  initials: Map<string, InformationType | null>
}

let known: Spellings | null = null

function spellings(): Spellings {
  if (known !== null) return known
  const made: Spellings = { whole: new Map(), initials: new Map() }
  const syllablesByChar = new Map<string, string[]>()
  for (const entry of pinyinLines.trim().split(/\s+/)) {
    const [syllable = '', characters = ''] = entry.split(':')
    for (const char of characters) syllablesByChar.set(char, [...(syllablesByChar.get(char) ?? []), syllable])
  }
  const learn = (word: string, type: InformationType): void => {
    if (!/^[\u4e00-\u9fff]{2,10}$/.test(word)) return
    for (const reading of readingsOf(word, syllablesByChar)) {
      put(made.whole, reading.join(''), type)
      if (reading.length >= 3) put(made.initials, reading.map((syllable) => syllable[0]).join(''), type)
    }
  }
  for (const [type, words] of chineseEndings) for (const word of words.split(' ')) learn(word, type)
  for (const word of chineseOthers) learn(word, 'none')
  const initialsOf = (word: string): string => (readingsOf(word, syllablesByChar)[0] ?? []).map((syllable) => syllable[0]).join('')
  for (const [type, words] of cores) for (const core of words.split(' ')) for (const whose of qualifiers) put(made.initials, initialsOf(whose) + initialsOf(core), type)
  known = made
  return made
}

// Whose it is, and what: 患者 + 电话号码 is hzdhhm, 父亲 + 姓名 is fqxm.
const qualifiers =
  '患者 病人 学生 学员 考生 员工 职工 人员 客户 用户 会员 业主 户主 车主 住户 居民 联系人 紧急联系人 父亲 母亲 配偶 子女 监护人 家长 法人 申请人 投保人 被保人 被保险人 受益人 收货人 收件人 寄件人 发件人 购买人 买方 卖方 借款人 担保人 代理人 参保人 缴存人 家庭 单位 工作单位 办公 户籍 户口 居住 现住 通讯 通信 联系 本人 司机 驾驶员 教练 教师 老师 医生 医师 护士 经办人 登记人 负责人 持卡人 开户人 投诉人 报修人 访客 租客 房东 死者 户 权利人 义务人 抵押人 承租人 出租人 委托人 受托人 申报人 保证人 持证人 持有人 所有人 使用人 当事人 法定代表人 法定代理人 被监护人 投资人 股东 财务负责人 办税人 办税员 领票人 购票人 联络员 业务员 被告 原告 被害人 嫌疑人 共同借款人 旅客 乘客 驾驶人 承办人 受理人 报案人 求职者 应聘者 应聘人 主贷人 产妇 新生儿 产权人 产权所有人 受让人 转让人 捐赠人 借阅人 报名人 预约人 陪护人 家属 祖父 祖母 丈夫 妻子 男方 女方 乡镇 单位联系人'.split(' ')
const cores: readonly (readonly [InformationType, string])[] = [
  ['person-name', '姓名 名称 名字'], ['mobile', '手机 手机号 手机号码 移动电话 电话 电话号码 联系电话 联系方式'], ['address', '地址 住址 详细地址 详址 家庭住址 家庭地址 通讯地址 通信地址 联系地址 户籍地址 居住地址'], ['resident-id', '身份证 身份证号 身份证号码 证件号 证件号码 身份证件号码'], ['landline', '固定电话 座机 办公电话 家庭电话'], ['organisation-name', '工作单位 单位名称'], ['gender', '性别'], ['birth-date', '出生日期 生日 出生年月'], ['age', '年龄'],
  ['email', '邮箱 电子邮箱 电子邮件 电子信箱'], ['postcode', '邮编 邮政编码'], ['ethnicity', '民族'], ['education', '学历 文化程度'], ['job', '职业 职务 职称 岗位'], ['photo', '照片 头像'], ['bank-account', '账号 银行账号'], ['bank-card', '银行卡号'], ['online-id', '微信 微信号'], ['licence-plate', '车牌号'], ['medical', '身高 体重 血型 视力 病历 病史'], ['income', '收入 月收入 年收入 工资'], ['marital-status', '婚姻状况'], ['region', '籍贯 国籍 户籍'], ['password', '密码'],
]

function put(map: Map<string, InformationType | null>, key: string, type: InformationType): void {
  const before = map.get(key)
  map.set(key, before === undefined || before === type ? type : null)
}

function readingsOf(word: string, syllablesByChar: ReadonlyMap<string, readonly string[]>): string[][] {
  let readings: string[][] = [[]]
  for (const char of word) {
    const syllables = syllablesByChar.get(char)
    if (syllables === undefined) return []
    readings = readings.flatMap((reading) => syllables.map((syllable) => [...reading, syllable])).slice(0, 8)
  }
  return readings
}

/** Reads a name in letters as pinyin; `isWhole` allows initials too (`shdz`, 收货地址), which only the whole name may be. Null when it is none, or may be several things. */
export function readPinyin(letters: string, isWhole: boolean): PinyinReading | null {
  if (letters.length < 3 || letters.length > 40) return null
  const spelt = longestSpelling(letters)
  if (spelt !== null) return { type: spelt, isInitials: false }
  if (!isWhole || letters.length > 14) return null
  const type = spellings().initials.get(letters) ?? ofSomebody(letters)
  return type === null ? null : { type, isInitials: true }
}

// Roles end in 人, 员, 者 or 方 (r, y, z, f), and there are more of them than any list has: 鉴定人 + 姓名 is jdrxm. No English word is built of consonants alone.
const fieldsOfRoles: readonly (readonly [InformationType, RegExp])[] = (
  [['person-name', 'xm'], ['resident-id', 'sfzhm?|sfzjhm?|zjhm'], ['mobile', 'sjhm?|lxdh|yddh'], ['landline', 'gddh'], ['address', 'txdz|lxdz|jtdz|jtzz'], ['birth-date', 'csrq'], ['organisation-name', 'gzdw'], ['bank-card', 'yhkh']] as const
).map(([type, field]) => [type, new RegExp(`^[b-df-hj-np-tv-z]{1,6}[ryzf](?:${field})$`)])

/** 某某人 + 姓名, 身份证号, 手机号 … by initials, whoever the role is; null when the letters end in no such field. */
const ofSomebody = (letters: string): InformationType | null => fieldsOfRoles.find(([, form]) => form.test(letters))?.[0] ?? null

/** The type of the Chinese word that the letters spell from beginning to end; null when they spell none that is known. */
export function spellingOf(letters: string): InformationType | null {
  return letters.length < 6 || letters.length > 40 ? null : (spellings().whole.get(letters) ?? null)
}

/** The longest ending of the letters that spells a known word; what stands before must itself be made of syllables. */
function longestSpelling(letters: string): InformationType | null {
  for (let start = 0; start <= letters.length - 5; start++) {
    const type = spellings().whole.get(letters.slice(start))
    if (type !== undefined && type !== null && isSyllables(letters.slice(0, start))) return type
  }
  return null
}

const syllables = /^(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|uai|iao|ian|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|ua|uo|ui|iu|ve|ue|a|e|i|o|u|v)(?:r(?=$))?)*$/

function isSyllables(letters: string): boolean {
  return letters === '' || (letters.length <= 24 && syllables.test(letters))
}
