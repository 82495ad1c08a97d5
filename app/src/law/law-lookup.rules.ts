// SPDX-License-Identifier: Apache-2.0
// What the law says of one id, and everything of ours that hangs on it.
import { findArticle, readCitations } from './articles.rules.ts'
import { residualMark } from './copy-endings.rules.ts'
import { builtInLaw, isCertain } from './law-data.ts'
import { confOfText } from './law-line.ts'
import type { LawBook } from './law-book.ts'
import type { Article, AuditPoint, Deadline, DecisionRow, Instrument, OpenPosition, Penalty, ResidualRow, RetentionRow, Rule } from './law-schemas.ts'

/** What rests on an article: lines that cite it, and penalties for its breach. */
export interface RestsOn {
  rules: readonly Rule[]
  decisions: readonly DecisionRow[]
  residual: readonly ResidualRow[]
  deadlines: readonly Deadline[]
  retention: readonly RetentionRow[]
  audits: readonly AuditPoint[]
  positions: readonly OpenPosition[]
  penalties: readonly Penalty[]
}

/** 法规条目. One entry of the law with the articles it rests on, or what rests on it. */
export type LawEntry =
  | { kind: 'article'; id: string; entry: Article; instrument: Instrument; restsOn: RestsOn; certain: boolean }
  | { kind: 'instrument'; id: string; entry: Instrument; articles: readonly Article[]; restsOn: RestsOn; certain: boolean }
  | ({ id: string; articles: readonly Article[]; penalties: readonly Penalty[]; certain: boolean } & (
    | { kind: 'rule'; entry: Rule } | { kind: 'decision'; entry: DecisionRow } | { kind: 'residual'; entry: ResidualRow } | { kind: 'deadline'; entry: Deadline } | { kind: 'retention'; entry: RetentionRow }
    | { kind: 'audit'; entry: AuditPoint } | { kind: 'penalty'; entry: Penalty } | { kind: 'position'; entry: OpenPosition }))

/** 查法规. The entry of an id: an article (PIPL-22, 个人信息保护法第二十二条), an instrument (PIPL, LW01), a rule (J02), a row (X13), a row for copies that stay (S01), a deadline (T07, P01), a retention duty (RT01), an audit point (AU07), a penalty (PN01), an open position (asset_deal); undefined for anything else. */
export function lawEntry(asked: string, law: LawBook = builtInLaw): LawEntry | undefined {
  return ofLine(asked.trim(), law) ?? ofInstrument(asked.trim(), law) ?? ofArticle(asked.trim(), law)
}

function ofArticle(asked: string, law: LawBook): LawEntry | undefined {
  const entry = findArticle(asked, law)
  const instrument = law.instruments.find(({ id }) => id === entry?.instrument)
  if (entry === undefined || instrument === undefined) return undefined
  const cites = (text: string): boolean => readCitations(text, law).citations.some((cited) => cited.entry?.id === entry.id)
  return { kind: 'article', id: entry.id, entry, instrument, restsOn: restsOn(law, cites, [entry.id, instrument.code]), certain: isCertain(entry.conf) }
}

function ofInstrument(asked: string, law: LawBook): LawEntry | undefined {
  const entry = law.instruments.find(({ id, code, names }) => id === asked.toUpperCase() || code === asked.toUpperCase() || names.includes(asked))
  if (entry === undefined) return undefined
  const cites = (text: string): boolean => readCitations(text, law).citations.some(({ instrument }) => instrument.id === entry.id)
  const articles = law.articles.filter(({ instrument }) => instrument === entry.id)
  return { kind: 'instrument', id: entry.id, entry, articles, restsOn: restsOn(law, cites, [entry.code, ...articles.map(({ id }) => id)]), certain: isCertain(entry.conf) }
}

function restsOn(law: LawBook, cites: (text: string) => boolean, breached: readonly string[]): RestsOn {
  return {
    rules: law.rules.filter(({ src }) => cites(src)), decisions: law.decisionRows.filter(({ basis }) => cites(basis)), residual: law.residualRows.filter(({ basis }) => cites(basis)), deadlines: law.deadlines.filter(({ source }) => cites(source)),
    retention: law.retentionRows.filter(({ source }) => cites(source)), audits: law.auditPoints.filter((point) => cites(point.law)), positions: law.positions.filter(({ src }) => cites(src)),
    penalties: law.penalties.filter(({ breach }) => breach.some((id) => breached.includes(id))),
  }
}

function ofLine(asked: string, law: LawBook): LawEntry | undefined {
  const id = /^[a-z]\d|^[a-z]{2}\d/i.test(asked) ? asked.toUpperCase() : asked
  const common = (citation: string, conf: string): { id: string; articles: Article[]; penalties: Penalty[]; certain: boolean } => {
    const articles = citedArticles(citation, law)
    const codes = law.instruments.filter((instrument) => articles.some((article) => article.instrument === instrument.id)).map(({ code }) => code)
    return { id, articles, penalties: law.penalties.filter(({ breach }) => breach.some((each) => codes.includes(each) || articles.some((article) => article.id === each))), certain: isCertain(conf) }
  }
  const rule = law.ruleById.get(id)
  if (rule !== undefined) return { kind: 'rule', entry: rule, ...common(rule.src, rule.conf) }
  const decision = law.decisionRows.find((row) => row.id === id)
  if (decision !== undefined) return { kind: 'decision', entry: decision, ...common(decision.basis, decision.conf) }
  const residual = law.residualRows.find((row) => row.id === id)
  if (residual !== undefined) return { kind: 'residual', entry: residual, ...common(residual.basis, residualMark(residual.id)) }
  const deadline = law.deadlines.find((line) => line.id === id)
  if (deadline !== undefined) return { kind: 'deadline', entry: deadline, ...common(deadline.source, deadline.conf) }
  const retention = law.retentionRows.find((row) => row.id === id)
  if (retention !== undefined) return { kind: 'retention', entry: retention, ...common(retention.source, retention.conf) }
  const audit = law.auditPoints.find((point) => point.id === id)
  if (audit !== undefined) return { kind: 'audit', entry: audit, ...common(audit.law, confOfText(audit.law, law)) }
  const penalty = law.penalties.find((each) => each.id === id)
  if (penalty !== undefined) return { kind: 'penalty', entry: penalty, ...common(penalty.src, penalty.conf) }
  const position = law.positions.find((each) => each.id === id)
  return position === undefined ? undefined : { kind: 'position', entry: position, ...common(position.src, position.conf) }
}

function citedArticles(text: string, law: LawBook): Article[] {
  const found = readCitations(text, law).citations.flatMap(({ entry }) => (entry === null ? [] : [entry]))
  return [...new Map(found.map((entry) => [entry.id, entry])).values()]
}
