// SPDX-License-Identifier: Apache-2.0
// 外方查看: what outsiders saw, on what ground, and whether it is over. A look counts by its own days: a paper signed afterwards, or a remedy of an earlier look, settles nothing (rules C01, C02, C06, C07, D01).
import type { Day } from '../../kit/time.ts'
import type { MatterState, SignedFact } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'

/** 查看. One party's look at the customers, as somebody signed it. */
export type Look = SignedFact<'viewer-access'>

/** Every look on record. */
export function looksOf(state: MatterState): readonly Look[] {
  return state.facts['viewer-access'] ?? []
}

/** How many parties these looks belong to. */
export function partiesOf(looks: readonly Look[]): number {
  return new Set(looks.map(({ value }) => value.party)).size
}

/** The looks by their records: people who override a rule about looks answer for these and for no later one, by whomever it is. */
export function thingsOf(looks: readonly Look[]): string[] {
  return looks.map(({ id }) => id).toSorted()
}

/** Whether a person can be found in what was shown. Masking changes the display and not the information: whoever knows half a name and a branch knows the person (PIPL 73(3)(4); GB/T 37964), so only counts identify nobody. */
export function identifies({ value }: Look): boolean {
  return value.shows !== 'counts-only'
}

/** Whether this end is the end of this look: it had begun by then, and did not go on. One that was written down later as going on, or that ran longer, is another look. */
function endsWith({ value: look, recordedOn }: Look, end: { on: Day; saidOn: Day }): boolean {
  return look.from <= end.on && (look.until === null ? recordedOn <= end.saidOn : look.until <= end.on)
}

/** Whether an unlawful look was ended, its copies destroyed, the incident assessed and counsel heard, after it had begun and not before it was over. */
export function isRemedied(state: MatterState, look: Look): boolean {
  return (state.facts['provision-remedied'] ?? []).some(({ value, recordedOn }) => value.party === look.value.party && value.accessEndedOn <= state.today && endsWith(look, { on: value.accessEndedOn, saidOn: recordedOn }))
}

/** Identifiable looks that no remedy has settled. */
export function openLooks(state: MatterState): Look[] {
  return looksOf(state).filter((look) => identifies(look) && !isRemedied(state, look))
}

/** Whether a look is over and nothing of it is left (rule C06): its last day is past, or what they had came back with the access closed; copies always have to come back, and a look under a standing contract (entrusted, in the live system) may go on. */
export function isOver(state: MatterState, look: Look): boolean {
  const { where, until, ground, party } = look.value
  const isBack = (state.facts['diligence-returned'] ?? []).some(({ value, recordedOn }) => value.party === party && value.on <= state.today && endsWith(look, { on: value.on, saidOn: recordedOn }))
  if (isBack || isRemedied(state, look)) return true
  if (where === 'copies') return false
  const hasEnded = until !== null && until <= state.today
  return hasEnded || (where === 'live-system' && ground !== 'none')
}

/** 无据查看. Who saw identifiable information without a ground, or with one that nothing shows (PIPL 10, 21, 23). An unlawful provision, also where the shares and not the business are sold (register §12, 1). */
export function unlawfulViewers(state: MatterState): Obstacle[] {
  const open = openLooks(state)
  const of = (test: (look: Look) => boolean): number => partiesOf(open.filter(test))
  const groundless = of(({ value }) => value.ground === 'none')
  const unproven = of(({ value, hasEvidence }) => value.ground !== 'none' && !hasEvidence)
  return [
    ...(groundless > 0 ? [obstacle('PROVISION_WITHOUT_BASIS', { counts: { parties: groundless }, things: thingsOf(open.filter(({ value }) => value.ground === 'none')) })] : []),
    ...(unproven > 0 ? [obstacle('GROUND_WITHOUT_EVIDENCE', { counts: { parties: unproven }, things: thingsOf(open.filter(({ value, hasEvidence }) => value.ground !== 'none' && !hasEvidence)) })] : []),
  ]
}

/** Looks without the contract that providing and entrusting need alike, signed before the look (PIPL 21; 数据条例 12(1); rule F01), whatever their ground; where there is none, C01 says so besides. */
export function withoutContract(state: MatterState): Look[] {
  return openLooks(state).filter(({ value }) => value.agreement === undefined || value.agreement.signedOn > value.from)
}

/** Looks of which the persons were not told beforehand: provision needs the five items of Article 23 (rule E02), export those of Article 39 (G02); entrusting at home needs no notice (PIPL 21). */
export function untoldLooks(state: MatterState, place: 'anywhere' | 'abroad'): Look[] {
  const due = openLooks(state).filter(({ value }) => (place === 'abroad' ? value.place === 'abroad' : value.ground !== 'entrusted'))
  return due.filter(({ value }) => value.toldOn === undefined || value.toldOn > value.from)
}

/** One obstacle with the number of parties, or none. */
export function ofParties(code: 'LOOK_NOT_TOLD' | 'LOOKED_BEFORE_ASSESSMENT' | 'PROVISION_NOT_RECORDED' | 'VIEWER_CONTRACT_MISSING', looks: readonly Look[]): Obstacle[] {
  return looks.length === 0 ? [] : [obstacle(code, { counts: { parties: partiesOf(looks) }, things: thingsOf(looks) })]
}

/** 保密协议. Parties without one, with one that was signed after they had begun to look, and people who looked beyond those it names (rule C02: entity and each person, before the first look). */
export function ndaObstacles(state: MatterState, parties: readonly string[]): Obstacle[] {
  const signed = (state.facts['nda-signed'] ?? []).filter(({ value }) => value.signedOn <= state.today).map(({ value }) => value)
  const of = (party: string): typeof signed => signed.filter((each) => each.party === party)
  const missing = parties.filter((party) => of(party).length === 0).length
  const looks = looksOf(state).filter((look) => of(look.value.party).length > 0 && !isRemedied(state, look))
  const late = looks.filter(({ value }) => of(value.party).every(({ signedOn }) => signedOn > value.from))
  const people = looks.reduce((sum, { value }) => sum + Math.max(0, value.people - Math.max(...of(value.party).map((each) => each.people))), 0)
  return [
    ...(missing > 0 ? [obstacle('NDA_MISSING', { counts: { parties: missing }, things: parties.filter((party) => of(party).length === 0) })] : []),
    ...(late.length > 0 ? [obstacle('NDA_AFTER_LOOK', { counts: { parties: partiesOf(late) }, things: thingsOf(late) })] : []),
    ...(people > 0 ? [obstacle('NDA_PEOPLE_MISSING', { counts: { people } })] : []),
  ]
}

/** Looks that began before any impact assessment was approved (PIPL 55(3): beforehand; rule D01). The days come from the ledger, a later approval does not reach back. */
export function looksBeforeAssessment(state: MatterState): Look[] {
  return openLooks(state).filter(({ value }) => !state.assessedOn.some((on) => on <= value.from))
}
