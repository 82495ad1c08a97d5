// SPDX-License-Identifier: Apache-2.0
// 事件改小: a later word that takes something of an incident back needs two people; one that only says more needs one.
import { canonicalJson, sha256, toHex, utf8, type JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { factTable, takenBack, type FactName } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest, requestApproval } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { assessFailures } from './assess-failures.ts'
import type { FactRecord } from './fact.ts'

/** Raised inside the transaction that would record the fact; the request is made after it is rolled back. */
class NobodyAgreed extends Error {
  readonly lessening: Lessening
  constructor(lessening: Lessening) {
    super('an incident would be made smaller by one person')
    this.lessening = lessening
  }
}

interface Lessening {
  incident: string
  members: string
  parameters: JsonObject
}

/** Lets a fact that makes an incident smaller pass under the approval of two people for exactly it (weaken-safeguard); every other fact passes as it is. */
export async function permitLessening(ctx: Context, tx: Tx, matter: Matter, { name, before, value }: { name: FactName; before: FactRecord | undefined; value: JsonObject }): Promise<void> {
  const lessening = name === 'incident-known' && before !== undefined ? lesseningOf(before, value) : null
  if (lessening === null) return
  try {
    await approvalFor(ctx, tx, { matterId: matter.id, act: 'weaken-safeguard', digest: parametersDigest(matter.id, 'weaken-safeguard', lessening.parameters) })
  } catch (error) {
    throw isUnasked(error) ? new NobodyAgreed(lessening) : error
  }
}

/** Runs the recording of a fact; where two people are needed and nobody was asked, asks in the name of who signs and refuses with the request (INCIDENT_SMALLER). */
export async function askingTwo<T>(ctx: Context, matter: Matter, keyFile: string, record: () => Promise<T>): Promise<T> {
  try {
    return await record()
  } catch (error) {
    if (!(error instanceof NobodyAgreed)) throw error
    const { incident, members, parameters } = error.lessening
    const { request } = await requestApproval(ctx, matter, { act: 'weaken-safeguard', parameters, keyFile })
    throw assessFailures.INCIDENT_SMALLER({ incident, members, request: request.id })
  }
}

function lesseningOf(before: FactRecord, value: JsonObject): Lessening | null {
  const { value: schema } = factTable['incident-known']
  const after = schema.parse(value)
  const taken = takenBack(schema.parse(before.value), after)
  const members = Object.keys(taken)
  if (members.length === 0) return null
  const said = Object.fromEntries(Object.entries(taken).map(([member, [from, to]]) => [member, [from, to]]))
  return { incident: after.incident, members: members.join(', '), parameters: { fact: 'incident-known', incident: after.incident, replaces: before.id, taken: said, value: toHex(sha256(utf8(canonicalJson(value)))) } }
}

const unasked: readonly unknown[] = ['APPROVAL_MISSING', 'APPROVAL_VOID', 'APPROVAL_USED']

function isUnasked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && unasked.includes(error.code)
}
