// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { addPeople, approvePlan, closeAndProve, companyFacts, factsBeforeClose, factsBeforeDestroying, factsBeforePacking, issuePackage, joinAndConfirm, openHomes, receivePackage, reconcileBoth, requestDestruction, sealReceipts, setUpLog, type DemoPeople } from '../app/src/demo/index.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { generateRows } from '../tools/generate-rows.ts'
import type { Answer } from './armed-party.ts'
import type { SoakStage } from './soak-stage.ts'

/** Parts of a whole matter in their order; a copy of the folder can be taken back before each, and the journey goes on from there. */
export const partNames = ['open', 'ingest', 'plan', 'pack', 'receive', 'reconcile', 'order', 'destroy originals', 'destroy vault', 'turn', 'close'] as const

/** One part of a matter. */
export type PartName = (typeof partNames)[number]

const files = (stage: SoakStage) => {
  const folder = join(stage.folder, 'seller')
  return { table: join(folder, 'originals', '客户.csv'), told: join(folder, '送达.csv'), toldChildren: join(folder, '监护人送达.csv') }
}

/** Where the buyer loads. */
export const landingOf = (stage: SoakStage): string => join(stage.folder, 'buyer', '接收库.sqlite')

/** Key files of the people who act; they lie where `addPeople` puts them. */
export function peopleOf(stage: SoakStage): DemoPeople {
  const key = (name: string): string => join(stage.folder, 'people', `${name}.key`)
  return { lead: key('李明'), legal: key('王芳'), counsel: key('陈律师') }
}

/** Signs a fact that nobody signed before, so that an event waits to be published; the answer is the caller's to judge. */
export async function addOtherFact(stage: SoakStage, at: string, number: number): Promise<Answer> {
  const evidence = join(stage.folder, 'seller', '交易文件.txt')
  return stage.asMay('seller', at, Array.from({ length: 256 }, (_, exit) => exit), 'fact', 'add', 'access-revoked', '--set', `reviewedOn=${at.slice(0, 10)}`, '--set', `accountsEnded=${100 + number}`, '--evidence', evidence, '--key', peopleOf(stage).legal)
}

/** The destruction order over a scope; asking again finds the one that was approved. */
export function orderOf(stage: SoakStage, scope: 'originals' | 'vault'): Promise<string> {
  return requestDestruction(stage, { at: on.ordering, people: peopleOf(stage), scope })
}

const parts: Record<PartName, (stage: SoakStage) => Promise<unknown>> = {
  open: async (stage) => {
    const { table, told, toldChildren } = files(stage)
    mkdirSync(join(stage.folder, 'seller', 'originals'), { recursive: true, mode: 0o700 })
    generateRows({ rows: stage.customers, seed: stage.seed, file: table, told, toldChildren, toldAt: '2026-09-10 10:00' })
    await openHomes(stage, on.opening, ['seller', 'buyer', 'broker'])
    await joinAndConfirm(stage, on.opening, { name: '整体转让', type: 'asset-transfer', settings: ['notice_wait_days=30', 'cutoff_day=2026-10-20'], others: ['buyer', 'broker'] })
    await addPeople(stage, on.opening)
    await setUpLog(stage, on.opening, ['buyer', 'broker'])
  },
  ingest: async (stage) => {
    await stage.as('seller', on.inventory, 'ingest', files(stage).table)
    await stage.as('seller', on.inventory, 'subjects')
    await stage.as('seller', on.inventory, 'treat', '客户.csv', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', '--transfer')
    await companyFacts(stage, on.inventory, { people: peopleOf(stage), deal: 'contract' })
    const { told, toldChildren } = files(stage)
    for (const [notice, file] of [['art23', told], ['art30', told], ['art31', toldChildren]] as const) await stage.asMay('seller', on.plan, [0, 3], 'notice', 'import', file, '--notice', notice, '--channel', 'sms')
    for (const notice of ['art23', 'art30']) await stage.asMay('seller', on.plan, [0, 2], 'notice', 'announce', '--notice', notice, '--on', '2026-09-15')
  },
  plan: async (stage) => {
    await factsBeforePacking(stage, on.plan, { people: peopleOf(stage), guardiansAgreed: 0 })
    await approvePlan(stage, on.plan, peopleOf(stage))
  },
  pack: (stage) => issuePackage(stage, on.packing, 'transferee'),
  receive: (stage) => receivePackage(stage, on.acceptance, { party: 'buyer', into: `sqlite:${landingOf(stage)}` }),
  reconcile: (stage) => reconcileBoth(stage, on.acceptance, 'buyer'),
  order: async (stage) => {
    await sealReceipts(stage, on.ordering)
    await factsBeforeDestroying(stage, on.ordering, peopleOf(stage))
    for (const scope of ['originals', 'vault'] as const) await orderOf(stage, scope)
  },
  'destroy originals': (stage) => runOrder(stage, 'originals'),
  'destroy vault': (stage) => runOrder(stage, 'vault'),
  turn: (stage) => stage.as('seller', on.destruction, 'key', 'turn'),
  close: async (stage) => {
    await factsBeforeClose(stage, on.closing, peopleOf(stage))
    await closeAndProve(stage, on.closing, peopleOf(stage))
  },
}

async function runOrder(stage: SoakStage, scope: 'originals' | 'vault'): Promise<void> {
  await stage.as('seller', on.destruction, 'destroy', 'run', await orderOf(stage, scope), '--allow-write')
}

/** Plays the parts from one to another, both included; `before` is told each. */
export async function playParts(stage: SoakStage, range: { from: PartName; to: PartName }, before: (part: PartName) => Promise<void> = async () => undefined): Promise<void> {
  for (const part of partNames.slice(partNames.indexOf(range.from), partNames.indexOf(range.to) + 1)) {
    await before(part)
    await parts[part](stage)
  }
}
