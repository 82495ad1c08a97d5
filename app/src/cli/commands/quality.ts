// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import type { Context } from '../../context.ts'
import { homePath, legalClock, openHome } from '../../home.ts'
import { expects, type Words } from '../../kit/failure.ts'
import { dayInChina, instantOf, type Instant } from '../../kit/time.ts'
import { writeOnce } from '../../ledger/index.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import type { ReadOptions } from '../../sources/index.ts'
import { bookCertificate, checkQuality, countsOf, issueCertificate, qualityFailures, qualityRules, totalOf, WorkListWriter, type CertificateHead, type QualityReport } from '../../stewardship/quality/index.ts'
import { matterOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { tablesOfFiles, tablesOfMatter, type QualityScope } from '../quality-tables.ts'
import { readOptions } from '../read-options.ts'

/** A certificate without types says little: a busy machine is given more time than a scan gives it. */
const patienceMs = 30_000

/** `handover quality` */
export const command: Command = {
  name: 'quality',
  summary: { zh: '质量检查:真实、准确、完整;出具质量证明和更正清单', en: 'check quality: true, accurate, complete; a certificate and a work list' },
  usage: 'handover quality [SOURCE… | -m MATTER] [--certificate FILE.pdf] [--list FILE.xlsx] [--stale-years N]',
  example: 'handover quality 客户.csv --certificate 质量证明.pdf --list 更正清单.xlsx',
  options: {
    certificate: { type: 'string', doc: { zh: '质量证明写入此 PDF,同名 .json 为其数据(不指明数据源时签名入账)', en: 'write the certificate here, its data beside it as .json (signed and booked when no source is named)' } },
    list: { type: 'string', doc: { zh: '更正清单写入此 XLSX', en: 'write the work list of corrections here' } },
    'stale-years': { type: 'string', doc: { zh: '几年没有更新算久未更新(默认 3)', en: 'years without update that count as stale (default 3)' } },
    encoding: { type: 'string', doc: { zh: '文本编码(默认自动)', en: 'text encoding (default: detected)' } },
    delimiter: { type: 'string', doc: { zh: '分隔符(默认自动)', en: 'separator (default: detected)' } },
    'no-header': { type: 'boolean', doc: { zh: '第一行就是数据', en: 'the first row is data' } },
  },
  run: async (call) => {
    const [certificateFile, listFile] = [textFlag(call, 'certificate'), textFlag(call, 'list')]
    refuseTaken(certificateFile, listFile)
    const staleYears = yearsOf(textFlag(call, 'stale-years') ?? '3')
    const options = { ...readOptions(call, 'quality'), limits: { silenceMsMax: patienceMs } }
    const about = call.positionals.length > 0 ? null : await matterOf(call)
    const now = about === null ? timeOf(call) : { at: about.ctx.now(), isDeclared: about.matter.isDemo }
    const scope = about === null ? await tablesOfFiles(call.positionals, options, (seen) => progress(call, { zh: '识别列的类型', en: 'reading types' }, seen.rows, null)) : await tablesOfMatter(about.ctx, about.matter)
    const { report, listed } = await check(call, scope, { options, today: now.at, staleYears, listFile })
    const issued = certificateFile === undefined ? null : await certify(call, { file: certificateFile, report, now, about })
    call.out.result({ ...report, totals: totalOf(report), ...(issued === null ? {} : { certificate: issued }), ...(listed === null ? {} : { list: listed }) }, linesOf(report, call.out.lang, { issued, listed }))
    call.out.next(listFile === undefined ? `handover quality ${call.positionals.join(' ')} --list FILE.xlsx`.replace('  ', ' ') : `handover quality import ${listFile} SOURCE --preview`)
    const { findings } = totalOf(report)
    const isWrong = countsOf(findings).some(([code]) => qualityRules[code].weight === 'error')
    return isWrong || report.notChecked.some(({ code }) => code === 'NOT_READ' || code === 'NOT_SCANNED') ? 3 : 0
  },
}

function refuseTaken(...files: readonly (string | undefined)[]): void {
  for (const file of files) if (file !== undefined && existsSync(file)) throw qualityFailures.QUALITY_FILE_EXISTS({ where: file })
}

function yearsOf(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw cliFailures.WRONG_ARGUMENT({ what: '--stale-years', why: expects('1–99'), command: 'quality' })
  return Number(text)
}

/** The time outside a matter: real, or the declared one of a demo home. */
function timeOf(call: CommandCall): { at: Instant; isDeclared: boolean } {
  const clock = textFlag(call, 'clock')
  if (clock === undefined) return { at: instantOf(new Date()), isDeclared: false }
  return { at: legalClock(openHome(homePath(textFlag(call, 'home'))), clock)(), isDeclared: true }
}

function progress(call: CommandCall, label: Words, done: number, total: number | null): void {
  call.out.progress({ label, done, total: total !== null && done > total ? null : total, unit: { zh: '行', en: 'rows' } })
}

interface Checked {
  report: QualityReport
  listed: { file: string; listed: number; found: number } | null
}

async function check(call: CommandCall, scope: QualityScope, how: { options: ReadOptions; today: Instant; staleYears: number; listFile: string | undefined }): Promise<Checked> {
  const writer = how.listFile === undefined ? null : new WorkListWriter(how.listFile, call.out.lang)
  try {
    const report = await checkQuality({
      paths: scope.paths, tables: scope.tables, notTyped: scope.notTyped, options: how.options, today: dayInChina(how.today), staleYears: how.staleYears, found: (findings) => writer?.add(findings),
      progress: (rows) => progress(call, { zh: '质量检查', en: 'checking' }, rows, scope.rows > 0 ? scope.rows : null),
    })
    const done = writer === null ? null : await writer.finish(report)
    return { report, listed: done === null || how.listFile === undefined ? null : { file: how.listFile, ...done } }
  } catch (error) {
    await writer?.discard()
    throw error
  }
}

interface Issued {
  pdf: string
  json: string
  digest: string
  pages: number
  missing: string[]
  booked: { certificate: string; statement: string; seq: number } | null
}

async function certify(call: CommandCall, about: { file: string; report: QualityReport; now: { at: Instant; isDeclared: boolean }; about: { ctx: Context; matter: Matter } | null }): Promise<Issued> {
  const { file, report, now } = about
  const party = about.about === null ? null : ownParty(about.about.matter).file
  const head: CertificateHead = {
    issuedAt: now.at, clock: now.isDeclared ? 'declared' : 'real', party: party === null ? null : { name: party.name, creditCode: party.creditCode },
    matter: about.about === null ? null : { code: about.about.matter.code },
  }
  call.out.say({ zh: '排版质量证明…', en: 'Typesetting the certificate…' })
  const certificate = await issueCertificate(report, head, call.out.lang)
  const stem = file.replace(/\.pdf$/i, '')
  write(`${stem}.json`, Buffer.from(certificate.json, 'utf8'))
  write(file, certificate.pdf.bytes)
  const booked = about.about === null ? null : await bookCertificate(about.about.ctx, about.about.matter, certificate, report)
  if (booked !== null) write(`${stem}.signed.json`, Buffer.from(booked.envelope, 'utf8'))
  return { pdf: file, json: `${stem}.json`, digest: certificate.digest, pages: certificate.pdf.pages, missing: certificate.pdf.missing, booked: booked === null ? null : { certificate: booked.certificate, statement: booked.statement, seq: booked.seq } }
}

function write(file: string, bytes: Uint8Array): void {
  if (!writeOnce(file, bytes, 0o600)) throw qualityFailures.QUALITY_FILE_EXISTS({ where: file })
}

function linesOf(report: QualityReport, lang: 'zh' | 'en', made: { issued: Issued | null; listed: Checked['listed'] }): string[] {
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en-US')
  const total = totalOf(report)
  const lines = [zh ? `✔ ${n(total.dataSets)} 个数据集 ${n(total.rows)} 行,${n(total.rowsWithFindings)} 行有问题或待核对(检查日 ${report.today},规则 ${report.rules})` : `✔ ${n(total.dataSets)} data ${total.dataSets === 1 ? 'set' : 'sets'}, ${n(total.rows)} ${total.rows === 1 ? 'row' : 'rows'}, ${n(total.rowsWithFindings)} with findings (checked on ${report.today}, rules ${report.rules})`]
  for (const source of report.sources) {
    for (const [at, set] of source.dataSets.entries()) {
      lines.push(`  ${printable(source.source)} · ${zh ? '数据集' : 'data set'} ${at + 1} ${printable(set.name)} · ${n(set.rows)} ${zh ? '行' : 'rows'}`)
      for (const [code, count] of countsOf(set.findings)) lines.push(`    ${qualityRules[code].weight === 'error' ? '✗' : '?'} ${qualityRules[code].name[lang]} ${n(count)}`)
    }
  }
  if (report.notChecked.length > 0) lines.push(zh ? '  没有检查的内容:' : '  Not checked:', ...report.notChecked.map((one) => `    ${printable(one.where)}: ${one[lang]}`))
  if (made.issued !== null) lines.push(`  ${zh ? '质量证明' : 'certificate'} ${made.issued.pdf} (${made.issued.pages} ${zh ? '页' : 'pages'}) · SHA-256 ${made.issued.digest}${made.issued.booked === null ? '' : ` · ${zh ? '事件' : 'event'} ${made.issued.booked.seq}`}`)
  if (made.listed !== null) lines.push(`  ${zh ? '更正清单' : 'work list'} ${made.listed.file} · ${n(made.listed.listed)}/${n(made.listed.found)} ${zh ? '处' : 'findings'}`)
  return lines
}

// A foreign name must not move the cursor or turn the text around on the party's terminal.
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·')
}
