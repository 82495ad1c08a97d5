// SPDX-License-Identifier: Apache-2.0
// What must hold after every step, whatever happened (PRODUCT §3, CONTRACTS §§4–8). Shares nothing with the product but the primitives of `proof`.
import { createHash } from 'node:crypto'
import { equalBytes, eventCommitment, isJsonObject, leafHash, logEntry, MerkleAccumulator, parseCheckpoint, parseJsonStrict, parseVkey, toHex, verifyEnvelope, type JsonObject } from '@handover/proof'
import type { EventState, RequestState, SimulatedState } from './read-state.store.ts'
import type { WitnessGate } from './witness-gate.ts'

/** A broken invariant: which one and where, never a value. */
export interface Breach {
  invariant: string
  where: string
}

/** What earlier steps have shown; what was true of the past must stay true. */
export interface History {
  events: Map<number, string>
  roots: Map<number, string>
  requestStatus: Map<string, string>
  erased: Set<string>
  slots: Map<number, string>
  witnessed: Map<string, number>
}

/** A history of nothing. */
export function newHistory(): History {
  return { events: new Map(), roots: new Map(), requestStatus: new Map(), erased: new Set(), slots: new Map(), witnessed: new Map() }
}

/** All invariants that can be seen in the databases and at the witnesses. */
export function breachesOf(state: SimulatedState, gates: readonly WitnessGate[], history: History): Breach[] {
  return [
    ...booksBreaches(state), ...transferBreaches(state), ...eventBreaches(state, history), ...logBreaches(state, history), ...witnessBreaches(state, gates, history),
    ...approvalBreaches(state, history), ...erasureBreaches(state, history), ...keyBreaches(state, history), ...copyBreaches(state),
  ]
}

const codes = ['', 'transferred', 'kept', 'sealed', 'anonymised', 'destroyed', 'pending', 'in-transit'] as const

/** Σ accounts = discovered, no account below zero, and the vectors recounted give the same numbers. */
function booksBreaches(state: SimulatedState): Breach[] {
  const posted = new Map<string, number>()
  const add = (sums: Map<string, number>, key: string, n: number): void => void sums.set(key, (sums.get(key) ?? 0) + n)
  for (const { ds, f, from, to, n } of state.postings) {
    add(posted, `${ds} ${f} ${from}`, from === 'discovered' ? n : -n)
    add(posted, `${ds} ${f} ${to}`, to === 'discovered' ? -n : n)
  }
  const counted = new Map<string, number>()
  const committed = new Set(state.events.filter((event) => event.type === 'InventoryCommitted').map((event) => textOf(event, 'ds')))
  const fieldAt = new Map(state.fields.map((field) => [`${field.ds} ${field.position}`, field.f]))
  const breaches: Breach[] = []
  for (const record of state.records.filter((one) => committed.has(one.ds))) {
    for (const [position, code] of record.vector.entries()) {
      const isThere = ((record.presence[position >> 3] ?? 0) >> (position & 7)) % 2 === 1
      if (isThere !== (code !== 0) || code >= codes.length) breaches.push({ invariant: 'presence and disposition agree', where: `record ${record.index}, field ${position}` })
      if (code === 0) continue
      const place = `${record.ds} ${fieldAt.get(`${record.ds} ${position}`) ?? '?'}`
      add(counted, `${place} ${codes[code] ?? '?'}`, 1)
      add(counted, `${place} discovered`, 1)
    }
  }
  for (const key of new Set([...posted.keys(), ...counted.keys()])) {
    if ((posted.get(key) ?? 0) < 0) breaches.push({ invariant: 'no account is below zero', where: key })
    if ((posted.get(key) ?? 0) !== (counted.get(key) ?? 0)) breaches.push({ invariant: 'vectors recounted give the postings', where: `${key}: ${posted.get(key) ?? 0} posted, ${counted.get(key) ?? 0} counted` })
  }
  return breaches
}

/** Values count as transferred only by a reconciliation of their package that both parties signed. */
function transferBreaches(state: SimulatedState): Breach[] {
  const eventBySeq = new Map(state.events.map((event) => [event.seq, event]))
  const keys = state.parties.filter((party) => ['transferor', 'transferee'].includes(party.role)).map((party) => parseVkey(party.vkey))
  return state.postings.filter((posting) => posting.to === 'transferred').flatMap((posting) => {
    const event = eventBySeq.get(posting.seq)
    const invariant = 'transferred only by a reconciliation that both signed'
    if (event?.type !== 'Reconciled') return [{ invariant, where: `event ${posting.seq}` }]
    const statements = state.packages.find((one) => one.id === textOf(event, 'package'))?.statements.filter((one) => one.kind === 'reconciliation') ?? []
    return statements.some((one) => isSignedBy(one.envelope, keys, keys.length)) ? [] : [{ invariant, where: `event ${posting.seq}: no statement with both signatures` }]
  })
}

/** Numbers without a gap, commitments that fit, time that never goes back, one event an effect, and nothing booked is ever changed. */
function eventBreaches(state: SimulatedState, history: History): Breach[] {
  const breaches: Breach[] = []
  const effects = new Set<string>()
  let last = ''
  for (const [at, event] of state.events.entries()) {
    const where = `event ${event.seq}`
    if (event.seq !== at + 1) breaches.push({ invariant: 'the sequence of events has no gap', where })
    if (effects.has(event.effect)) breaches.push({ invariant: 'an effect has one event', where })
    if (!equalBytes(eventCommitment(event.body, event.salt), event.commitment)) breaches.push({ invariant: 'an event fits its commitment', where })
    if (event.at < last) breaches.push({ invariant: 'time never goes back', where })
    const digest = toHex(event.commitment) + event.effect
    if ((history.events.get(event.seq) ?? digest) !== digest) breaches.push({ invariant: 'a booked event stays as it is', where })
    history.events.set(event.seq, digest)
    effects.add(event.effect)
    last = event.at
  }
  if (history.events.size > state.events.length) breaches.push({ invariant: 'a booked event stays', where: `${history.events.size} were booked, ${state.events.length} are there` })
  return breaches
}

/** The entries lead to every root that was ever signed; a size has one root for ever. */
function logBreaches(state: SimulatedState, history: History): Breach[] {
  const entries = new Map<number, Uint8Array>()
  const breaches: Breach[] = []
  const placed = [...state.events.flatMap((event) => (event.leaf === null ? [] : [{ leaf: event.leaf, entry: logEntry(event.commitment) }])), ...state.padding]
  for (const { leaf, entry } of placed) {
    if (entries.has(leaf)) breaches.push({ invariant: 'a leaf has one entry', where: `leaf ${leaf}` })
    entries.set(leaf, entry)
  }
  const size = state.head?.size ?? 0
  const tree = new MerkleAccumulator()
  const roots = new Map<number, string>([[0, toHex(tree.root())]])
  for (let leaf = 0; leaf < size; leaf++) {
    const entry = entries.get(leaf)
    if (entry === undefined) return [...breaches, { invariant: 'the log has no hole', where: `leaf ${leaf}` }]
    tree.push(leafHash(entry))
    roots.set(leaf + 1, toHex(tree.root()))
  }
  if (entries.size !== size) breaches.push({ invariant: 'no entry stands beyond the head', where: `${entries.size} entries, head ${size}` })
  if (state.head !== null && state.head.root !== roots.get(size)) breaches.push({ invariant: 'the head is the root of the entries', where: `size ${size}` })
  for (const { body } of state.checkpoints) {
    const signed = parseCheckpoint(body)
    history.roots.set(Number(signed.size), history.roots.get(Number(signed.size)) ?? toHex(signed.root))
    if (history.roots.get(Number(signed.size)) !== toHex(signed.root)) breaches.push({ invariant: 'one root a size', where: `size ${signed.size}` })
  }
  for (const [at, root] of history.roots) if (roots.get(at) !== root) breaches.push({ invariant: 'the log continues every checkpoint it signed', where: `size ${at}` })
  return breaches
}

/** Each witness only grows and never cosigns two roots of one size, and what it cosigned is a root of the log. */
function witnessBreaches(state: SimulatedState, gates: readonly WitnessGate[], history: History): Breach[] {
  const known = new Map(state.checkpoints.map((one) => [one.size, toHex(parseCheckpoint(one.body).root)]))
  return gates.flatMap((gate) => {
    let largest = 0
    const roots = new Map<number, string>()
    return gate.cosigned.flatMap(({ size, root }) => {
      const where = `${gate.name}, size ${size}`
      const breaches: Breach[] = []
      if (size < largest) breaches.push({ invariant: 'a witness never goes back', where })
      if ((roots.get(size) ?? root) !== root) breaches.push({ invariant: 'a witness never cosigns two roots of one size', where })
      if (known.get(size) !== root) breaches.push({ invariant: 'a cosigned head is one that the log signed', where })
      largest = Math.max(largest, size)
      roots.set(size, root)
      history.witnessed.set(gate.name, largest)
      return breaches
    })
  })
}

const approversNeeded: Record<string, number> = { destroy: 2, 'backup-deletion': 2, 'gate-override': 2, 'shorten-retention': 2, 'revise-records': 2, 'restore-unwitnessed': 2 }
const cooled = new Set(['destroy', 'backup-deletion'])

/** Whoever acted under a request had it approved: by enough different people whose signatures hold, after the cooling-off, and once. */
function approvalBreaches(state: SimulatedState, history: History): Breach[] {
  const breaches: Breach[] = []
  for (const request of state.requests) {
    const before = history.requestStatus.get(request.id)
    const where = `${request.act} ${request.id}`
    if (before !== undefined && ['used', 'withdrawn'].includes(before) && request.status !== before) breaches.push({ invariant: 'a request that ended stays ended', where: `${where}: ${before} → ${request.status}` })
    history.requestStatus.set(request.id, request.status)
    if (request.status !== 'used') continue
    if (approversOf(request).size < (approversNeeded[request.act] ?? 1)) breaches.push({ invariant: 'an act that needs two people had them', where })
    if (cooled.has(request.act) && request.cooling === null) breaches.push({ invariant: 'an irreversible act cools off', where })
  }
  return [...breaches, ...actBreaches(state)]
}

/** The acts themselves, seen from what they left in the books. */
function actBreaches(state: SimulatedState): Breach[] {
  const used = (act: string): RequestState[] => state.requests.filter((request) => request.act === act && request.status === 'used')
  const invariant = 'an act uses up an approval of its own'
  const breaches = state.orders.filter((order) => order.status !== 'requested').flatMap((order) => {
    const request = used('destroy').find((one) => one.id === order.request)
    if (request === undefined) return [{ invariant, where: `${order.id} runs without one` }]
    const began = state.events.find((event) => textOf(event, 'order') === order.id)
    return began !== undefined && request.cooling !== null && began.at < request.cooling ? [{ invariant: 'nothing is destroyed before the cooling-off ends', where: order.id }] : []
  })
  if (new Set(state.orders.map((order) => order.request)).size !== state.orders.length) breaches.push({ invariant, where: 'two orders under one request' })
  for (const [act, type] of [['hand-over', 'PlanApproved'], ['close', 'MatterClosed'], ['abandon', 'AbandonmentDeclared'], ['gate-override', 'PlanOverridden']] as const) {
    const done = state.events.filter((event) => event.type === type).length
    if (done !== used(act).length) breaches.push({ invariant, where: `${done} × ${type}, ${used(act).length} used approvals` })
  }
  return breaches
}

function approversOf(request: RequestState): Set<string> {
  return new Set(request.signatures.filter((one) => one.person !== request.requestedBy && isSignedBy(JSON.stringify(one.statement), [parseVkey(one.vkey)], 1, request.digest)).map((one) => one.person))
}

/** What was erased stays so: no ciphertext, no slot, and the tombstone came before the end of the key. */
function erasureBreaches(state: SimulatedState, history: History): Breach[] {
  const breaches: Breach[] = []
  const tombstones = new Set(state.erasures.map((erasure) => erasure.slot))
  for (const { slot, order } of state.keyErasures) if (!order.startsWith('discard/') && !tombstones.has(slot)) breaches.push({ invariant: 'a key ends only after its tombstone stands', where: `slot ${slot}` })
  const keysGone = new Set(state.keyErasures.map((one) => one.slot))
  const recordById = new Map(state.records.map((record) => [record.id, record]))
  for (const [at, erasure] of state.erasures.entries()) {
    const record = recordById.get(erasure.record)
    const where = `tombstone ${erasure.number}`
    if (erasure.number !== (state.erasures[0]?.number ?? 0) + at) breaches.push({ invariant: 'tombstones are numbered without a gap', where })
    if ((erasure.keysErased || erasure.deleted) && !keysGone.has(erasure.slot)) breaches.push({ invariant: 'no key counts as ended that is there', where })
    if (erasure.deleted && record?.slot === erasure.slot) breaches.push({ invariant: 'an erased record has no key slot', where })
  }
  for (const record of state.records.filter((one) => one.erased)) {
    history.erased.add(record.id)
    if (record.ciphers > 0 || record.slot !== null) breaches.push({ invariant: 'an erased record has no ciphertext and no key', where: `record ${record.index}` })
    if (record.vector.includes(6)) breaches.push({ invariant: 'an erased record has no pending value', where: `record ${record.index}` })
  }
  for (const id of history.erased) if (recordById.get(id)?.erased !== true) breaches.push({ invariant: 'what was erased stays erased', where: id })
  return breaches
}

/** A slot serves one record version for ever; none is given out beyond the counter; one epoch is current. */
function keyBreaches(state: SimulatedState, history: History): Breach[] {
  const breaches: Breach[] = []
  const uses = [...state.records.flatMap((record) => (record.slot === null ? [] : [{ slot: record.slot, use: `${record.id}/${record.version}` }])), ...state.erasures.map((erasure) => ({ slot: erasure.slot, use: `${erasure.record}/${erasure.version}` }))]
  for (const { slot, use } of uses) {
    if ((history.slots.get(slot) ?? use) !== use) breaches.push({ invariant: 'a key slot is never used twice', where: `slot ${slot}` })
    if (slot >= state.nextSlot) breaches.push({ invariant: 'a key slot is given out before it is used', where: `slot ${slot}` })
    history.slots.set(slot, use)
  }
  if (state.epochs.filter((epoch) => epoch.state === 'current').length > 1) breaches.push({ invariant: 'one epoch is current', where: JSON.stringify(state.epochs) })
  return breaches
}

/** The copies book is what the events say: each copy was opened by one, and ended by one. */
function copyBreaches(state: SimulatedState): Breach[] {
  const told = (type: string): Map<string, EventState> => new Map(state.events.filter((event) => event.type === type).map((event) => [textOf(event, 'copy'), event]))
  const [opened, ended] = [told('CopyOpened'), told('CopyEnded')]
  const breaches = state.copies.flatMap((copy) => {
    const where = copy.id
    return [
      ...(opened.get(copy.id)?.seq === copy.opened ? [] : [{ invariant: 'a copy was opened by an event', where }]),
      ...((ended.get(copy.id)?.seq ?? null) === copy.ended && (copy.ended === null) === (copy.how === null) ? [] : [{ invariant: 'a copy ends by an event', where }]),
      ...(copy.values >= 0 ? [] : [{ invariant: 'a copy holds no negative number of values', where }]),
    ]
  })
  if (opened.size !== state.copies.length) breaches.push({ invariant: 'the copies book is complete', where: `${opened.size} opened, ${state.copies.length} in the book` })
  if (state.matterStatus !== 'open' && state.copies.some((copy) => copy.how === null)) breaches.push({ invariant: 'no copy is open after the end', where: state.matterStatus })
  return breaches
}

function isSignedBy(envelope: string, keys: Parameters<typeof verifyEnvelope>[1], needed: number, digest?: string): boolean {
  try {
    const { statement } = verifyEnvelope(envelope, keys, needed)
    return digest === undefined || statement.subject[0]?.digest.sha256 === digest
  } catch {
    return false
  }
}

function bodyOf(event: EventState): JsonObject {
  const body = parseJsonStrict(event.body)
  return isJsonObject(body) ? body : {}
}

function textOf(event: EventState, key: string): string {
  const value = bodyOf(event)[key]
  return typeof value === 'string' ? value : ''
}

/** What a run came to, without what is random in every run (salts, keys, signatures): the same seed gives the same digest. */
export function digestOfState(state: SimulatedState): string {
  const plain = {
    events: state.events.map((event) => [event.seq, event.type, event.at, event.leaf]),
    postings: state.postings.map(({ seq, ds, f, from, to, n }) => [seq, ds, f, from, to, n].join(' ')).sort(),
    records: state.records.map((record) => [record.id, record.version, record.vector.toString('hex'), record.erased, record.slot]),
    requests: state.requests.map((request) => `${request.act} ${request.status} ${request.signatures.length}`).sort(),
    copies: state.copies.map((copy) => [copy.kind, copy.values, copy.opened, copy.how, copy.ended]),
    tombstones: state.erasures.map((erasure) => [erasure.number, erasure.slot, erasure.keysErased, erasure.deleted]),
    orders: state.orders.map((order) => order.status).sort(),
    packages: state.packages.map((one) => one.status),
    log: state.checkpoints.map((one) => [one.size, one.published]), status: state.matterStatus,
  }
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex')
}
