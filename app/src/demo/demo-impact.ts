// SPDX-License-Identifier: Apache-2.0
// 演示中的影响评估: one person answers, another approves; a fact typed by hand would count for nothing (rule D01).
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { DemoPeople } from './demo-parts.ts'
import type { Stage } from './stage.ts'

/** Invented answers: what is chosen, and the words. */
const answers: Readonly<Record<string, readonly [choice: string | null, words: string]>> = {
  team: [null, '法务、安全、业务各一人(虚构)'], method: [null, '访谈、抽查、测试,为期一周(虚构)'], systems: [null, '门店登记表、售后工单、商城数据库(虚构)'], purpose: ['yes', '随业务移交,目的不变'],
  alternatives: ['adopted', '只移交售后和订单所需的字段'], rights: [null, '可能影响自主决定;已告知并留出选择的时间'], special: ['none', '不涉及'], recipient: ['sufficient', '已尽职审查'], measures: ['yes', '加密移交、逐条对账、销毁残留'],
  conclusion: ['with-conditions', '按所列措施办理后可以开展'],
}

const standing = z.object({ open: z.object({ questions: z.array(z.string()), risks: z.array(z.string()) }) })

/** The assessment over the plan of today: answered by the legal officer, approved by the lead, who accepts what risk is left. An assessment that was approved before stands. */
export async function assessImpact(stage: Stage, at: string, people: DemoPeople): Promise<void> {
  if (await stage.hasEvent(at, 'ImpactApproved')) return
  await stage.asMay('seller', at, [0, 3], 'plan')
  await stage.as('seller', at, 'impact', 'start', '--key', people.legal)
  const { open } = standing.parse((await stage.as('seller', at, 'impact', 'show')).document)
  for (const question of open.questions) {
    const [choice, words] = answers[question] ?? [null, '虚构的回答']
    await stage.as('seller', at, 'impact', 'answer', question, '--text', wordsFile(stage, question, words), ...(choice === null ? [] : ['--choice', choice]), '--key', people.legal)
  }
  for (const risk of open.risks) await stage.as('seller', at, 'impact', 'answer', risk, '--text', wordsFile(stage, risk, '按清单逐项落实,完成后复核(虚构)'), '--owner', wordsFile(stage, '负责人', '王芳'), '--key', people.legal)
  const report = join(folderOf(stage), '评估报告')
  // What an interrupted run printed on the running clock bears another time; nothing refers to it yet.
  for (const ending of ['docx', 'paper.json']) rmSync(`${report}.${ending}`, { force: true })
  await stage.as('seller', at, 'impact', 'approve', '-o', `${report}.docx`, '--key', people.lead, '--management')
}

function folderOf(stage: Stage): string {
  const folder = join(stage.folder, 'seller', '影响评估')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function wordsFile(stage: Stage, name: string, words: string): string {
  const file = join(folderOf(stage), `${name}.txt`)
  writeFileSync(file, `${words}\n`, { mode: 0o600 })
  return `@${file}`
}
