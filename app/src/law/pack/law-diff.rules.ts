// SPDX-License-Identifier: Apache-2.0
// What a new law changes against an old one: line by line, what it loosens, and what of ours rests on the articles it touches.
import type { Words } from '../../kit/failure.ts'
import { readCitations } from '../articles.rules.ts'
import { canonicalText, type LawBook, type LawFileName } from '../law-book.ts'
import type { NoticeKind } from '../nouns.ts'
import { loosenings } from './loosen.rules.ts'

/** One line of a law file that was added, removed or changed; `loosens` says in what it protects less than before. */
export interface LawChange {
  file: LawFileName
  id: string
  /** `reworded`: only words of the other language differ (whenZh, outcomeEn, enShort …), what the line asks is the same. */
  kind: 'added' | 'removed' | 'changed' | 'reworded'
  /** Names of the fields that differ. */
  fields: readonly string[]
  loosens: readonly Words[]
}

/** What somebody has to look at because of a change (rule M12). */
export const reviewSubjects = ['rules', 'decisions', 'deadlines', 'retention', 'notices', 'policies', 'training', 'audits'] as const
export type ReviewSubject = (typeof reviewSubjects)[number]

/** 法规差异. */
export interface LawDifference {
  from: string
  to: string
  changes: readonly LawChange[]
  /** Articles that were added, removed or changed, or whose instrument was. */
  articles: readonly string[]
  /** By subject, the ids of what rests on these articles or changed itself. */
  affected: Readonly<Record<ReviewSubject, readonly string[]>>
  /** Ids of lines that the new law no longer has. */
  vanished: readonly string[]
  loosened: readonly LawChange[]
}

/** 法规比较. The difference between two laws at the level of articles and lines. */
export function compareLaws(before: LawBook, after: LawBook): LawDifference {
  const changes = [
    ...changesOf('instruments', before.instruments, after.instruments), ...changesOf('articles', before.articles, after.articles), ...changesOf('rules', before.rules, after.rules),
    ...changesOf('decisions', [...before.decisionRows, ...before.residualRows], [...after.decisionRows, ...after.residualRows]), ...orderChange(before, after),
    ...changesOf('deadlines', before.deadlines, after.deadlines), ...changesOf('retention', before.retentionRows, after.retentionRows), ...changesOf('audit-points', before.auditPoints, after.auditPoints),
    ...changesOf('penalties', before.penalties, after.penalties), ...changesOf('positions', before.positions, after.positions),
    ...changesOf('calendar', before.calendarYears.map(withId), after.calendarYears.map(withId)),
  ]
  const articles = touchedArticles(before, after, changes)
  return {
    from: before.version, to: after.version, changes, articles, affected: affectedBy(before, after, changes, new Set(articles)),
    vanished: changes.filter(({ kind }) => kind === 'removed').map(({ id }) => id), loosened: changes.filter(({ loosens }) => loosens.length > 0),
  }
}

interface Line {
  id: string
}

function changesOf<T extends Line>(file: LawFileName, before: readonly T[], after: readonly T[]): LawChange[] {
  const olds = new Map(before.map((line) => [line.id, line]))
  const news = new Map(after.map((line) => [line.id, line]))
  const gone = before.filter(({ id }) => !news.has(id)).map(({ id }): LawChange => ({ file, id, kind: 'removed', fields: [], loosens: loosenings(file, olds.get(id), undefined) }))
  const come = after.filter(({ id }) => !olds.has(id)).map(({ id }): LawChange => ({ file, id, kind: 'added', fields: [], loosens: loosenings(file, undefined, news.get(id)) }))
  const other = after.flatMap((line): LawChange[] => {
    const old = olds.get(line.id)
    const fields = old === undefined ? [] : differingFields(old, line)
    return old === undefined || fields.length === 0 ? [] : [{ file, id: line.id, kind: fields.every(isWording) ? 'reworded' : 'changed', fields, loosens: loosenings(file, old, line) }]
  })
  return [...gone, ...come, ...other]
}

/** The order of the table decides which row wins, so a row that moved is a change that protects less until somebody looked. */
function orderChange(before: LawBook, after: LawBook): LawChange[] {
  const kept = new Set(after.decisionRows.map(({ id }) => id))
  const stayed = new Set(before.decisionRows.map(({ id }) => id))
  const orderOf = (law: LawBook): string => law.decisionRows.filter(({ id }) => kept.has(id) && stayed.has(id)).map(({ id }) => id).join()
  if (orderOf(before) === orderOf(after)) return []
  return [{ file: 'decisions', id: 'order', kind: 'changed', fields: ['order'], loosens: [{ zh: '判定行的先后次序变了', en: 'the rows are tried in another order' }] }]
}

/** Fields that translate another one; `mustZh` is what a rule asks and no translation. */
function isWording(field: string): boolean {
  return /(?:Zh|En)$|^(?:enShort|itemArticles)$/.test(field) && field !== 'mustZh'
}

function differingFields(before: object, after: object): string[] {
  const [old, now] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(after))]
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => canonicalText(old.get(name) ?? null) !== canonicalText(now.get(name) ?? null))
}

function withId<T extends { year: number }>(year: T): T & Line {
  return { ...year, id: String(year.year) }
}

function touchedArticles(before: LawBook, after: LawBook, changes: readonly LawChange[]): string[] {
  const direct = changes.filter(({ file }) => file === 'articles').map(({ id }) => id)
  const instruments = new Set(changes.filter(({ file, fields, kind }) => file === 'instruments' && (kind === 'added' || kind === 'removed' || fields.some((field) => ['inForce', 'status', 'number', 'conf'].includes(field)))).map(({ id }) => id))
  const ofInstruments = [...before.articles, ...after.articles].filter(({ instrument }) => instruments.has(instrument)).map(({ id }) => id)
  return [...new Set([...direct, ...ofInstruments])].toSorted()
}

function affectedBy(before: LawBook, after: LawBook, changes: readonly LawChange[], articles: ReadonlySet<string>): LawDifference['affected'] {
  const changed = (file: LawFileName): string[] => changes.filter((change) => change.file === file && change.kind !== 'reworded').map(({ id }) => id)
  const citing = (lines: (law: LawBook) => readonly { id: string; text: string }[]): string[] => [before, after].flatMap((law) => lines(law).filter(({ text }) => cites(text, law, articles)).map(({ id }) => id))
  const rules = sorted([...changed('rules'), ...citing((law) => law.rules.map(({ id, src }) => ({ id, text: src })))])
  const audits = sorted([...changed('audit-points'), ...citing((law) => law.auditPoints.map((point) => ({ id: point.id, text: point.law })))])
  return {
    rules, audits,
    decisions: sorted([...changed('decisions'), ...citing((law) => law.decisionRows.map(({ id, basis }) => ({ id, text: basis })))]),
    deadlines: sorted([...changed('deadlines'), ...changed('calendar').map((year) => `calendar ${year}`), ...citing((law) => law.deadlines.map(({ id, source }) => ({ id, text: source })))]),
    retention: sorted([...changed('retention'), ...citing((law) => law.retentionRows.map(({ id, source }) => ({ id, text: source })))]),
    notices: Object.entries(articlesOfNotices).filter(([, of]) => of.some((id) => articles.has(id))).map(([notice]) => notice),
    // Policies in writing are asked for by these rules; what they rest on changed, so the texts have to be read again.
    policies: rules.filter((id) => policyRules.includes(id)),
    // Questions are anchored at articles; an article that is new or other makes its questions old.
    training: sorted([...articles]),
  }
}

function cites(text: string, law: LawBook, articles: ReadonlySet<string>): boolean {
  return readCitations(text, law).citations.some(({ entry }) => entry !== null && articles.has(entry.id))
}

function sorted(ids: readonly string[]): string[] {
  return [...new Set(ids)].toSorted()
}

/** The articles whose content a notice states (register §10.4). */
const articlesOfNotices: Readonly<Record<NoticeKind, readonly string[]>> = {
  art22: ['PIPL-17', 'PIPL-22'], art23: ['PIPL-17', 'PIPL-23'], art30: ['PIPL-30'], art31: ['PIPL-31', 'CHILD-9', 'CHILD-10'], art39: ['PIPL-39'], close30: ['ECL-16', 'CONS-REG-21', 'CONS-REG-22', 'CARD-SH-17', 'CARD-BJ-18'],
}
const policyRules: readonly string[] = ['E03', 'E09', 'E15', 'I07', 'L01', 'M04', 'M11']
