// SPDX-License-Identifier: Apache-2.0
// C 尽调: what outsiders see before the hand-over. A look at identifiable information is provision (PIPL 23), whoever owns the shares. What was seen, and when, is reckoned in looks.rules.ts.
import { exportDoneOf, exportObstacles, isExportDone, viewersAbroad } from '../export-route.rules.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { byFact, computed, factOf, found, notApplicable, type AskedAt, type Evidence, type GateFinding, type GateRule } from './gate.ts'
import { identifies, isOver, isRemedied, looksOf, ndaObstacles, openLooks, partiesOf, thingsOf, unlawfulViewers } from './looks.rules.ts'

const isRoom = (step: AskedAt): boolean => step === 'room-open'
/** Before a room opens, and while there is or was one before anything is packed and before the close: no command of ours opens rooms, so nobody else asks. */
const asksRoom = (state: MatterState, step: AskedAt): boolean => isRoom(step) || hasRoom(state)
const nobody = (): GateFinding => notApplicable('没有外方看过客户信息', 'No outsider has seen customer information')

function seen(state: MatterState): Evidence {
  const looks = looksOf(state)
  const people = looks.reduce((sum, { value }) => sum + value.people, 0)
  return computed(`登记外方 ${partiesOf(looks)} 个、${people} 人`, `${partiesOf(looks)} outsiders, ${people} people recorded`)
}

/** Whether somebody is said to have looked while nobody wrote down who; undefined answers are obstacles of their own. */
function unrecorded(state: MatterState): Obstacle[] {
  const declared = factOf(state, 'circumstances-declared')
  if (looksOf(state).length > 0) return []
  if (declared === undefined) return [obstacle('CIRCUMSTANCES_NOT_DECLARED', { rule: 'C01' })]
  return declared.value.outsidersSaw ? [obstacle('VIEWERS_NOT_RECORDED')] : []
}

/** What was approved to be shown; identifiable content needs a ground, and a ground its paper (a word alone makes nothing lawful). */
function roomRelease(state: MatterState): (Obstacle | false)[] {
  const release = factOf(state, 'room-release-approved')
  const isClear = release?.value.content === 'clear-text'
  return [
    release === undefined && obstacle('ROOM_RELEASE_MISSING'),
    isClear && release.value.ground === 'none' && obstacle('ROOM_HOLDS_CLEAR_TEXT'),
    isClear && release.value.ground !== 'none' && !release.hasEvidence && obstacle('ROOM_GROUND_UNPROVEN'),
  ]
}

/** Outsiders who look or are about to: those on record, and before a room is opened every transferee and advisor. */
function outsiders(state: MatterState, step: AskedAt): string[] {
  const expected = isRoom(step) ? state.parties.filter(({ role }) => role === 'transferee' || role === 'advisor').map(({ id }) => id) : []
  return [...new Set([...looksOf(state).map(({ value }) => value.party), ...expected])]
}

/** Whether the matter opens or has opened a data room: only then are its rules worth listing beside those of the journey. */
export function hasRoom(state: MatterState): boolean {
  return (state.copies.openByKind.room ?? 0) > 0 || factOf(state, 'room-release-approved') !== undefined || looksOf(state).some(({ value }) => value.where === 'data-room')
}

/** Smallest class by the kind of release; the register's default for a data room is that of a controlled release. */
const neededClass = { public: 20, controlled: 5, enclave: 3 } as const

/** Who looks from abroad: parties by what they saw, before a room is opened those whose seat is abroad, and the people and processors that somebody counted (G01). */
function abroad(state: MatterState, step: AskedAt): { parties: number; viewers: number } {
  const looked = openLooks(state).filter(({ value }) => value.place === 'abroad').map(({ value }) => value.party)
  const known = isRoom(step) ? state.parties.filter((party) => party.overseas && (party.role === 'transferee' || party.role === 'advisor')).map(({ id }) => id) : []
  return { parties: new Set([...looked, ...known]).size, viewers: viewersAbroad(state.facts) }
}

/** Why what is seen abroad may not be: the route that this year's numbers need (G01) is not done, or is too weak, or nobody counted of how many persons something is seen. */
function abroadObstacles(state: MatterState, counts: { parties: number; viewers: number }): (Obstacle | false)[] {
  const done = exportDoneOf(state.facts)
  const route = state.exportRoute === null ? [] : exportObstacles({ ...state.exportRoute, done }, state.today)
  const isOpen = state.exportRoute === null ? !isExportDone(done, state.today) : route.length > 0
  const looksAbroad = openLooks(state).some(({ value }) => value.place === 'abroad')
  return [isOpen && obstacle('VIEWED_FROM_ABROAD', { counts, things: thingsOf(openLooks(state).filter(({ value }) => value.place === 'abroad')) }), ...route, looksAbroad && (factOf(state, 'abroad-access')?.value.persons ?? 0) === 0 && obstacle('ABROAD_ACCESS_NOT_COUNTED')]
}

/** Rules C01–C07. */
export const gatesC = {
  C01: (state, step) => {
    const obstacles = [...unrecorded(state), ...unlawfulViewers(state)]
    if (asksRoom(state, step)) return found([...obstacles, ...roomRelease(state)], [byFact(state, 'room-release-approved'), seen(state)])
    return obstacles.length === 0 && looksOf(state).length === 0 ? nobody() : found(obstacles, [seen(state)])
  },
  C02: (state, step) => {
    const needed = outsiders(state, step)
    return needed.length === 0 ? nobody() : found(ndaObstacles(state, needed), [byFact(state, 'nda-signed')])
  },
  // Of anonymised and aggregated content the register asks an effect evaluation too (C01, "release approval + effect evaluation"); which classes it names for de-identified content only. We hold all three to the same numbers: the name of a method proves nothing (J).
  C03: (state) => {
    const content = factOf(state, 'room-release-approved')?.value.content
    if (content === undefined || content === 'clear-text') return notApplicable('没有批准放入匿名化、汇总或去标识化的内容(见 C01)', 'No anonymised, aggregated or de-identified content was approved (see C01)')
    const report = factOf(state, 'de-identification-evaluated')?.value
    if (report === undefined || report.on > state.today) return found([obstacle('DE_IDENTIFICATION_NOT_EVALUATED')])
    const needed = neededClass[report.release]
    const isWeak = report.smallestClass < needed || report.riskPerMille >= 50 // at exactly the limit the stricter reading
    return found(
      [isWeak && obstacle('RE_IDENTIFICATION_RISK', { facts: { class: report.smallestClass, needed, risk: report.riskPerMille } }), !report.banSigned && obstacle('RE_IDENTIFICATION_BAN_MISSING')],
      [byFact(state, 'de-identification-evaluated')],
    )
  },
  C04: (state, step) => {
    const counts = abroad(state, step)
    if (counts.parties + counts.viewers > 0) return found(abroadObstacles(state, counts), [byFact(state, 'export-route-done'), byFact(state, 'abroad-access')])
    // To be seen from abroad is to be exported, so an answer that nobody gave is no "nobody".
    if (!asksRoom(state, step)) return state.abroadAnswered ? notApplicable('没有境外查看者', 'Nobody looks from abroad') : found([obstacle('ABROAD_ACCESS_UNANSWERED', { rule: 'C04' })])
    const blocked = factOf(state, 'room-controls-tested')?.value.abroadBlocked === true
    return found([!blocked && obstacle('ABROAD_NOT_BLOCKED')], [byFact(state, 'room-controls-tested')])
  },
  // "Any access" (register): people of others in the live system need the same controls as those in a room.
  C05: (state, step) => {
    if (!asksRoom(state, step) && openLooks(state).length === 0) return notApplicable('没有资料室,也没有外方查看', 'There is no data room, and no outsider looks')
    const tested = factOf(state, 'room-controls-tested')
    if (tested === undefined) return found([obstacle('ROOM_CONTROLS_UNTESTED')])
    const { roleBound, exportsNeedApproval, rolesSeparated, watermark, minorsEachTime } = tested.value
    const controls = [roleBound, exportsNeedApproval, rolesSeparated, watermark, minorsEachTime].filter((isThere) => !isThere).length
    return found([controls > 0 && obstacle('ROOM_CONTROLS_WEAK', { counts: { controls } })], [byFact(state, 'room-controls-tested')])
  },
  C06: (state) => {
    const looks = looksOf(state)
    const copies = state.copies.diligenceOpen
    if (looks.length === 0 && copies === 0) return nobody()
    const open = looks.filter((look) => !isOver(state, look))
    return found(
      [open.length > 0 && obstacle('DILIGENCE_NOT_RETURNED', { counts: { parties: partiesOf(open) }, things: thingsOf(open) }), copies > 0 && obstacle('DILIGENCE_COPIES_OPEN', { counts: { copies } })],
      [byFact(state, 'diligence-returned'), seen(state)],
    )
  },
  C07: (state, step) => {
    const shown = looksOf(state).filter((look) => identifies(look) && look.value.sensitiveOrMinors && !isRemedied(state, look))
    const parties = partiesOf(shown)
    const clear = computed('没有外方看到敏感或儿童信息,只有数字', "No outsider saw sensitive or children's information but as counts")
    if (!asksRoom(state, step)) return looksOf(state).length === 0 ? nobody() : found([parties > 0 && obstacle('SENSITIVE_SHOWN', { counts: { parties }, things: thingsOf(shown) })], [clear])
    const scan = factOf(state, 'room-scan-clean')?.value
    const hits = scan === undefined ? 0 : scan.sensitiveHits + scan.biometricHits + scan.under14Hits
    return found(
      [scan === undefined && obstacle('ROOM_NOT_SCANNED'), hits > 0 && obstacle('SENSITIVE_IN_ROOM', { counts: { hits } }), parties > 0 && obstacle('SENSITIVE_SHOWN', { counts: { parties }, things: thingsOf(shown) })],
      [byFact(state, 'room-scan-clean')],
    )
  },
} as const satisfies Record<string, GateRule>
