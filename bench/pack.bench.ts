// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ageRecipient, MerkleAccumulator, newAgeIdentity, noteSigner, once, packageOuterStatement, PACKAGE_FILES, signStatement, tarFile, toHex, writeTar, type TarEntry } from '@handover/proof'
import { z } from 'zod'
import { writeStream } from '../app/src/lifecycle/hand-over/index.ts'
import { isInstalled, timeCommand, type Benchmark, type Sample } from './harness.ts'
import { kernelFiles, makeKernelInput } from './pack-kernel.ts'

const madeSchema = z.object({ index: z.int(), name: z.string(), bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array), sha256: z.string(), leaves: z.custom<Uint8Array>((value) => value instanceof Uint8Array) })
type Made = z.infer<typeof madeSchema>
const workers = 2

/** The kernel of `pack` alone: records that are open already → lines, leaves, content root, zstd, age, digests, signature, tar on the disk. The whole command is `pack-command`. */
export const benchmark: Benchmark = {
  name: 'pack',
  row: '打包(压缩、加密、叶、根、签名;记录已打开) · pack (compress, encrypt, leaves, root, sign; records open already)',
  compare: 'cost',
  target: 1.2,
  unit: 'records',
  sizes: [10_000, 100_000, 1_000_000],
  async prepare(size, folder) {
    if (existsSync(join(folder, 'recipient'))) return
    makeKernelInput(size, folder)
    writeFileSync(join(folder, 'recipient'), await ageRecipient(await newAgeIdentity()))
  },
  async ours(size, folder) {
    const started = performance.now()
    const bytes = await packOpened(folder)
    return { seconds: (performance.now() - started) / 1000, units: size, notes: { bytes, plain: statSync(kernelFiles(folder).lines).size } }
  },
  yardsticks: [
    { name: 'zstd -1 -T2 | age (the same lines)', run: (size, folder) => compressed(size, folder, kernelFiles(folder).lines) },
    { name: 'zstd -1 -T2 | age (the table alone, without ids, salts and roots)', run: (size, folder) => compressed(size, folder, kernelFiles(folder).table) },
  ],
}

async function compressed(size: number, folder: string, file: string): Promise<Sample | null> {
  if (!isInstalled('age') || !isInstalled('zstd')) return null
  const out = join(folder, 'yardstick.age')
  const seconds = await timeCommand('sh', ['-c', 'zstd -q -1 -T2 -c "$1" | age -r "$(cat "$2")" > "$3" && sync "$3"', 'sh', file, join(folder, 'recipient'), out])
  return { seconds, units: size, notes: { bytes: statSync(out).size } }
}

async function packOpened(folder: string): Promise<number> {
  const places = z.array(z.int()).parse(JSON.parse(readFileSync(kernelFiles(folder).places, 'utf8')))
  const recipient = readFileSync(join(folder, 'recipient'), 'utf8')
  const parts = join(folder, 'parts')
  rmSync(parts, { recursive: true, force: true })
  mkdirSync(join(parts, 'segments'), { recursive: true })
  const content = new MerkleAccumulator()
  const segments: { name: string; bytes: number; sha256: string }[] = []
  for await (const made of inOrder(kernelFiles(folder).rows, recipient, places)) {
    await writeStream(join(parts, made.name), once(made.bytes))
    for (let at = 0; at < made.leaves.length; at += 32) content.push(made.leaves.slice(at, at + 32))
    segments.push({ name: made.name, bytes: made.bytes.length, sha256: made.sha256 })
  }
  const signer = noteSigner({ name: 'bench', seed: Buffer.alloc(32, 7) })
  const outer = signStatement(packageOuterStatement({ package: 'pkg_bench', matter: 'mat_bench', origin: 'bench', recipientKey: toHex(content.root()), segments, manifest: { name: PACKAGE_FILES.manifest, bytes: 0, sha256: '0'.repeat(64) } }), [signer])
  const entries = segments.map(({ name, bytes }): TarEntry => ({ ...tarFile(name, readFileSync(join(parts, name))), size: bytes }))
  return writeStream(join(folder, 'package.tar'), writeTar([tarFile(PACKAGE_FILES.outer, Buffer.from(JSON.stringify(outer))), ...entries]))
}

/** Segments in their order from two workers, a few ahead. */
async function* inOrder(file: string, recipient: string, places: readonly number[]): AsyncGenerator<Made, void, undefined> {
  const pool = Array.from({ length: workers }, () => new Worker(new URL('./pack-kernel-worker.ts', import.meta.url), { workerData: { file, recipient } }))
  const done = new Map<number, Made>()
  let wake = (): void => undefined
  for (const worker of pool) {
    worker.on('message', (answer) => {
      const made = madeSchema.parse(answer)
      done.set(made.index, made)
      wake()
    })
  }
  let given = 0
  for (let index = 0; index < places.length - 1; index += 1) {
    for (; given < Math.min(index + workers * 3, places.length - 1); given += 1) pool[given % workers]?.postMessage({ index: given, from: places[given], to: places[given + 1] })
    while (!done.has(index)) await new Promise<void>((resolve) => (wake = resolve))
    const made = done.get(index)
    done.delete(index)
    if (made !== undefined) yield made
  }
  for (const worker of pool) worker.postMessage(null)
}
