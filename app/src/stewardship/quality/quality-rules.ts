// SPDX-License-Identifier: Apache-2.0
import type { CheckCode } from '../../detection/index.ts'
import type { Words } from '../../kit/failure.ts'

/** 质量维度. What a rule speaks of: 真实 (validity, accuracy), 准确 (consistency), 完整 (completeness), and whether it is doubled or old (GB/T 36344-2018, names of the indicators). */
export type QualityDimension = 'validity' | 'completeness' | 'uniqueness' | 'consistency' | 'timeliness'

/** Whether a finding is wrong for certain, or has to be looked at by a person. */
export type FindingWeight = 'error' | 'review'

/** 质量规则. What exactly is counted, and where the rule comes from. */
export interface QualityRule {
  dimension: QualityDimension
  weight: FindingWeight
  name: Words
  definition: Words
  source: string
}

/** Changes whenever a rule counts differently; printed on the certificate. */
export const qualityRulesVersion = 'quality-1 (2026-11)'

const law = '个人信息保护法 第八条'

/** All rules in the order in which they are printed. */
export const qualityRules = {
  EMPTY: { dimension: 'completeness', weight: 'review', source: `${law}; GB/T 36344-2018 完整性 (S)`, name: { zh: '空值', en: 'Empty' }, definition: { zh: '单元格没有内容;是否应当有,由数据集的用途决定', en: 'the cell holds nothing; whether it should is for the purpose of the data set to say' } },
  PLACEHOLDER: { dimension: 'completeness', weight: 'review', source: `${law}; GB/T 36344-2018 完整性 (S)`, name: { zh: '占位值', en: 'Placeholder' }, definition: { zh: '无、不详、N/A、000000、12345678 之类,占了位置却不是信息', en: 'a word or number such as 无, N/A, 000000, 12345678 that fills the place and says nothing' } },
  INVALID_VALUE: { dimension: 'validity', weight: 'error', source: 'GB 11643-1999; GB 32100-2015; ISO/IEC 7812; YD/T 号码规划 (S)', name: { zh: '不符合该类型', en: 'Not of its type' }, definition: { zh: '按该列的类型核对长度、字符、地区、日期与校验码,不符合', en: 'length, characters, region, date or check digit do not fit the type of the column' } },
  SUSPECT_VALUE: { dimension: 'validity', weight: 'review', source: 'ISO/IEC 7812 (Luhn); GB/T 2261.1', name: { zh: '可能不符合该类型', en: 'Perhaps not of its type' }, definition: { zh: '校验规则允许例外的类型(旧银行卡、性别代码)不符合', en: 'does not fit a type whose check knows exceptions (old bank cards, codes of gender)' } },
  IMPOSSIBLE_DATE: { dimension: 'validity', weight: 'error', source: 'GB/T 7408', name: { zh: '不存在的日期', en: 'Impossible date' }, definition: { zh: '日历上没有的日期,例如 2 月 30 日', en: 'a day that no calendar has, such as 30 February' } },
  BIRTH_IN_FUTURE: { dimension: 'validity', weight: 'error', source: law, name: { zh: '出生日期在未来', en: 'Born in the future' }, definition: { zh: '出生日期晚于检查日', en: 'the birth date is later than the day of the check' } },
  BIRTH_BEFORE_1900: { dimension: 'validity', weight: 'error', source: law, name: { zh: '出生日期早于 1900 年', en: 'Born before 1900' }, definition: { zh: '出生日期早于 1900 年 1 月 1 日', en: 'the birth date is before 1 January 1900' } },
  EVENT_BEFORE_BIRTH: { dimension: 'consistency', weight: 'error', source: law, name: { zh: '业务日期早于出生', en: 'Event before birth' }, definition: { zh: '同一行里,下单、开户等日期早于出生日期', en: 'in one row a date such as that of an order is before the birth date' } },
  ID_BIRTH_MISMATCH: { dimension: 'consistency', weight: 'error', source: 'GB 11643-1999 (第 7–14 位)', name: { zh: '证件号与出生日期不符', en: 'ID number against birth date' }, definition: { zh: '同一行里,身份证号中的出生日期与出生日期列不同', en: 'the birth date inside the resident ID is not that of the row' } },
  ID_GENDER_MISMATCH: { dimension: 'consistency', weight: 'error', source: 'GB 11643-1999 (第 17 位); GB/T 2261.1', name: { zh: '证件号与性别不符', en: 'ID number against gender' }, definition: { zh: '同一行里,身份证号的性别位与性别列不同', en: 'the gender digit of the resident ID is not that of the row' } },
  DAMAGED_NUMBER: { dimension: 'validity', weight: 'error', source: 'IEEE 754 (15 位有效数字)', name: { zh: '号码已损坏', en: 'Damaged number' }, definition: { zh: '被表格程序改成科学计数、丢了末位或少了一位的号码(如 1.1E+17)', en: 'a number that a spreadsheet turned into 1.1E+17, whose last digits became zero, or that lost a digit' } },
  LOST_ZERO: { dimension: 'validity', weight: 'review', source: 'GB/T 10114 (邮政编码 6 位)', name: { zh: '疑似丢失前导零', en: 'Leading zero lost' }, definition: { zh: '邮政编码只有 5 位,区号固话少了首位 0', en: 'a postcode of five digits, or a landline whose area code lacks its zero' } },
  MOJIBAKE: { dimension: 'validity', weight: 'error', source: 'GB 18030-2022; RFC 3629', name: { zh: '乱码', en: 'Garbled text' }, definition: { zh: '按错误的编码转换过的文字(替换符 U+FFFD、锟斤拷、UTF-8 被当作 GBK 或拉丁文)', en: 'text that was converted by a wrong encoding (U+FFFD, 锟斤拷, UTF-8 taken for GBK or Latin)' } },
  UNREADABLE_CELL: { dimension: 'validity', weight: 'error', source: 'ECMA-376 (单元格错误值)', name: { zh: '单元格无法读出', en: 'Unreadable cell' }, definition: { zh: '错误值、没有结果的公式,或不能解码的字节', en: 'an error value, a formula without a result, or bytes that are no text' } },
  MASKED_VALUE: { dimension: 'completeness', weight: 'review', source: law, name: { zh: '脱敏值', en: 'Masked value' }, definition: { zh: '只留有部分字符(138****5678),无法核对', en: 'only some characters are left (138****5678): it cannot be checked' } },
  DUPLICATE_ROW: { dimension: 'uniqueness', weight: 'review', source: `${law}; GB/T 36344-2018 (S)`, name: { zh: '整行重复', en: 'Row twice' }, definition: { zh: '同一数据集里,与前面某一行的每个单元格都相同', en: 'every cell equals that of an earlier row of the data set' } },
  KEY_OF_TWO_PEOPLE: { dimension: 'uniqueness', weight: 'error', source: law, name: { zh: '同一证件或客户编号,不同姓名', en: 'One ID or customer number, two names' }, definition: { zh: '同一数据集里,同一身份证号或客户编号对应不同姓名', en: 'a resident ID or customer number stands with different names in one data set' } },
  MOBILE_OF_TWO_PEOPLE: { dimension: 'uniqueness', weight: 'review', source: law, name: { zh: '同一手机号,不同姓名', en: 'One mobile, two names' }, definition: { zh: '同一数据集里,同一手机号对应不同姓名(可能是家人共用或号码易主)', en: 'a mobile number stands with different names in one data set (a family, or a number that changed hands)' } },
  CONFLICT: { dimension: 'consistency', weight: 'review', source: law, name: { zh: '数据集之间不一致', en: 'Data sets disagree' }, definition: { zh: '同一个人(身份证号相同;或同一文件内客户编号相同;或手机号与姓名都相同)在两个数据集里同类信息不同', en: 'the same person (same resident ID; same customer number within a file; or same mobile and name) has different values of one type in two data sets' } },
  STALE: { dimension: 'timeliness', weight: 'review', source: `${law}; 期限为产品默认值,法律没有规定`, name: { zh: '久未更新', en: 'Not updated for long' }, definition: { zh: '更新时间列显示超过规定年数没有更新', en: 'the column of the last update is older than the stated years' } },
  UPDATED_IN_FUTURE: { dimension: 'timeliness', weight: 'error', source: law, name: { zh: '更新时间在未来', en: 'Updated in the future' }, definition: { zh: '更新时间晚于检查日', en: 'the last update is later than the day of the check' } },
} as const satisfies Record<string, QualityRule>

/** The code of a rule. */
export type QualityRuleCode = keyof typeof qualityRules

/** All codes in order. */
export const qualityRuleCodes: readonly QualityRuleCode[] = Object.keys(qualityRules).filter((code): code is QualityRuleCode => code in qualityRules)

const sourceParts: readonly (readonly [string, string])[] = [
  [law, 'PIPL art. 8'], ['完整性 (S)', 'completeness (S)'], ['YD/T 号码规划 (S)', 'YD/T numbering plans (S)'], ['(第 17 位)', '(digit 17)'], ['(第 7–14 位)', '(digits 7–14)'], ['(单元格错误值)', '(error values of cells)'],
  ['(邮政编码 6 位)', '(postcodes of 6 digits)'], ['(15 位有效数字)', '(15 significant digits)'], ['期限为产品默认值,法律没有规定', 'the years are a default of this product; no law gives any'],
]

/** 依据. Where a rule comes from, for a reader of either language. */
export function ruleSource(code: QualityRuleCode, lang: 'zh' | 'en'): string {
  const { source } = qualityRules[code]
  return lang === 'zh' ? source : sourceParts.reduce<string>((text, [zh, en]) => text.replaceAll(zh, en), source)
}

/** Why a value is not of its type, in words. */
export const checkReasons: Record<CheckCode, Words> = {
  BAD_LENGTH: { zh: '位数不对', en: 'wrong number of characters' }, BAD_CHARACTER: { zh: '含有不允许的字符', en: 'characters that are not allowed' }, BAD_FORMAT: { zh: '格式不对', en: 'wrong form' },
  BAD_PREFIX: { zh: '号段或前缀不存在', en: 'no such prefix' }, BAD_REGION: { zh: '地区代码不存在', en: 'no such region' }, BAD_DATE: { zh: '其中的日期不存在或在未来', en: 'the date in it does not exist or is in the future' },
  BAD_CHECKSUM: { zh: '校验码不符', en: 'the check digit does not fit' }, UNKNOWN_TYPE: { zh: '类型不明', en: 'unknown type' },
}
