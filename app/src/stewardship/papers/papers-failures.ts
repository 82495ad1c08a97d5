// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong with papers. */
export const paperFailures = failures({
  PAPER_UNKNOWN: {
    exit: 2, zh: '没有名为「{name}」的文书模板,没有生成。可用:{names}', en: 'There is no template named "{name}"; nothing was made. There are: {names}',
    remedy: { zh: '运行 handover paper list 查看全部文书', en: 'Run handover paper list for all papers' },
  },
  PAPER_FORMAT: {
    exit: 2, zh: '看不出文书要写成哪种格式({file}),没有生成。', en: 'It is not clear in which format to write {file}; nothing was made.',
    remedy: { zh: '文件名以 .pdf 或 .docx 结尾,或加 --pdf、--docx。', en: 'Let the file end in .pdf or .docx, or add --pdf or --docx.' },
  },
  PAPER_EXISTS: {
    exit: 74, zh: '文件 {file} 已存在且内容不同,没有覆盖。', en: '{file} exists with another content and was not overwritten.',
    remedy: { zh: '换一个文件名,或先移走旧文件。', en: 'Choose another name, or move the old file away.' },
  },
  PAPER_UNREADABLE: {
    exit: 65, zh: '文件 {file} 不是文书内容(paper.json),不能核对。', en: '{file} is not the content of a paper (paper.json) and cannot be checked.',
    remedy: { zh: '使用与 PDF、DOCX 同名的 .paper.json 文件。', en: 'Use the .paper.json that was written beside the PDF or DOCX.' },
  },
})
