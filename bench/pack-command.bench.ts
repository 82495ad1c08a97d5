// SPDX-License-Identifier: Apache-2.0
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { issuePackage } from '../app/src/lifecycle/hand-over/index.ts'
import { partiesOf } from '../app/src/matter/index.ts'
import { isInstalled, timeCommand, type Benchmark } from './harness.ts'
import { copyHome, openBenchHome, preparePackHomes } from './pack-home.ts'

/** The whole of `handover pack`: gates judged anew, records read from the vault's database, secrets opened, decrypted, commitments checked, packed, booked and published. */
export const benchmark: Benchmark = {
  name: 'pack-command',
  row: '打包,整条命令(闸口、解密、核对承诺、打包、入账) · pack, the whole command (gates, decryption, commitments, package, books)',
  compare: 'cost',
  target: 60,
  unit: 'records',
  sizes: [10_000, 50_000, 200_000],
  prepare: (size, folder) => preparePackHomes(size, folder),
  async ours(_size, folder) {
    const work = join(folder, `run-${process.pid}`)
    copyHome(join(folder, 'approved'), work)
    const { ctx, matter } = await openBenchHome(join(work, 'home'))
    const [to] = partiesOf(matter, 'transferee')
    if (to === undefined) throw new Error('the bench home has its transferee')
    const started = performance.now()
    const issued = await issuePackage(ctx, matter, { to, purpose: 'transfer', file: join(work, 'package.tar') })
    const seconds = (performance.now() - started) / 1000
    await ctx.close()
    rmSync(work, { recursive: true, force: true })
    return { seconds, units: issued.records, notes: { bytes: issued.bytes, values: issued.values } }
  },
  yardsticks: [{
    name: 'zstd -1 -T2 | age (the table)',
    async run(size, folder) {
      if (!isInstalled('age') || !isInstalled('zstd')) return null
      const table = join(folder, 'planned', '客户.csv')
      const seconds = await timeCommand('sh', ['-c', 'zstd -q -1 -T2 -c "$1" | age -r age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p > /dev/null', 'sh', table])
      return { seconds, units: size, notes: { bytes: statSync(table).size } }
    },
  }],
}
