// SPDX-License-Identifier: Apache-2.0
// 合规审计报告. The 26 points, each with the matter's evidence, the finding and what is to be fixed by when (个人信息保护合规审计管理办法 附件).
import { blank, cited, dayText, facts as factRows, heading, inBrackets, para, plain, say, shaded, signatures, small, strong, table, type Piece } from '../../kit/paper/compose.ts'
import type { Block, Paper, PaperText, Run } from '../../kit/paper/paper.ts'
import { dayInChina, type Instant } from '../../kit/time.ts'
import { auditWords, isCertain, lawMark, spellObstacle, type GateResult } from '../../law/index.ts'
import { resultWords, severityWords, type Audit, type Finding, type Sample } from './audit.ts'
import type { PointEvidence } from './point-evidence.rules.ts'

/** Everything a report is made of. */
export interface AuditContent {
  now: Instant
  isClockDeclared: boolean
  matter: { code: string }
  /** The audited handler. */
  handler: { name: string; creditCode: string } | null
  /** Names of people by id; an id stands where a name is not known. */
  nameOf: (person: string) => string
  audit: Audit
  samples: readonly Sample[]
  points: readonly PointEvidence[]
  findings: ReadonlyMap<string, Finding>
  events: number
}

interface Words {
  lang: 'zh' | 'en'
  s(zh: string, en: string): string
}

/** 审计报告. What no auditor has judged stands as 〔待填〕; the suggestion of the rules is printed as a suggestion only. */
export function auditReport(content: AuditContent, lang: 'zh' | 'en'): Paper {
  const w: Words = { lang, s: (zh, en) => (lang === 'zh' ? zh : en) }
  const about = w.s(`事项 ${content.matter.code}`, `Matter ${content.matter.code}`)
  return {
    template: 'audit-report/1', lang, layout: 'form', title: w.s('个人信息保护合规审计报告', 'Compliance audit of personal information protection'), subtitle: about, about, created: content.now,
    blocks: [...headPart(w, content), ...breachPart(w, content), ...pointsPart(w, content), ...samplePart(w, content), ...endPart(w, content)],
  }
}

const auditLaw = { law: '个人信息保护合规审计管理办法 附件', conf: 'P' }
const source = (w: Words, line: { law: string; conf: string }): Run => cited(lawMark(line, w.lang), isCertain(line.conf))

function headPart(w: Words, { handler, audit, points, findings, events, nameOf }: AuditContent): Block[] {
  const count = (result: Finding['result']): number => [...findings.values()].filter((finding) => finding.result === result).length
  return [
    factRows([
      [w.s('被审计单位', 'Audited handler'), handler === null ? blank(w.s('被审计单位', 'the handler')) : `${handler.name}${inBrackets(handler.creditCode, w.lang)}`],
      [w.s('审计性质', 'Nature'), audit.nature === 'self' ? w.s('自行开展', 'by the handler itself') : w.s('履行个人信息保护职责的部门要求', 'ordered by an authority')],
      [w.s('审计期间', 'Period'), `${dayText(audit.from, w.lang)} – ${dayText(audit.to, w.lang)}`],
      [w.s('审计依据', 'Grounds'), [source(w, { law: '个人信息保护法 第五十四条', conf: 'P' }), plain(' '), source(w, auditLaw)]],
      [w.s('审计方法', 'Method'), w.s(`逐点核对规则、签署的事实和账簿事件（共 ${events} 条）；按记录的种子随机抽样复核`, `point by point against rules, signed facts and the ledger (${events} events); samples drawn at random by a recorded seed`)],
      [w.s('立项人', 'Opened by'), nameOf(audit.openedBy)],
      [w.s('结论汇总', 'In sum'), w.s(`${points.length} 个审计点：合规 ${count('conforms')}，不合规 ${count('does-not-conform')}，不适用 ${count('not-applicable')}，尚无结论 ${points.length - findings.size}`, `${points.length} points: ${count('conforms')} conform, ${count('does-not-conform')} do not, ${count('not-applicable')} not applicable, ${points.length - findings.size} without finding`)],
    ]),
  ]
}

function breachPart(w: Words, { points, findings, audit }: AuditContent): Block[] {
  const breaches = points.flatMap(({ point }) => {
    const finding = findings.get(point.id)
    return finding?.result === 'does-not-conform' ? [{ point, finding }] : []
  })
  return [
    heading(w.s('发现的问题与整改', 'Breaches and what is to be fixed')),
    breaches.length === 0
      ? para(w.s('没有登记不合规的结论。', 'No breach is on record.'))
      : table([[w.s('审计点', 'Point'), 2.6], [w.s('违反的规定', 'Against'), 2.4], [w.s('事实', 'Facts'), 3.4], [w.s('程度', 'Severity'), 1.6, 'center'], [w.s('整改', 'Fix'), 2.8], [w.s('期限', 'Due'), 2], [w.s('完成', 'Fixed'), 2]], breaches.map(({ point, finding }) => [
        `${point.id} ${auditWords(point).title[w.lang]}`, source(w, { law: point.law, conf: auditLaw.conf }), finding.text, severityWords[finding.severity][w.lang], finding.fix, finding.due === null ? '–' : dayText(finding.due, w.lang), finding.fixedOn !== null ? dayText(finding.fixedOn, w.lang) : w.s('未完成', 'open'),
      ])),
    ...(audit.nature === 'ordered' ? [para(say`${w.s('应部门要求的审计，整改完成后十五个工作日内报送整改情况报告', 'Where an authority ordered the audit, the report on the fixing is filed within fifteen working days after it')}${source(w, { law: '个人信息保护合规审计管理办法 第十一条', conf: 'P' })}${w.s('。', '.')}`)] : []),
  ]
}

function pointsPart(w: Words, { points, findings, nameOf }: AuditContent): Block[] {
  return [
    heading(w.s('逐点审计', 'Point by point')),
    table([[w.s('审计点与依据', 'Point and source'), 3.4], [w.s('事项的证据', 'Evidence of the matter'), 6.4], [w.s('审计意见', 'Finding'), 3.6]], points.map((evidence) => [
      [strong(evidence.point.id), plain(` ${auditWords(evidence.point).title[w.lang]} `), source(w, { law: evidence.point.law, conf: auditLaw.conf })], evidenceText(w, evidence), findingCell(w, findings.get(evidence.point.id), evidence, nameOf),
    ])),
  ]
}

function evidenceText(w: Words, { rules, facts, events }: PointEvidence): PaperText {
  const lines = rules.map((result) => ruleText(w, result))
  const newest = events.newest.map(({ seq, type, leaf }) => `#${seq} ${type}${leaf === null ? '' : ` [${w.s('日志', 'log')} ${leaf}]`}`).join(w.s('、', ', '))
  return [
    ...(lines.length === 0 ? [plain(w.s('没有对应的规则，须人工核对。', 'No rule stands behind this point; people have to look. '))] : lines.flat()),
    plain(events.count === 0 ? w.s('没有相关事件。', 'No event speaks of it. ') : w.s(`相关事件 ${events.count} 条，最近：${newest}。`, `${events.count} events speak of it, newest: ${newest}. `)),
    ...(facts.length === 0 ? [] : [small(`${w.s('事实', 'facts')} ${facts.join(' ')}`)]),
  ]
}

const statusWords = {
  satisfied: { zh: '满足', en: 'met' }, unmet: { zh: '未满足', en: 'not met' }, overridden: { zh: '已改判', en: 'overridden' }, 'not-applicable': { zh: '不适用', en: 'does not apply' },
} as const satisfies Record<GateResult['status'], { zh: string; en: string }>

function ruleText(w: Words, result: GateResult): Run[] {
  const obstacles = result.status === 'unmet' || result.status === 'overridden' ? result.obstacles.map(spellObstacle) : []
  const why = result.status === 'satisfied' ? result.satisfiedBy.map((one) => one[w.lang]) : obstacles.length > 0 ? obstacles.map((one) => one[w.lang]) : result.note === null ? [] : [result.note[w.lang]]
  // An obstacle may rest on a text that nobody read although its rule does not.
  const doubts = new Map([{ law: result.rule, conf: result.conf }, ...obstacles].filter(({ conf }) => !isCertain(conf)).map(({ law, conf }) => [law, conf]))
  const mark: Run[] = [...doubts].map(([law, conf]) => source(w, { law, conf }))
  return [strong(`${result.rule} ${statusWords[result.status][w.lang]}`), plain(why.length === 0 ? '' : `${w.s('：', ': ')}${why.join(w.s('；', '; '))}`), ...mark, plain(w.s('。', '. '))]
}

function findingCell(w: Words, finding: Finding | undefined, { suggestion }: PointEvidence, nameOf: (person: string) => string): Piece | ReturnType<typeof shaded> {
  if (finding === undefined) {
    const words = suggestion === 'judge' ? w.s('须人工判断', 'people must judge') : w.s(`规则提示：${resultWords[suggestion].zh}`, `the rules suggest: ${resultWords[suggestion].en}`)
    return [blank(w.s('审计意见', 'finding')), small(inBrackets(words, w.lang))]
  }
  const text: Piece = [strong(resultWords[finding.result][w.lang]), plain(` ${finding.text} `), small(`${nameOf(finding.by)} · ${dayText(dayInChina(finding.at), w.lang)}`)]
  return shaded(text, finding.result === 'does-not-conform' ? 2 : 0)
}

function samplePart(w: Words, { samples }: AuditContent): Block[] {
  return [
    heading(w.s('抽样', 'Samples')),
    samples.length === 0
      ? para(w.s('没有抽样。', 'No sample was drawn.'))
      : table([[w.s('序', 'No.'), 0.8], [w.s('审计点', 'Point'), 1.4], [w.s('种子', 'Seed'), 4.4], [w.s('截至事件', 'Up to event'), 1.4, 'right'], [w.s('抽中的事件', 'Events drawn'), 4.6]], samples.map((sample) => [String(sample.number), sample.point ?? w.s('全部', 'all'), sample.seed, String(sample.upTo), sample.seqs.map((seq) => `#${seq}`).join(' ')])),
    para(small(w.s('复算：对截至该事件的每个候选事件序号计算 HMAC-SHA256(种子, "handover-audit-sample/"+序号)，取最小的若干个。', 'To draw again: HMAC-SHA256(seed, "handover-audit-sample/" + number) for every candidate up to that event; the lowest are taken.')), { indent: false }),
  ]
}

function endPart(w: Words, { audit, isClockDeclared }: AuditContent): Block[] {
  const signers = audit.nature === 'ordered'
    ? [{ title: w.s('审计机构（公章）', 'Audit institution (seal)'), name: [blank(w.s('机构名称', 'institution'))], lines: [w.s('机构负责人', 'Head of the institution'), w.s('审计负责人', 'Audit lead')], seal: true, day: null }]
    : [{ title: w.s('审计单位（公章）', 'Auditing unit (seal)'), name: [], lines: [w.s('审计负责人', 'Audit lead'), w.s('复核人', 'Reviewed by')], seal: true, day: null }]
  return [
    para(small(`${isClockDeclared ? w.s('演示：日期可采用声明的法定时间。', 'Demonstration: dates may follow a declared legal time. ') : ''}${w.s('证据由账簿生成；意见由签名的人员作出。依据后的标记：P 为已读原文；其他为未核实，使用前须由律师确认。本报告不构成法律意见。', 'Evidence comes from the books; findings were made by the people who signed. Marks: P = original text read; any other = unverified, to be confirmed by counsel. Not legal advice.')}`), { indent: false }),
    signatures(...signers),
  ]
}
