// SPDX-License-Identifier: Apache-2.0
import { STATEMENT_KINDS } from '../bundle-file.ts'
import type { StatementKind } from '../bundle-file.ts'
import { ProofError } from '../bytes.ts'
import { parseVkey } from '../note.ts'
import type { Vkey } from '../note.ts'
import type { PartyRole } from '../policy.ts'
import { readPartyFile } from '../statements.ts'
import { eventsOf } from './matter-events.ts'
import { textOf } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { isSameKey, openStatement, partyKeys } from './trust.ts'
import type { OpenedStatement } from './trust.ts'

/** The statements of a bundle by kind; every signature held under the bundle's policy. */
export type StatementsByKind = Map<StatementKind, OpenedStatement[]>
/** Who the parties are: by party id, the key and role that the policy confirms. */
export type PartyById = Map<string, { vkey: Vkey; role: string }>

/** Opens all statements: parties sign business, parties and approvers sign approvals and facts. */
export function openStatements(bundle: OpenedBundle): StatementsByKind {
  const trust = { policy: bundle.policy, isGiven: bundle.isGiven }
  const byKind: StatementsByKind = new Map(STATEMENT_KINDS.map((kind) => [kind, []]))
  for (const name of bundle.files.keys()) {
    const kind = STATEMENT_KINDS.find((each) => name.startsWith(`statements/${each}-`))
    if (kind === undefined) continue
    const isPersonal = kind === 'approval' || kind === 'fact'
    const opened = openStatement(textOf(bundle.files, name), trust, (policy) => [...partyKeys(policy), ...(isPersonal ? policy.approvers : [])])
    byKind.get(kind)?.push(opened)
  }
  return byKind
}

/** Party files: signed by the party itself with a key that the policy names, and the same as at the opening. A party may stand in two roles. */
export function openParties(bundle: OpenedBundle): PartyById {
  const named = [...eventsOf(bundle.events, 'MatterOpened').flatMap(({ body }) => body.parties), ...eventsOf(bundle.events, 'PartyJoined').map(({ body }) => body)]
  const parties: PartyById = new Map()
  for (const name of bundle.files.keys()) {
    if (!name.startsWith('parties/')) continue
    const opened = openStatement(textOf(bundle.files, name), { policy: bundle.policy, isGiven: bundle.isGiven }, (policy) => partyKeys(policy))
    const file = readPartyFile(opened.statement)
    const vkey = parseVkey(file.vkey)
    if (opened.signedBy.length !== 1 || !opened.signedBy.every((signer) => isSameKey(signer, vkey))) throw new ProofError('PARTY', `${name} is not signed by the party itself`)
    if (!named.some(({ party, digest }) => party === file.party && digest === opened.digest)) throw new ProofError('PARTY', `${name} is not the file that the events name`)
    if (!bundle.policy.parties.some((party) => isSameKey(party.vkey, vkey))) throw new ProofError('PARTY', `${name}: the policy does not name this key`)
    const other = parties.get(file.party)
    if (other !== undefined && !isSameKey(other.vkey, vkey)) throw new ProofError('PARTY', `${name}: the same party with another key`)
    parties.set(file.party, { vkey, role: file.role })
  }
  for (const { party } of named) if (!parties.has(party)) throw new ProofError('PARTY', `the file of ${party} is missing`)
  return parties
}

/** Roles that hand over, destroy and close. */
export const GIVING_ROLES: readonly PartyRole[] = ['transferor', 'liquidator']

/** The one statement of a digest; refuses when it is missing. */
export function statementOf(statements: StatementsByKind, kind: StatementKind, digest: string): OpenedStatement {
  const found = statements.get(kind)?.find((each) => each.digest === digest)
  if (found === undefined) throw new ProofError('STATEMENT', `${kind} ${digest.slice(0, 16)}… is missing`)
  return found
}
