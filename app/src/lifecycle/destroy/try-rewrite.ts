// SPDX-License-Identifier: Apache-2.0
import { refuseOtherKind } from './files-of-order.ts'
import type { ComparedFile } from './original-file.ts'
import { tryCsv } from './rewrite-csv.ts'
import type { OriginalFile } from './rewrite-original.ts'
import { holdSqlite } from './rewrite-sqlite.store.ts'
import { tryXlsx } from './rewrite-xlsx.ts'

/** 试改写. Goes through the rewriting of a compared file without leaving anything of it, so that what refuses does so before an order is intended and other files are rewritten (CONTRACTS §9). Refuses what the rewriting itself would. */
export async function tryRewrite(file: OriginalFile, compared: ComparedFile): Promise<void> {
  refuseOtherKind(file)
  if (file.wholeFile || file.changing === 0) return
  if (file.source.kind === 'csv') tryCsv(file.path, compared)
  else if (file.source.kind === 'xlsx') await tryXlsx(file.path, compared)
  else trySqlite(file.path, compared)
}

/** Changes everything in a transaction that is undone. */
function trySqlite(path: string, { sets }: ComparedFile): void {
  const held = holdSqlite(path)
  try {
    held.apply(sets)
  } finally {
    held.end()
  }
}
