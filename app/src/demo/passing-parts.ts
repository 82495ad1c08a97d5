// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { factsBeforeClose, factsBeforeDestroying } from './demo-facts.ts'
import { closeAndProve, requestDestruction, sealReceipts, type DemoPeople, type Ending } from './demo-parts.ts'
import type { PartyName, Stage } from './stage.ts'

/** The files of one hand-over that pass between the parties. */
export interface Post {
  packageFile: string
  acceptance: string
  reconciliation: string
  countersigned: string
  policy: string
}

/** Where those files lie on a stage. */
export function postOf(stage: Stage): Post {
  const file = (name: string): string => join(stage.post, name)
  return { packageFile: file('移交包.tar'), acceptance: file('验收单.tar'), reconciliation: file('对账单.json'), countersigned: file('对账单-双签.json'), policy: file('信任策略.txt') }
}

/** The transferor issues the package to the party in this role. */
export async function issuePackage(stage: Stage, at: string, to: 'transferee' | 'custodian'): Promise<void> {
  await stage.as('seller', at, 'pack', '--to', to, ...(to === 'custodian' ? ['--purpose', 'custody'] : []), '-o', postOf(stage).packageFile)
}

/** A recipient opens the package, loads it and signs what it read back. */
export async function receivePackage(stage: Stage, at: string, by: { party: PartyName; into: string }): Promise<void> {
  const { packageFile, acceptance, policy } = postOf(stage)
  await stage.as(by.party, at, 'receive', packageFile, '--into', by.into, '-o', acceptance, '--policy', policy)
}

/** Both sign one root. */
export async function reconcileBoth(stage: Stage, at: string, recipient: PartyName): Promise<void> {
  const { acceptance, reconciliation, countersigned } = postOf(stage)
  await stage.as('seller', at, 'reconcile', acceptance, '-o', reconciliation)
  await stage.as(recipient, at, 'reconcile', '--countersign', reconciliation, '--acceptance', acceptance, '-o', countersigned)
  await stage.as('seller', at, 'reconcile', '--conclude', countersigned)
}

/** Receipts are sealed, and the destruction of the originals and of the vault is asked for and approved. */
export async function orderDestruction(stage: Stage, at: string, people: DemoPeople): Promise<string[]> {
  await sealReceipts(stage, at)
  await factsBeforeDestroying(stage, at, people)
  stage.step('申请销毁,两名审批人,冷静期', 'destruction is asked for; two approvers; cooling-off')
  return [await requestDestruction(stage, { at, people, scope: 'originals' }), await requestDestruction(stage, { at, people, scope: 'vault' })]
}

/** After the cooling-off: destruction, the turn of the key, the close and its proof. */
export async function destroyAndClose(stage: Stage, on: { destruction: string; closing: string }, of: { people: DemoPeople; orders: readonly string[] }): Promise<Ending> {
  stage.step('冷静期满:销毁密文与原始文件,回读确认', 'after the cooling-off: ciphertext and originals are destroyed and read back')
  for (const order of of.orders) await stage.as('seller', on.destruction, 'destroy', 'run', order, '--allow-write')
  stage.step('密钥换代,销毁证明转为最终', 'the epoch key is turned; certificates become final')
  await stage.as('seller', on.destruction, 'key', 'turn')
  await factsBeforeClose(stage, on.closing, of.people)
  stage.step('两人批准办结,账平,导出证据包', 'two people approve the close; the books balance; the proof is exported')
  const ending = await closeAndProve(stage, on.closing, of.people)
  stage.step('离线验证证据包', 'the bundle is verified offline')
  return { ...ending, packageFile: postOf(stage).packageFile }
}
