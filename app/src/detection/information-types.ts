// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'

// id, 中文, English, and whether the type is personal information by itself (DETECTION.md §1: organisations' numbers are reported, not personal).
const table = [
  ['person-name', '姓名', 'name', true], ['user-name', '昵称/账号名', 'user name', true], ['customer-id', '客户编号', 'customer number', true],
  ['gender', '性别', 'gender', true], ['birth-date', '出生日期', 'birth date', true], ['age', '年龄', 'age', true], ['ethnicity', '民族', 'ethnicity', true],
  ['religion', '宗教信仰', 'religion', true], ['marital-status', '婚姻状况', 'marital status', true], ['education', '学历', 'education', true],
  ['job', '职业/职务', 'occupation', true], ['income', '收入', 'income', true], ['resident-id', '居民身份证号', 'resident ID', true],
  ['foreign-permanent-resident-id', '外国人永久居留证号', 'foreign permanent resident ID', true], ['passport', '护照号', 'passport', true],
  ['hk-mo-travel-permit', '往来港澳通行证', 'HK/Macao travel permit', true], ['mainland-travel-permit', '回乡证/台胞证', 'mainland travel permit', true],
  ['military-id', '军人证件号', 'military ID', true], ['driver-licence', '驾驶证号', 'driver licence', true], ['national-id-foreign', '境外身份证号', 'foreign national ID', true],
  ['mobile', '手机号', 'mobile', true], ['landline', '固定电话', 'landline', true], ['email', '电子邮箱', 'e-mail', true], ['address', '地址', 'address', true],
  ['region', '省市区', 'region', true], ['postcode', '邮政编码', 'postcode', true], ['geo-location', '地理位置', 'geographic position', true],
  ['bank-card', '银行卡号', 'bank card', true], ['bank-account', '银行账号', 'bank account', true], ['payment-account', '支付账号', 'payment account', true],
  ['credit-information', '征信信息', 'credit information', true], ['transaction', '交易信息', 'transaction', true], ['social-insurance', '社保信息', 'social insurance', true],
  ['medical', '健康信息', 'medical', true], ['biometric', '生物识别信息', 'biometric', true], ['photo', '照片', 'photo', true], ['online-id', '网络身份标识', 'online ID', true],
  ['ip-address', 'IP 地址', 'IP address', true], ['mac-address', 'MAC 地址', 'MAC address', true], ['imei', 'IMEI', 'IMEI', true], ['imsi', 'IMSI', 'IMSI', true],
  ['iccid', 'ICCID', 'ICCID', true], ['licence-plate', '车牌号', 'licence plate', true], ['vin', '车架号', 'VIN', true],
  ['organisation-name', '单位名称', 'organisation', false], ['uscc', '统一社会信用代码', 'unified social credit code', false],
  ['business-registration-number', '工商注册号', 'business registration number', false], ['tax-id', '税号', 'tax number', false],
  ['invoice-number', '发票号码', 'invoice number', false], ['preference', '偏好', 'preference', true], ['free-text-personal', '含个人信息的文本', 'free text with personal information', true],
  ['password', '密码', 'password', true], ['secret', '密钥/令牌', 'secret', false], ['none', '非个人信息', 'not personal', false],
] as const

/** 信息类型. What a field is (DETECTION.md §1); ids are stable, more may come. */
export type InformationType = (typeof table)[number][0]

const rowByType = new Map<string, (typeof table)[number]>(table.map((row) => [row[0], row]))

/** All types, in the order of DETECTION.md §1. */
export const informationTypes: readonly InformationType[] = table.map((row) => row[0])

/** Whether a text names a type. */
export function isInformationType(text: string): text is InformationType {
  return rowByType.has(text)
}

/** What people call the type. */
export function typeLabel(type: InformationType): Words {
  const row = rowByType.get(type)
  return { zh: row?.[1] ?? type, en: row?.[2] ?? type }
}

/** Whether the type is personal information when it speaks of a natural person (个人信息保护法 第四条). */
export function isPersonalType(type: InformationType): boolean {
  return rowByType.get(type)?.[3] ?? false
}
