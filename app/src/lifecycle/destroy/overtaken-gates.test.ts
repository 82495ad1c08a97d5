// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { dayOf } from '../../kit/time.ts'
import { approve, requestApproval } from '../../stewardship/access/index.ts'
import { recordLetter } from '../../stewardship/counsel/index.ts'
import { refusalOf } from '../../test-home.ts'
import { addFact } from '../assess/index.ts'
import { treatDataSets } from '../classify/index.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'
import { approvePlan, computePlan, planApprovalParameters, recipientsOf } from '../hand-over/index.ts'
import { overtakenContext } from '../hand-over/overtaken.fixture.ts'
import { endedTreatment, openDestructionMatter, type DestructionMatter } from './destroy.fixture.ts'
import { findOrder } from './destroy.store.ts'
import { runDestruction } from './run-destruction.ts'

let opened: DestructionMatter | null = null
afterEach(async () => {
  await opened?.remove()
  opened = null
})

test('what comes in after the gate was asked stops a destruction before anything is touched, and the approval of a plan', async () => {
  const it = (opened = await openDestructionMatter(6))
  const { ctx, matter, folder, people } = it
  const order = await it.order('vault')
  const paper = join(folder, '来函.pdf')
  writeFileSync(paper, '虚构的来函')
  const letter = { authority: 'cac-city', subject: 'audit-order', number: '沪网信〔2025〕7号', file: paper, note: '', keyFile: people.legal } as const
  const ordered = await recordLetterLate(it, order, () => recordLetter(ctx, matter, { ...letter, direction: 'in', dated: dayOf('2025-06-02'), due: dayOf('2025-06-30'), answers: null }))
  await recordLetter(ctx, matter, { ...letter, direction: 'out', number: null, dated: dayOf('2025-06-03'), due: null, answers: ordered })
  await runDestruction(ctx, matter, order, { allowWrite: true }) // nothing in its way any more: the letter is answered

  const file = join(folder, '新增.csv')
  writeFileSync(file, '客户编号,手机号\r\nKH90001,17005550001\r\n')
  await ingestSources(ctx, matter, { paths: [file] })
  await resolveSubjects(ctx, matter)
  await treatDataSets(ctx, matter, { version: 1, dataSets: [endedTreatment('新增.csv')] })
  const plan = await computePlan(ctx, matter)
  const { request } = await requestApproval(ctx, matter, { act: 'hand-over', parameters: planApprovalParameters(plan, recipientsOf(matter)), keyFile: people.lead })
  await approve(ctx, matter, { requestId: request.id, keyFile: people.legal })
  const signed = (isWhole: boolean) => addFact(ctx, matter, { name: 'inventory-signed-off', value: { allSystemsListed: isWhole, paperListed: true, backupsListed: true, processorsListed: true, notReadSeen: 9 }, evidenceFile: paper, keyFile: people.legal })
  expect(await refusalOf(approvePlan(overtakenContext(ctx, () => signed(false)), matter))).toBe('OBSTACLES_UNMET')
  expect(await ctx.ledger.eventByEffect(matter.id, `plan/${plan.id}/approved`)).toBeUndefined()
  await signed(true)
  // What harms nothing holds nobody up.
  expect((await approvePlan(overtakenContext(ctx, () => recordLetter(ctx, matter, { ...letter, direction: 'out', number: null, subject: 'report', dated: dayOf('2025-06-03'), due: null, answers: null })), matter)).repeated).toBe(false)
}, 300_000)

/** The order is refused and stands as before; gives the id of the letter. */
async function recordLetterLate({ ctx, matter, files }: DestructionMatter, order: string, record: () => ReturnType<typeof recordLetter>): Promise<string> {
  let id = ''
  const meanwhile = async (): Promise<void> => void (id = (await record()).letter.letter)
  expect(await refusalOf(runDestruction(overtakenContext(ctx, meanwhile), matter, order, { allowWrite: true }))).toBe('OBSTACLES_UNMET')
  expect((await findOrder(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, order))?.status).toBe('requested')
  expect([existsSync(files.csv), (await ctx.ledger.eventsOfType(matter.id, 'DestructionIntended')).length]).toEqual([true, 0])
  return id
}
