// SPDX-License-Identifier: Apache-2.0
// What the lines of the law files say, for a reader of either language. A pack signed before the Chinese words existed is shown in the register's own.
import type { Words } from '../kit/failure.ts'
import { sentenceIn } from './citation.rules.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw } from './law-data.ts'
import type { AuditPoint, Deadline, DecisionRow, Instrument, ResidualRow, RetentionRow, Rule } from './law-schemas.ts'
import { lawfulBases, type GuardedStep, type LawfulBasis, type MatterType } from './nouns.ts'

/** 规则用语. When a rule applies, what it asks, by which evidence, until when, of whom, and what follows otherwise. */
export interface RuleWords {
  when: Words
  must: Words
  evidence: Words
  deadline: Words
  who: Words
  consequence: Words
}

/** 规则用语. The columns of a rule of the register §9 in both languages. */
export function ruleWords(rule: Rule, law: LawBook = builtInLaw): RuleWords {
  const say = (text: string, zh: string | undefined, en?: string): Words => ({ zh: zh ?? text, en: sentenceIn('en', en ?? text, law) })
  return {
    when: say(rule.when, rule.whenZh, rule.whenEn), must: say(rule.must, rule.mustZh, rule.mustEn), evidence: say(rule.evidence, rule.evidenceZh, rule.evidenceEn), deadline: say(rule.deadline, rule.deadlineZh, rule.deadlineEn),
    who: say(rule.who, rule.whoZh, rule.whoEn), consequence: say(rule.cons, rule.consZh, rule.consEn),
  }
}

/** 判定行用语. Situation, matters, outcome and note of a row of the decision table §10; the note is null where there is none. */
export function decisionWords(row: DecisionRow, law: LawBook = builtInLaw): { situation: Words; matter: Words; outcome: Words; note: Words | null } {
  const en = (text: string): string => sentenceIn('en', text, law)
  return {
    situation: { zh: row.situationZh ?? row.situation, en: row.situationEn ?? row.situation }, matter: { zh: row.matterZh ?? row.matter, en: en(row.matterEn ?? row.matter) },
    outcome: { zh: row.outcomeZh ?? row.outcome, en: en(row.outcomeEn ?? row.outcome) }, note: row.note === '' ? null : { zh: row.noteZh ?? row.note, en: en(row.noteEn ?? row.note) },
  }
}

/** 残留副本用语. When a row of the giver's remaining copies applies, and what becomes of them (§10.2). */
export function residualWords(row: ResidualRow, law: LawBook = builtInLaw): { situation: Words; action: Words } {
  return { situation: { zh: row.situation, en: row.situationEn ?? row.situation }, action: { zh: row.actionZh ?? row.action, en: sentenceIn('en', row.actionEn ?? row.action, law) } }
}

/** 期限用语. What, how long, from when, and the law's own word where only a standard gives a number (§11). */
export function deadlineWords(line: Deadline, law: LawBook = builtInLaw): { what: Words; length: Words; starts: Words; lawSays: Words | null } {
  return {
    what: { zh: line.what, en: line.whatEn }, length: { zh: line.length, en: line.lengthEn ?? line.length }, starts: { zh: line.starts, en: line.startsEn },
    lawSays: line.lawSays === undefined ? null : { zh: line.lawSaysZh ?? line.lawSays, en: sentenceIn('en', line.lawSaysEn ?? line.lawSays, law) },
  }
}

/** 保存用语. Which records, how long, from when, and whom it binds (§3.17). */
export function retentionWords(row: RetentionRow): { records: Words; period: Words; starts: Words; binds: Words } {
  return {
    records: { zh: row.records, en: row.recordsEn ?? row.records }, period: { zh: row.periodTextZh ?? row.periodText, en: row.periodTextEn ?? row.periodText },
    starts: { zh: row.startsZh ?? row.starts, en: row.startsEn ?? row.starts }, binds: { zh: row.boundZh ?? row.bound, en: row.bound },
  }
}

/** 审计要点用语. Title and content of a point of the compliance audit (§5). */
export function auditWords(point: AuditPoint, law: LawBook = builtInLaw): { title: Words; checks: Words } {
  return { title: { zh: point.title, en: point.titleEn ?? point.title }, checks: { zh: point.checksZh ?? point.checks, en: sentenceIn('en', point.checksEn ?? point.checks, law) } }
}

/** 文件用语. Issuer, number and note of an instrument (§1); notes are kept as "中文 / English". */
export function instrumentWords(entry: Instrument, law: LawBook = builtInLaw): { issuer: Words; number: Words | null; note: Words | null } {
  const [zh, ...rest] = entry.note.split(' / ')
  return {
    issuer: { zh: entry.issuer, en: entry.issuerEn ?? entry.issuer }, number: entry.number === null ? null : { zh: entry.number, en: entry.numberEn ?? entry.number },
    note: entry.note === '' ? null : { zh: zh ?? entry.note, en: sentenceIn('en', rest.length === 0 ? entry.note : rest.join(' / '), law) },
  }
}

/** 事项类型名称. The types of a matter for people (GLOSSARY.md). */
export const matterTypeWords: Readonly<Record<MatterType, Words>> = {
  'share-transfer': { zh: '股权转让', en: 'share transfer' }, reorganisation: { zh: '重整', en: 'court reorganisation' }, 'asset-transfer': { zh: '资产转让', en: 'asset transfer' }, 'data-only': { zh: '单独转让信息', en: 'bare sale of information' },
  'merger-absorb': { zh: '吸收合并', en: 'merger by absorption' }, 'merger-new': { zh: '新设合并', en: 'merger into a new company' }, 'split-survive': { zh: '存续分立', en: 'split with a survivor' }, 'split-new': { zh: '新设分立', en: 'split into new companies' },
  dissolution: { zh: '解散清算', en: 'dissolution' }, bankruptcy: { zh: '破产清算', en: 'bankruptcy' }, 'stop-product': { zh: '停止运营', en: 'stop of a product' },
}

/** 合法性基础. The lawful bases of Article 13 for people; the codes are those of the books. */
export const basisWords: Readonly<Record<LawfulBasis, Words>> = {
  consent: { zh: '同意', en: 'consent' }, contract: { zh: '合同必需', en: 'contract' }, 'human-resources': { zh: '人力资源管理', en: 'human resources' }, 'legal-duty': { zh: '法定职责或义务', en: 'legal duty' },
  emergency: { zh: '突发事件', en: 'emergency' }, news: { zh: '新闻报道', en: 'news' }, public: { zh: '已公开信息', en: 'published information' }, 'other-law': { zh: '其他法定情形', en: 'another law' },
}

/** A basis in words; a code that the list does not know (`unknown`) means that nobody has said it. */
export function basisText(code: string, lang: 'zh' | 'en'): string {
  const known = lawfulBases.find((basis) => basis === code)
  return known === undefined ? (lang === 'zh' ? '未登记' : 'not on record') : basisWords[known][lang]
}

/** 步骤名称. The steps that rules guard, for people (GLOSSARY.md). */
export const stepWords: Readonly<Record<GuardedStep, Words>> = {
  plan: { zh: '方案', en: 'plan' }, 'room-open': { zh: '开设资料室', en: 'room-open' }, pack: { zh: '打包', en: 'pack' }, reconcile: { zh: '对账', en: 'reconcile' }, destroy: { zh: '销毁', en: 'destroy' }, close: { zh: '办结', en: 'close' },
}

/** 严重度. How an unmet rule weighs: 阻断 stops every step it guards, 重要 the close, the others warn (register §9). */
export const severityWords: Readonly<Record<Rule['sev'], Words>> = {
  BLOCK: { zh: '阻断', en: 'BLOCK' }, HIGH: { zh: '重要', en: 'HIGH' }, MED: { zh: '一般', en: 'MED' }, LOW: { zh: '轻微', en: 'LOW' },
}

/** 层次. Whether a rule belongs to the core of the register or extends it. */
export const tierNames: Readonly<Record<Rule['tier'], Words>> = { core: { zh: '核心', en: 'core' }, ext: { zh: '扩展', en: 'ext' } }
