// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about privacy notices and their promises (rule E15). */
export const promisesFailures = failures({
  PRIVACY_NO_TEXT: {
    exit: 65,
    zh: '{file} 里没有读到文字({why}),没有登记;扫描件里的承诺程序读不出来',
    en: 'No text was read in {file} ({why}); nothing was recorded. Promises in a scan cannot be found',
    remedy: { zh: '给出可读出文字的文件:TXT、DOCX,或不是扫描件的 PDF', en: 'Give a file with readable text: TXT, DOCX, or a PDF that is not a scan' },
  },
  PRIVACY_DAYS: {
    exit: 2,
    zh: '隐私政策版本 {version} 的起止日期不成立({why}),没有登记',
    en: 'The days of privacy notice {version} do not fit ({why}); nothing was recorded',
    remedy: { zh: '写明 --from 与 --until(仍在使用的不写 --until)', en: 'Give --from and --until (leave --until out for the one in use)' },
  },
  PRIVACY_VERSION: {
    exit: 2,
    zh: '版本名不成立:只用字母、数字、汉字、点和连字符,最多二十个字,不得含手机号或证件号',
    en: 'The version is not acceptable: letters, digits, Han characters, dots and hyphens, twenty at most, no personal number',
    remedy: { zh: '例如 --version V3.1', en: 'For example --version V3.1' },
  },
  PRIVACY_TOO_LARGE: {
    exit: 65,
    zh: '{file} 有 {bytes} 字节,超过 {limit},没有登记',
    en: '{file} has {bytes} bytes, more than {limit}; nothing was recorded',
    remedy: { zh: '给出只含隐私政策文字的文件', en: 'Give a file with the text of the notice only' },
  },
  PRIVACY_DAMAGED: {
    exit: 65,
    zh: '隐私政策记录 {notice} 与其签名不符,不能使用',
    en: 'The record of privacy notice {notice} does not fit its signature and cannot be used',
    remedy: { zh: '运行 handover doctor,从备份恢复', en: 'Run handover doctor; restore from a backup' },
  },
})
