// SPDX-License-Identifier: Apache-2.0
// npm run load -- --rows N [--into DEST] [--write]: a whole matter with that many generated customers, by real commands in one process a party; seconds and memory of every step.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openStage } from '../app/src/demo/index.ts'
import { declaredDays, playToClose, playToDestructionOrders, type WholeMatter } from '../stories/whole-matter.ts'
import { treeMemory } from './harness.ts'
import { writeJourney, type JourneyStep } from './performance-page.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' }, folder: { type: 'string', default: join(import.meta.dirname, '..', '.bench', 'journey') }, keep: { type: 'boolean', default: false }, into: { type: 'string' }, write: { type: 'boolean', default: false } } })
const rows = Number(values.rows)
const { folder } = values
const figures: JourneyStep[] = []

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true, mode: 0o700 })
process.stdout.write(`${rows.toLocaleString('en')} rows × 12, ${cpus().length} cores\n`)
const stage = openStage({ folder, seed: 'journey', customers: rows, lang: 'zh', steps: 0, say: () => undefined })
try {
  const matter: WholeMatter = { stage, on: declaredDays, settings: ['notice_wait_days=30', 'cutoff_day=2026-10-20'], into: values.into ?? `sqlite:${join(folder, 'buyer', '接收库.sqlite')}`, part: timed }
  const ending = await playToClose(matter, await playToDestructionOrders(matter))
  process.stdout.write(`${ending.sheet.slice(0, 12).join('\n')}\n`)
  await timed('verify', () => verify(ending.bundle, ending.policy))
  process.stdout.write(`bundle ${Math.round(statSync(ending.bundle).size / 1e6)} MB\n`)
} finally {
  await stage.stop()
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
const whole = { step: 'whole', seconds: figures.reduce((sum, one) => sum + one.seconds, 0), memory: Math.max(...figures.map((one) => one.memory)) }
process.stdout.write(`whole: ${whole.seconds.toFixed(1)} s, highest memory of all processes together ${Math.round(whole.memory)} MiB\n`)
if (values.write) writeJourney(rows, [...figures, whole])

/** The stranger's verifier, in a process of its own. */
async function verify(bundle: string, policy: string): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'proof', 'bin', 'handover-verify.mjs'), bundle, '--policy', policy, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const exit = await new Promise((resolve) => child.once('close', resolve))
  if (exit !== 0 || !z.object({ ok: z.literal(true) }).safeParse(JSON.parse(said)).success) throw new Error(`the bundle does not verify: exit ${String(exit)}\n${said.slice(0, 2000)}`)
}

/** Runs a step and notes its seconds and the highest memory of this process's whole tree (parties, databases, witnesses), less this process itself. */
async function timed<T>(step: string, run: () => Promise<T>): Promise<T> {
  let memory = 0
  const look = (): void => {
    memory = Math.max(memory, treeMemory(process.pid) - process.memoryUsage.rss() / 2 ** 20)
  }
  const timer = setInterval(look, 1000)
  const started = performance.now()
  try {
    const result = await run()
    look()
    const seconds = (performance.now() - started) / 1000
    figures.push({ step, seconds, memory })
    process.stdout.write(`${step.padEnd(18)} ${seconds.toFixed(1).padStart(8)} s ${String(Math.round(rows / seconds)).padStart(9)} rows/s ${String(Math.round(memory)).padStart(6)} MiB\n`)
    return result
  } finally {
    clearInterval(timer)
  }
}
