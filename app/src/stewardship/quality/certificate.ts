// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, envelopeText, PREDICATE, sha256, signStatement, statementDigest, toHex, utf8, type JsonObject } from '@handover/proof'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { typeLabel } from '../../detection/index.ts'
import type { Context } from '../../context.ts'
import type { Words } from '../../kit/failure.ts'
import { idText } from '../../kit/ids.ts'
import { printPdf, type PrintedPdf, type PrintValue } from '../../kit/pdf/print-pdf.ts'
import { dayInChina, type Instant } from '../../kit/time.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import { countsOf, totalOf, type NotChecked, type QualityReport, type RuleCounts } from './quality-report.ts'
import { qualityRuleCodes, qualityRules, ruleSource, type QualityDimension } from './quality-rules.ts'

/** Under which matter and by whom; null for files outside a matter. */
export interface CertificateHead {
  issuedAt: Instant
  clock: 'real' | 'declared'
  matter: { code: string } | null
  party: { name: string; creditCode: string } | null
}

/** 质量证明. The text that counts (`json`, canonical) with its digest, and the same as a sheet to be sealed. */
export interface QualityCertificate {
  json: string
  digest: string
  pdf: PrintedPdf
}

/** What no check of ours can tell; printed on every certificate (it never claims more than was measured). */
const generalLimits: readonly NotChecked[] = [
  { where: '*', code: 'NO_REGISTER', zh: '没有向公安、通信、银行、邮政等登记核对:号码合格只说明格式与校验码成立,不说明它属于此人', en: 'no register of police, telecom, banks or post was asked: a number that passes has a right form and check digit; whose it is, is not known' },
  { where: '*', code: 'NO_REALITY', zh: '没有核对信息是否仍与事实相符(搬家、换号、改名)', en: 'whether the information still is true (moved, new number, new name) was not examined' },
  { where: '*', code: 'NO_SIMILAR', zh: '没有查找写法相近但不相同的重复记录', en: 'records that are alike but not equal were not looked for' },
  { where: '*', code: 'NO_ID_WIDTH', zh: '除邮政编码和固话外,没有判断编号是否丢失前导零', en: 'whether numbers other than postcodes and landlines lost leading zeros was not judged' },
]

/** The certificate as data: counts of every rule with its definition and source, by data set and field, and what was not checked. */
export function certificateOf(report: QualityReport, head: CertificateHead): JsonObject {
  const total = totalOf(report)
  return {
    format: 'handover-quality-certificate/1', tool: `handover ${toolVersion()}`, rulesVersion: report.rules, issuedAt: head.issuedAt, clock: head.clock, checkedOn: report.today, staleYears: report.staleYears,
    matter: head.matter, party: head.party,
    totals: { dataSets: total.dataSets, rows: total.rows, rowsWithFindings: total.rowsWithFindings, values: total.values, checkedValues: total.checked },
    rules: qualityRuleCodes.map((code) => {
      const { dimension, weight, name, definition, source } = qualityRules[code]
      return { code, dimension, weight, nameZh: name.zh, nameEn: name.en, definitionZh: definition.zh, definitionEn: definition.en, source, count: total.findings[code] ?? 0 }
    }),
    sources: report.sources.map((source) => ({
      source: source.source, kind: source.kind, bytes: source.bytes, sha256: source.sha256,
      dataSets: source.dataSets.map((set) => ({
        name: set.name, id: set.id ?? null, typed: set.isUntyped !== true, rows: set.rows, rowsWithFindings: set.rowsWithFindings, findings: countsJson(set.findings),
        fields: set.fields.map((field) => ({ name: field.name, index: field.index, type: field.type, values: field.values, empty: field.empty, checked: field.checked, findings: countsJson(field.findings) })),
      })),
    })),
    notChecked: [...report.notChecked, ...generalLimits].map(({ where, code, zh, en }) => ({ where, code, zh, en })),
  }
}

const countsJson = (counts: RuleCounts): JsonObject => Object.fromEntries(countsOf(counts))

/** 出具质量证明. The certificate as canonical JSON and as a sheet that carries its digest; the same report at the same time gives the same bytes. Refuses what the press refuses. */
export async function issueCertificate(report: QualityReport, head: CertificateHead, lang: 'zh' | 'en'): Promise<QualityCertificate> {
  const json = canonicalJson(certificateOf(report, head))
  const digest = toHex(sha256(utf8(json)))
  const pdf = await printPdf({
    template: fileURLToPath(new URL('./certificate.typ', import.meta.url)), lang, title: lang === 'zh' ? '客户信息质量证明' : 'Certificate of data quality',
    matter: head.matter === null ? (lang === 'zh' ? '事项之外的检查' : 'Outside any matter') : (lang === 'zh' ? `事项 ${head.matter.code}` : `Matter ${head.matter.code}`), digest, created: head.issuedAt, values: sheetValues(report, head, lang),
  })
  return { json, digest, pdf }
}

/** 质量证明入账. Signs the digests of JSON and sheet with the party's key and books the event; the same certificate again gives the first result. */
export async function bookCertificate(ctx: Context, matter: Matter, certificate: QualityCertificate, report: QualityReport): Promise<{ certificate: string; statement: string; envelope: string; seq: number; repeated: boolean }> {
  const id = idText('crt', Buffer.from(certificate.digest, 'hex').subarray(0, 16))
  const pdfDigest = toHex(sha256(certificate.pdf.bytes))
  const { rows, rowsWithFindings } = totalOf(report)
  const predicate: JsonObject = { fact: id, matter: matter.id, name: 'quality-certificate', recordedAt: ctx.now(), value: { rules: report.rules, json: certificate.digest, pdf: pdfDigest, rows, rowsWithFindings }, by: ownParty(matter).id }
  const envelope = signStatement({ subject: [{ name: `${id}.json`, digest: { sha256: certificate.digest } }, { name: `${id}.pdf`, digest: { sha256: pdfDigest } }], predicateType: PREDICATE.fact, predicate }, [ctx.signer.noteSigner])
  const statement = statementDigest(envelope)
  const body = { certificate: id, statement, rows, rowsWithFindings }
  const { seq, repeated } = await ctx.db.transaction((tx) => ctx.ledger.append(tx, matter.id, { type: 'QualityCertified', body }, `quality/${id}/${statement}`))
  return { certificate: id, statement, envelope: envelopeText(envelope), seq, repeated }
}

/** 1 row, 2,000 rows. */
const counted = (count: number, word: string): string => `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`

const packageFile = z.object({ version: z.string() })

function toolVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))).version
}

const dimensionWords: Record<QualityDimension, Words> = {
  validity: { zh: '有效性', en: 'validity' }, completeness: { zh: '完整性', en: 'completeness' }, uniqueness: { zh: '唯一性', en: 'uniqueness' }, consistency: { zh: '一致性', en: 'consistency' }, timeliness: { zh: '时效性', en: 'timeliness' },
}
const weightWords = { error: { zh: '错误', en: 'error' }, review: { zh: '待核对', en: 'to review' } } as const

/** What the sheet shows, in words of its language. */
function sheetValues(report: QualityReport, head: CertificateHead, lang: 'zh' | 'en'): { [key: string]: PrintValue } {
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en-US')
  const total = totalOf(report)
  const isWhole = !report.notChecked.some(({ code }) => code === 'NOT_READ')
  const rule = ([code, count]: readonly [keyof typeof qualityRules, number]): string => `${qualityRules[code].name[lang]} ${n(count)}`
  const facts: [string, string][] = [
    [zh ? '检查日' : 'Checked on', `${report.today}${head.clock === 'declared' ? (zh ? '(演示:法定时间为声明的时间)' : ' (demonstration: the legal time is declared)') : ''}`],
    [zh ? '出具时间' : 'Issued', `${dayInChina(head.issuedAt)} ${new Date(Date.parse(head.issuedAt) + 8 * 3_600_000).toISOString().slice(11, 16)} (UTC+8)`],
    ...(head.party === null ? [] : ([[zh ? '出具单位' : 'Issued by', `${head.party.name} ${head.party.creditCode}`]] satisfies [string, string][])),
    [zh ? '检查范围' : 'Scope', zh ? `${n(report.sources.length)} 个数据源、${n(total.dataSets)} 个数据集、${n(total.rows)} 行,${isWhole ? '逐行全部读取' : '逐行读取;有没有读到的部分,见第三节'}` : `${counted(report.sources.length, 'source')}, ${counted(total.dataSets, 'data set')}, ${counted(total.rows, 'row')}, ${isWhole ? 'every row read' : 'read row by row; some parts could not be read, see section 3'}`],
    [zh ? '结果' : 'Result', zh ? `${n(total.rowsWithFindings)} 行有问题或待核对;${n(total.values)} 个值中,${n(total.checked)} 个有公开的校验规则并逐个核对` : `${n(total.rowsWithFindings)} rows have findings; of ${n(total.values)} values ${n(total.checked)} have a public check and were checked one by one`],
    [zh ? '规则版本' : 'Rules', report.rules],
  ]
  return {
    facts,
    ruleHead: zh ? ['规则', '定义与依据', '类别', '数量'] : ['Rule', 'Definition and source', 'Kind', 'Count'],
    ruleRows: qualityRuleCodes.map((code) => {
      const { name, definition, dimension, weight } = qualityRules[code]
      return { name: name[lang], definition: definition[lang], source: ruleSource(code, lang), kind: `${dimensionWords[dimension][lang]}${zh ? '·' : ', '}${weightWords[weight][lang]}`, count: n(total.findings[code] ?? 0), isFound: (total.findings[code] ?? 0) > 0 }
    }),
    sources: report.sources.map((source) => ({
      name: source.source, note: `${source.kind} · ${n(source.bytes)} ${zh ? '字节' : 'bytes'} · SHA-256 ${source.sha256}`,
      dataSets: source.dataSets.map((set) => ({
        name: set.name, note: zh ? `${n(set.rows)} 行,${n(set.rowsWithFindings)} 行有问题或待核对` : `${counted(set.rows, 'row')}, ${n(set.rowsWithFindings)} with findings`,
        rows: set.fields.map((field) => [field.name, set.isUntyped === true ? (zh ? '未识别' : 'unknown') : typeLabel(field.type)[lang], n(field.values), n(field.empty), n(field.checked), countsOf(field.findings).filter(([code]) => code !== 'EMPTY').map(rule).join(zh ? '、' : ', ') || '—']),
        ofRows: countsOf(set.findings).filter(([code]) => code === 'DUPLICATE_ROW').map(rule).join(''),
      })),
    })),
    fieldHead: zh ? ['列', '类型', '有值', '空值', '已核对', '问题'] : ['Column', 'Type', 'Values', 'Empty', 'Checked', 'Findings'],
    notChecked: [...report.notChecked, ...generalLimits].map((one) => `${one.where === '*' ? '' : `${one.where}: `}${one[lang]}`),
    parties: head.party === null ? [{ name: zh ? '出具单位' : 'Issued by', note: '' }] : [{ name: head.party.name, note: head.party.creditCode }],
  }
}
