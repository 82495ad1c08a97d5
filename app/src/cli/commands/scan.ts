// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defaultRuleSetId, gradingRuleSets, typeLabel } from '../../detection/index.ts'
import { homePath } from '../../home.ts'
import type { Words } from '../../kit/failure.ts'
import { packDecisions, readOverridePack, type PackedOverride } from '../../lifecycle/classify/index.ts'
import { regradeReport, scanSources, type ScannedDataSet, type ScannedField, type ScanOptions, type ScanProgress, type ScanReport } from '../../lifecycle/discover/index.ts'
import { readTextFile } from '../call.ts'
import { listFlag, textFlag, type Command, type CommandCall } from '../command.ts'
import { isDatabaseAddress } from '../../sources/index.ts'
import { databaseLogins, databaseOptions, samplingOptions } from '../database-logins.ts'
import { compareWithBooks } from '../delta-lines.ts'
import { scanFailures } from '../scan-failures.ts'

/** `handover scan` */
export const command: Command = {
  name: 'scan',
  summary: { zh: '清查:读出文件和数据库中的个人信息并分类分级(不需要本方数据库)', en: 'discover and classify personal information in files and databases; needs no home' },
  usage: 'handover scan SOURCE… [--fail-on sensitive] [--overrides FILE] [--resume] [--json] | handover scan mysql://USER@HOST:PORT/DB | postgres://… | sqlserver://… (unverified) [--full] [--tables T] | handover scan --delta SOURCE [--key COLUMN]',
  example: 'handover scan 客户.xlsx ./exports --json > report.json',
  options: {
    encoding: { type: 'string', doc: { zh: 'CSV 的编码:utf-8、gb18030、utf-16le、utf-16be、latin1(默认自动严格识别)', en: 'encoding of CSV: utf-8, gb18030, utf-16le, utf-16be, latin1 (default: strict detection)' } },
    delimiter: { type: 'string', doc: { zh: 'CSV 的分隔符(默认自动识别)', en: 'separator of CSV (default: detected)' } },
    'no-header': { type: 'boolean', doc: { zh: '文件没有表头', en: 'the files have no header' } },
    rules: { type: 'string', doc: { zh: `分级规则集:${gradingRuleSets.map((set) => set.id).join('、')}`, en: `grading rule set: ${gradingRuleSets.map((set) => set.id).join(', ')}` } },
    delta: { type: 'boolean', doc: { zh: '与账内记录逐条比对:新增、变更、消失(不改账)', en: 'compare with the books: new, changed, gone (books nothing)' } },
    key: { type: 'string', doc: { zh: '--delta:按哪一列认定同一条记录(默认客户编号或身份证号,否则全部内容)', en: '--delta: column that tells records apart (default: customer number, resident ID, else the content)' } },
    resume: { type: 'boolean', doc: { zh: '继续先前暂停的清查:已完成且未改动的文件不再读取', en: 'go on with a paused scan: finished files that did not change are not read again' } },
    work: { type: 'string', doc: { zh: '暂停时保存进度的文件(默认在本方数据目录;内容加密,没有原文件或其摘要读不出)', en: 'file that keeps progress when paused (default: in the home; sealed, unreadable without the scanned files or their digests)' } },
    overrides: { type: 'string', doc: { zh: '采用改判包(handover grade override export 写出的文件):按其中由人认定的类型和级别显示', en: 'load a pack of decisions (written by handover grade override export): fields are shown as people decided' } },
    ...databaseOptions,
    ...samplingOptions,
    'fail-on': { type: 'string', multiple: true, doc: { zh: '发现该级别(sensitive、general)或该信息类型时以 3 退出', en: 'exit 3 when this grade (sensitive, general) or information type is found' } },
  },
  run: async (call) => {
    if (call.positionals.length === 0) throw scanFailures.SCAN_NOTHING()
    if (call.flags['delta'] === true) return compareWithBooks(call, { booking: false, options: scanOptions(call) })
    // Read before anything else: a pack that does not hold is told at once, not after hours of reading.
    const pack = packOf(call)
    const report = graded(call, await scanOrPause(call), pack)
    const overrides = pack === null ? null : usedOfPack(report, pack)
    call.out.result(overrides === null ? report : { ...report, overrides }, humanReport(report, call.out.lang))
    if (overrides !== null) call.out.say(wordsOfPack(overrides))
    if (report.notRead.length > 0) call.out.say({ zh: `有 ${report.notRead.length} 处未读取,清查不完整(退出码 3)。`, en: `${report.notRead.length} places were not read; the result is partial (exit 3).` })
    call.out.next('handover ingest SOURCE…')
    return report.notRead.length > 0 || isFound(report, listFlag(call, 'fail-on')) ? 3 : 0
  },
}

function packOf(call: CommandCall): readonly PackedOverride[] | null {
  const file = textFlag(call, 'overrides')
  return file === undefined ? null : readOverridePack(readTextFile(file), file)
}

/** The report as the people of the pack decided; nothing is read again. */
function graded(call: CommandCall, report: ScanReport, pack: readonly PackedOverride[] | null): ScanReport {
  return pack === null ? report : regradeReport(report, textFlag(call, 'rules') ?? defaultRuleSetId, packDecisions(pack))
}

interface UsedPack {
  decisions: number
  /** Fields of this scan that are graded by them. */
  fields: number
  signers: string[]
}

/** How many decisions met a column, and whose they are: without a home nobody else can say whether to trust them. */
function usedOfPack(report: ScanReport, pack: readonly PackedOverride[]): UsedPack {
  const fields = report.sources.flatMap((source) => source.dataSets.flatMap((set) => set.fields)).filter(({ gradeRule }) => gradeRule.includes('override/')).length
  return { decisions: pack.length, fields, signers: [...new Set(pack.map(({ vkey }) => vkey.split('+')[0] ?? ''))] }
}

const wordsOfPack = ({ decisions, fields, signers }: UsedPack): Words => ({
  zh: `改判包中有 ${decisions} 项认定,用于本次 ${fields} 个字段;签名人 ${signers.join('、')}(签名有效,是否采信由您判断)。`,
  en: `The pack holds ${decisions} decisions; ${fields} fields of this scan are graded by them. Signed by ${signers.join(', ')} (signatures are valid; whether to trust them is yours to judge).`,
})

async function scanOrPause(call: CommandCall): Promise<ScanReport> {
  const databases = await databaseLogins(call, { isFull: call.flags['full'] === true })
  const isMany = call.positionals.length > 1 || databases.size > 0 || isFolder(call.positionals[0] ?? '')
  const named = textFlag(call, 'work')
  const isResumed = call.flags['resume'] === true
  const workFile = named ?? (isMany || isResumed ? usualWorkFile(call) : undefined)
  // A single file keeps nothing when it is stopped: that is the pause of every command, with the same command to go on.
  const pause = workFile === undefined ? {} : { isResumed, workFile, ...(call.stop === undefined ? {} : { stop: call.stop }) }
  return scanSources(call.positionals, { ...scanOptions(call), databases }, (seen) => call.out.progress(stepOf(seen, databases.size === call.positionals.length)), pause)
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false // the scan says what is wrong with it
  }
}

/** Named after what is scanned, so that the same command finds it again. */
function usualWorkFile(call: CommandCall): string {
  const name = createHash('sha256').update(JSON.stringify(call.positionals.map((path) => (isDatabaseAddress(path) ? path : resolve(path))))).digest('hex').slice(0, 32)
  return join(homePath(textFlag(call, 'home')), 'scan-work', `${name}.ndjson`)
}

function stepOf(seen: ScanProgress, isTables: boolean): { label: Words; done: number; total: number | null; unit: Words } {
  if (seen.filesTotal <= 1 && seen.pages !== null) return { label: { zh: '逐页识别', en: 'Reading pages' }, done: seen.pages.done, total: seen.pages.total, unit: { zh: '页', en: 'pages' } }
  if (seen.filesTotal <= 1) return { label: { zh: '清查', en: 'Scanning' }, done: seen.rows, total: null, unit: { zh: '行', en: 'rows' } }
  return { label: isTables ? { zh: `清查(${seen.filesTotal} 张表)`, en: `Scanning ${seen.filesTotal} tables` } : { zh: `清查(${seen.filesTotal} 个文件)`, en: `Scanning ${seen.filesTotal} files` }, done: Math.round(seen.bytes / 1000), total: Math.round(seen.bytesTotal / 1000), unit: { zh: 'KB', en: 'kB' } }
}

const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'latin1'] as const

function scanOptions(call: CommandCall): ScanOptions {
  const encoding = textFlag(call, 'encoding')?.toLowerCase().replace(/^utf8$/, 'utf-8').replace(/^gbk$|^gb2312$/, 'gb18030')
  const known = encodings.find((one) => one === encoding)
  if (encoding !== undefined && known === undefined) throw scanFailures.SCAN_BAD_OPTION({ option: '--encoding', given: encoding.slice(0, 30), known: encodings.join(', ') })
  const delimiter = textFlag(call, 'delimiter')?.replace(/^(?:\\t|tab)$/i, '\t')
  if (delimiter !== undefined && !/^[^"\r\n\u0080-\uffff]$/.test(delimiter)) throw scanFailures.SCAN_BAD_OPTION({ option: '--delimiter', given: delimiter.slice(0, 30), known: ', ; TAB |' })
  const ruleSet = textFlag(call, 'rules')
  if (ruleSet !== undefined && !gradingRuleSets.some((set) => set.id === ruleSet)) {
    throw scanFailures.SCAN_BAD_OPTION({ option: '--rules', given: ruleSet.slice(0, 30), known: gradingRuleSets.map((set) => set.id).join(', ') })
  }
  return {
    ...(known === undefined ? {} : { encoding: known }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
    header: call.flags['no-header'] === true ? 'none' : 'detect',
  }
}

function isFound(report: ScanReport, wanted: readonly string[]): boolean {
  return report.sources.some((source) => source.dataSets.some((dataSet) =>
    wanted.some((word) => dataSet.grade === word || dataSet.fields.some((field) => field.grade === word || field.type === word))))
}

const gradeWords = { sensitive: ['敏感', 'sensitive'], general: ['一般', 'general'], organisation: ['单位', 'organisation'], none: ['—', '—'] } as const

function humanReport(report: ScanReport, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const lines: string[] = []
  for (const source of report.sources) {
    lines.push(`${printable(source.source)}  ${source.kind}${source.encoding === null ? '' : ` · ${source.encoding}`}${source.delimiter === null ? '' : ` · ${source.delimiter === '\t' ? 'TAB' : source.delimiter}`}${source.server === undefined ? '' : ` · ${printable(source.server)}`} · ${source.bytes} ${zh ? '字节' : 'bytes'} · sha256 ${source.sha256.slice(0, 16)}…`)
    for (const dataSet of source.dataSets) lines.push(...dataSetLines(dataSet, lang))
    lines.push('')
  }
  if (report.notRead.length > 0) lines.push(zh ? '未读取的内容:' : 'Not read:', ...report.notRead.map((one) => `  ${printable(one.where)}  ${zh ? one.why : one.whyEn}`), '')
  const fields = report.sources.flatMap((source) => source.dataSets.flatMap((dataSet) => dataSet.fields))
  const personal = fields.filter((field) => field.grade === 'sensitive' || field.grade === 'general')
  const sensitive = personal.filter((field) => field.grade === 'sensitive').length
  lines.push(zh
    ? `共 ${fields.length} 个字段,其中个人信息 ${personal.length} 个(敏感 ${sensitive} 个);未读取 ${report.notRead.length} 处;用时 ${(report.elapsedMs / 1000).toFixed(1)} 秒`
    : `${fields.length} fields, ${personal.length} personal (${sensitive} sensitive); ${report.notRead.length} places not read; ${(report.elapsedMs / 1000).toFixed(1)} s`)
  return lines
}

function dataSetLines(dataSet: ScannedDataSet, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const oddities: [number, string, string][] = [
    [dataSet.shortRows, '行缺列', 'short rows'], [dataSet.longRows, '行多列', 'long rows'], [dataSet.duplicateRows ?? 0, '行完全重复', 'duplicate rows'], [dataSet.oddCells, '个异常单元格', 'odd cells'],
    [dataSet.blankHeaders, '个空列名', 'blank headers'], [dataSet.duplicateHeaders, '个重复列名', 'duplicate headers'], [dataSet.mergedRanges, '处合并单元格', 'merged ranges'], [dataSet.hiddenRows ?? 0, '行被隐藏', 'hidden rows'], [dataSet.hiddenColumns ?? 0, '列被隐藏', 'hidden columns'],
  ]
  const notes = oddities.filter(([count]) => count > 0).map(([count, chinese, english]) => `${count} ${zh ? chinese : english}`)
  const title = `  ${zh ? '数据集' : 'Data set'} ${printable(dataSet.name)} · ${dataSet.rows} ${zh ? '行' : 'rows'}${dataSet.hidden ? (zh ? ' · 隐藏' : ' · hidden') : ''}${notes.length > 0 ? ` · ${notes.join(zh ? '、' : ', ')}` : ''}`
  const head = zh ? ['列名', '类型', '级别', '把握', '有值', '符合', '无效', '脱敏', '损坏', '样例(已脱敏)'] : ['column', 'type', 'grade', 'sure', 'values', 'match', 'invalid', 'masked', 'damaged', 'sample (masked)']
  const found = (dataSet.found ?? []).map(({ type, count }) => `${typeLabel(type)[lang]} ${count}`).join(' · ')
  return [title, ...table([head, ...dataSet.fields.map((field) => fieldRow(field, lang))]), ...(found === '' ? [] : [`    ${zh ? '全文发现' : 'In the text'}: ${found}`])]
}

function fieldRow(field: ScannedField, lang: 'zh' | 'en'): string[] {
  const first = field.evidence[0]
  const counts = [field.values, field.matched, field.invalid, field.masked, field.damaged].map((count, i) => (field.type === 'none' && i > 0 ? '' : String(count)))
  return [
    printable(field.name).slice(0, 24), typeLabel(field.type)[lang], gradeWords[field.grade][lang === 'zh' ? 0 : 1], field.type === 'none' ? '' : field.confidence.toFixed(2),
    ...counts, first === undefined ? '' : `${first.shown} @${first.row}`,
  ]
}

// A foreign name must not move the cursor or turn the text around on the party's terminal.
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·')
}

/** Columns of equal width; Chinese characters take two places. */
function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? ''))))
  return rows.map((row) => `    ${row.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(cell)))).join('  ')}`.trimEnd())
}

function width(text: string): number {
  let places = 0
  for (const char of text) places += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(char) ? 2 : 1
  return places
}
