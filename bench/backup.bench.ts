// SPDX-License-Identifier: Apache-2.0
// A data backup of a whole home beside COPY of the same tables to nowhere: what encryption, compression, digests, signature and the file cost. Verifying and restoring are noted beside.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBackup, restoreBackup, verifyBackup } from '../app/src/backup/index.ts'
import type { Context } from '../app/src/context.ts'
import { ingestSources, resolveSubjects } from '../app/src/lifecycle/discover/index.ts'
import { openMatter, prepareHome, registerParty } from '../app/src/matter/index.ts'
import { openContext } from '../app/src/open-context.ts'
import { generateRows } from '../tools/generate-rows.ts'
import { copyEverything } from './backup.store.ts'
import type { Benchmark, Sample } from './harness.ts'

const time = '2026-11-10T01:00:00.000Z'

async function open(folder: string): Promise<Context> {
  const opened = await openContext(join(folder, 'home'))
  opened.declareTime(time)
  return opened.context
}

async function prepare(size: number, folder: string): Promise<void> {
  if (existsSync(join(folder, 'ready'))) return
  rmSync(join(folder, 'home'), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await prepareHome(join(folder, 'home'), { company: '甲卫浴有限公司', demoSeed: 'backup' })
  const ctx = await open(folder)
  await registerParty(ctx, { name: '甲卫浴有限公司', creditCode: '91320500MA1AB00002', contact: '400-000-0000' }, 'transferor')
  const { matter } = await openMatter(ctx, { name: '基准', type: 'asset-transfer', role: 'transferor', code: 'BACKUP' })
  generateRows({ rows: size, seed: 'backup', file: join(folder, '客户.csv') })
  await ingestSources(ctx, matter, { paths: [join(folder, '客户.csv')] })
  await resolveSubjects(ctx, matter)
  await ctx.close()
  writeFileSync(join(folder, 'ready'), '')
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now()
  const result = await work()
  return { seconds: (performance.now() - started) / 1000, result }
}

async function ours(size: number, folder: string): Promise<Sample> {
  const [file, recovery, restored] = [join(folder, 'backup.tar'), join(folder, 'recovery.txt'), join(folder, 'restored')]
  for (const path of [file, recovery, restored]) rmSync(path, { recursive: true, force: true })
  const ctx = await open(folder)
  const created = await timed(() => createBackup(ctx, { file, to: [], newRecovery: recovery, expires: null, program: 'bench' }))
  const trusted = ctx.signer.vkey
  await ctx.close()
  const verified = await timed(() => verifyBackup({ file, trusted, readData: { recoveryFile: recovery }, progress: () => undefined }))
  const back = await timed(() => restoreBackup({
    file, home: restored, recoveryFile: recovery, keys: join(folder, 'home', 'keys'), keyBackup: null, evidence: null, witnessesGone: null, progress: () => undefined,
    open: async (home) => (await openContext(home, { isRestoring: true })).context,
  }))
  rmSync(restored, { recursive: true, force: true })
  return {
    seconds: created.seconds, units: size,
    notes: { rows: created.result.rows, fileMB: Math.round((created.result.backup.bytes ?? 0) / 1e6), verifySeconds: verified.seconds.toFixed(1), restoreSeconds: back.seconds.toFixed(1) },
  }
}

/** 基准. */
export const benchmark: Benchmark = {
  name: 'backup', row: 'data backup (all tables in one snapshot, compressed, encrypted, signed)', compare: 'cost', target: 2, unit: 'record', sizes: [10_000, 100_000, 1_000_000],
  prepare, ours,
  yardsticks: [{
    name: 'COPY of the same tables to nowhere',
    run: async (size, folder) => {
      const ctx = await open(folder)
      const { seconds, result } = await timed(() => copyEverything(ctx.db))
      await ctx.close()
      return { seconds, units: size, notes: { MB: Math.round(result / 1e6) } }
    },
  }],
}
