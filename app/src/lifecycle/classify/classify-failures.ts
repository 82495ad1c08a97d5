// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong while the treatment of data sets is recorded; column titles appear only here, on the party's own screen. */
export const classifyFailures = failures({
  TREATMENT_FILE: {
    exit: 2,
    zh: '处理情况文件 {file} 不合格式:{why}。没有改动。',
    en: 'The treatment file {file} is malformed: {why}. Nothing was changed.',
    remedy: { zh: '可用 handover treat --template -o 文件 生成样表,照样填写后重试。', en: 'Write a template with handover treat --template -o FILE, fill it in and try again.' },
  },
  TREATMENT_MISMATCH: {
    exit: 2,
    zh: '处理情况与清查结果对不上({n} 处):{why}。没有改动。',
    en: 'The treatment does not fit the inventory ({n} places): {why}. Nothing was changed.',
    remedy: { zh: '请核对数据集编号或名称、列名和分面名后重试;handover treat --template 列出全部数据集和列。', en: 'Check data sets, column titles and facet names; handover treat --template lists them all.' },
  },
  FACET_REFUSED: {
    exit: 2,
    zh: '数据集 {dataSet} 的分面 {facet} 不能采用({why}):分面以明文保存,只能是门店、年份之类的粗类别。没有改动。',
    en: 'The facet {facet} of data set {dataSet} is refused ({why}): facets stand in clear, so they must be coarse categories such as branch or year. Nothing was changed.',
    remedy: { zh: '请换用取值不超过 64 种、不指向个人的列,或对日期列用 "as": "year"。', en: 'Use a column with at most 64 values that points at nobody, or "as": "year" for a date.' },
  },
  TREAT_NEEDS: {
    exit: 2,
    zh: '请给出处理情况:--file 文件,或 数据集 加 --basis 等选项。',
    en: 'Say what is to be recorded: --file FILE, or DATASET with --basis and other options.',
    remedy: { zh: '见 handover treat --help 的示例。', en: 'See the example of handover treat --help.' },
  },
  NOTHING_BOOKED: {
    exit: 15,
    zh: '还没有入账的数据集,无从登记处理情况。',
    en: 'No data set is in the books yet.',
    remedy: { zh: '请先运行 handover ingest。', en: 'Run handover ingest first.' },
  },
})
