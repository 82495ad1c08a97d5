// SPDX-License-Identifier: Apache-2.0
import { parsePolicy, ProofError, sha256, toHex, utf8, type Policy, type Vkey } from '@handover/proof'
import { join } from 'node:path'
import type { Tx } from '../store/index.ts'
import { readIfThere, writeDurable } from './durable-file.ts'
import { appendEvent, bodyOfEvent, type Appended } from './append-event.ts'
import { eventsOfType, lastEvent, lockEvents, type MatterScope } from './events.store.ts'
import { weakerIn } from './policy.rules.ts'
import { ledgerFailures } from './ledger-failures.ts'
import type { LedgerRoom } from './ledger-room.ts'

/** A witness of the policy and where it answers; without an address it is asked by other means and cannot be waited for. */
export interface WitnessPlace {
  name: string
  vkey: Vkey
  url: string | null
}

/** 信任策略. The policy of a matter: whom a verifier trusts (FORMATS §7), and where its witnesses answer. */
export interface MatterPolicy {
  text: string
  digest: string
  policy: Policy
  witnesses: WitnessPlace[]
}

/** What a policy is written from. */
export interface PolicyParts {
  log: Vkey
  /** Witnesses of other parties: they form the quorum. */
  witnesses: readonly WitnessPlace[]
  /** The transferor's own witnesses: listed, but never in the quorum (CONTRACTS §6). */
  ownWitnesses: readonly WitnessPlace[]
  /** How many of the others must have cosigned; a majority when null. */
  needed: number | null
  parties: readonly { role: string; vkey: string }[]
  approvers: readonly string[]
}

/** The policy text for these parts; a policy without witnesses says `quorum none` in so many words. Refuses what the verifier would refuse. */
export function composePolicy(parts: PolicyParts): string {
  const count = parts.witnesses.length
  const needed = parts.needed ?? Math.floor(count / 2) + 1
  const lines = [
    '# Handover trust policy: c2sp.org/tlog-policy plus the lines party and approver',
    `log ${parts.log.text}`,
    ...parts.witnesses.map(witnessLine),
    ...(parts.ownWitnesses.length === 0 ? [] : ['# the transferor runs these itself, so they do not count']),
    ...parts.ownWitnesses.map(witnessLine),
    ...(count === 0 ? ['quorum none'] : [`group q ${needed} ${parts.witnesses.map((witness) => witness.name).join(' ')}`, 'quorum q']),
    ...parts.parties.map((party) => `party ${party.role} ${party.vkey}`),
    ...parts.approvers.map((vkey) => `approver ${vkey}`),
  ]
  const text = `${lines.join('\n')}\n`
  readPolicyText(text)
  return text
}

/** The policy of a text with the addresses of its witnesses; refuses a malformed one (BAD_POLICY_FILE). */
export function readPolicyText(text: string): MatterPolicy {
  try {
    const policy = parsePolicy(text)
    return { text, digest: toHex(sha256(utf8(text))), policy, witnesses: witnessesOf(policy, text) }
  } catch (error) {
    if (error instanceof ProofError) throw ledgerFailures.BAD_POLICY_FILE({ why: error.message }, { cause: error })
    throw error
  }
}

/** Who sets a policy: the keys of this home's own witnesses, the keys it has registered, and who lets a weaker policy pass. */
export interface PolicySetting {
  /** Public keys (hexadecimal) whose witnesses never count. */
  ownKeys: readonly string[]
  /** Verifier keys of the people and parties that are registered here. */
  registered?: ReadonlySet<string>
  /** Called in the transaction before a policy is booked that asks for less than the one in force; left out, such a policy is refused. */
  permitWeaker?: () => Promise<void>
}

/**
 * 登记策略. Books a policy in the caller's transaction and stores it; the same policy again gives the first result. Refuses a policy that does not
 * name this matter's log, one whose quorum needs a key that lies in this home (a party's own witness never counts, CONTRACTS §6), and without permission one
 * that asks for less than the policy in force: one person alone must not lower what others rely on (CONTRACTS §18).
 */
export async function setPolicy(room: LedgerRoom, tx: Tx, matterId: string, set: PolicySetting & { text: string; log: Vkey }): Promise<Appended> {
  const scope = { tenant: room.tenant, matterId }
  const { policy, digest } = readPolicyText(set.text)
  if (!policy.logs.some((log) => log.text === set.log.text)) throw ledgerFailures.BAD_POLICY_FILE({ why: 'it does not name the log of this matter' })
  const own = quorumMembers(policy).find((witness) => set.ownKeys.includes(toHex(witness.publicKey)))
  if (own !== undefined) throw ledgerFailures.BAD_POLICY_FILE({ why: `its quorum counts ${own.name}, whose key is in this home` })
  await lockEvents(tx, scope)
  const earlier = await eventsOfType(tx, scope, 'PolicyChanged')
  const last = earlier.at(-1)
  const isSame = last !== undefined && bodyOfEvent(last.json)['policy'] === digest
  const weaker = isSame || last === undefined ? [] : weakerThan(readBooked(room, scope, last), policy, set.registered ?? new Set())
  if (weaker.length > 0) {
    if (set.permitWeaker === undefined) throw ledgerFailures.POLICY_WEAKER({ what: weaker.join(', ') })
    await set.permitWeaker()
  }
  const appended = isSame
    ? { seq: last.seq, repeated: true }
    : await appendEvent(room, tx, matterId, { event: { type: 'PolicyChanged', body: { policy: digest } }, effect: `policy/${earlier.length + 1}/${digest}` })
  // Before the commit and under its own digest: a crash in between leaves a file that nothing names.
  writeDurable(policyPath(room, matterId, digest), utf8(set.text), 0o600)
  return appended
}

/** The policy in force, or null when none was set; refuses a file that is not the booked one. */
export async function readPolicy(room: LedgerRoom, scope: MatterScope): Promise<MatterPolicy | null> {
  const last = await lastEvent(room.db, scope, 'PolicyChanged')
  if (last === undefined) return null
  const { policy, file } = readBooked(room, scope, last)
  if (policy === null) throw ledgerFailures.POLICY_EDITED({ file })
  return policy
}

/** The policy that an event booked, and its file; null when the file is not the booked one. */
function readBooked(room: LedgerRoom, scope: MatterScope, event: { json: string }): { policy: MatterPolicy | null; file: string } {
  const { policy: digest } = bodyOfEvent(event.json)
  const file = policyPath(room, scope.matterId, typeof digest === 'string' ? digest : '')
  const bytes = readIfThere(file)
  return { policy: bytes === null || toHex(sha256(bytes)) !== digest ? null : readPolicyText(bytes.toString('utf8')), file }
}

/** What the new policy asks less for; a policy in force that cannot be read any more cannot be compared with. */
function weakerThan(before: { policy: MatterPolicy | null; file: string }, after: Policy, registered: ReadonlySet<string>): string[] {
  return before.policy === null ? [before.file] : weakerIn(before.policy.policy, after, registered)
}

function policyPath(room: LedgerRoom, matterId: string, digest: string): string {
  return join(room.paths.objects, 'policy', `${matterId}-${digest.slice(0, 16)}.txt`)
}

function witnessLine(witness: WitnessPlace): string {
  return `witness ${witness.name} ${witness.vkey.text}${witness.url === null ? '' : ` ${witness.url}`}`
}

/** The verifier has no use for addresses and drops them, so they are read here once more from lines it has accepted. */
function witnessesOf(policy: Policy, text: string): WitnessPlace[] {
  const urls = new Map(
    text.split('\n').flatMap((line) => {
      const [word, name, , url] = line.replace(/#.*$/, '').split(/[ \t]+/).filter((part) => part !== '')
      return word === 'witness' && name !== undefined ? [[name, url ?? null] as const] : []
    }),
  )
  return [...policy.witnessByName].map(([name, vkey]) => ({ name, vkey, url: checkedUrl(urls.get(name) ?? null) }))
}

function checkedUrl(url: string | null): string | null {
  if (url === null) return null
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol) || parsed.username !== '' || parsed.password !== '') {
    throw ledgerFailures.BAD_POLICY_FILE({ why: 'the address of a witness is not a plain http(s) address' })
  }
  return url.replace(/\/+$/, '')
}

/** All witnesses that the quorum can count, through all groups. */
function quorumMembers(policy: Policy): Vkey[] {
  const walk = (name: string): Vkey[] => {
    const witness = policy.witnessByName.get(name)
    return witness === undefined ? (policy.groupByName.get(name)?.members ?? []).flatMap(walk) : [witness]
  }
  return policy.quorum === 'none' ? [] : walk(policy.quorum)
}
