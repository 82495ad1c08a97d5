// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong while notices, choices and holds are recorded; facts are places and counts, never a key or a name. */
export const notifyFailures = failures({
  KEY_FILE_COLUMNS: {
    exit: 65,
    zh: '{where} 缺少必需的列:{missing}。没有导入。',
    en: '{where} lacks the columns {missing}. Nothing was imported.',
    remedy: { zh: '第一行须为列名:标识类型、标识(或直接用 手机号/身份证号/电子邮箱/客户编号 作列名)、结果或选择、时间。', en: 'The first row names the columns: key type and key (or mobile / resident-id / email / customer-id), result or choice, time.' },
  },
  KEY_FILE_EMPTY: {
    exit: 65,
    zh: '{where} 没有数据行,没有导入。',
    en: '{where} has no rows; nothing was imported.',
    remedy: { zh: '请检查文件内容和编码后重试。', en: 'Check the content and encoding of the file.' },
  },
  KEY_FILE_SHEETS: {
    exit: 65,
    zh: '{where} 里有 {n} 张有内容的表(含隐藏表),不知道以哪一张为准,没有导入。',
    en: '{where} has {n} sheets with content (hidden ones count); it is not clear which one is meant, nothing was imported.',
    remedy: { zh: '把每张表另存为一个文件,逐个导入;不需要的表请删除。', en: 'Save each sheet as a file of its own and import them one by one; delete those that are not needed.' },
  },
  ERROR_FILE_EXISTS: {
    exit: 2,
    zh: '错误清单 {where} 已经存在,为免覆盖没有导入。',
    en: 'The list of errors {where} exists; it is not overwritten and nothing was imported.',
    remedy: { zh: '请用 --errors 指定另一个文件。', en: 'Name another file with --errors.' },
  },
  NOTHING_UNREACHED: {
    exit: 2,
    zh: '没有尚未送达的人,不需要公告补充。',
    en: 'Nobody is left unreached; no announcement is needed.',
    remedy: { zh: '先用 handover notice import 导入送达结果。', en: 'Import delivery results with handover notice import first.' },
  },
  ANNOUNCEMENT_FIRST: {
    exit: 15,
    zh: '还没有任何逐一送达的记录,不能直接以公告代替({law})。',
    en: 'Nobody was told one by one yet; an announcement cannot stand in for that ({law}).',
    remedy: { zh: '先逐一告知并导入送达结果;确无任何联系方式时加 --no-contacts 说明。', en: 'Tell people one by one and import the results first; with no contact data at all say so by --no-contacts.' },
  },
  NO_OPEN_REQUEST: {
    exit: 2,
    zh: '没有符合条件、尚待裁定的请求({what})。',
    en: 'No open request matches ({what}).',
    remedy: { zh: '运行 handover choice list 查看待裁定的请求。', en: 'See the open requests with handover choice list.' },
  },
  REFUSAL_NEEDS_REASON: {
    exit: 2,
    zh: '拒绝个人请求必须说明理由(个人信息保护法 第五十条)。',
    en: 'A refusal of a request must give its reason (PIPL Article 50).',
    remedy: { zh: '加 --reason 理由(加密保存,不进入账簿)。', en: 'Add --reason TEXT (kept encrypted, never in the books).' },
  },
  HOLD_NEEDS_SCOPE: {
    exit: 2,
    zh: '请指明冻结哪些记录:--data-set、--subject 或 --keys 文件。',
    en: 'Say which records are to be held: --data-set, --subject or --keys FILE.',
    remedy: { zh: '见 handover hold place --help 的示例。', en: 'See the example of handover hold place --help.' },
  },
  HOLD_MATCHES_NOBODY: {
    exit: 2,
    zh: '没有记录符合冻结范围({unmatched} 个标识未匹配),没有冻结。',
    en: 'No record matches the hold ({unmatched} keys unmatched); nothing was held.',
    remedy: { zh: '请核对数据集、分面、主体编号或标识文件。', en: 'Check data set, facet, subject id or the file of keys.' },
  },
  HOLD_UNKNOWN: {
    exit: 2,
    zh: '没有编号为 {hold} 的有效冻结。',
    en: 'There is no standing hold {hold}.',
    remedy: { zh: '运行 handover hold list 查看。', en: 'See handover hold list.' },
  },
})

/** 错误原因. Why a row of an imported file had no effect, as written into the returned file (UX §4). */
export const rowErrors = {
  NO_KEY: { zh: '标识为空', en: 'the key is empty' },
  KEY_TYPE: { zh: '标识类型不认识(可用:手机号、身份证号、电子邮箱、客户编号)', en: 'unknown key type (mobile, resident-id, email, customer-id)' },
  BAD_KEY: { zh: '标识格式或校验位不对', en: 'the key is malformed or its check digit is wrong' },
  BAD_RESULT: { zh: '结果不认识(可用:送达、退回、公告)', en: 'unknown result (delivered, bounced, announced)' },
  BAD_CHOICE: { zh: '选择不认识(可用:同意、同意敏感、监护人同意、不同意、删除、撤回、更正、副本、咨询)', en: 'unknown choice' },
  BAD_TIME: { zh: '时间看不懂,或晚于当前法定时间', en: 'the time cannot be read or lies in the future' },
  NOT_FOUND: { zh: '账簿中没有这个标识', en: 'the key is not in the books' },
  SHARED: { zh: '这个标识由多人共用或是占位号码,不能证明是谁;请改用身份证号或客户编号', en: 'the key is shared by several people or a placeholder and proves nobody; use a resident ID or customer number' },
  SCOPE: { zh: '客户编号在多个数据源中都有,请加「数据源」列', en: 'the customer number exists in several sources; add a column "source"' },
} as const
/** Code of a row error. */
export type RowErrorCode = keyof typeof rowErrors
