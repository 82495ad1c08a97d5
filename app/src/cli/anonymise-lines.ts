// SPDX-License-Identifier: Apache-2.0
// The report of an anonymised copy in words.
import { sharingKinds, type AnonymisationReport, type ReportedColumn, type SharingKind, type Warning, type WarningCode } from '../anonymise/index.ts'
import { typeLabel, isInformationType } from '../detection/index.ts'
import type { Words } from '../kit/failure.ts'
import { lawMark } from '../law/index.ts'

type Lang = 'zh' | 'en'
const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`
const whole = (number: number): string => number.toLocaleString('en-US')
const fine = (number: number): string => number.toFixed(3)

/** The report for people: what was reached, what it cost and which columns cost most, the risk that is left, and what the copy is not in law. */
export function anonymisationLines(report: AnonymisationReport, lang: Lang): string[] {
  const zh = lang === 'zh'
  const { reached, metrics, demanded } = report
  return [
    zh ? `✔ 已写出 ${report.copy}:${whole(report.rows)} 行,${whole(report.classes)} 个等价类,没有删除任何行` : `✔ Wrote ${report.copy}: ${whole(report.rows)} rows in ${whole(report.classes)} classes, no row suppressed`,
    zh ? '  以下数字是把副本重新读取后数出来的' : '  The figures below were counted after reading the copy again',
    '',
    `  k = ${reached.k} (${zh ? '要求' : 'asked'} ${demanded.k})${reached.l === null ? '' : ` · l = ${reached.l} (${zh ? '要求' : 'asked'} ${demanded.l}; ${zh ? '按熵' : 'by entropy'} ${reached.entropyL === null ? '–' : reached.entropyL.toFixed(2)})`}${reached.t === null ? '' : ` · t = ${fine(reached.t)}${demanded.t < 1 ? ` (${zh ? '要求' : 'asked'} ${demanded.t})` : ''}`}`,
    zh ? `  再识别风险:最高 ${percent(report.risk.highest)},平均 ${percent(report.risk.average)}` : `  Risk of being found: ${percent(report.risk.highest)} at most, ${percent(report.risk.average)} on average`,
    `  ${zh ? '类的大小' : 'Sizes of classes'}: ${report.sizes.map(({ from, to, classes }) => `${from}–${to}: ${whole(classes)}`).join(' · ')}`,
    '',
    zh ? `损失(越小越好):NCP ${fine(metrics.ncp)} · CAVG ${fine(metrics.cavg)} · DM ${whole(metrics.dm)}` : `Loss (smaller is better): NCP ${fine(metrics.ncp)} · CAVG ${fine(metrics.cavg)} · DM ${whole(metrics.dm)}`,
    ...report.columns.filter(({ ncp }) => ncp !== undefined).toSorted((a, b) => (b.ncp ?? 0) - (a.ncp ?? 0)).map((column) => columnLine(column, lang)),
    '',
    ...effectLines(report, lang),
    '',
    ...report.warnings.map((warning) => `⚠ ${warningText(warning, report)[lang]}`),
    `⚠ ${report.inLaw[lang]} ${lawMark(report.inLaw, lang)}`,
  ]
}

const originWords: Record<NonNullable<ReportedColumn['hierarchy']>, Words> = {
  file: { zh: '层级文件', en: 'from its file' }, numbers: { zh: '数字区间', en: 'intervals' }, dates: { zh: '日→月→年→十年', en: 'day, month, year, decade' }, regions: { zh: '区→市→省', en: 'district, city, province' },
  prefixes: { zh: '按前几位', en: 'first characters' }, domains: { zh: '邮箱域名', en: 'mail domain' }, words: { zh: '保留或 *', en: 'kept or *' },
}

function columnLine({ name, index, hierarchy, ncp, intervalNcp, kWithout }: ReportedColumn, lang: Lang): string {
  const zh = lang === 'zh'
  const interval = intervalNcp === undefined || hierarchy === 'numbers' ? '' : zh ? `(按区间 ${fine(intervalNcp)})` : ` (as intervals ${fine(intervalNcp)})`
  const title = name === '' ? `#${index + 1}` : name
  if (ncp === 0) return `  ${title}: 0 · ${zh ? '原样,没有概括' : 'as it was, not generalised'}`
  return `  ${title}: ${fine(ncp ?? 0)}${interval} · ${hierarchy === undefined ? '' : originWords[hierarchy][lang]} · ${zh ? `若此列不概括,k 只有 ${kWithout}` : `without generalising it k would be ${kWithout}`}`
}

const sharingWords: Record<SharingKind, Words> = {
  public: { zh: '完全公开', en: 'public' }, controlled: { zh: '受控公开(有合同约束的接收方)', en: 'controlled (recipients bound by contract)' }, enclave: { zh: '领地公开(数据不能带走,如禁止下载的资料室)', en: 'enclave (cannot be taken away, e.g. a data room without downloads)' },
}

function effectLines({ effect }: AnonymisationReport, lang: Lang): string[] {
  const zh = lang === 'zh'
  return [
    `${zh ? '去标识化效果(4 级制)' : 'Effect of de-identification (of four levels)'} ${lawMark({ law: 'GB/T 42460', conf: effect.mark }, lang)}`,
    ...sharingKinds.map((kind) => {
      const { dataRisk, level, contextRiskBelow, classesAbove, threshold } = effect.bySharing[kind]
      const why = classesAbove > 0
        ? zh ? `${percent(classesAbove)} 的类小于 ${Math.round(1 / threshold)} 行` : `${percent(classesAbove)} of the classes have fewer than ${Math.round(1 / threshold)} rows`
        : `${zh ? '数据风险' : 'data risk'} ${fine(dataRisk)}${level === 2 && contextRiskBelow !== null ? (zh ? `;环境风险证明低于 ${fine(contextRiskBelow)} 时可为 3 级` : `; level 3 where the surroundings’ risk is shown to be below ${fine(contextRiskBelow)}`) : ''}`
      return `  ${sharingWords[kind][lang]}: ${zh ? `${level} 级` : `level ${level}`} · ${why}`
    }),
  ]
}

const shown = (columns: readonly string[]): string => columns.slice(0, 12).join(', ') + (columns.length > 12 ? ' …' : '')

/** Rows of a class with one single value count whole; the other warnings name their columns. */
function warningText({ code, columns, count }: Warning, report: AnonymisationReport): Words {
  const list = shown(columns)
  const words: Record<WarningCode, Words> = {
    KEPT_COLUMNS: { zh: `原样保留、没有算进 k 的列:${list}。知道这些内容的人可以缩小范围`, en: `Kept as they are and not counted in k: ${list}. Whoever knows them can narrow a class down` },
    DISTINGUISHING: { zh: `其中取值很分散的列:${columns.map((name) => withShare(name, report, 'zh')).join(', ')}。请写进 --quasi 或用 --drop 去掉`, en: `Of these, columns of many different values: ${columns.map((name) => withShare(name, report, 'en')).join(', ')}. Put them into --quasi or --drop them` },
    HOMOGENEOUS: { zh: `${whole(count)} 个类(${whole(report.homogeneous?.rows ?? 0)} 行)只有一种敏感值:知道某人在其中,就知道其敏感值。请加 --l 2`, en: `${whole(count)} classes (${whole(report.homogeneous?.rows ?? 0)} rows) have a single sensitive value: knowing that a person is in one tells it. Add --l 2` },
    NO_SENSITIVE: { zh: `没有指明敏感列${columns.length === 0 ? '' : `(可能是 ${list})`},没有检查各类的敏感值是否单一(--sensitive、--l)`, en: `No sensitive column was named${columns.length === 0 ? '' : ` (perhaps ${list})`}; whether classes give a value away was not checked (--sensitive, --l)` },
    ORDER_KEPT: { zh: '行序与原表相同:持有原表的人可按位置逐行对应。需要时加 --reorder', en: 'Rows stand in the order of the source: whoever has it can match them by place. Add --reorder if needed' },
    COUNTER_KEPT: { zh: `${list} 只是行的序号,已重新编号`, en: `${list} only counts the rows and was counted anew` },
    COUNTER_DROPPED: { zh: `${list} 只是行的序号,行序打乱后已去掉`, en: `${list} only counts the rows and was left out, since rows changed places` },
    NOT_READ: { zh: `原文件有 ${count} 处未读取,副本里没有`, en: `${count} places of the source were not read and are not in the copy` },
    NOT_GENERALISED: { zh: `${list} 没有层级,只能保留或变为 *;给出层级文件(--hierarchies)可减少损失`, en: `No hierarchy for ${list}: kept or *; a hierarchy file (--hierarchies) loses less` },
    BLANK_ROWS: { zh: `原文件有 ${whole(count)} 个空行,副本里没有`, en: `${whole(count)} blank rows of the source are not in the copy` },
  }
  return words[code]
}

function withShare(name: string, { columns }: AnonymisationReport, lang: Lang): string {
  const found = columns.find((column) => column.name === name)
  const type = found !== undefined && isInformationType(found.type) && found.type !== 'none' ? ` · ${typeLabel(found.type)[lang]}` : ''
  return `${name} (${percent(found?.distinctShare ?? 0)}${type})`
}
