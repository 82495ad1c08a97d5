// SPDX-License-Identifier: Apache-2.0
import { failures } from '../../kit/failure.ts'

/** What can go wrong with people's decisions on grades. */
export const gradingFailures = failures({
  GRADE_COLUMN: {
    exit: 2,
    zh: '在数据集 {where} 中找不到唯一的列({why})。没有改动。',
    en: 'No single column fits in data set {where} ({why}). Nothing was changed.',
    remedy: { zh: '列可写标题或 #序号(从 1 起);handover treat --template 列出全部数据集和列。', en: 'Name the column by its title or #number (from 1); handover treat --template lists all.' },
  },
  GRADE_NOTHING: {
    exit: 2,
    zh: '没有说明改成什么:需要 --type、--grade 或 --as-detected 之一。没有改动。',
    en: 'Nothing was said to change: give --type, --grade or --as-detected. Nothing was changed.',
    remedy: { zh: '例如 handover grade override add --data-set 客户登记 --column 备注 --grade sensitive --reason-file 理由.txt --key 王芳.key。', en: 'For example: handover grade override add --data-set customers --column notes --grade sensitive --reason-file reason.txt --key anna.key.' },
  },
  GRADE_REASON: {
    exit: 2,
    zh: '理由文件 {file} 是空的或超过 4000 字。改判要说明理由。没有改动。',
    en: 'The reason file {file} is empty or longer than 4000 characters; a decision needs its reason. Nothing was changed.',
    remedy: { zh: '请写明谁为什么这样认定,再试一次。', en: 'Write who decided so and why, and try again.' },
  },
  GRADE_PACK: {
    exit: 65,
    zh: '改判包 {file} 不能采用:{why}。没有改动。',
    en: 'The pack of decisions {file} cannot be used: {why}. Nothing was changed.',
    remedy: { zh: '请向出具方要一份完好的改判包(handover grade override export)。', en: 'Ask for an intact pack (handover grade override export).' },
  },
  GRADE_DAMAGED: {
    exit: 65,
    zh: '改判 {id} 与其签名不符:数据库内容被改动或损坏,不能采用。',
    en: 'The decision {id} does not fit its signature: the database was changed or damaged.',
    remedy: { zh: '请用 handover doctor 检查,并从备份恢复。', en: 'Check with handover doctor and restore from a backup.' },
  },
  GRADE_RULE_SET: {
    exit: 2,
    zh: '没有分级规则集 {given}。',
    en: 'There is no grading rule set {given}.',
    remedy: { zh: '已有:{known};也可给出规则集文件(JSON)。', en: 'Known: {known}; or a rule set file (JSON).' },
  },
  GRADE_RULE_FILE: {
    exit: 65,
    zh: '文件 {file} 不能采用:{why}。',
    en: 'The file {file} cannot be used: {why}.',
    remedy: { zh: '规则集格式见 docs/how-to/grading.md;清查报告用 handover scan … --json > 文件 生成。', en: 'docs/how-to/grading.md shows the form of rule sets; handover scan … --json > FILE writes a report.' },
  },
})
