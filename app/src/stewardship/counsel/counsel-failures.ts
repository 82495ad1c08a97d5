// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** Failures about counsel's opinions and letters of authorities. */
export const counselFailures = failures({
  OPINION_COVERS: {
    exit: 2,
    zh: '法律意见所指的「{what}」不在法规数据里,没有登记',
    en: 'The opinion names "{what}", which the law data does not hold; nothing was recorded',
    remedy: { zh: '条文如 PIPL-22(handover law list),规则如 E01,判定行如 X12,立场如 asset_deal', en: 'Articles as PIPL-22 (handover law list), rules as E01, rows as X12, positions as asset_deal' },
  },
  OPINION_COVERS_NOTHING: {
    exit: 2,
    zh: '法律意见没有写明它针对的条文、规则、判定行或立场,没有登记',
    en: 'The opinion names no article, rule, row or position; nothing was recorded',
    remedy: { zh: '加 --article、--rule、--row 或 --position', en: 'Add --article, --rule, --row or --position' },
  },
  OPINION_UNKNOWN: {
    exit: 2,
    zh: '没有编号或摘要值为 {opinion} 的法律意见',
    en: 'There is no opinion with the id or digest {opinion}',
    remedy: { zh: '运行 handover counsel list 查看编号', en: 'Run handover counsel list for the ids' },
  },
  COUNSEL_DAYS: {
    exit: 2,
    zh: '日期不成立({why}),没有登记',
    en: 'The days do not fit ({why}); nothing was recorded',
    remedy: { zh: '核对日期:出具日不晚于今天,失效日、期限不早于出具日,答复不早于来函', en: 'Check them: given not later than today; its end or last day not before it; a reply not before its letter' },
  },
  COUNSEL_DOCUMENT: {
    exit: 74,
    zh: '文件 {file} 无法读取({why}),没有登记',
    en: 'The document {file} cannot be read ({why}); nothing was recorded',
    remedy: { zh: '检查路径、权限和大小(最多二十兆字节)', en: 'Check path, permission and size (twenty megabytes at most)' },
  },
  LETTER_NUMBER: {
    exit: 2,
    zh: '文号不成立:三至六十个汉字、字母、数字和括号,不得含手机号或证件号,没有登记',
    en: 'The number is not acceptable: three to sixty Han characters, letters, digits and brackets, no personal number; nothing was recorded',
    remedy: { zh: '照文件上的文号填写,例如 沪网信〔2026〕12号', en: 'Give it as printed, for example 沪网信〔2026〕12号' },
  },
  LETTER_UNKNOWN: {
    exit: 2,
    zh: '没有编号为 {letter} 的来函,没有登记',
    en: 'There is no incoming letter {letter}; nothing was recorded',
    remedy: { zh: '运行 handover authority list 查看编号', en: 'Run handover authority list for the ids' },
  },
  LETTER_BARE: {
    exit: 2,
    zh: '来往函件没有文号、文件,也没有摘要,无法与同日的另一件区分,没有登记',
    en: 'The letter has no number, no document and no note, so that nothing tells it from another one of the day; nothing was recorded',
    remedy: { zh: '加 --number 文号、--document 文件 或 --note @摘要文件', en: 'Add --number, --document FILE or --note @FILE' },
  },
  LETTER_WITHOUT_DOCUMENT: {
    exit: 2,
    zh: '函件 {letter} 登记时没有附文件,没有写出',
    en: 'The letter {letter} was recorded without a document; nothing was written',
    remedy: { zh: '去掉 -o 只看内容', en: 'Leave -o out to see what it says' },
  },
  REPLY_WITHOUT_DOCUMENT: {
    exit: 15,
    zh: '来函 {letter} 限期答复,答复没有附文件,没有登记',
    en: 'The letter {letter} asks for an answer by a day, and no document of the answer was given; nothing was recorded',
    remedy: { zh: '加 --document 已报送的文件(加密保存)', en: 'Add --document FILE: what was sent (kept encrypted)' },
  },
  REPLY_DOES_NOT_FIT: {
    exit: 2,
    zh: '答复与来函 {letter} 的部门、事由或方向不符,没有登记',
    en: 'The reply differs from the letter {letter} in authority, subject or direction; nothing was recorded',
    remedy: { zh: '用 handover authority reply 答复该来函', en: 'Answer that letter with handover authority reply' },
  },
  COUNSEL_DAMAGED: {
    exit: 65,
    zh: '记录 {document} 与其签名或账簿不符,不能使用',
    en: 'The record {document} does not fit its signature or the ledger and cannot be used',
    remedy: { zh: '运行 handover doctor,从备份恢复', en: 'Run handover doctor; restore from a backup' },
  },
})
