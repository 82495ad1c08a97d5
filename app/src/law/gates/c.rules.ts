// SPDX-License-Identifier: Apache-2.0
// C 尽调: what outsiders see before the hand-over. A look at identifiable information is provision (PIPL 23), whoever owns the shares.
import type { FactValue } from '../facts.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { byFact, computed, factOf, found, notApplicable, type AskedAt, type Evidence, type GateFinding, type GateRule } from './gate.ts'

type ViewerAccess = FactValue<'viewer-access'>

const viewersOf = (state: MatterState): ViewerAccess[] => (state.facts['viewer-access'] ?? []).map(({ value }) => value)
const inClear = (state: MatterState): ViewerAccess[] => viewersOf(state).filter(({ shows }) => shows === 'clear-text')
const partiesOf = (viewers: readonly ViewerAccess[]): number => new Set(viewers.map(({ party }) => party)).size
const isRemedied = (state: MatterState, { party }: ViewerAccess): boolean => (state.facts['provision-remedied'] ?? []).some(({ value }) => value.party === party && value.accessEndedOn <= state.today)
const isRoom = (step: AskedAt): boolean => step === 'room-open'
const nobody = (): GateFinding => notApplicable('没有外方看过客户信息', 'No outsider has seen customer information')

function seen(state: MatterState): Evidence {
  const viewers = viewersOf(state)
  const people = viewers.reduce((sum, each) => sum + each.people, 0)
  return computed(`登记外方 ${partiesOf(viewers)} 个、${people} 人`, `${partiesOf(viewers)} outsiders, ${people} people recorded`)
}

/** Who saw identifiable information without any ground and without a remedy: an unlawful provision, also where the shares and not the business are sold (register §12, 1). */
export function unlawfulViewers(state: MatterState): Obstacle[] {
  const open = inClear(state).filter((each) => each.ground === 'none' && !isRemedied(state, each))
  return open.length === 0 ? [] : [obstacle('PROVISION_WITHOUT_BASIS', { counts: { parties: partiesOf(open) } })]
}

/** Whether somebody is said to have looked while nobody wrote down who; undefined answers are obstacles of their own. */
function unrecorded(state: MatterState): Obstacle[] {
  const declared = factOf(state, 'circumstances-declared')
  if (viewersOf(state).length > 0) return []
  if (declared === undefined) return [obstacle('CIRCUMSTANCES_NOT_DECLARED', { rule: 'C01' })]
  return declared.value.outsidersSaw ? [obstacle('VIEWERS_NOT_RECORDED')] : []
}

function roomRelease(state: MatterState): (Obstacle | false)[] {
  const release = factOf(state, 'room-release-approved')
  return [release === undefined && obstacle('ROOM_RELEASE_MISSING'), release?.value.content === 'clear-text' && release.value.ground === 'none' && obstacle('ROOM_HOLDS_CLEAR_TEXT')]
}

/** Outsiders who look or are about to: those on record, and before a room is opened every transferee and advisor. */
function outsiders(state: MatterState, step: AskedAt): string[] {
  const expected = isRoom(step) ? state.parties.filter(({ role }) => role === 'transferee' || role === 'advisor').map(({ id }) => id) : []
  return [...new Set([...viewersOf(state).map(({ party }) => party), ...expected])]
}

/** Whether the matter opens or has opened a data room: only then are its rules worth listing beside those of the journey. */
export function hasRoom(state: MatterState): boolean {
  return (state.copies.openByKind.room ?? 0) > 0 || factOf(state, 'room-release-approved') !== undefined || viewersOf(state).some(({ where }) => where === 'data-room')
}

/** Smallest class by the kind of release; the register's default for a data room is that of a controlled release. */
const neededClass = { public: 20, controlled: 5, enclave: 3 } as const

/** Rules C01–C07. */
export const gatesC = {
  C01: (state, step) => {
    const obstacles = [...unrecorded(state), ...unlawfulViewers(state)]
    if (isRoom(step)) return found([...obstacles, ...roomRelease(state)], [byFact(state, 'room-release-approved'), seen(state)])
    return obstacles.length === 0 && viewersOf(state).length === 0 ? nobody() : found(obstacles, [seen(state)])
  },
  C02: (state, step) => {
    const needed = outsiders(state, step)
    if (needed.length === 0) return nobody()
    const signed = new Set((state.facts['nda-signed'] ?? []).filter(({ value }) => value.signedOn <= state.today).map(({ value }) => value.party))
    const parties = needed.filter((id) => !signed.has(id)).length
    return found([parties > 0 && obstacle('NDA_MISSING', { counts: { parties } })], [byFact(state, 'nda-signed')])
  },
  C03: (state) => {
    if (factOf(state, 'room-release-approved')?.value.content !== 'de-identified') return notApplicable('资料室没有去标识化的内容', 'Nothing de-identified is released')
    const report = factOf(state, 'de-identification-evaluated')?.value
    if (report === undefined) return found([obstacle('DE_IDENTIFICATION_NOT_EVALUATED')])
    const needed = neededClass[report.release]
    const isWeak = report.smallestClass < needed || report.riskPerMille >= 50 // at exactly the limit the stricter reading
    return found(
      [isWeak && obstacle('RE_IDENTIFICATION_RISK', { facts: { class: report.smallestClass, needed, risk: report.riskPerMille } }), !report.banSigned && obstacle('RE_IDENTIFICATION_BAN_MISSING')],
      [byFact(state, 'de-identification-evaluated')],
    )
  },
  C04: (state, step) => {
    const abroad = viewersOf(state).filter(({ place }) => place === 'abroad').map(({ party }) => party)
    const known = isRoom(step) ? state.parties.filter((party) => party.overseas && (party.role === 'transferee' || party.role === 'advisor')).map(({ id }) => id) : []
    const parties = new Set([...abroad, ...known]).size
    const route = factOf(state, 'export-route-done')
    const isProven = route?.value.route === 'exempt' || (route?.value.number !== undefined && route.hasEvidence)
    const hasRoute = route !== undefined && isProven && (route.value.validUntil === undefined || route.value.validUntil >= state.today)
    const blocked = factOf(state, 'room-controls-tested')?.value.abroadBlocked === true
    if (parties === 0 && !isRoom(step)) return notApplicable('没有境外查看者', 'Nobody looks from abroad')
    return found(
      [parties > 0 && !hasRoute && obstacle('VIEWED_FROM_ABROAD', { counts: { parties } }), parties === 0 && !blocked && obstacle('ABROAD_NOT_BLOCKED')],
      [parties > 0 ? byFact(state, 'export-route-done') : byFact(state, 'room-controls-tested')],
    )
  },
  C05: (state) => {
    const tested = factOf(state, 'room-controls-tested')
    if (tested === undefined) return found([obstacle('ROOM_CONTROLS_UNTESTED')])
    const { roleBound, exportsNeedApproval, rolesSeparated, watermark, minorsEachTime } = tested.value
    const controls = [roleBound, exportsNeedApproval, rolesSeparated, watermark, minorsEachTime].filter((isThere) => !isThere).length
    return found([controls > 0 && obstacle('ROOM_CONTROLS_WEAK', { counts: { controls } })], [byFact(state, 'room-controls-tested')])
  },
  C06: (state) => {
    const viewers = viewersOf(state)
    const copies = state.copies.diligenceOpen
    if (viewers.length === 0 && copies === 0) return nobody()
    const back = new Set((state.facts['diligence-returned'] ?? []).filter(({ value }) => value.on <= state.today).map(({ value }) => value.party))
    const open = viewers.filter((each) => (each.where === 'copies' && !back.has(each.party)) || (each.until === null && each.ground === 'none') || (each.until === null && each.where === 'data-room'))
    return found(
      [open.length > 0 && obstacle('DILIGENCE_NOT_RETURNED', { counts: { parties: partiesOf(open) } }), copies > 0 && obstacle('DILIGENCE_COPIES_OPEN', { counts: { copies } })],
      [byFact(state, 'diligence-returned'), seen(state)],
    )
  },
  C07: (state, step) => {
    const shown = inClear(state).filter((each) => each.sensitiveOrMinors && !isRemedied(state, each))
    const parties = partiesOf(shown)
    const clear = computed('没有外方看到敏感或儿童信息的明文', "No outsider saw sensitive or children's information in clear")
    if (!isRoom(step)) return viewersOf(state).length === 0 ? nobody() : found([parties > 0 && obstacle('SENSITIVE_SHOWN', { counts: { parties } })], [clear])
    const scan = factOf(state, 'room-scan-clean')?.value
    const hits = scan === undefined ? 0 : scan.sensitiveHits + scan.biometricHits + scan.under14Hits
    return found(
      [scan === undefined && obstacle('ROOM_NOT_SCANNED'), hits > 0 && obstacle('SENSITIVE_IN_ROOM', { counts: { hits } }), parties > 0 && obstacle('SENSITIVE_SHOWN', { counts: { parties } })],
      [byFact(state, 'room-scan-clean')],
    )
  },
} as const satisfies Record<string, GateRule>
