// SPDX-License-Identifier: Apache-2.0
// What a later package to the same party takes back from the earlier ones (CONTRACTS §7, delta packages).
import { isPresent, type PackageDelta } from '@handover/proof'
import { failures } from '../../kit/failure.ts'
import { accountCode } from '../../law/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import { chainPackages, insertPackageChanges, streamChainRecords, type ChainOf, type ChainRecord } from './delta-package.store.ts'

/** Failures of sending a chain of packages. */
export const chainFailures = failures({
  PREDECESSOR_OPEN: {
    exit: 11,
    zh: '上一个移交包 {package} 还没有对账签认,也没有撤回;接收方必须按顺序接收,因此没有签发',
    en: 'The package before, {package}, is neither reconciled nor withdrawn; packages are received in order, so nothing was issued',
    remedy: { zh: '先完成对账(handover reconcile),或撤回它(handover reconcile --withdraw)', en: 'Conclude it with handover reconcile, or withdraw it' },
  },
})

/** Refuses a further package to a party while one is on its way there. */
export async function refuseOpenPredecessor(db: Queryable, scope: Scope, of: ChainOf): Promise<void> {
  const open = (await chainPackages(db, scope, of)).find(({ status }) => status === 'issued' || status === 'accepted')
  if (open !== undefined) throw chainFailures.PREDECESSOR_OPEN({ package: open.id })
}

/** What the package that is being built takes back from the reconciled ones before it, judged by the plan of today; null when there are none. */
export async function takeBacksOf(tx: Tx, scope: Scope, of: ChainOf & { packageId: string }): Promise<PackageDelta | null> {
  if (!(await chainPackages(tx, scope, of)).some(({ status }) => status === 'reconciled')) return null
  const delta: PackageDelta = { replaced: [], withdrawn: [] }
  for await (const records of streamChainRecords(tx, scope, of)) {
    for (const record of records) {
      const fate = fateOf(record, of.purpose)
      if (fate !== null) delta[fate].push(record.id.toString('hex'))
    }
  }
  return delta
}

/** Whether anything that was handed over must come back, e.g. because its person objected afterwards. */
export async function isAnythingWithdrawn(db: Queryable, scope: Scope, of: ChainOf): Promise<boolean> {
  for await (const records of streamChainRecords(db, scope, { ...of, packageId: '' })) if (records.some((record) => fateOf(record, of.purpose) !== null)) return true
  return false
}

/** Keeps what a package takes back, when it is issued. */
export async function writePackageChanges(tx: Tx, scope: Scope, packageId: string, delta: PackageDelta): Promise<void> {
  for (const kind of ['replaced', 'withdrawn'] as const) await insertPackageChanges(tx, scope, packageId, { kind, recordIds: delta[kind].map((id) => Buffer.from(id, 'hex')) })
}

/** A record sent earlier: sent anew in its later version, or to be deleted by the recipient, or left as it is. A record that was erased here stays with the recipient as it was handed over. */
function fateOf(record: ChainRecord, purpose: ChainOf['purpose']): 'replaced' | 'withdrawn' | null {
  if (record.isRevised) return record.isSent ? 'replaced' : 'withdrawn'
  const { outcome, dispositions, fields } = record
  if (purpose !== 'transfer' || outcome === null) return null
  const isTakenBack = [...dispositions.keys()].some((position) => fields.some((sent) => isPresent(sent, position)) && dispositions[position] === accountCode.transferred && outcome[position] !== accountCode.transferred)
  return isTakenBack ? 'withdrawn' : null
}
