// SPDX-License-Identifier: Apache-2.0
// npm run load -- --rows N: a whole matter with that many generated customers, by real commands in one process a party; seconds and memory of every step.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { spawn } from 'node:child_process'
import { z } from 'zod'
import { addPeople, approvePlan, closeAndProve, companyFacts, factsBeforeClose, factsBeforeDestroying, factsBeforePacking, joinAndConfirm, openHomes, openStage, requestDestruction, sealReceipts, setUpLog, type Stage } from '../app/src/demo/index.ts'
import { generateRows } from '../tools/generate-rows.ts'
import { treeMemory } from './harness.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' }, folder: { type: 'string', default: join(import.meta.dirname, '..', '.bench', 'journey') }, keep: { type: 'boolean', default: false }, into: { type: 'string', default: 'sqlite' } } })
const rows = Number(values.rows)
const { folder } = values
const day = (date: string): string => `${date}T09:00:00+08:00`
const on = { opening: day('2026-09-01'), inventory: day('2026-09-02'), plan: day('2026-10-21'), packing: day('2026-10-22'), acceptance: day('2026-10-23'), ordering: day('2026-10-24'), destruction: day('2026-10-27'), closing: day('2026-10-28') }

rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'seller', 'originals'), { recursive: true, mode: 0o700 })
const files = { table: join(folder, 'seller', 'originals', '客户.csv'), told: join(folder, 'seller', '送达.csv'), toldChildren: join(folder, 'seller', '监护人送达.csv') }
const bytes = generateRows({ rows, seed: 'journey', file: files.table, told: files.told, toldChildren: files.toldChildren })
process.stdout.write(`${rows.toLocaleString('en')} rows × 12, ${Math.round(bytes / 1e6)} MB, ${cpus().length} cores\n`)

const figures: { step: string; seconds: number; memory: number }[] = []
const stage = openStage({ folder, seed: 'journey', customers: rows, lang: 'zh', steps: 0, say: () => undefined })
try {
  await play(stage)
} finally {
  await stage.stop()
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`whole: ${figures.reduce((sum, one) => sum + one.seconds, 0).toFixed(1)} s, highest memory of all processes together ${Math.round(Math.max(...figures.map((one) => one.memory)))} MiB\n`)

async function play(at: Stage): Promise<void> {
  const people = await timed('open', async () => {
    await openHomes(at, on.opening, ['seller', 'buyer', 'broker'])
    await joinAndConfirm(at, on.opening, { name: '百万客户', type: 'asset-transfer', settings: ['notice_wait_days=30', 'cutoff_day=2026-10-20'], others: ['buyer', 'broker'] })
    const added = await addPeople(at, on.opening)
    await setUpLog(at, on.opening, ['buyer', 'broker'])
    return added
  })
  await timed('scan', () => at.as('seller', on.inventory, 'scan', files.table))
  await timed('ingest', () => at.as('seller', on.inventory, 'ingest', files.table))
  await timed('subjects', () => at.as('seller', on.inventory, 'subjects'))
  await timed('treat', () => at.as('seller', on.inventory, 'treat', '客户.csv', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', '--transfer'))
  await companyFacts(at, on.inventory, { people, deal: 'contract' })
  await timed('notice import', async () => {
    for (const [notice, file] of [['art23', files.told], ['art30', files.told], ['art31', files.toldChildren]] as const) if (existsSync(file)) await at.asMay('seller', on.plan, [0, 3], 'notice', 'import', file, '--notice', notice, '--channel', 'sms')
    for (const notice of ['art23', 'art30']) await at.asMay('seller', on.plan, [0, 2], 'notice', 'announce', '--notice', notice, '--on', '2026-09-15')
  })
  await factsBeforePacking(at, on.plan, people)
  await timed('plan', () => approvePlan(at, on.plan, people))
  await handOver(at)
  await timed('receipts', () => sealReceipts(at, on.ordering))
  await factsBeforeDestroying(at, on.ordering, people)
  const orders = await timed('destroy request', async () => [await requestDestruction(at, { at: on.ordering, people, scope: 'originals' }), await requestDestruction(at, { at: on.ordering, people, scope: 'vault' })])
  await timed('destroy originals', () => at.as('seller', on.destruction, 'destroy', 'run', orders[0] ?? '', '--allow-write'))
  await timed('destroy vault', () => at.as('seller', on.destruction, 'destroy', 'run', orders[1] ?? '', '--allow-write'))
  await timed('key turn', () => at.as('seller', on.destruction, 'key', 'turn'))
  await factsBeforeClose(at, on.closing, people)
  const ending = await timed('close, export', () => closeAndProve(at, on.closing, people))
  process.stdout.write(`${ending.sheet.slice(0, 12).join('\n')}\n`)
  await timed('verify', () => verify(ending.bundle, ending.policy))
}

async function handOver(at: Stage): Promise<void> {
  const packageFile = join(at.post, '移交包.tar')
  const acceptance = join(at.post, '验收单.tar')
  const into = values.into === 'sqlite' ? `sqlite:${join(folder, 'buyer', '接收库.sqlite')}` : values.into
  await timed('pack', () => at.as('seller', on.packing, 'pack', '--to', 'transferee', '-o', packageFile))
  await timed('receive', () => at.as('buyer', on.acceptance, 'receive', packageFile, '--into', into, '-o', acceptance, '--policy', join(at.post, '信任策略.txt')))
  await timed('reconcile', async () => {
    await at.as('seller', on.acceptance, 'reconcile', acceptance, '-o', join(at.post, '对账单.json'))
    await at.as('buyer', on.acceptance, 'reconcile', '--countersign', join(at.post, '对账单.json'), '--acceptance', acceptance, '-o', join(at.post, '对账单-双签.json'))
    await at.as('seller', on.acceptance, 'reconcile', '--conclude', join(at.post, '对账单-双签.json'))
  })
}

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
  const timer = setInterval(look, 250)
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
