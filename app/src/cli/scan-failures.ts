// SPDX-License-Identifier: Apache-2.0
import { failures } from '../kit/failure.ts'

/** What `scan` and `inspect` refuse on the command line. */
export const scanFailures = failures({
  SCAN_NOTHING: {
    exit: 2, zh: '没有指明要清查的文件、文件夹或“-”(标准输入)。', en: 'No file, folder or “-” (standard input) was named.',
    remedy: { zh: '例如 handover scan 客户.xlsx。', en: 'For example: handover scan customers.xlsx.' },
  },
  SCAN_BAD_OPTION: {
    exit: 2, zh: '选项 {option} 不接受 {given}。', en: 'The option {option} does not take {given}.',
    remedy: { zh: '可用:{known}。', en: 'Known: {known}.' },
  },
  INSPECT_WHAT: {
    exit: 2, zh: '请指明要检查 text(文本)还是 value(值)。', en: 'Say whether to inspect text or value.',
    remedy: { zh: '例如 handover inspect text < 文件.ndjson。', en: 'For example: handover inspect text < file.ndjson.' },
  },
})
