// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { z } from 'zod'
import { dayOf } from '../kit/time.ts'
import { makeDemoAnswers } from './demo-answers.ts'
import { makeDemoSources, type DemoSources } from './demo-sources.ts'
import { assetTransferTreatment } from './demo-treatment.ts'
import { addPeople, approvePlan, isClosed, joinAndConfirm, openHomes, setUpLog, showClosed, treat, type DemoPeople, type Ending } from './demo-parts.ts'
import { companyFacts, factsBeforePacking } from './demo-facts.ts'
import { demoFailures } from './party-process.ts'
import { destroyAndClose, issuePackage, orderDestruction, receivePackage, reconcileBoth } from './passing-parts.ts'
import type { Stage } from './stage.ts'

/** How many steps the story announces. */
export const assetTransferSteps = 15

const day = (date: string, time = '09:00:00'): string => `${date}T${time}+08:00`
/** The legal calendar of the story; every document prints it. */
const on = {
  opening: day('2026-09-01'), inventory: day('2026-09-02'), telling: day('2026-09-10', '10:00:00'), answers: day('2026-10-20'), plan: day('2026-10-21'), packing: day('2026-10-22'),
  acceptance: day('2026-10-23'), ordering: day('2026-10-24'), destruction: day('2026-10-27'), closing: day('2026-10-28'),
}

async function open(stage: Stage): Promise<DemoPeople> {
  stage.step('三方各建目录与密钥,立项,互核六个口令词', 'each party makes its home and keys; the matter is opened; six words are compared')
  await openHomes(stage, on.opening, ['seller', 'buyer', 'broker'])
  await joinAndConfirm(stage, on.opening, { name: '卫浴业务转让', type: 'asset-transfer', settings: ['notice_wait_days=30', 'cooling_off_hours=24', 'cutoff_day=2026-10-20'], others: ['buyer', 'broker'] })
  const people = await addPeople(stage, on.opening)
  stage.step('买方与顾问各运行一个见证,登记信任策略', 'buyer and broker run a witness each; the trust policy is set')
  await setUpLog(stage, on.opening, ['buyer', 'broker'])
  return people
}

async function prepare(stage: Stage, sources: DemoSources, people: DemoPeople): Promise<void> {
  stage.step('清查入账:逐值加密、承诺上链', 'inventory: every value encrypted and committed')
  await stage.as('seller', on.inventory, 'ingest', sources.workbook, sources.tickets, sources.shop, sources.contracts)
  await stage.as('seller', on.inventory, 'subjects')
  stage.step('登记处理目的、合法性基础、保存类别', 'purposes, lawful bases, retention classes')
  await treat(stage, on.inventory, assetTransferTreatment)
  await companyFacts(stage, on.inventory, { people, deal: 'contract' })
  stage.step('导入告知送达结果与客户选择', 'results of notices and answers of customers')
  const guardiansAgreed = await importAnswers(stage, sources.people)
  stage.step('拟定去向方案,两人批准', 'the plan is computed and approved by two people')
  await factsBeforePacking(stage, on.plan, { people, guardiansAgreed })
  await approvePlan(stage, on.plan, people)
}

/** 资产转让. The demo matter: a 卫生设备 company sells its business to a named buyer; one branch stays, invoices stay sealed, people agree, object and ask for deletion (PRODUCT §5). */
export async function playAssetTransfer(stage: Stage): Promise<Ending> {
  stage.step('编造客户,写出原始文件(XLSX 含隐藏表、GB18030 CSV、SQLite、DOCX 合同)', 'inventing customers and their original files')
  const sources = await makeDemoSources({ folder: join(stage.folder, 'seller', 'originals'), seed: stage.seed, customers: stage.customers, today: dayOf('2026-09-01') })
  if (await isClosed(stage, on.closing)) return showClosed(stage, { at: on.closing, witnesses: ['buyer', 'broker'] })
  const people = await open(stage)
  if (await stage.hasEvent(on.packing, 'PlanApproved')) stage.step('清查、告知与方案此前已完成', 'inventory, notices and plan were done before', 4)
  else await prepare(stage, sources, people)
  if (!(await stage.hasEvent(on.packing, 'Reconciled'))) {
    stage.step('签发加密移交包', 'the encrypted package is issued')
    await issuePackage(stage, on.packing, 'transferee')
    stage.step('买方验收:解密、入库、从自己的库读回', 'the buyer opens, loads, and reads back from its own database')
    await receivePackage(stage, on.acceptance, { party: 'buyer', into: `sqlite:${join(stage.folder, 'buyer', '接收库.sqlite')}` })
    stage.step('逐条对账,双方签认同一个根', 'record for record; both sign one root')
    await reconcileBoth(stage, on.acceptance, 'buyer')
  } else stage.step('移交与对账已完成', 'hand-over and reconciliation were done before', 3)
  return destroyAndClose(stage, on, { people, orders: await orderDestruction(stage, on.ordering, people) })
}

/** Takes in what came back, and says for how many children a guardian agreed. */
async function importAnswers(stage: Stage, invented: DemoSources['people']): Promise<number> {
  const files = makeDemoAnswers({ folder: join(stage.folder, 'seller'), seed: stage.seed, people: invented, toldOn: dayOf('2026-09-10'), answeredOn: dayOf('2026-10-19') })
  for (const { notice, file } of files.notices) await stage.asMay('seller', on.answers, [0, 3], 'notice', 'import', file, '--notice', notice, '--channel', 'sms')
  await stage.asMay('seller', on.answers, [0, 3], 'choice', 'import', files.choices, '--channel', 'sms')
  // Whom no message reached is told by announcement, the last resort; those who asked for deletion are answered (个人信息保护法 第五十条).
  await unlessDone(stage, 'NOTHING_UNREACHED', 'notice', 'announce', '--notice', 'art23', '--on', '2026-09-15')
  await unlessDone(stage, 'NO_OPEN_REQUEST', 'choice', 'decide', 'accept', '--choice', 'delete', '--all')
  return files.guardiansAgreed
}

/** Runs a command that refuses with this code when nothing waits for it: done before an interruption, or among few customers nobody is concerned. */
async function unlessDone(stage: Stage, done: string, ...argv: string[]): Promise<void> {
  const answer = await stage.asMay('seller', on.answers, [0, 2, 3], ...argv)
  if (answer.exit !== 2 || z.object({ error: z.object({ code: z.literal(done) }) }).safeParse(answer.document).success) return
  throw demoFailures.DEMO_STEP_FAILED({ party: 'seller', command: argv.join(' '), exit: answer.exit, said: answer.messages.join('\n') })
}
