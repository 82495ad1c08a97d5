// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { loadBenchmark, treeMemory, type Measured } from './harness.ts'

const orderSchema = z.object({ name: z.string(), size: z.number(), folder: z.string(), side: z.union([z.literal(['prepare', 'ours']), z.int()]) })
const sampleSchema = z.object({ seconds: z.number(), units: z.number(), notes: z.record(z.string(), z.union([z.number(), z.string()])).optional() }).nullable()

/** One run in a process of its own. */
export type ChildOrder = z.infer<typeof orderSchema>
/** What a child does: make the inputs, run ours, or run the yardstick with this index. */
export type Side = ChildOrder['side']

const everyMs = 50

/** Runs one side in a fresh process, with the highest memory of that process and its children (sampled every 50 ms); null where a yardstick is not installed. */
export async function runInChild(order: ChildOrder): Promise<Measured | null> {
  const child = spawn(process.execPath, ['--expose-gc', import.meta.filename, JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  let said = ''
  child.stdio[3]?.on('data', (bytes: Buffer) => (said += bytes.toString()))
  let memory = 0
  const { pid } = child
  const timer = pid === undefined ? undefined : setInterval(() => (memory = Math.max(memory, treeMemory(pid))), everyMs)
  const exit = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  clearInterval(timer)
  if (exit !== 0) throw new Error(`benchmark ${order.name} (${order.side}, ${order.size}) ended with ${exit}`)
  const sample = sampleSchema.parse(JSON.parse(said))
  if (sample === null) return null
  const { seconds, units, notes } = sample
  return { seconds, units, memory, ...(notes === undefined ? {} : { notes }) }
}

async function work({ name, size, folder, side }: ChildOrder): Promise<unknown> {
  const benchmark = await loadBenchmark(name)
  if (side === 'prepare') return benchmark.prepare(size, folder).then(() => null)
  return side === 'ours' ? benchmark.ours(size, folder) : (benchmark.yardsticks[side]?.run(size, folder) ?? null)
}

const [, program, order] = process.argv
if (program === import.meta.filename && order !== undefined) {
  writeSync(3, JSON.stringify((await work(orderSchema.parse(JSON.parse(order)))) ?? null))
  process.exit(0)
}
