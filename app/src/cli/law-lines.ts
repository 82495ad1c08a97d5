// SPDX-License-Identifier: Apache-2.0
// How the law is printed: every sentence with its article and its mark, and what is not verified looks so.
import { auditWords, builtInLaw, confOfText, decisionWords, deadlineWords, factKind, gateRules, instrumentWords, isCertain, isFactName, lawMark, markIn, placeIn, residualMark, residualWords, retentionWords, ruleWords, severityWords, stepWords, tierNames, type Article, type DecisionRow, type LawBook, type LawChange, type LawDifference, type LawEntry, type Penalty, type ResidualRow, type ReviewSubject, type RestsOn, type Rule } from '../law/index.ts'

type Lang = 'zh' | 'en'

/** An entry of the law for people; `law` is the one it was found in. */
export function entryLines(found: LawEntry, lang: Lang, law: LawBook = builtInLaw): string[] {
  if (found.kind === 'article') return [...articleHead(found.entry, found.instrument, lang), ...restLines(found.restsOn, lang, law)]
  if (found.kind === 'instrument') return [...instrumentHead(found.entry, lang), ...found.articles.map((article) => `  ${article.id}  ${article[lang]} ${markOf(article.conf, lang)}`), ...restLines(found.restsOn, lang, law)]
  return [...lineHead(found, lang, law), ...basisLines(found.articles, lang), ...penaltyLines(found.penalties, lang, law)]
}

/** The mark of certainty; what was not verified is named so. */
export function markOf(conf: string, lang: Lang): string {
  const mark = markIn(lang, conf)
  if (lang === 'zh') return isCertain(conf) ? `〔${mark}〕` : `〔${mark} · 未核实〕`
  return isCertain(conf) ? `[${mark}]` : `[${mark} · unverified]`
}

function articleHead(article: Article, instrument: Extract<LawEntry, { kind: 'article' }>['instrument'], lang: Lang): string[] {
  const zh = lang === 'zh'
  const at = placeIn(lang, article.article, instrument).replace(/^art\. /, 'Article ')
  const place = at === '' ? '' : ` ${at}`
  return [`${article.id}  ${instrument[lang]}${place}  ${markOf(article.conf, lang)}`, `  ${article[lang]}`, `  ${zh ? '(本产品的摘要,不是原文)' : '(our own summary, not the text)'}  ${forceText(article.inForce ?? instrument.inForce, article.until, instrument.status, lang)}`]
}

function instrumentHead(entry: Extract<LawEntry, { kind: 'instrument' }>['entry'], lang: Lang): string[] {
  const { issuer, number, note } = instrumentWords(entry)
  return [`${entry.code} (${entry.id})  ${entry[lang]}  ${markOf(entry.conf, lang)}`, `  ${issuer[lang]}${number === null ? '' : ` · ${number[lang]}`} · ${forceText(entry.inForce, null, entry.status, lang)}`, ...(note === null ? [] : [`  ${note[lang]}`])]
}

const statusWords = {
  'in-force': { zh: '现行', en: 'in force' }, recommended: { zh: '推荐性标准', en: 'recommended standard' }, guidance: { zh: '指引', en: 'guidance' }, draft: { zh: '草案,不是现行法', en: 'draft, not law' },
  issued: { zh: '已发布,尚未施行', en: 'issued, not yet in force' }, 'old-rule': { zh: '旧规,效力存疑', en: 'old rule, present force uncertain' }, answer: { zh: '主管部门问答', en: "authority's answers" },
} as const

function forceText(inForce: string | null, until: string | null, status: keyof typeof statusWords, lang: Lang): string {
  const zh = lang === 'zh'
  const since = inForce === null ? (zh ? '施行日未登记' : 'date of force not on file') : zh ? `${inForce} 起施行` : `since ${inForce}`
  return `${statusWords[status][lang]}, ${since}${until === null ? '' : zh ? `, 至 ${until}` : `, until ${until}`}`
}

type LineEntry = Exclude<LawEntry, { kind: 'article' | 'instrument' }>

type Say = (zh: string, en: string, text: string) => string

function lineHead(found: LineEntry, lang: Lang, law: LawBook): string[] {
  const say: Say = (zh, en, text) => `  ${lang === 'zh' ? zh : en}: ${text}`
  switch (found.kind) {
    case 'rule':
      return ruleHead(found.entry, { lang, law }, say)
    case 'decision': {
      const { situation, matter, outcome, note } = decisionWords(found.entry, law)
      return [`${found.entry.id}  ${situation[lang]}  ${lawMark({ law: found.entry.basis, conf: found.entry.conf }, lang, law)}`, say('事项', 'matters', matter[lang]), say('结果', 'outcome', outcome[lang]), ...(note === null ? [] : [say('说明', 'note', note[lang])])]
    }
    case 'residual': {
      const { situation, action } = residualWords(found.entry, law)
      return [`${found.entry.id}  ${situation[lang]}  ${lawMark({ law: found.entry.basis, conf: residualMark(found.entry.id) }, lang, law)}`, say('副本去处', 'what becomes of the copies', action[lang])]
    }
    case 'deadline': {
      const { what, length, starts, lawSays } = deadlineWords(found.entry, law)
      return [`${found.entry.id}  ${what[lang]}  ${lawMark({ law: found.entry.source, conf: found.entry.conf }, lang, law)}`, say('长度', 'length', length[lang]), say('起算', 'starts', starts[lang]), say('效力', 'force', forceWords[found.entry.force][lang]), ...(lawSays === null ? [] : [say('法律原词', "the law's word", lawSays[lang])])]
    }
    case 'retention': {
      const { records, period, starts, binds } = retentionWords(found.entry)
      return [`${found.entry.id}  ${records[lang]}  ${lawMark({ law: found.entry.source, conf: found.entry.conf }, lang, law)}`, say('期限', 'period', period[lang]), say('起算', 'starts', starts[lang]), say('义务人', 'binds', binds[lang])]
    }
    case 'audit': {
      const { title, checks } = auditWords(found.entry, law)
      return [`${found.entry.id}  ${title[lang]}  ${lawMark({ law: found.entry.law, conf: confOfText(found.entry.law, law) }, lang, law)}`, say('检查', 'checks', checks[lang]), say('规则', 'rules', found.entry.rules.join(', '))]
    }
    case 'penalty':
      return [`${found.entry.id}  ${lawMark({ law: found.entry.src, conf: found.entry.conf }, lang, law)}`, say(found.entry.who.zh, found.entry.who.en, found.entry[lang]), say('违反', 'breach of', found.entry.breach.join(', '))]
    case 'position':
      return [`${found.entry.id}  ${found.entry.question[lang]}  ${lawMark({ law: found.entry.src, conf: found.entry.conf }, lang, law)}`, ...found.entry.answers.map(({ value, ...words }) => `  ${value === found.entry.default ? '●' : '○'} ${value}: ${words[lang]}`), say('为何未决', 'why open', found.entry.why[lang])]
  }
}

function ruleHead(rule: Rule, { lang, law }: { lang: Lang; law: LawBook }, say: Say): string[] {
  const words = ruleWords(rule, law)
  return [
    `${rule.id}  ${rule[lang]}  ${severityWords[rule.sev][lang]} ${lawMark({ law: rule.src, conf: rule.conf }, lang, law)}`, say('触发', 'when', words.when[lang]), say('应当', 'must', words.must[lang]), say('证据', 'evidence', words.evidence[lang]),
    say('期限', 'deadline', words.deadline[lang]), say('责任人', 'who', words.who[lang]), say('后果', 'consequence', words.consequence[lang]),
    say('把守', 'guards', rule.guards.length === 0 ? (lang === 'zh' ? '常年义务' : 'stands all the year') : rule.guards.map((step) => (lang === 'zh' ? `${stepWords[step].zh}(${step})` : step)).join(lang === 'zh' ? '、' : ', ')), ...(rule.facts.length === 0 ? [] : [say('事实', 'facts', rule.facts.map((name) => (isFactName(name) ? `${name} (${factKind(name)[lang]})` : name)).join(', '))]),
    ...(gateRules.has(rule.id) ? [] : [lang === 'zh' ? '  程序不检查这条规则,须由人核对(handover fact add rule-checked-by-hand)' : '  no program checks this rule; a person has to (handover fact add rule-checked-by-hand)']),
  ]
}

const forceWords = { legal: { zh: '法定', en: 'set by law' }, standard: { zh: '国家标准,非法定', en: 'set by a standard, not by law' }, product: { zh: '本产品默认,法律未定', en: 'a default of this product, not by law' } } as const

function basisLines(articles: readonly Article[], lang: Lang): string[] {
  return articles.length === 0 ? [] : [lang === 'zh' ? '依据:' : 'Rests on:', ...articles.map((article) => `  ${article.id}  ${article[lang]} ${markOf(article.conf, lang)}`)]
}

function penaltyLines(penalties: readonly Penalty[], lang: Lang, law: LawBook): string[] {
  return penalties.length === 0 ? [] : [lang === 'zh' ? '罚则:' : 'Penalties:', ...penalties.map((each) => `  ${each.id}  ${each.who[lang]}: ${each[lang]} ${lawMark({ law: each.src, conf: each.conf }, lang, law)}`)]
}

function restLines(rests: RestsOn, lang: Lang, law: LawBook): string[] {
  const zh = lang === 'zh'
  const part = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)])
  return [
    ...part(zh ? '规则' : 'Rules', rests.rules.map((rule) => `${rule.id} ${severityWords[rule.sev][lang]} ${rule[lang]} ${lawMark({ law: rule.src, conf: rule.conf }, lang, law)}`)),
    ...part(zh ? '判定' : 'Decisions', rests.decisions.map((row) => `${row.id} ${decisionSummary(row, lang, law)} ${lawMark({ law: row.basis, conf: row.conf }, lang, law)}`)),
    ...part(zh ? '残留副本' : 'Remaining copies', rests.residual.map((row) => residualLine(row, lang, law))),
    ...part(zh ? '期限' : 'Deadlines', rests.deadlines.map((line) => `${line.id} ${zh ? line.what : line.whatEn}: ${deadlineWords(line, law).length[lang]} ${lawMark({ law: line.source, conf: line.conf }, lang, law)}`)),
    ...part(zh ? '保存' : 'Retention', rests.retention.map((row) => `${row.id} ${retentionWords(row).records[lang]}: ${retentionWords(row).period[lang]} ${lawMark({ law: row.source, conf: row.conf }, lang, law)}`)),
    ...part(zh ? '审计要点' : 'Audit points', rests.audits.map((point) => `${point.id} ${auditWords(point, law).title[lang]} ${lawMark({ law: point.law, conf: confOfText(point.law, law) }, lang, law)}`)),
    ...part(zh ? '未决问题' : 'Open questions', rests.positions.map((position) => `${position.id} ${position.question[lang]} ${markOf(position.conf, lang)}`)),
    ...penaltyLines(rests.penalties, lang, law),
  ]
}

function residualLine(row: ResidualRow, lang: Lang, law: LawBook): string {
  const { situation, action } = residualWords(row, law)
  return `${row.id}  ${situation[lang]} → ${action[lang]} ${lawMark({ law: row.basis, conf: residualMark(row.id) }, lang, law)}`
}

function decisionSummary(row: DecisionRow, lang: Lang, law: LawBook): string {
  const { situation, outcome } = decisionWords(row, law)
  return `${situation[lang]} → ${outcome[lang]}`
}

/** The list of one kind of entry. */
export function listLines(law: LawBook, what: string, lang: Lang): string[] {
  const zh = lang === 'zh'
  switch (what) {
    case 'rules':
      return law.rules.map((rule) => `${rule.id}  ${severityWords[rule.sev][lang].padEnd(zh ? 2 : 5)} ${tierNames[rule.tier][lang].padEnd(zh ? 2 : 4)} ${rule[lang]}  ${lawMark({ law: rule.src, conf: rule.conf }, lang, law)}`)
    case 'articles':
      return law.articles.map((article) => `${article.id}  ${article[lang]} ${markOf(article.conf, lang)}`)
    case 'deadlines':
      return law.deadlines.map((line) => `${line.id}  ${deadlineWords(line, law).length[lang]}  ${zh ? line.what : line.whatEn} · ${forceWords[line.force][lang]} ${lawMark({ law: line.source, conf: line.conf }, lang, law)}`)
    case 'retention':
      return law.retentionRows.map((row) => `${row.id}  ${retentionWords(row).period[lang]}  ${retentionWords(row).records[lang]} ${lawMark({ law: row.source, conf: row.conf }, lang, law)}`)
    case 'decisions':
      return [...law.decisionRows.map((row) => `${row.id}  ${decisionSummary(row, lang, law)} ${lawMark({ law: row.basis, conf: row.conf }, lang, law)}`), ...law.residualRows.map((row) => residualLine(row, lang, law))]
    case 'penalties':
      return penaltyLines(law.penalties, lang, law)
    case 'positions':
      return law.positions.map((position) => `${position.id} = ${position.default}  ${position.question[lang]} ${lawMark({ law: position.src, conf: position.conf }, lang, law)}`)
    case 'calendar':
      return law.calendarYears.flatMap((year) => [
        `${year.year}  ${zh ? year.notice : `General Office of the State Council, ${year.notice.replace(/^国办发明电〔(\d{4})〕(\d+)号$/, 'Guobanfa Mingdian [$1] No. $2')}`} (${year.published}) ${markOf(year.conf, lang)}`, `  ${year.holidays.map(({ name, from, to }) => `${holidayName(name, lang)} ${from.slice(5)}–${to.slice(5)}`).join(' · ')}`,
        `  ${zh ? '调休上班' : 'make-up workdays'}: ${year.workdays.map((day) => day.slice(5)).join(', ')}`,
      ])
    default:
      return law.instruments.map((each) => `${each.code.padEnd(14)} ${each[lang]} · ${forceText(each.inForce, null, each.status, lang)} ${markOf(each.conf, lang)}`)
  }
}

const holidayWords: Readonly<Record<string, string>> = { 元旦: "New Year's Day", 春节: 'Spring Festival', 清明节: 'Qingming', 劳动节: 'Labour Day', 端午节: 'Dragon Boat Festival', 中秋节: 'Mid-Autumn Festival', 国庆节: 'National Day' }

function holidayName(name: string, lang: Lang): string {
  return lang === 'zh' ? name : name.split('、').map((each) => holidayWords[each] ?? each).join(' and ')
}

const subjectWords: Readonly<Record<ReviewSubject, { zh: string; en: string }>> = {
  rules: { zh: '规则', en: 'rules' }, decisions: { zh: '判定行', en: 'decision rows' }, deadlines: { zh: '期限', en: 'deadlines' }, retention: { zh: '保存期限', en: 'retention' },
  notices: { zh: '告知文本', en: 'notices' }, policies: { zh: '制度与隐私政策', en: 'policies' }, training: { zh: '培训题目(按条文)', en: 'training questions (by article)' }, audits: { zh: '审计要点', en: 'audit points' },
}

/** A difference of two laws for people. */
export function differenceLines(difference: LawDifference, lang: Lang): string[] {
  const zh = lang === 'zh'
  if (difference.changes.length === 0) return [zh ? '两者相同' : 'both are the same']
  const signs = { added: '+', removed: '−', changed: '~', reworded: '≈' } as const
  const reworded = zh ? '只是措辞: ' : 'words only: '
  const line = (change: LawChange): string[] => [
    `  ${signs[change.kind]} ${change.file}/${change.id}${change.fields.length === 0 ? '' : ` (${change.kind === 'reworded' ? reworded : ''}${change.fields.join(', ')})`}`, ...change.loosens.map((words) => `      ⚠ ${zh ? '放宽' : 'loosens'}: ${words[lang]}`),
  ]
  const affected = Object.entries(difference.affected).flatMap(([subject, ids]) => {
    const words = Object.entries(subjectWords).find(([name]) => name === subject)?.[1]
    return ids.length === 0 ? [] : [`  ${words?.[lang] ?? subject} (${ids.length}): ${ids.join(', ')}`]
  })
  return [
    `${difference.from.slice(0, 12)}… → ${difference.to.slice(0, 12)}…  ${zh ? `${difference.changes.length} 处不同,${difference.articles.length} 个条文` : `${difference.changes.length} differences, ${difference.articles.length} articles`}`,
    ...difference.changes.flatMap(line), ...(affected.length === 0 ? [] : [zh ? '受影响:' : 'Affected:', ...affected]),
  ]
}
