// SPDX-License-Identifier: Apache-2.0
// E15: promises in the transferor's privacy notices against what this matter does (cases Toysmart and RadioShack; PIPL 7, 47(1)(4); 民法典 509).
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import type { FoundPromise, PrivacyVersionState } from '../standing-state.ts'
import { computed, found, transfers, underArticle22, type GateFinding } from './gate.ts'

/** Whether everybody whose records move was asked for separate consent. Article 23 alone asks nobody where the basis is a contract (X16), so what was promised to happen by consent stands until the plan shows that each was asked; an answer is E02's. */
function asksEverybody(state: MatterState): boolean {
  if (underArticle22(state) || state.plan === null) return false
  const told = state.plan.transfer.notices.art23?.due ?? 0
  return told > 0 && state.plan.transfer.consents.transfer.due >= told
}

/** Whether a promise stands against this matter's transfers; a clause that reserves restructuring excuses a succession, one that reserves consent excuses where consent is asked. */
export function standsAgainst(promise: FoundPromise, state: MatterState): boolean {
  if (!transfers(state)) return false
  const asksConsent = asksEverybody(state)
  const excused = (promise.exceptions.includes('restructuring') && underArticle22(state)) || (promise.exceptions.includes('consent') && asksConsent)
  if (promise.kind === 'no-third-party' || promise.kind === 'no-sale') return !excused
  if (promise.kind === 'separate-consent') return !asksConsent
  if (promise.kind === 'no-export') return state.exportRoute !== null || !state.abroadAnswered
  return promise.kind === 'purpose-only' && state.receiverChangesPurpose
}

interface InTheWay {
  promises: number
  persons: number
}

const sumOf = (all: readonly InTheWay[]): InTheWay => ({ promises: all.reduce((sum, { promises }) => sum + promises, 0), persons: all.reduce((sum, { persons }) => sum + persons, 0) })

/** Versions with promises in the way that nobody has decided on yet; whoever accepted nobody knows which may have accepted each of them. */
function undecided(versions: readonly PrivacyVersionState[], state: MatterState): InTheWay {
  const open = versions.filter(({ reviewed }) => !reviewed).map((version) => ({ promises: version.promises.filter((promise) => standsAgainst(promise, state)).length, persons: version.persons })).filter(({ promises }) => promises > 0)
  const { promises, persons } = sumOf(open)
  return { promises, persons: promises === 0 ? 0 : persons + (state.promises?.personsWithoutVersion ?? 0) }
}

/** Promises in the way that were there until a version was filed again, and that nobody has decided on: filing the text anew takes no promise back. */
function lostInTheWay(versions: readonly PrivacyVersionState[], state: MatterState): InTheWay {
  return sumOf(versions.filter(({ reviewed }) => !reviewed).map(({ lost }) => {
    const gone = lost.filter(({ promise }) => standsAgainst(promise, state))
    return { promises: gone.length, persons: Math.max(0, ...gone.map(({ persons }) => persons)) }
  }))
}

/** 承诺一致性. Rule E15: no notice on file is an obstacle of its own, and so are persons whose version nobody knows and promises that went away when a version was filed again; a promise in the way asks for a decision by who is responsible, and every version for somebody who read it: that no phrase was found does not mean that nothing was promised. */
export function promiseFinding(state: MatterState): GateFinding {
  if (state.promises === null) return found([obstacle('PROMISES_NOT_CHECKED')])
  const { versions, personsWithoutVersion, unknownDecided } = state.promises
  const unread = versions.filter(({ read }) => !read)
  const open = undecided(versions, state)
  const lost = lostInTheWay(versions, state)
  const isUnknown = personsWithoutVersion > 0 && !unknownDecided && transfers(state)
  return found(
    [
      unread.length > 0 && obstacle('PRIVACY_VERSION_NOT_READ', { counts: { versions: unread.length }, things: unread.map(({ id }) => id).toSorted() }),
      open.promises > 0 && obstacle('PROMISE_IN_THE_WAY', { counts: { ...open } }), lost.promises > 0 && obstacle('PROMISES_LOST', { counts: { ...lost } }),
      isUnknown && obstacle('ACCEPTED_VERSION_UNKNOWN', { counts: { persons: personsWithoutVersion } }),
    ],
    [computed(`隐私政策 ${versions.length} 个版本,${versions.length - unread.length} 个由人通读并签署,${personsWithoutVersion} 人不知接受的版本`, `${versions.length} versions of the privacy notice, ${versions.length - unread.length} read by a person who signed for it; of ${personsWithoutVersion} persons the accepted version is not known`)],
  )
}
