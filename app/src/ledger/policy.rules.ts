// SPDX-License-Identifier: Apache-2.0
import { quorumMet, toHex, type Policy } from '@handover/proof'

/** Above this many witnesses not every set of them is tried; such a change then counts as a weaker one. */
const mostWitnesses = 14

/**
 * 策略放宽. What a new policy would accept that the one in force refuses: another log's key, a set of witnesses that did not suffice, the word of a key that nobody
 * here registered. An empty list when it asks for the same or more (CONTRACTS §§6, 18).
 */
export function weakerIn(before: Policy, after: Policy, registered: ReadonlySet<string>): string[] {
  const logs = new Set(before.logs.map((log) => log.text))
  const believed = new Set([...before.approvers, ...before.parties.map((party) => party.vkey)].map((vkey) => vkey.text))
  const strangers = [...after.approvers, ...after.parties.map((party) => party.vkey)].filter((vkey) => !believed.has(vkey.text) && !registered.has(vkey.text))
  return [
    ...after.logs.filter((log) => !logs.has(log.text)).map((log) => `log ${log.name}`),
    ...(isQuorumWeaker(before, after) ? ['quorum'] : []),
    ...strangers.map((vkey) => `key ${vkey.name}`),
  ]
}

/** Whether some set of witnesses satisfies the new quorum and not the old one; witnesses are the same when their keys are. */
function isQuorumWeaker(before: Policy, after: Policy): boolean {
  const oldNames = new Map([...before.witnessByName].map(([name, vkey]) => [toHex(vkey.publicKey), name]))
  const names = [...after.witnessByName].map(([name, vkey]) => ({ name, old: oldNames.get(toHex(vkey.publicKey)) ?? null }))
  if (names.length > mostWitnesses) return true
  for (let set = 0; set < 2 ** names.length; set++) {
    const chosen = names.filter((_, at) => (set >> at) % 2 === 1)
    if (quorumMet(after, chosen.map((one) => one.name)) && !quorumMet(before, chosen.flatMap((one) => one.old ?? []))) return true
  }
  return false
}
