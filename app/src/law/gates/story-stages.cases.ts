// SPDX-License-Identifier: Apache-2.0
// The seven deals later on: told and approved, handed over, ready to close; and the rules that the register lets stop the close at each of them.
import { addDays } from '../../kit/time.ts'
import type { FactName } from '../facts.ts'
import type { FactsByName, MatterState } from '../matter-state.ts'
import { nothingDeclared } from './deal.cases.ts'
import { nothingWished, signed, stateOf, today } from './gates.cases.ts'
import { stories, type Story } from './stories.cases.ts'

/** 阶段. Where a deal stands after its start. */
export const storyStages = ['approved', 'handed-over', 'closing'] as const
/** One stage. */
export type StoryStage = (typeof storyStages)[number]

/** What people can only sign at the very end: access, open cases, books, who answers afterwards, custody. */
const signedAtTheEnd: readonly FactName[] = ['access-revoked', 'open-cases-handed-over', 'books-handed-over', 'rights-contact-published', 'custody-deed-signed']
/** What happened to none of the deals. */
const neverHappened: readonly FactName[] = ['recipient-violation', 'incident-known', 'viewer-access', 'provision-remedied']

function factsWithout(facts: FactsByName, names: readonly FactName[]): FactsByName {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.some((each) => each === name)))
}

/** The buyer's look ended, was remedied and is covered by a secrecy agreement, on days of their own. */
function remediedLook(): FactsByName {
  const began = addDays(today, -9)
  return {
    'viewer-access': [signed('viewer-access', { party: 'b', people: 3, shows: 'clear-text', where: 'live-system', from: began, until: addDays(today, -5), place: 'mainland', ground: 'none', sensitiveOrMinors: false })],
    'provision-remedied': [signed('provision-remedied', { party: 'b', accessEndedOn: addDays(today, -5), copiesDestroyed: true, incidentAssessed: true, opinion: 'ab'.repeat(32) })],
  }
}

/** A deal at a stage: everything due before the move is signed; at the hand-over one package is accepted and reconciled; at the closing nothing waits and no copy is left. */
export function stageOf({ name, state }: Story, stage: StoryStage): MatterState {
  const whole = stateOf(state.type)
  if (state.plan === null || whole.plan === null) throw new Error('the cases have a plan')
  const moved = state.plan.wished.records > 0
  const declared = { 'circumstances-declared': [signed('circumstances-declared', { ...nothingDeclared, prepaid: name === 'liquidation', outsidersSaw: name === 'share' })], 'incidents-reviewed': [signed('incidents-reviewed', { reviewedOn: addDays(today, -3), incidents: 0 })] }
  const looks = name === 'share' ? remediedLook() : {}
  const noIncident = { 'incidents-reviewed': [signed('incidents-reviewed', { reviewedOn: today, incidents: 0 })] }
  const facts = { ...factsWithout(whole.facts, stage === 'closing' ? neverHappened : [...neverHappened, ...signedAtTheEnd]), ...declared, ...looks, ...noIncident }
  const told = stateOf('asset-transfer').plan?.transfer ?? whole.plan.transfer
  const approved: MatterState = { ...state, facts, plan: { ...state.plan, approved: true, transfer: moved ? told : state.plan.transfer, wished: nothingWished }, promises: whole.promises, dutyEvents: whole.dutyEvents }
  if (stage === 'approved') return approved
  const residualOpen = moved && state.transferorSurvives ? 1 : 0
  const handedOver: MatterState = {
    ...approved, packages: moved ? whole.packages : state.packages, books: { pending: 80, inTransit: 0, balanced: true },
    copies: { ...state.copies, open: 2, openByKind: { original: 1, processor: 1 }, residualOpen },
  }
  if (stage === 'handed-over') return handedOver
  return { ...handedOver, plan: { ...state.plan, transfer: nothingWished, wished: nothingWished, destruction: { ...state.plan.destruction, records: 0, values: 0, accountingExpired: 0 } }, books: whole.books, copies: whole.copies, certificates: whole.certificates, custody: whole.custody, requests: { ...whole.requests, open: [] } }
}

/** 收尾障碍. What the register lets stop the close of a deal at a stage, and what the program stops besides, each with its reason. */
interface CloseList {
  must: string
  /** The program is stricter, or asks the same of another rule; said so in the findings. */
  may: Readonly<Record<string, string>>
}

const transferorGoesOn = 'F04 H03 H07'
const ending = 'F04 H03 H07 J08 K07'
const keptBySuccessor = 'asks for a custody deed although the company that took everything over keeps the records (民法典 67)'
const notYetDeleted = 'nothing is deleted yet: 35273 9.3 c; H03 and K07 hold the close as well'
const keptAfterwards = 'nobody keeps the records for three years yet (PIPL 56, 数据条例 12): due at the end, by deed'
const staysOpen = 'the processor goes on serving the same company'

/** The close at every stage; nothing may stop it in the last. */
export const closeLists: Readonly<Record<string, Readonly<Record<Exclude<StoryStage, 'closing'>, CloseList>>>> = {
  share: { approved: { must: 'H03 H07', may: { F04: staysOpen } }, 'handed-over': { must: 'H03 H07', may: { F04: staysOpen } } },
  asset: { approved: { must: transferorGoesOn, may: {} }, 'handed-over': { must: `${transferorGoesOn} H06`, may: {} } },
  merger: { approved: { must: transferorGoesOn, may: { D03: keptBySuccessor } }, 'handed-over': { must: transferorGoesOn, may: { D03: keptBySuccessor, F03: keptBySuccessor } } },
  split: { approved: { must: transferorGoesOn, may: {} }, 'handed-over': { must: `${transferorGoesOn} H06`, may: {} } },
  'liquidation-successor': { approved: { must: `D03 ${ending}`, may: {} }, 'handed-over': { must: `D03 F03 ${ending}`, may: {} } },
  liquidation: { approved: { must: ending, may: { D03: keptAfterwards, F03: keptAfterwards, J10: notYetDeleted } }, 'handed-over': { must: ending, may: { D03: keptAfterwards, F03: keptAfterwards, J10: notYetDeleted } } },
  bankruptcy: { approved: { must: `D03 ${ending}`, may: {} }, 'handed-over': { must: `D03 F03 ${ending}`, may: {} } },
}

/** Every deal at every stage. */
export const stagedStories: readonly { name: string; stage: StoryStage; state: MatterState }[] = stories.flatMap((story) => storyStages.map((stage) => ({ name: story.name, stage, state: stageOf(story, stage) })))
