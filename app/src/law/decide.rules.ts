// SPDX-License-Identifier: Apache-2.0
import { countedAge, decisionTable, hasRecipient, type TableRow, type Wish } from './decision-table.rules.ts'
import type { DecisionFacts, Verdict, VerdictFlag } from './decision-facts.ts'
import { builtInLaw } from './law-data.ts'
import type { LawBook } from './law-book.ts'
import type { DecisionRow } from './law-schemas.ts'
import type { LegalPositions } from './legal-positions.ts'
import { obstacle, type Obstacle } from './obstacles.ts'
import { frozen, kept, removed, residualOf, sealHolder, waiting, withheld, type Ending } from './resolve-ending.rules.ts'
import { passGates } from './transfer-gates.rules.ts'
import { whyOf } from './verdict-words.ts'

export type { DecisionFacts, Verdict } from './decision-facts.ts'
export { isNoticeWaitOver, noticeWaitEnds, waitsAfterNotice } from './transfer-gates.rules.ts'
export { isArticle22 } from './decision-table.rules.ts'

/** 判定. Decides what may happen to one field group of one record (law register §10; CONTRACTS §17): stop rows, main rows in order (first match), gates that only delay or withhold, default pending. Never throws and never transfers by default. `law` is the law in use: order, types of matter and citations of the rows come from it. */
export function decide(facts: DecisionFacts, positions: LegalPositions, law: LawBook = builtInLaw): Verdict {
  const table = tableOf(law)
  const found = byRows(facts, positions, table.tried)
  const row = table.rowById.get(found.rule)
  return { ...found, law: row?.basis ?? '-', conf: row?.conf ?? 'J' }
}

function byRows(facts: DecisionFacts, positions: LegalPositions, tried: DecisionTable['tried']): Verdict {
  for (const row of tried) {
    if (!covers(row.data, facts)) continue
    // X28: from here on the outcome depends on basis, purpose, class and age; an unknown one is never presumed.
    const unknown = row.code.needsKnown ? unknownFacts(facts) : []
    if (unknown.length > 0) return verdict(facts, 'X28', waiting(unknown), [])
    if (row.code.when(facts, positions)) return follow(facts, positions, row.data.id, row.code.wish(facts, positions))
  }
  return verdict(facts, 'X29', waiting([obstacle('NOT_COVERED')]), ['escalate'])
}

interface DecisionTable {
  tried: readonly { data: DecisionRow; code: TableRow }[]
  rowById: ReadonlyMap<string, DecisionRow>
}

const tables = new WeakMap<LawBook, DecisionTable>()

/** The rows of one law in the order in which they are tried, each with its code; made once for each law. */
function tableOf(law: LawBook): DecisionTable {
  const known = tables.get(law)
  if (known !== undefined) return known
  const tried = law.decisionRows.filter((row) => row.kind === 'stop' || row.kind === 'main').flatMap((data) => {
    const code = decisionTable[data.id]
    return code === undefined ? [] : [{ data, code }]
  })
  const table = { tried, rowById: new Map(law.decisionRows.map((row) => [row.id, row])) }
  tables.set(law, table)
  return table
}

function covers(row: DecisionRow, facts: DecisionFacts): boolean {
  if (!row.appliesTo.includes(facts.matterType)) return false
  if (row.successor === 'any') return true
  return hasRecipient(facts) === (row.successor === 'with')
}

/** X28: basis, purpose, class or age that nobody has said; the purpose and an indirect source only matter where somebody receives the values. */
function unknownFacts(facts: DecisionFacts): Obstacle[] {
  if (!facts.holdsPersons) return []
  const receives = hasRecipient(facts)
  return [
    ...(facts.basis === 'unknown' ? [obstacle('BASIS_UNKNOWN')] : []),
    ...(facts.purposeState === 'unknown' && receives ? [obstacle('PURPOSE_UNKNOWN')] : []),
    ...(facts.grade === 'unclassified' ? [obstacle('FIELD_UNCLASSIFIED')] : []),
    ...(countedAge(facts) === 'unknown' ? [obstacle('AGE_UNKNOWN')] : []),
    ...(facts.lawfulSource === 'unconfirmed' && receives ? [obstacle('SOURCE_UNCONFIRMED')] : []),
  ]
}

/** Turns what the row wants into a verdict. */
function follow(facts: DecisionFacts, positions: LegalPositions, rule: string, wish: Wish): Verdict {
  const flags = wish.flags ?? []
  switch (wish.act) {
    case 'freeze':
      return verdict(facts, rule, frozen(facts), flags)
    case 'to-designated-body':
      // A package goes to the matter's transferee; where that is somebody else, moving would be the very thing the sector law forbids.
      return verdict(facts, rule, facts.recipientIsDesignated === true ? { ...kept('designated-body'), outcome: 'transferred' } : waiting([obstacle('DESIGNATED_BODY_ONLY')]), flags)
    case 'stay':
      return verdict(facts, rule, stayed(facts), flags)
    case 'remove':
      return verdict(facts, rule, withReason(facts, removed(facts, wish.mayAnonymise), rule), flags)
    case 'withhold':
      return verdict(facts, rule, withReason(facts, withheld(facts, true), rule), flags)
    case 'transfer':
      return transferOrNot(facts, positions, rule, wish)
  }
}

/** X07: no transfer event; in a sale or a stop the part that is not in the deal stays by S04. */
function stayed(facts: DecisionFacts): Ending {
  const holder = facts.matterType === 'merger-absorb' ? 'transferee' : 'transferor'
  const sale = facts.matterType === 'asset-transfer' || facts.matterType === 'data-only' || facts.matterType === 'stop-product'
  return kept(holder, sale ? ['S04'] : [])
}

function transferOrNot(facts: DecisionFacts, positions: LegalPositions, rule: string, wish: Extract<Wish, { act: 'transfer' }>): Verdict {
  const flags = wish.flags ?? []
  const gate = passGates(facts, positions, wish, rule)
  if (gate.go === 'withhold') {
    const ending = withheld(facts, true)
    return verdict(facts, rule, { ...ending, alsoRules: [...gate.alsoRules, ...ending.alsoRules] }, flags.filter((flag) => flag !== 'new-use-blocked'))
  }
  const needs = { notices: wish.notices, consents: wish.consents }
  if (gate.go === 'wait') {
    const sale = rule === 'X08' ? [obstacle('DATA_ONLY_SALE')] : []
    return { ...verdict(facts, rule, waiting([...gate.conditions, ...sale], gate.alsoRules), flags), needs }
  }
  return { ...transferred(facts, rule, wish), needs }
}

function transferred(facts: DecisionFacts, rule: string, wish: Extract<Wish, { act: 'transfer' }>): Verdict {
  const residual = residualOf(facts)
  const unassigned = facts.retention === null && residual.act === 'seal' ? [obstacle('RETENTION_UNASSIGNED')] : []
  const flags: VerdictFlag[] = [
    ...(wish.flags ?? []),
    ...(wish.notices.some((kind) => facts.notices[kind]?.state === 'announced') ? ['announcement-used' as const] : []),
    ...(facts.overseas ? ['export' as const] : []),
  ]
  const ending: Ending = { outcome: 'transferred', until: null, sealedFor: null, holder: 'transferee', alsoRules: [residual.rule], conditions: unassigned, flags: [] }
  return { ...verdict(facts, rule, ending, flags), residual }
}

/** Adds what would change an outcome to the rows where one fact alone stands in the way. */
function withReason(facts: DecisionFacts, ending: Ending, rule: string): Ending {
  if (rule === 'X02') return { ...ending, conditions: [...ending.conditions, obstacle('UNLAWFUL_SOURCE')] }
  if (rule === 'X17' && facts.basis !== 'legal-duty') return { ...ending, conditions: [...ending.conditions, obstacle('CONTRACT_ASSENT_MISSING')], alsoRules: [...ending.alsoRules, 'E17'] }
  return ending
}

function verdict(facts: DecisionFacts, rule: string, ending: Ending, flags: readonly VerdictFlag[]): Verdict {
  const presumed: VerdictFlag[] = facts.ageGroup === 'unknown' && facts.agePresumption !== null ? ['age-presumed'] : []
  const alsoRules = rule === 'X06' && ending.outcome !== 'pending' && facts.purposeState === 'live' ? ['B08', ...ending.alsoRules] : ending.alsoRules
  return {
    outcome: ending.outcome,
    until: ending.until,
    sealedFor: ending.sealedFor,
    holder: ending.outcome === 'sealed' ? (ending.holder ?? sealHolder(facts)) : ending.holder,
    rule,
    alsoRules,
    law: '-', // the row's citation is added by `decide`
    conf: 'J',
    conditions: ending.conditions,
    needs: { notices: [], consents: [] },
    residual: null,
    why: whyOf(rule, ending, alsoRules),
    flags: [...new Set([...flags, ...ending.flags, ...presumed])],
  }
}
