// SPDX-License-Identifier: Apache-2.0
import { existsSync, rmSync } from 'node:fs'
import type { Context } from '../../context.ts'
import { labelKinds, loadSources } from '../discover/index.ts'
import { loadOrders, mattersRewriting } from './destroy.store.ts'
import { findWork, tryLockFiles } from './originals.store.ts'
import { digestOfFile, wipe, workName } from './replace-file.ts'

/** What an interrupted rewriting of originals had left, and what became of it. */
export interface Leftovers {
  /** Unfinished or old copies that were written over and removed. */
  removed: number
  /** Copies without which the order could not go on: `destroy run` finishes with them. */
  waiting: number
}

/**
 * 清理残留. A process that was killed while it rewrote an original leaves a second plaintext copy beside it. At the next opening of the home such copies are written over and removed, except the finished new
 * file and the only copy of the old one, which the same order still needs. Does nothing while another process is rewriting, or while the vault is locked.
 */
export async function cleanLeftovers(ctx: Context): Promise<Leftovers> {
  const total: Leftovers = { removed: 0, waiting: 0 }
  if (ctx.vault.isLocked) return total
  for (const matterId of await mattersRewriting(ctx.db, ctx.tenant)) {
    await ctx.db.transaction(async (tx) => {
      const scope = { tenant: ctx.tenant, matterId }
      if (!(await tryLockFiles(tx, scope))) return
      const orders = (await loadOrders(tx, scope)).filter((order) => order.scope.kind === 'originals' && order.status === 'running')
      const paths = await ctx.vault.openLabels(matterId, labelKinds.sourcePath)
      for (const { id: sourceId } of await loadSources(tx, scope)) {
        const path = paths.get(sourceId)
        for (const order of path === undefined ? [] : orders) {
          const work = await findWork(tx, scope, order.id, sourceId)
          cleanBeside(path ?? '', order.id, work?.stateAfter ?? null, total)
        }
      }
    })
  }
  return total
}

/** The new file is kept when it is the one that was read back and written down; the old one when it is the only one left. */
function cleanBeside(path: string, orderId: string, stateAfter: Buffer | null, total: Leftovers): void {
  const isDone = (file: string): boolean => stateAfter !== null && existsSync(file) && digestOfFile(file).equals(stateAfter)
  const fresh = workName(path, orderId, 'new')
  const old = workName(path, orderId, 'old')
  const isFreshNeeded = isDone(fresh)
  const isOldNeeded = !isDone(path) && !isFreshNeeded && !existsSync(path)
  for (const [file, isNeeded] of [[fresh, isFreshNeeded], [old, isOldNeeded || isFreshNeeded]] as const) {
    if (!existsSync(file)) continue
    if (isNeeded) total.waiting += 1
    else {
      // An old copy beside an original that was not replaced is a second name of the same bytes: only the name may go.
      if (file === old && existsSync(path) && !isDone(path)) rmSync(file)
      else wipe(file)
      total.removed += 1
    }
  }
}
