// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { z } from 'zod'
import { dayOf } from '../kit/time.ts'
import { makeDemoSources, type DemoSources } from './demo-sources.ts'
import { companyFacts, factsOfLiquidation } from './demo-facts.ts'
import { isChild } from './invented-people.ts'
import { assessImpact } from './demo-impact.ts'
import { addPeople, approvePlan, isClosed, joinAndConfirm, openHomes, setUpLog, showClosed, treat, type DemoPeople, type Ending } from './demo-parts.ts'
import { liquidationTreatment } from './demo-treatment.ts'
import { destroyAndClose, issuePackage, orderDestruction, receivePackage, reconcileBoth } from './passing-parts.ts'
import type { Stage } from './stage.ts'

/** How many steps the story announces. */
export const liquidationSteps = 13

const day = (date: string): string => `${date}T09:00:00+08:00`
const on = {
  opening: day('2026-09-01'), inventory: day('2026-09-02'), plan: day('2026-10-21'), packing: day('2026-10-22'), acceptance: day('2026-10-23'), ordering: day('2026-10-24'),
  destruction: day('2026-10-27'), closing: day('2026-10-28'),
}

async function prepare(stage: Stage, sources: DemoSources, people: DemoPeople): Promise<void> {
  const as: Stage['as'] = (...line) => stage.as(...line)
  stage.step('清查入账', 'inventory')
  await as('seller', on.inventory, 'ingest', sources.workbook, sources.tickets, sources.shop, sources.contracts)
  await as('seller', on.inventory, 'subjects')
  stage.step('登记处理目的、保存类别与清算事实', 'purposes, retention classes and the facts of the liquidation')
  await treat(stage, on.inventory, liquidationTreatment)
  await companyFacts(stage, on.inventory, { people, deal: 'dissolution-decision' })
  const custodian = z.object({ party: z.string() }).parse((await as('custodian', on.opening, 'init')).document).party
  await factsOfLiquidation(stage, on.inventory, { people, custodian, children: sources.people.filter((person) => isChild(person, dayOf('2026-09-02'))).length })
  await assessImpact(stage, on.plan, people) // the custodian receives customers' information too (rule D01)
  stage.step('拟定去向方案,两人批准', 'the plan is computed and approved by two people')
  await approvePlan(stage, on.plan, people)
}

/** 清算而无承接方. The second story: nobody takes over; vouchers go sealed to a custodian for thirty years, everything else is destroyed (个人信息保护法 第四十七条; 会计档案管理办法 第二十条). */
export async function playLiquidation(stage: Stage): Promise<Ending> {
  stage.step('编造客户,写出原始文件', 'inventing customers and their original files')
  const sources = await makeDemoSources({ folder: join(stage.folder, 'seller', 'originals'), seed: stage.seed, customers: stage.customers, today: dayOf('2026-09-01') })
  if (await isClosed(stage, on.closing)) return showClosed(stage, { at: on.closing, witnesses: ['custodian', 'broker'] })
  stage.step('清算组、保管人、顾问各建目录,立项,互核六个口令词', 'liquidation group, custodian and adviser open the matter')
  await openHomes(stage, on.opening, ['seller', 'custodian', 'broker'])
  await joinAndConfirm(stage, on.opening, { name: '清算注销', type: 'dissolution', settings: ['cooling_off_hours=24'], others: ['custodian', 'broker'] })
  const people = await addPeople(stage, on.opening)
  stage.step('保管人与顾问各运行一个见证', 'custodian and adviser run a witness each')
  await setUpLog(stage, on.opening, ['custodian', 'broker'])
  if (await stage.hasEvent(on.packing, 'PlanApproved')) stage.step('清查与方案此前已完成', 'inventory and plan were done before', 3)
  else await prepare(stage, sources, people)
  if (!(await stage.hasEvent(on.packing, 'Reconciled'))) {
    stage.step('封存部分加密交给保管人', 'what must be kept goes encrypted to the custodian')
    await issuePackage(stage, on.packing, 'custodian')
    stage.step('保管人验收并对账', 'the custodian accepts; both reconcile')
    await receivePackage(stage, on.acceptance, { party: 'custodian', into: `sqlite:${join(stage.folder, 'custodian', '封存库.sqlite')}` })
    await reconcileBoth(stage, on.acceptance, 'custodian')
  } else stage.step('保管人已验收', 'the custodian accepted before', 2)
  return destroyAndClose(stage, on, { people, orders: await orderDestruction(stage, on.ordering, people) })
}
