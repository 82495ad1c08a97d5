// SPDX-License-Identifier: Apache-2.0
// E15: promises in the transferor's privacy notices against what this matter does (cases Toysmart and RadioShack; PIPL 7, 47(1)(4); 民法典 509).
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import type { FoundPromise, PrivacyVersionState } from '../standing-state.ts'
import { computed, found, transfers, underArticle22, type GateFinding } from './gate.ts'

/** Whether a promise stands against this matter's transfers; a clause that reserves restructuring excuses a succession, one that reserves consent excuses where consent is asked. */
export function standsAgainst(promise: FoundPromise, state: MatterState): boolean {
  if (!transfers(state)) return false
  const asksConsent = !underArticle22(state)
  const excused = (promise.exceptions.includes('restructuring') && underArticle22(state)) || (promise.exceptions.includes('consent') && asksConsent)
  if (promise.kind === 'no-third-party' || promise.kind === 'no-sale') return !excused
  if (promise.kind === 'separate-consent') return !asksConsent
  if (promise.kind === 'no-export') return state.exportRoute !== null
  return promise.kind === 'purpose-only' && state.receiverChangesPurpose
}

/** Versions with promises in the way that nobody has decided on yet. */
function undecided(versions: readonly PrivacyVersionState[], state: MatterState): { promises: number; persons: number } {
  const open = versions.filter(({ reviewed }) => !reviewed).map((version) => ({ promises: version.promises.filter((promise) => standsAgainst(promise, state)).length, persons: version.persons })).filter(({ promises }) => promises > 0)
  return { promises: open.reduce((sum, { promises }) => sum + promises, 0), persons: open.reduce((sum, { persons }) => sum + persons, 0) }
}

/** 承诺一致性. Rule E15: no notice on file is an obstacle of its own; a promise in the way asks for a decision by who is responsible. */
export function promiseFinding(state: MatterState): GateFinding {
  if (state.promises === null) return found([obstacle('PROMISES_NOT_CHECKED')])
  const { versions, personsWithoutVersion } = state.promises
  const { promises, persons } = undecided(versions, state)
  return found(
    [promises > 0 && obstacle('PROMISE_IN_THE_WAY', { counts: { promises, persons } })],
    [computed(`隐私政策 ${versions.length} 个版本已核对,${personsWithoutVersion} 人不知接受的版本`, `${versions.length} versions of the privacy notice checked; of ${personsWithoutVersion} persons the accepted version is not known`)],
  )
}
