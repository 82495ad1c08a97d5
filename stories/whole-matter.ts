// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { addPeople, approvePlan, closeAndProve, companyFacts, dateAt, factsBeforeClose, factsBeforeDestroying, factsBeforePacking, issuePackage, joinAndConfirm, openHomes, realTime, receivePackage, reconcileBoth, requestDestruction, sealReceipts, setUpLog, type DemoPeople, type Ending, type Stage } from '../app/src/demo/index.ts'
import { generateRows } from '../tools/generate-rows.ts'

/** When each part of a matter happens: declared legal times, or the running clock of the machine everywhere. */
export interface MatterDays {
  opening: string
  inventory: string
  plan: string
  packing: string
  acceptance: string
  ordering: string
  destruction: string
  closing: string
}

const day = (date: string): string => `${date}T09:00:00+08:00`
/** The legal calendar of an ordinary asset transfer. */
export const declaredDays: MatterDays = { opening: day('2026-09-01'), inventory: day('2026-09-02'), plan: day('2026-10-21'), packing: day('2026-10-22'), acceptance: day('2026-10-23'), ordering: day('2026-10-24'), destruction: day('2026-10-27'), closing: day('2026-10-28') }
/** Everything on the machine's own clock, which runs. */
export const realDays: MatterDays = { opening: realTime, inventory: realTime, plan: realTime, packing: realTime, acceptance: realTime, ordering: realTime, destruction: realTime, closing: realTime }

/** A whole asset transfer of one table of generated customers, by real commands in one process a party. */
export interface WholeMatter {
  stage: Stage
  on: MatterDays
  settings: readonly string[]
  /** Where the buyer loads: `sqlite:…`, `postgres://…` or a folder. */
  into: string
  /** Wraps each part, to measure it. */
  part: <T>(name: string, run: () => Promise<T>) => Promise<T>
}

interface Files {
  table: string
  told: string
  toldChildren: string
}

/** Up to the approved requests for destruction; the cooling-off follows. */
export async function playToDestructionOrders(matter: WholeMatter): Promise<{ people: DemoPeople; orders: string[] }> {
  const { stage, on, part } = matter
  const files = writeFiles(matter)
  const people = await part('open', () => open(matter))
  await part('scan', () => stage.as('seller', on.inventory, 'scan', files.table))
  await part('ingest', () => stage.as('seller', on.inventory, 'ingest', files.table))
  await part('subjects', () => stage.as('seller', on.inventory, 'subjects'))
  await part('treat', () => stage.as('seller', on.inventory, 'treat', '客户.csv', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', '--transfer'))
  await companyFacts(stage, on.inventory, { people, deal: 'contract' })
  await part('notice import', () => tell(matter, files))
  await factsBeforePacking(stage, on.plan, { people, guardiansAgreed: 0 })
  await part('plan', () => approvePlan(stage, on.plan, people))
  await handOver(matter)
  await part('receipts', () => sealReceipts(stage, on.ordering))
  await factsBeforeDestroying(stage, on.ordering, people)
  const orders = await part('destroy request', async () => [await requestDestruction(stage, { at: on.ordering, people, scope: 'originals' }), await requestDestruction(stage, { at: on.ordering, people, scope: 'vault' })])
  return { people, orders }
}

/** From the end of the cooling-off to the exported bundle. */
export async function playToClose({ stage, on, part }: WholeMatter, { people, orders }: { people: DemoPeople; orders: readonly string[] }): Promise<Ending> {
  for (const [at, order] of orders.entries()) await part(at === 0 ? 'destroy originals' : 'destroy vault', () => stage.as('seller', on.destruction, 'destroy', 'run', order, '--allow-write'))
  await part('key turn', () => stage.as('seller', on.destruction, 'key', 'turn'))
  await factsBeforeClose(stage, on.closing, people)
  return part('close, export', () => closeAndProve(stage, on.closing, people))
}

function writeFiles({ stage, on }: WholeMatter): Files {
  const folder = join(stage.folder, 'seller')
  mkdirSync(join(folder, 'originals'), { recursive: true, mode: 0o700 })
  const files = { table: join(folder, 'originals', '客户.csv'), told: join(folder, '送达.csv'), toldChildren: join(folder, '监护人送达.csv') }
  const toldAt = on.opening === realTime ? `${dateAt(realTime)} 00:01` : '2026-09-10 10:00'
  generateRows({ rows: stage.customers, seed: stage.seed, file: files.table, told: files.told, toldChildren: files.toldChildren, toldAt })
  return files
}

async function open({ stage, on, settings }: WholeMatter): Promise<DemoPeople> {
  await openHomes(stage, on.opening, ['seller', 'buyer', 'broker'])
  await joinAndConfirm(stage, on.opening, { name: '整体转让', type: 'asset-transfer', settings, others: ['buyer', 'broker'] })
  const people = await addPeople(stage, on.opening)
  await setUpLog(stage, on.opening, ['buyer', 'broker'])
  return people
}

/** Results of the messages; whom none reached is told by announcement. */
async function tell({ stage, on }: WholeMatter, files: Files): Promise<void> {
  for (const [notice, file] of [['art23', files.told], ['art30', files.told], ['art31', files.toldChildren]] as const) await stage.asMay('seller', on.plan, [0, 3], 'notice', 'import', file, '--notice', notice, '--channel', 'sms')
  const published = on.plan === realTime ? dateAt(realTime) : '2026-09-15'
  for (const notice of ['art23', 'art30']) await stage.asMay('seller', on.plan, [0, 2], 'notice', 'announce', '--notice', notice, '--on', published)
}

async function handOver({ stage, on, into, part }: WholeMatter): Promise<void> {
  await part('pack', () => issuePackage(stage, on.packing, 'transferee'))
  await part('receive', () => receivePackage(stage, on.acceptance, { party: 'buyer', into }))
  await part('reconcile', () => reconcileBoth(stage, on.acceptance, 'buyer'))
}
