// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

const remedy = { zh: '请与证件原件核对后更正;核对不了的,按质量问题登记。', en: 'Correct it against the original document; what cannot be checked is a quality finding.' }

/** Why a value is not of the type it stands for; `handover explain CODE` prints these. */
export const detectionFailures = failures({
  BAD_LENGTH: { exit: 65, zh: '位数不对,该值不是有效号码。', en: 'The length is wrong; this is no valid number.', remedy },
  BAD_CHARACTER: { exit: 65, zh: '含有不允许的字符,该值不是有效号码。', en: 'It holds a character that the type does not allow.', remedy },
  BAD_FORMAT: { exit: 65, zh: '格式不符,该值不是这一类型。', en: 'Its form is not that of the type.', remedy },
  BAD_PREFIX: { exit: 65, zh: '开头不是已启用的号段、发卡行或签发代码。', en: 'Its beginning is no range, issuer or authority in use.', remedy },
  BAD_REGION: { exit: 65, zh: '地址码不存在(或在出生时尚未启用)。', en: 'Its region code does not exist, or did not at birth.', remedy },
  BAD_DATE: { exit: 65, zh: '其中的日期不存在或在将来。', en: 'The date in it does not exist or lies in the future.', remedy },
  BAD_CHECKSUM: { exit: 65, zh: '校验码不符,号码被录错或伪造。', en: 'The check digit does not fit: mistyped or made up.', remedy },
  UNKNOWN_TYPE: {
    exit: 2, zh: '没有名为 {type} 的信息类型,或该类型只能按表头识别。', en: 'There is no type {type}, or it is told by headers only.',
    remedy: { zh: '请使用 DETECTION.md §1 所列的类型名。', en: 'Use a type id of DETECTION.md §1.' },
  },
  BAD_INSPECT_LINE: {
    exit: 65, zh: '标准输入第 {line} 行不是所需的 JSON 对象。', en: 'Line {line} of standard input is not the JSON object that is needed.',
    remedy: { zh: '每行一个对象,例如 {"text":"…"} 或 {"type":"mobile","value":"…"}。', en: 'One object a line, such as {"text":"…"} or {"type":"mobile","value":"…"}.' },
  },
})
