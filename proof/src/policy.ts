// SPDX-License-Identifier: Apache-2.0
import { ProofError, toHex } from './bytes.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { readCosignatures } from './cosignature.ts'
import { NOTE_COSIGNATURE, NOTE_ED25519, openNote, parseVkey } from './note.ts'
import type { Vkey } from './note.ts'

/** 角色. Role of a party in a matter (PRODUCT §2). */
export type PartyRole = (typeof PARTY_ROLES)[number]
/** All roles that a policy may name. */
export const PARTY_ROLES = ['transferor', 'transferee', 'custodian', 'advisor', 'liquidator', 'auditor', 'mediator'] as const

/** A group of witnesses or groups, of which `needed` must have signed. */
export type WitnessGroup = { needed: number; members: string[] }
/** Whom a verifier trusts (FORMATS §7), with our lines `party <role> <vkey>` and `approver <vkey>`. */
export type Policy = {
  logs: Vkey[]
  witnessByName: Map<string, Vkey>
  groupByName: Map<string, WitnessGroup>
  quorum: string
  parties: { role: PartyRole; vkey: Vkey }[]
  approvers: Vkey[]
}
/** A checkpoint that the policy accepts, and the names of the witnesses that cosigned it. */
export type CosignedCheckpoint = { checkpoint: Checkpoint; witnesses: string[]; times: bigint[] }

/** The policy of its text; refuses unknown lines, undefined or repeated names, repeated keys, a missing or second quorum. */
export function parsePolicy(text: string): Policy {
  if (/[^\t\n\x20-\x7e\u0080-\u{10ffff}]/u.test(text)) throw new ProofError('BAD_POLICY', 'the policy has a control character')
  const reader = new PolicyReader()
  text.split('\n').forEach((line, at) => {
    const words = line.replace(/#.*$/, '').split(/[ \t]+/).filter((word) => word !== '')
    if (words.length > 0) reader.read(words, at + 1)
  })
  return reader.finish()
}

/** Whether these witnesses satisfy the policy's quorum; `none` is always satisfied. */
export function quorumMet(policy: Policy, witnessNames: readonly string[]): boolean {
  if (policy.quorum === 'none') return true
  const isMet = (name: string): boolean => {
    const group = policy.groupByName.get(name)
    if (group === undefined) return witnessNames.includes(name)
    return group.members.filter(isMet).length >= group.needed
  }
  return isMet(policy.quorum)
}

/**
 * Opens a checkpoint under a policy: log signature, origin equal to the log's name, quorum of witnesses (FORMATS §§2, 4, 7).
 * Throws NO_KNOWN_SIGNATURE, BAD_SIGNATURE, ORIGIN, BAD_COSIGNATURE or QUORUM.
 */
export function verifyCosignedCheckpoint(text: string, policy: Policy): CosignedCheckpoint {
  const { body, verifiedBy, lines } = openNote(text, policy.logs)
  const checkpoint = parseCheckpoint(body)
  if (!verifiedBy.some((log) => log.name === checkpoint.origin)) throw new ProofError('ORIGIN', 'the checkpoint is of another log than its key')
  const cosignatures = readCosignatures(body, lines, [...policy.witnessByName.values()])
  const witnesses = [...policy.witnessByName]
    .filter(([, vkey]) => cosignatures.some((cosignature) => cosignature.witness === vkey))
    .map(([name]) => name)
  if (!quorumMet(policy, witnesses)) throw new ProofError('QUORUM', `${witnesses.length} known witnesses cosigned; the policy asks for more`)
  return { checkpoint, witnesses, times: cosignatures.map((cosignature) => cosignature.timestamp) }
}

class PolicyReader {
  readonly #policy: Policy = { logs: [], witnessByName: new Map(), groupByName: new Map(), quorum: '', parties: [], approvers: [] }
  readonly #grouped = new Set<string>()
  readonly #publicKeys = new Set<string>()
  #line = 0

  read(words: readonly string[], line: number): void {
    this.#line = line
    const [kind, ...rest] = words
    if (kind === 'log') this.#log(rest)
    else if (kind === 'witness') this.#witness(rest)
    else if (kind === 'group') this.#group(rest)
    else if (kind === 'quorum') this.#quorum(rest)
    else if (kind === 'party') this.#party(rest)
    else if (kind === 'approver') this.#approver(rest)
    else this.#refuse('unknown word at the start of the line')
  }

  finish(): Policy {
    if (this.#policy.quorum === '') this.#refuse('no quorum line')
    return this.#policy
  }

  #log([vkey, url, more]: readonly string[]): void {
    if (more !== undefined) this.#refuse('too many words')
    void url
    this.#policy.logs.push(this.#key(vkey, NOTE_ED25519))
  }

  #witness([name, vkey, url, more]: readonly string[]): void {
    if (name === undefined || more !== undefined) return this.#refuse('witness NAME VKEY [URL]')
    void url
    this.#refuseTaken(name)
    this.#policy.witnessByName.set(name, this.#key(vkey, NOTE_COSIGNATURE))
  }

  #group([name, threshold, ...members]: readonly string[]): void {
    if (name === undefined || threshold === undefined || members.length === 0) return this.#refuse('group NAME all|any|K MEMBER…')
    this.#refuseTaken(name)
    for (const member of members) {
      if (!this.#isDefined(member)) this.#refuse('a member of the group is not defined above')
      if (this.#grouped.has(member)) this.#refuse('a name is a member twice')
      this.#grouped.add(member)
    }
    this.#policy.groupByName.set(name, { needed: this.#needed(threshold, members.length), members: [...members] })
  }

  #needed(threshold: string, count: number): number {
    if (threshold === 'all') return count
    if (threshold === 'any') return 1
    const needed = /^[1-9][0-9]*$/.test(threshold) ? Number(threshold) : 0
    if (needed < 1 || needed > count) this.#refuse('the group asks for none or for more than it has')
    return needed
  }

  #quorum([name, more]: readonly string[]): void {
    if (name === undefined || more !== undefined) return this.#refuse('quorum NAME|none')
    if (this.#policy.quorum !== '') this.#refuse('a second quorum line')
    if (name !== 'none' && !this.#isDefined(name)) this.#refuse('the quorum is not defined above')
    this.#policy.quorum = name
  }

  #party([role, vkey, more]: readonly string[]): void {
    const known = PARTY_ROLES.find((each) => each === role)
    if (known === undefined || more !== undefined) return this.#refuse('party ROLE VKEY')
    this.#policy.parties.push({ role: known, vkey: this.#key(vkey, NOTE_ED25519) })
  }

  #approver([vkey, more]: readonly string[]): void {
    if (more !== undefined) this.#refuse('approver VKEY')
    this.#policy.approvers.push(this.#key(vkey, NOTE_ED25519))
  }

  /** One key under two names would let one holder count twice. */
  #key(text: string | undefined, type: number): Vkey {
    if (text === undefined) return this.#refuse('a verifier key is missing')
    const vkey = parseVkey(text)
    if (vkey.type !== type) this.#refuse(`this line needs a key of type ${type}`)
    const id = toHex(vkey.publicKey)
    if (this.#publicKeys.has(id)) this.#refuse('a public key occurs twice')
    this.#publicKeys.add(id)
    return vkey
  }

  #refuseTaken(name: string): void {
    if (name === 'none' || this.#isDefined(name)) this.#refuse('a name is defined twice')
  }

  #isDefined(name: string): boolean {
    return this.#policy.witnessByName.has(name) || this.#policy.groupByName.has(name)
  }

  #refuse(complaint: string): never {
    throw new ProofError('BAD_POLICY', `policy line ${this.#line}: ${complaint}`)
  }
}
