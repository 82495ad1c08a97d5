// SPDX-License-Identifier: Apache-2.0
import { failures } from '../failure.ts'

/** What can go wrong while a document is printed. */
export const pdfFailures = failures({
  PDF_TOOL_MISSING: {
    exit: 78,
    zh: '排版程序或字体没有装好({why}),没有生成 PDF。',
    en: 'The typesetting program or its fonts are not installed ({why}); no PDF was made.',
    remedy: { zh: '请在安装目录运行 npm install(不需要外网字体),再重试。', en: 'Run npm install in the installation folder and try again.' },
  },
  PDF_TOO_LARGE: {
    exit: 65,
    zh: '文件 {template} 的内容有 {bytes} 字节,超过一份 PDF 的上限 {limit},没有生成。',
    en: '{template} would hold {bytes} bytes, more than the {limit} of one PDF; none was made.',
    remedy: { zh: '请缩小范围或分成几份;明细请用 XLSX。', en: 'Narrow the scope or split it; use XLSX for long lists.' },
  },
  PDF_TOO_SLOW: {
    exit: 75,
    zh: '排版 {template} 超过 {seconds} 秒没有完成,已终止,没有生成 PDF。',
    en: 'Typesetting {template} took more than {seconds} seconds and was ended; no PDF was made.',
    remedy: { zh: '请稍后重试;若总是这样,请缩小范围并报告。', en: 'Try again later; if it persists, narrow the scope and report it.' },
  },
  PDF_FAILED: {
    exit: 1,
    zh: '排版 {template} 时出错({why}),没有生成 PDF。',
    en: 'Typesetting {template} failed ({why}); no PDF was made.',
    remedy: { zh: '这是程序的问题,请报告(不要附上客户数据)。', en: 'This is a fault of the program; report it (without customer data).' },
  },
})
