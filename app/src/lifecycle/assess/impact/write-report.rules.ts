// SPDX-License-Identifier: Apache-2.0
// 影响评估报告. The report in the official order (UX.md S5): work done → activity → assessment → conclusion; every prefilled line comes from the books.
import { blank, dayText, facts as factRows, cited, heading, inBrackets, para, plain, say, shaded, signatures, small, strong, table, type Piece } from '../../../kit/paper/compose.ts'
import type { Block, Paper, PaperCell, Run } from '../../../kit/paper/paper.ts'
import type { Instant } from '../../../kit/time.ts'
import { basisText, factNames, factTable, isCertain, lawMark, type MatterState } from '../../../law/index.ts'
import { askedQuestions, residualLevel, type Answer, type AssessedRisk } from './assess-risks.rules.ts'
import { impactLevels, levelWords, likelihoods, matrixSource, riskLevel, type RiskLevel } from './levels.rules.ts'
import type { Question, ReportPart } from './questions.ts'
import { harms, hasTaker, type Harm } from './risk-kinds.rules.ts'

/** What the report says of the matter besides its state: names and words that only the party's own papers carry. */
export interface ImpactMatter {
  now: Instant
  isClockDeclared: boolean
  matter: { code: string }
  parties: readonly { role: string; name: string; creditCode: string }[]
  categories: readonly { words: { zh: string; en: string }; isSensitive: boolean; values: number }[]
  purposes: readonly string[]
  bases: readonly string[]
  retention: readonly { text: string; textEn?: string; source: string; conf: string }[]
  dataSets: readonly { number: number; name: string; source: string; records: number; values: number }[]
}

/** Everything a report is made of. */
export interface ImpactContent {
  about: ImpactMatter
  state: MatterState
  answers: ReadonlyMap<string, Answer>
  risks: readonly AssessedRisk[]
  /** When the assessment began. */
  startedOn: string | null
}

interface Words {
  lang: 'zh' | 'en'
  s(zh: string, en: string): string
  n(count: number): string
}

const wordsOf = (lang: 'zh' | 'en'): Words => ({ lang, s: (zh, en) => (lang === 'zh' ? zh : en), n: (count) => count.toLocaleString('en-US') })

const harmWords = {
  'self-determination': { zh: '自主决定', en: 'self-determination' }, 'unequal-treatment': { zh: '差别待遇', en: 'unequal treatment' }, reputation: { zh: '名誉或精神', en: 'reputation or mind' }, property: { zh: '财产', en: 'property' },
} as const satisfies Record<Harm, { zh: string; en: string }>

/** 影响评估报告. The same content gives the same paper; what nobody answered stands as 〔待填〕. */
export function impactReport(content: ImpactContent, lang: 'zh' | 'en'): Paper {
  const w = wordsOf(lang)
  const about = w.s(`事项 ${content.about.matter.code}`, `Matter ${content.about.matter.code}`)
  return {
    template: 'impact-report/1', lang, layout: 'cac', title: w.s('个人信息保护影响评估报告', 'Personal information protection impact assessment'), subtitle: about, about, created: content.about.now,
    blocks: [...workPart(w, content), ...activityPart(w, content), ...assessmentPart(w, content), ...conclusionPart(w, content)],
  }
}

function source(w: Words, line: { law: string; conf: string }): Run {
  return cited(lawMark(line, w.lang), isCertain(line.conf))
}

function workPart(w: Words, content: ImpactContent): Block[] {
  return [
    heading(w.s('评估工作简述', 'The assessment work')),
    factRows([
      [w.s('评估对象', 'Subject'), w.s(`事项 ${content.about.matter.code} 中个人信息的提供、转移、留存和销毁`, `provision, transfer, retention and destruction of personal information in matter ${content.about.matter.code}`)],
      [w.s('评估依据', 'Grounds'), [source(w, { law: '个人信息保护法 第五十五条、第五十六条', conf: 'P' }), plain(' '), source(w, matrixSource)]],
      [w.s('评估开始', 'Begun'), content.startedOn === null ? blank(w.s('尚未开始', 'not begun')) : dayText(content.startedOn, w.lang)],
      ...answerRows(w, content, 'work'),
    ]),
    para(small(w.s('本报告的数量由账簿和登记生成；判断由人作出并签名，逐条留痕。', 'Counts come from the books and the register; judgements were made and signed by people, line by line.')), { indent: false }),
  ]
}

function activityPart(w: Words, content: ImpactContent): Block[] {
  const { about, state } = content
  const party = (role: string): Piece => {
    const found = about.parties.filter((one) => one.role === role)
    return found.length === 0 ? blank(w.s('名称', 'name')) : found.map(({ name, creditCode }) => `${name}${inBrackets(creditCode, w.lang)}`).join(w.s('；', '; '))
  }
  const categories = (sensitive: boolean): Piece => {
    const chosen = about.categories.filter(({ isSensitive }) => isSensitive === sensitive)
    return chosen.length > 0 ? chosen.map(({ words }) => words[w.lang]).join(w.s('、', ', ')) : about.categories.length > 0 ? w.s('无', 'none') : blank(w.s('种类', 'categories'))
  }
  const { plan, counts } = state
  return [
    heading(w.s('活动整体情况', 'The activity as a whole')),
    factRows([
      [w.s('转让方', 'Transferor'), party('transferor')],
      [w.s('接收方', 'Recipient'), hasTaker(state) ? party('transferee') : w.s('无承接方', 'nobody takes over')],
      [w.s('处理目的', 'Purposes'), about.purposes.length === 0 ? blank(w.s('处理目的', 'purposes')) : about.purposes.join(w.s('、', ', '))],
      [w.s('合法性基础', 'Lawful bases'), about.bases.length === 0 ? blank(w.s('合法性基础', 'bases')) : about.bases.map((code) => basisText(code, w.lang)).join(w.s('、', ', '))],
      [w.s('一般个人信息', 'Ordinary information'), categories(false)],
      [w.s('敏感个人信息', 'Sensitive information'), categories(true)],
      [w.s('人数（去重）', 'Persons (counted once)'), counts === null ? blank(w.s('先归并主体', 'resolve subjects first')) : w.s(`${w.n(counts.persons)} 人；敏感 ${w.n(counts.sensitive)}；不满十四周岁 ${w.n(counts.under14)}；未成年 ${w.n(counts.under18)}；年龄不明 ${w.n(counts.unknownAge)}（${dayText(state.today, 'zh')}统计）`, `${w.n(counts.persons)}; sensitive ${w.n(counts.sensitive)}; under 14 ${w.n(counts.under14)}; minors ${w.n(counts.under18)}; unknown age ${w.n(counts.unknownAge)} (counted ${dayText(state.today, 'en')})`)],
      [w.s('去向（方案）', 'Dispositions (plan)'), plan === null ? blank(w.s('先计算方案', 'compute the plan first')) : w.s(`移交 ${w.n(plan.transfer.records)} 条记录、${w.n(plan.transfer.values)} 个字段值；封存 ${w.n(plan.sealedValues)}；留用 ${w.n(plan.keptValues)}；销毁或匿名化 ${w.n(plan.destruction.values)}；待定 ${w.n(plan.pendingValues)}`, `transferred ${w.n(plan.transfer.records)} records, ${w.n(plan.transfer.values)} values; sealed ${w.n(plan.sealedValues)}; kept ${w.n(plan.keptValues)}; destroyed or anonymised ${w.n(plan.destruction.values)}; pending ${w.n(plan.pendingValues)}`)],
      [w.s('是否出境', 'Abroad'), state.parties.some(({ overseas }) => overseas) ? w.s('是', 'yes') : w.s('否', 'no')],
      [w.s('保存期限', 'Retention'), about.retention.length === 0 ? (isRetentionAssigned(state) ? w.s('没有法律规定须保存的类别', 'no class that a law orders to keep') : blank(w.s('保存期限', 'retention'))) : about.retention.flatMap((line, at): Run[] => [plain(`${at === 0 ? '' : w.s('；', '; ')}${w.s(line.text, line.textEn ?? line.text)}`), source(w, { law: line.source, conf: line.conf })])],
      [w.s('未读取的位置', 'Places not read'), w.n(state.notRead)],
      ...answerRows(w, content, 'activity'),
    ]),
    table([[w.s('序', 'No.'), 1, 'right'], [w.s('数据集', 'Data set'), 4], [w.s('来源', 'Source'), 4], [w.s('记录', 'Records'), 2, 'right'], [w.s('字段值', 'Values'), 2, 'right']], about.dataSets.map((set) => [String(set.number), set.name, set.source, w.n(set.records), w.n(set.values)])),
  ]
}

/** Every field has a records class, be it none: then an empty list of retention times is an answer and no gap. */
function isRetentionAssigned({ dataSets }: MatterState): boolean {
  return dataSets.length > 0 && dataSets.every(({ fieldsWithoutRecordsClass }) => fieldsWithoutRecordsClass === 0)
}

function assessmentPart(w: Words, content: ImpactContent): Block[] {
  const { risks } = content
  return [
    heading(w.s('影响评估', 'Assessment')),
    heading(w.s('处理目的、处理方式的合法、正当、必要', 'Lawful, legitimate and necessary purpose and method'), 2),
    factRows(answerRows(w, content, 'purpose')),
    heading(w.s('对个人权益的影响和安全风险', 'Impact on people and security risks'), 2),
    factRows(answerRows(w, content, 'rights')),
    ...(risks.length === 0 ? [para(w.s('按现有事实没有提出风险。', 'The facts as they stand raise no risk.'))] : [para(w.s('处置前的风险分布：', 'Risks before measures:'), { indent: false }), heatMap(w, risks, 'before'), para(w.s('处置后的风险分布：', 'Risks after measures:'), { indent: false }), heatMap(w, risks, 'after'), riskTable(w, risks)]),
    heading(w.s('保护措施和处置计划', 'Measures and treatment plan'), 2),
    factRows(answerRows(w, content, 'measures')),
    ...(risks.length === 0 ? [] : [measureTable(w, risks)]),
  ]
}

function conclusionPart(w: Words, content: ImpactContent): Block[] {
  const level = residualLevel(content.risks)
  return [
    heading(w.s('结论', 'Conclusion')),
    factRows([[w.s('剩余风险最高等级', 'Highest level left'), strong(levelWords[level][w.lang])], ...answerRows(w, content, 'conclusion')]),
    para(say`${w.s('本报告和处理情况记录自批准之日起至少保存三年；转让方终止的，由保管人继续保存', 'This report and the record of processing are kept for at least three years from approval; where the transferor ends, by the custodian')}${source(w, { law: '个人信息保护法 第五十六条', conf: 'P' })}${w.s('。', '.')}`),
    heading(w.s('所依据的事实', 'Facts relied on')),
    factTablePart(w, content.state),
    para(small(`${content.about.isClockDeclared ? w.s('演示：日期可采用声明的法定时间。', 'Demonstration: dates may follow a declared legal time. ') : ''}${w.s('依据后的标记：P 为已读原文；其他为未核实，使用前须由律师确认。本报告不构成法律意见。', 'Marks behind sources: P = original text read; any other = unverified, to be confirmed by counsel. Not legal advice.')}`), { indent: false }),
    signatures(
      { title: w.s('评估单位（公章）', 'Assessing unit (seal)'), name: [plain(content.about.parties.find(({ role }) => role === 'transferor' || role === 'liquidator')?.name ?? '')], lines: [w.s('评估负责人', 'Lead of the assessment'), w.s('批准人', 'Approved by')], seal: true, day: null },
    ),
  ]
}

function answerRows(w: Words, { answers, state }: Pick<ImpactContent, 'answers' | 'state'>, part: ReportPart): [string, Piece][] {
  return askedQuestions(state).filter((question) => question.part === part).map((question) => [question[w.lang], answerText(w, question, answers.get(question.id))])
}

function answerText(w: Words, question: Question, answer: Answer | undefined): Piece {
  const mark = source(w, question)
  if (answer === undefined) return [blank(question[w.lang]), mark]
  const choice = answer.choice === null ? undefined : question.choices[answer.choice]
  return [...(choice === undefined ? [] : [strong(`${choice[w.lang]}${w.s('。', '. ')}`)]), plain(answer.text), mark]
}

const shades = { low: 0, medium: 1, high: 3, severe: 4 } as const satisfies Record<RiskLevel, number>

/** 风险矩阵. Which risks stand where; the shade is the level, so that it can be read in grey. */
function heatMap(w: Words, risks: readonly AssessedRisk[], when: 'before' | 'after'): Block {
  const cell = (impact: (typeof impactLevels)[number], likelihood: (typeof likelihoods)[number]): PaperCell => {
    const level = riskLevel(impact, likelihood)
    const here = risks.filter((risk) => risk[when].impact === impact && risk[when].likelihood === likelihood).map(({ kind }) => kind.id)
    return shaded(here.length === 0 ? levelWords[level][w.lang] : strong(`${levelWords[level][w.lang]}: ${here.join(' ')}`), shades[level])
  }
  return table([[w.s('影响 \\ 可能性', 'Impact \\ likelihood'), 2], ...likelihoods.map((one): [string, number, 'center'] => [levelWords[one][w.lang], 3, 'center'])], impactLevels.toReversed().map((impact) => [levelWords[impact][w.lang], ...likelihoods.map((likelihood) => cell(impact, likelihood))]))
}

function riskTable(w: Words, risks: readonly AssessedRisk[]): Block {
  return table(
    [[w.s('编号', 'No.'), 1.1], [w.s('风险与依据', 'Risk and source'), 5.4], [w.s('数量', 'Count'), 1.3, 'right'], [w.s('权益', 'Harm to'), 1.8], [w.s('影响', 'Impact'), 1.2, 'center'], [w.s('可能性', 'Likelihood'), 1.5, 'center'], [w.s('等级', 'Level'), 1.2, 'center'], [w.s('处置后', 'After'), 1.2, 'center']],
    risks.map((risk) => [
      risk.kind.id, say`${risk.kind[w.lang]} ${source(w, risk)}`, w.n(risk.count), harmWords[harms.find((one) => one === risk.kind.harm) ?? 'property'][w.lang], levelWords[risk.before.impact][w.lang], levelWords[risk.before.likelihood][w.lang],
      shaded(levelWords[risk.before.level][w.lang], shades[risk.before.level]), shaded(levelWords[risk.after.level][w.lang], shades[risk.after.level]),
    ]),
  )
}

function measureTable(w: Words, risks: readonly AssessedRisk[]): Block {
  const strength = (risk: AssessedRisk): string => (risk.treatment?.strength === 'strong' ? w.s('（强措施，可能性降一级）', ' (strong: one step less likely)') : '')
  return table(
    [[w.s('风险', 'Risk'), 1.2], [w.s('事实表明的措施', 'Measures shown by facts'), 5], [w.s('处置计划', 'Treatment'), 4.4], [w.s('负责人', 'Owner'), 1.6], [w.s('期限', 'Due'), 2.5], [w.s('状态', 'State'), 1.6]],
    risks.map((risk) => [
      risk.kind.id, risk.reliefs.length === 0 ? '–' : risk.reliefs.map((relief) => relief[w.lang]).join(w.s('；', '; ')),
      risk.treatment === null ? (risk.needsTreatment ? blank(w.s('处置措施', 'treatment')) : '–') : `${risk.treatment.measure}${strength(risk)}`, risk.treatment?.owner ?? (risk.needsTreatment ? blank(w.s('负责人', 'owner')) : '–'),
      risk.treatment?.due ?? '–', risk.closed ? w.s('已消除', 'closed') : risk.treatment === null ? w.s('未消除', 'open') : w.s('处置中', 'in hand'),
    ]),
  )
}

/** The signed facts behind the report, by name and id; their documents stay with the party. The approval itself is not among them: it names this report. */
function factTablePart(w: Words, state: MatterState): Block {
  const found = factNames.filter((name) => name !== 'pia-approved').flatMap((name) => (state.facts[name] ?? []).map(({ recordedOn, id }) => ({ name, recordedOn, id })))
  if (found.length === 0) return para(w.s('尚无签署的事实。', 'No signed fact yet.'))
  return table([[w.s('事实', 'Fact'), 4.2], [w.s('签署日', 'Signed'), 3.2], [w.s('编号', 'Id'), 7.6]], found.map(({ name, recordedOn, id }) => [factTable[name][w.lang], dayText(recordedOn, w.lang), id]))
}
