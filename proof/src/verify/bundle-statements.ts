// SPDX-License-Identifier: Apache-2.0
import { STATEMENT_KINDS } from '../bundle-file.ts'
import type { StatementKind } from '../bundle-file.ts'
import { ProofError } from '../bytes.ts'
import { parseVkey } from '../note.ts'
import type { Vkey } from '../note.ts'
import type { PartyRole, Policy } from '../policy.ts'
import { readPartyFile } from '../statements.ts'
import type { PartyFile } from '../statements.ts'
import { eventsOf } from './matter-events.ts'
import { textOf } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { isSameKey, openStatement, partyKeys } from './trust.ts'
import type { OpenedStatement } from './trust.ts'

/** The statements of a bundle by kind; every signature held under the bundle's policy. */
export type StatementsByKind = Map<StatementKind, OpenedStatement[]>
/** A party: its key and the role that the POLICY gives that key, and where packages for it are encrypted to. */
export type Party = { vkey: Vkey; role: PartyRole; ageRecipient: string }
/** Who the parties are, by party id. */
export type PartyById = Map<string, Party>

/** Roles that hand over, destroy and close. */
export const GIVING_ROLES: readonly PartyRole[] = ['transferor', 'liquidator']
/** Roles to which values may go. */
export const RECEIVING_ROLES: readonly PartyRole[] = ['transferee', 'custodian']

/** Whose signature counts under a statement: an employee's key makes no acceptance, and the company's own key is no person that approves. */
const SIGNERS: Record<StatementKind, (policy: Policy) => readonly Vkey[]> = {
  acceptance: (policy) => partyKeys(policy, RECEIVING_ROLES),
  approval: (policy) => policy.approvers,
  certificate: (policy) => partyKeys(policy),
  copy: (policy) => [...partyKeys(policy), ...policy.approvers],
  fact: (policy) => [...partyKeys(policy), ...policy.approvers],
  outer: (policy) => partyKeys(policy, GIVING_ROLES),
  reconciliation: (policy) => partyKeys(policy),
}

/** Opens all statements; each kind is signed by those who may. */
export function openStatements(bundle: OpenedBundle): StatementsByKind {
  const trust = { policy: bundle.policy, isGiven: bundle.isGiven }
  const byKind: StatementsByKind = new Map(STATEMENT_KINDS.map((kind) => [kind, []]))
  for (const name of bundle.files.keys()) {
    const kind = STATEMENT_KINDS.find((each) => name.startsWith(`statements/${each}-`))
    if (kind === undefined) continue
    byKind.get(kind)?.push(openStatement(textOf(bundle, name), trust, SIGNERS[kind]))
  }
  return byKind
}

/**
 * Party files: signed by the party itself with a key that the policy names, and the same as at the opening. A party may stand in two roles,
 * of which the policy names one; two parties never share a key, or one could play both sides.
 */
export function openParties(bundle: OpenedBundle): PartyById {
  const named = [...eventsOf(bundle.events, 'MatterOpened').flatMap(({ body }) => body.parties), ...eventsOf(bundle.events, 'PartyJoined').map(({ body }) => body)]
  const parties: PartyById = new Map()
  const roles = new Set<string>()
  for (const name of bundle.files.keys()) {
    if (!name.startsWith('parties/')) continue
    const { file, digest, vkey } = openPartyFile(bundle, name)
    if (!named.some((party) => party.party === file.party && party.role === file.role && party.digest === digest)) throw new ProofError('PARTY', `${name} is not the file that the events name`)
    const role = bundle.policy.parties.find((party) => isSameKey(party.vkey, vkey))?.role
    if (role === undefined) throw new ProofError('PARTY', `${name}: the policy does not name this key`)
    for (const [id, other] of parties) if ((id === file.party) !== isSameKey(other.vkey, vkey)) throw new ProofError('PARTY', `${name}: the same party with another key, or the same key with another party`)
    parties.set(file.party, { vkey, role, ageRecipient: file.ageRecipient })
    roles.add(`${file.party} ${file.role}`)
  }
  for (const { party } of named) if (!parties.has(party)) throw new ProofError('PARTY', `the file of ${party} is missing`)
  for (const [id, { role }] of parties) if (!roles.has(`${id} ${role}`)) throw new ProofError('PARTY', `${id}: the policy gives its key another role (${role})`)
  return parties
}

function openPartyFile(bundle: OpenedBundle, name: string): { file: PartyFile; digest: string; vkey: Vkey } {
  const opened = openStatement(textOf(bundle, name), { policy: bundle.policy, isGiven: bundle.isGiven }, (policy) => partyKeys(policy))
  const file = readPartyFile(opened.statement)
  const vkey = parseVkey(file.vkey)
  if (opened.signedBy.length !== 1 || !opened.signedBy.every((signer) => isSameKey(signer, vkey))) throw new ProofError('PARTY', `${name} is not signed by the party itself`)
  return { file, digest: opened.digest, vkey }
}

/** The one statement of a digest; refuses when it is missing. */
export function statementOf(statements: StatementsByKind, kind: StatementKind, digest: string): OpenedStatement {
  const found = statements.get(kind)?.find((each) => each.digest === digest)
  if (found === undefined) throw new ProofError('STATEMENT', `${kind} ${digest.slice(0, 16)}… is missing`)
  return found
}
