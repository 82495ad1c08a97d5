// SPDX-License-Identifier: Apache-2.0
// Seven deals as they really start: the inventory is in, a plan is computed, the first questions are answered, and nothing else has been signed, told or asked yet, so that nothing is ready to move.
import type { FactName, FactValue } from '../facts.ts'
import { rules, type Rule } from '../law-data.ts'
import type { FactsByName, MatterState, NoticeTally, PlanState } from '../matter-state.ts'
import { guardedSteps, type MatterType } from '../nouns.ts'
import { nothingStanding } from '../standing-state.ts'
import { nothingDeclared } from './deal.cases.ts'
import { askRule, type GateResult } from './gate-for.rules.ts'
import { isStanding } from './standing.rules.ts'
import { nothingWished, signed, stateOf, today } from './gates.cases.ts'

/** 情形. One deal of the table. */
export interface Story {
  name: string
  zh: string
  en: string
  state: MatterState
}

/** How a rule stands over all its steps, the worst first. */
export const storyOutcomes = ['stops', 'warns', 'satisfied', 'not-applicable'] as const
/** One outcome. */
export type StoryOutcome = (typeof storyOutcomes)[number]

const untold = (due: number): NoticeTally => ({ due, delivered: 0, announced: 0, bounced: 0, none: due, waiting: 0 })
const asked = (due: number): { due: number; given: number; refused: number; none: number } => ({ due, given: 0, refused: 0, none: due })

function fact<N extends FactName>(name: N, value: FactValue<N>): FactsByName {
  return { [name]: [signed(name, value)] }
}

const firstAnswers = (declared: Partial<typeof nothingDeclared>): FactsByName => ({
  ...fact('circumstances-declared', { ...nothingDeclared, ...declared }),
  ...fact('important-data-checked', { answer: 'none-identified', checkedOn: today }),
  ...fact('sector-checked', { sectors: ['none'] }),
})

/** What most of a matter waits for on its first day, by the kind of notice. */
const firstWaits = { PIA_MISSING: 100, AGREEMENT_MISSING: 100, NOTICE_MISSING: 100, CHILD_ASSESSMENT_MISSING: 3, GUARDIAN_CONSENT_MISSING: 3 } as const

/**
 * The plan of the first day: nothing is ready to move. A hundred records are to move (ten with sensitive information, three children's, forty on contracts whose customers have not agreed to the assignment), twenty of closed accounts end, seven of
 * them with accounting papers past their term, and thirteen vouchers stay sealed. Under Article 23 separate consent is due and those forty contracts stay with the seller (X17); under Article 22 only the guardians are asked.
 * These are the numbers that a real tally of such a table gives (lifecycle/hand-over/plan-tally.test.ts compares them).
 */
function firstPlan(article: 22 | 23 | null, { survives, ends }: { survives: boolean; ends: boolean }): PlanState {
  const base = stateOf('asset-transfer').plan
  if (base === null) throw new Error('the cases have a plan')
  const isSale = article === 23
  const wished: PlanState['wished'] = {
    ...nothingWished, records: 100, values: isSale ? 750 : 910, persons: 90, sensitiveRecords: 10, under14: 3, consentBasedRecords: 100, contractWithoutAssent: isSale ? 0 : 40,
    notices: { [isSale ? 'art23' : 'art22']: untold(100), art30: untold(13), art31: untold(3) },
    consents: { transfer: asked(isSale ? 97 : 0), sensitive: asked(isSale ? 10 : 0), guardian: asked(3), export: asked(0) },
  }
  const waitingFor = isSale ? { ...firstWaits, CONSENT_MISSING: 97, SENSITIVE_CONSENT_MISSING: 10 } : { ...firstWaits, UNDERTAKING_MISSING: 100 }
  const everything = article === null && ends // nobody takes over: all of it is deleted or sealed
  return {
    ...base, approved: false, pendingValues: article === null ? 0 : wished.values, waitingFor: article === null ? {} : waitingFor, keptValues: isSale ? 160 : article === null && !ends ? 910 : 0,
    sealedValues: 13, sealedWithCustodian: survives || !ends ? 0 : 13, transfer: nothingWished, wished: article === null ? nothingWished : wished,
    destruction: { ...base.destruction, records: everything ? 120 : 20, values: everything ? 990 : 80, anonymisedValues: 0, under14: everything ? 3 : 0 },
  }
}

/** A matter of this type in which nothing was signed, told or asked yet beside the first answers. */
function untouched(type: MatterType, { successor, article, declared = {} }: { successor: boolean; article: 22 | 23 | null; declared?: Partial<typeof nothingDeclared> }): MatterState {
  const whole = stateOf(type)
  const moves = article !== null
  const plan = firstPlan(article, { survives: whole.transferorSurvives, ends: type === 'dissolution' || type === 'bankruptcy' })
  return {
    ...whole, ...nothingStanding, successor, dataSets: whole.dataSets.map((dataSet) => ({ ...dataSet, collected: 'direct', publicBased: false, platform: false, antiMoneyLaundering: false })), facts: firstAnswers(declared), plan, exportRoute: null, packages: { issued: 0, withoutAcceptance: 0, withDifferences: 0, withoutReconciliation: 0 },
    parties: [{ id: 'a', role: 'transferor', overseas: false, wordsConfirmed: true }, ...(moves || type === 'share-transfer' ? [{ id: 'b', role: 'transferee' as const, overseas: false, wordsConfirmed: true }] : [])],
    copies: { open: 3, openByKind: { original: 1, vault: 1, processor: 1 }, residualOpen: 0, residualDue: null, outOfReach: 0, diligenceOpen: 0, processors: { open: 1, ended: 0, withoutProof: 0, kept: 0 } },
    books: { pending: 1003, inTransit: 0, balanced: true }, certificates: { pending: 0, final: 0 }, quality: { certificates: 0, rowsWithFindings: 0 }, witnesses: { needed: 2, confirmed: 2 }, askedAgain: 0, assessedOn: [],
  }
}

/** The buyer's sales people were let into the customer system when the shares were bought. */
function shareSale(): MatterState {
  const state = untouched('share-transfer', { successor: false, article: null, declared: { outsidersSaw: true } })
  const look = fact('viewer-access', { party: 'b', people: 6, shows: 'clear-text', where: 'live-system', from: today, until: null, place: 'mainland', ground: 'none', sensitiveOrMinors: false })
  return { ...state, facts: { ...state.facts, ...look } }
}

/** The deals of the issue, in the order of the decision table. */
export const stories: readonly Story[] = [
  { name: 'share', zh: '股权转让(收购方人员已查看客户系统)', en: "share sale (the buyer's staff looks at the customer system)", state: shareSale() },
  { name: 'asset', zh: '资产转让', en: 'asset sale', state: untouched('asset-transfer', { successor: true, article: 23 }) },
  { name: 'merger', zh: '吸收合并', en: 'merger by absorption', state: untouched('merger-absorb', { successor: true, article: 22 }) },
  { name: 'split', zh: '存续分立', en: 'split, the company survives', state: untouched('split-survive', { successor: true, article: 22 }) },
  { name: 'liquidation-successor', zh: '解散清算,有承接方', en: 'liquidation with a successor', state: untouched('dissolution', { successor: true, article: 22 }) },
  { name: 'liquidation', zh: '解散清算,无承接方', en: 'liquidation without a successor', state: untouched('dissolution', { successor: false, article: null, declared: { prepaid: true } }) },
  { name: 'bankruptcy', zh: '破产,营业有买受人', en: 'bankruptcy with a buyer of the business', state: untouched('bankruptcy', { successor: true, article: 22 }) },
]

/** Every answer of a rule in a story: before each step that it guards, or as a standing duty. None of the stories opens a data room. */
export function answersOf(rule: Rule, { state }: Story): GateResult[] {
  const standing = isStanding(rule) ? [askRule(rule, 'standing', state)] : []
  return [...standing, ...guardedSteps.filter((step) => rule.guards.includes(step) && step !== 'room-open').map((step) => askRule(rule, step, state))]
}

/** The worst of a rule's answers. A standing duty stops nothing by itself, so an unmet one warns. */
export function outcomeOf(rule: Rule, story: Story): StoryOutcome {
  const answers = answersOf(rule, story)
  if (answers.some(({ status, stops }) => status === 'unmet' && stops && rule.guards.length > 0)) return 'stops'
  if (answers.some(({ status }) => status === 'unmet')) return 'warns'
  return answers.some(({ status }) => status === 'satisfied') ? 'satisfied' : 'not-applicable'
}

/** The ids of the rules with this outcome in a story. */
export function rulesWith(outcome: StoryOutcome, story: Story): string[] {
  return rules.filter((rule) => outcomeOf(rule, story) === outcome).map(({ id }) => id)
}
