// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'
import { blank, dayText, facts as factRows, joined, para, plain, say, type Piece } from '../../kit/paper/compose.ts'
import type { Block, PaperSigner, PaperText, Run } from '../../kit/paper/paper.ts'
import type { PartyRole } from '../../law/index.ts'
import { partyOf, type PaperCategory, type PaperFacts, type PaperParty } from './paper-facts.ts'
import { lineRun, sourceRun, type SourceName } from './sources.ts'

/** 起草. What a template writes with: the facts, the language, and blanks where a fact is missing. */
export interface Draft {
  facts: PaperFacts
  lang: 'zh' | 'en'
  zh: boolean
  /** The words of the paper's language. */
  t(chinese: Piece, english: Piece): Piece
  /** The same for plain texts. */
  s(chinese: string, english: string): string
  ask(chinese: string, english: string): Run
  law(name: SourceName): Run
  /** A paragraph in the paper's language. */
  p(chinese: Piece, english: Piece): Block
  n(count: number): string
  day(day: string): string
}

/** A draft over these facts in this language. */
export function draftOf(facts: PaperFacts, lang: 'zh' | 'en'): Draft {
  const zh = lang === 'zh'
  return {
    facts, lang, zh,
    t: (chinese, english) => (zh ? chinese : english),
    s: (chinese, english) => (zh ? chinese : english),
    ask: (chinese, english) => blank(zh ? chinese : english),
    law: (name) => sourceRun(name, lang),
    p: (chinese, english) => para(zh ? chinese : english),
    n: (count) => count.toLocaleString('en-US'),
    day: (day) => dayText(day, lang),
  }
}

export { dayText }

/** Names of roles as papers write them. */
export const roleWords = {
  transferor: { zh: '转让方', en: 'Transferor' }, transferee: { zh: '受让方', en: 'Transferee' }, custodian: { zh: '保管人', en: 'Custodian' }, advisor: { zh: '顾问', en: 'Adviser' },
  liquidator: { zh: '清算组', en: 'Liquidation group' }, auditor: { zh: '审计机构', en: 'Auditor' }, mediator: { zh: '调解组织', en: 'Mediator' },
} as const satisfies Record<PartyRole, Words>

/** Whoever gives the information away: the transferor, or the liquidation group. */
export function giverOf(d: Draft): PaperParty | undefined {
  return partyOf(d.facts, 'transferor', 'liquidator')
}

/** A party's name, or the blank that asks for it. */
export function nameOf(d: Draft, party: PaperParty | undefined, role: PartyRole): Run {
  return party === undefined ? d.ask(`${roleWords[role].zh}名称`, `name of the ${roleWords[role].en.toLowerCase()}`) : plain(party.name)
}

/** A party's contact, or the blank that asks for it. */
export function contactOf(d: Draft, party: PaperParty | undefined, role: PartyRole): Run {
  return party === undefined || party.contact === '' ? d.ask(`${roleWords[role].zh}联系方式`, `contact of the ${roleWords[role].en.toLowerCase()}`) : plain(party.contact)
}

/** A party with name, credit code and contact, for the head of an agreement. */
export function partyRows(d: Draft, role: PartyRole, party: PaperParty | undefined, title: string): Block {
  return factRows([
    [title, nameOf(d, party, role)],
    [d.s('统一社会信用代码', 'Unified social credit code'), party === undefined ? d.ask('统一社会信用代码', 'credit code') : party.creditCode],
    [d.s('联系方式', 'Contact'), contactOf(d, party, role)],
    [d.s('个人信息保护负责人或联系人', 'Officer or contact person'), d.ask('姓名、职务', 'name and post')],
  ])
}

/** Categories of personal information as a list of words; sensitive ones apart. */
export function categoryText(d: Draft, which: 'all' | 'general' | 'sensitive'): PaperText {
  const chosen = d.facts.categories.filter(({ isSensitive }) => which === 'all' || isSensitive === (which === 'sensitive'))
  if (chosen.length === 0) return [which === 'sensitive' && d.facts.categories.length > 0 ? plain(d.s('无', 'none')) : d.ask('个人信息的种类', 'categories of personal information')]
  return [plain(chosen.map(({ words }) => words[d.lang]).join(d.s('、', ', ')))]
}

/** Whether the fields of the matter hold anything of this kind. */
export function hasSensitive(categories: readonly PaperCategory[]): boolean {
  return categories.some(({ isSensitive }) => isSensitive)
}

/** The registered purposes, or the blank that asks for them. */
export function purposeText(d: Draft): PaperText {
  return d.facts.purposes.length === 0 ? [d.ask('处理目的', 'purposes of processing')] : [plain(d.facts.purposes.join(d.s('、', ', ')))]
}

/** Retention duties, each with its source and mark, or the blank where nobody assigned them. */
export function retentionText(d: Draft): PaperText {
  const { retention } = d.facts
  if (retention.length === 0) return [d.ask('保存期限', 'retention period')]
  return joined(retention.map(({ text, textEn, ...line }): PaperText => [plain(`${d.s(text, textEn ?? text)} `), lineRun(line, d.lang)]), d.s('；', '; '))
}

/** A signer with a seal box. */
export function sealedSigner(d: Draft, role: PartyRole, party: PaperParty | undefined, title?: string): PaperSigner {
  return { title: title ?? roleWords[role][d.lang], name: [nameOf(d, party, role)], lines: [d.s('代表签字', 'Signed by')], seal: true, day: null }
}

/** A person who signs by hand, without a seal. */
export function handSigner(title: string, lines: readonly string[]): PaperSigner {
  return { title, name: [], lines, seal: false, day: null }
}

/** What every paper says at its end: how sources are marked, and that the legal time is declared where it is. */
export function closingNote(d: Draft): Block {
  const clock = d.facts.isClockDeclared ? d.s('本件为演示，日期可采用声明的法定时间。', 'Demonstration: dates may follow a declared legal time. ') : ''
  return para(say`${{ text: clock + d.s('依据后的标记：P 为已读原文；其他标记（S、K、J 等）为未核实，使用前须由律师确认。本件由事项数据生成，〔待填〕处须由有权人员补齐，不构成法律意见。', 'Marks behind sources: P means the original text was read; any other mark (S, K, J …) means unverified, to be confirmed by counsel before use. Made from the matter’s data; [to fill in] must be completed by those in charge. Not legal advice.'), as: 'small' }}`, { indent: false })
}
