// SPDX-License-Identifier: Apache-2.0
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTar, verifyFile } from '@handover/proof'
import { writeStream } from '../app/src/lifecycle/hand-over/index.ts'
import { bigPackageIn, makeBigPackage } from './big-package.ts'
import { isInstalled, timeCommand, type Benchmark } from './harness.ts'

/** `receive` without loading: the package is opened, and every commitment in it is computed anew and checked. */
export const benchmark: Benchmark = {
  name: 'receive',
  row: '打开移交包并核对每一项承诺(不装入) · open a package and check every commitment, without loading',
  compare: 'cost',
  target: 3,
  unit: 'records',
  sizes: [10_000, 100_000, 1_000_000],
  async prepare(size, folder) {
    const { file } = await makeBigPackage(size, folder)
    const parts = join(folder, 'parts')
    if (existsSync(join(folder, 'whole'))) return
    rmSync(parts, { recursive: true, force: true })
    mkdirSync(parts)
    // The same segments as files of their own: what the yardstick decrypts.
    for await (const { name, content } of readTar(createReadStream(file))) if (name.startsWith('segments/')) await writeStream(join(parts, name.slice('segments/'.length)), content)
    writeFileSync(join(folder, 'whole'), '')
  },
  async ours(size, folder) {
    const { file, identity } = bigPackageIn(folder)
    const started = performance.now()
    const verdict = await verifyFile(file, { identities: [identity] })
    const seconds = (performance.now() - started) / 1000
    if (!verdict.ok) throw new Error('the package of the benchmark does not verify')
    return { seconds, units: size, notes: { checks: verdict.checks.length } }
  },
  yardsticks: [{
    name: 'age -d | zstd -d',
    async run(size, folder) {
      if (!isInstalled('age') || !isInstalled('zstd')) return null
      const identity = join(folder, 'identity')
      const count = readdirSync(join(folder, 'parts')).length
      const seconds = await timeCommand('sh', ['-c', `for f in "$1"/*; do age -d -i "$2" "$f" | zstd -d -q > /dev/null; done`, 'sh', join(folder, 'parts'), identity])
      return { seconds, units: size, notes: { segments: count } }
    },
  }],
}
