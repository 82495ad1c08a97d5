// SPDX-License-Identifier: Apache-2.0
// For tests: three registered people of a test home, a witness of its log, and a delta that one asks for and the two others approve.
import { parseVkey } from '@handover/proof'
import { join } from 'node:path'
import { idText, randomIds } from '../../kit/ids.ts'
import { composePolicy } from '../../ledger/index.ts'
import { makeSigningKey, ownParty } from '../../matter/index.ts'
import { approve, grantParameters, registerPerson, requestApproval } from '../../stewardship/access/index.ts'
import { watchLog } from '../../witness/index.ts'
import { startWitness } from '../../witness/witness-process.fixture.ts'
import type { DeltaOrder, DeltaResult } from './delta-scan.ts'
import type { TestHome } from './fixture.ts'
import { ingestDelta, requestDelta } from './index.ts'

/** Key files of three people. */
export interface TestPeople {
  lead: string
  legal: string
  finance: string
}

/** Registers three people; the third is granted by the first two. */
export async function addTestPeople({ ctx, matter, folder }: TestHome): Promise<TestPeople> {
  const people = { lead: join(folder, 'lead.key'), legal: join(folder, 'legal.key'), finance: join(folder, 'finance.key') }
  for (const [role, keyFile] of [['lead', people.lead], ['legal', people.legal], ['finance', people.finance]] as const) {
    const { vkey } = makeSigningKey(keyFile, idText('per', randomIds.bytes('per')))
    if (role === 'finance') {
      const { request } = await requestApproval(ctx, matter, { act: 'role-grant', parameters: grantParameters({ id: vkey.name, vkey: vkey.text, partyId: ownParty(matter).id, role }), keyFile: people.lead })
      await approve(ctx, matter, { requestId: request.id, keyFile: people.legal })
    }
    await registerPerson(ctx, matter, { name: role, role, custody: 'this-home', vkey: vkey.text })
  }
  return people
}

/** Asks (without receipts, where some are missing), approves by two, books. */
export async function enterDelta({ ctx, matter }: TestHome, people: TestPeople, order: DeltaOrder): Promise<DeltaResult> {
  const { request } = await requestDelta(ctx, matter, { withoutReceipts: 'nobody-to-reach', ...order }, people.lead)
  for (const keyFile of [people.legal, people.finance]) await approve(ctx, matter, { requestId: request, keyFile })
  return ingestDelta(ctx, matter, order)
}

/** Has the log of a test home watched by a witness of its own process; returns how to stop it. */
export async function addTestWitness({ ctx, matter, folder }: TestHome): Promise<() => Promise<void>> {
  const witness = await startWitness(join(folder, 'witness'), 'witness.buyer.example')
  const log = await ctx.ledger.logVkey(matter.id)
  const policy = composePolicy({
    log, witnesses: [{ name: witness.name, vkey: parseVkey(witness.vkey), url: witness.url }], ownWitnesses: [], needed: 1, parties: matter.parties.map((party) => ({ role: party.role, vkey: party.file.vkey })), approvers: [],
  })
  await ctx.db.transaction((tx) => ctx.ledger.setPolicy(tx, matter.id, policy, { ownKeys: [] }))
  watchLog(witness.home, log.text)
  return async () => void (await witness.kill())
}
