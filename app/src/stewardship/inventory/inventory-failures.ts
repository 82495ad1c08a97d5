// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong with the register of processing activities. */
export const inventoryFailures = failures({
  REGISTER_EMPTY: {
    exit: 3,
    zh: '账内还没有数据集,登记无从填写。',
    en: 'No data set is in the books yet, so the register would be empty.',
    remedy: { zh: '先 handover ingest 数据源;或对清查报告出登记:handover inventory 报告.json -o 登记.xlsx。', en: 'First handover ingest SOURCE; or make the register of a scan report: handover inventory report.json -o register.xlsx.' },
  },
  REGISTER_FILE_EXISTS: {
    exit: 2,
    zh: '文件 {file} 已存在,没有覆盖。',
    en: 'The file {file} exists and was not overwritten.',
    remedy: { zh: '请换一个文件名或先移走它。', en: 'Choose another name or move it away.' },
  },
})
