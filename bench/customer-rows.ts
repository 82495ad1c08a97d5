// SPDX-License-Identifier: Apache-2.0
// Generated customers and the home they are entered in, for the benchmarks of ingest and subjects.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../app/src/context.ts'
import { ingestSources } from '../app/src/lifecycle/discover/index.ts'
import { openMatter, prepareHome, registerParty, type Matter } from '../app/src/matter/index.ts'
import { openContext } from '../app/src/open-context.ts'
import { generateRows } from '../tools/generate-rows.ts'

/** A party's home that lives as long as one measurement. */
export interface BenchHome {
  ctx: Context
  matter: Matter
}

/** The table of so many customers, made once. */
export function customerTable(size: number, folder: string): string {
  const file = join(folder, 'customers.csv')
  if (!existsSync(file)) generateRows({ rows: size, seed: 'bench', file })
  return file
}

/** Does something in a fresh home with an open matter, which is removed afterwards. */
export async function inFreshHome<T>(work: (at: BenchHome) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'))
  const home = join(folder, 'home')
  await prepareHome(home, { company: '测试卫浴有限公司', demoSeed: 'bench' })
  const { context: ctx } = await openContext(home)
  try {
    await registerParty(ctx, { name: '测试卫浴有限公司', creditCode: '91310000MA1FL0000N', contact: '400-000-0000' }, 'transferor')
    const { matter } = await openMatter(ctx, { name: 'bench', type: 'asset-transfer', role: 'transferor', code: undefined, settings: {}, parties: [] })
    return await work({ ctx, matter })
  } finally {
    await ctx.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Enters the customers in the books of a home; answers the seconds it took. */
export async function enterCustomers(at: BenchHome, file: string): Promise<number> {
  const started = performance.now()
  await ingestSources(at.ctx, at.matter, { paths: [file] })
  return (performance.now() - started) / 1000
}
