// SPDX-License-Identifier: Apache-2.0
// For tests: three registered people of a test home, and a delta that one asks for and the two others approve.
import { join } from 'node:path'
import { idText, randomIds } from '../../kit/ids.ts'
import { makeSigningKey, ownParty } from '../../matter/index.ts'
import { approve, grantParameters, registerPerson, requestApproval } from '../../stewardship/access/index.ts'
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

/** Asks, approves by two, books. */
export async function enterDelta({ ctx, matter }: TestHome, people: TestPeople, order: DeltaOrder): Promise<DeltaResult> {
  const { request } = await requestDelta(ctx, matter, order, people.lead)
  for (const keyFile of [people.legal, people.finance]) await approve(ctx, matter, { requestId: request, keyFile })
  return ingestDelta(ctx, matter, order)
}
