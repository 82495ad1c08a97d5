// SPDX-License-Identifier: Apache-2.0
// What has to become of every copy in the copies book (law register §10.2, rows S01–S07).
import type { Words } from '../kit/failure.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw } from './law-data.ts'
import type { LawLine } from './law-line.ts'
import type { CopyKind, MatterType, PartyRole } from './nouns.ts'

/** A copy as far as its end depends on it. */
export interface CopyFacts {
  kind: CopyKind
  /** Role of the party that holds it; null for somebody outside the matter (a processor, an adviser). */
  holder: PartyRole | null
  /** The business is handed over, so that the giver's copy is a residual one. */
  handedOver: boolean
}

/** The matter as far as copies depend on it. */
export interface CopyMatter {
  type: MatterType
  transferorSurvives: boolean
}

/** 副本去处. The row of the residual table for a copy and what it asks for. */
export interface CopyEnding extends LawLine {
  rule: 'S01' | 'S02' | 'S03' | 'S04' | 'S05' | 'S06' | 'S07'
}

/** 副本应当如何了结. Which row of S01–S07 a copy falls under; null where nothing has to become of it: the recipient's own copy, and the giver's as long as nothing was handed over. The giver's surviving copy is split field by field (`residualOf`): sealed, destroyed or kept. */
export function copyEnding(copy: CopyFacts, matter: CopyMatter, law: LawBook = builtInLaw): CopyEnding | null {
  const rule = ruleOfCopy(copy, matter)
  if (rule === null) return null
  const row = law.residualRows.find((each) => each.id === rule)
  return { ...words[rule], rule, law: row?.basis ?? '-', conf: marks[rule] }
}

function ruleOfCopy({ kind, holder, handedOver }: CopyFacts, { type, transferorSurvives }: CopyMatter): CopyEnding['rule'] | null {
  if (kind === 'processor') return 'S07'
  if (kind === 'room' || (kind === 'export' && holder !== 'transferor' && holder !== 'liquidator' && holder !== 'custodian')) return 'S06'
  if (kind === 'transferee' || holder === 'transferee') return null
  if (kind === 'custodian' || holder === 'custodian') return 'S05'
  if (type === 'dissolution' || type === 'bankruptcy') return 'S05'
  if (!handedOver) return null
  if (transferorSurvives) return 'S03'
  return type.startsWith('merger-') || type.startsWith('split-') ? 'S01' : 'S05'
}

const words: Readonly<Record<CopyEnding['rule'], Words>> = {
  S01: { zh: '成为承继方的副本;旧系统、备份、受托人处的清点后移交或销毁', en: "becomes the successor's; old systems, backups and processors' copies are inventoried, then moved or destroyed" },
  S02: { zh: '封存至法定保存期满,不得使用', en: 'sealed until the retention duty ends, not used' },
  S03: { zh: '接收方验收后销毁;法定须保存的字段封存(S02),继续服务的客户只留必要字段(S04)', en: 'destroyed after acceptance; fields that a law keeps are sealed (S02), those of customers who are still served are kept (S04)' },
  S04: { zh: '只留继续履行合同所需的字段,重新登记基础', en: 'only the fields that the kept contract needs stay, their basis registered anew' },
  S05: { zh: '须保存的交保管人封存(连同密钥、日志、评估和提供记录),其余在注销前销毁', en: 'what must be kept goes sealed to the custodian with keys, logs and records, the rest is destroyed before deregistration' },
  S06: { zh: '归还或销毁并出具证明', en: 'returned or destroyed, with a certificate' },
  S07: { zh: '归还或删除,不得留存', en: 'returned or deleted, none kept' },
}

/** The table of the register gives no marks; P where the article says it, J where the row is our reading of several. */
const marks: Readonly<Record<CopyEnding['rule'], string>> = { S01: 'P/J', S02: 'P/S', S03: 'P', S04: 'P/J', S05: 'P/S', S06: 'P/J', S07: 'P' }

/** How sure a row of the residual table is; J for a row that a law pack added. */
export function residualMark(id: string): string {
  return Object.entries(marks).find(([row]) => row === id)?.[1] ?? 'J'
}
