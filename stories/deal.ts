// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { addPeople, approveByTwo, approvePlan, companyFacts, factsBeforePacking, joinAndConfirm, openHomes, openStage, setUpLog, type DemoPeople, type Stage } from '../app/src/demo/index.ts'
import { repository, storyEnvironment } from './demo-run.ts'

/** What a command of a party answered; any exit code. */
export type Answer = Awaited<ReturnType<Stage['asMay']>>

/** A deal of one customer register between two companies, played with real commands and processes. */
export interface Deal {
  stage: Stage
  people: DemoPeople
  register: string
  policy: string
  landing: string
  file(name: string): string
  /** The declared legal time, a minute later at each call. */
  now(): string
  run(party: 'seller' | 'buyer', ...argv: string[]): Promise<Answer>
  /** The same, where only a good end is accepted. */
  done(party: 'seller' | 'buyer', ...argv: string[]): Promise<Answer>
  /** Runs a command in a process of its own, kills it (kill -9) after so many milliseconds and says whether it had ended before. */
  killed(party: 'seller' | 'buyer', afterMs: number, ...argv: string[]): Promise<boolean>
  /** Persons, notices, a plan of today, approved by two. */
  plan(lines: readonly string[]): Promise<void>
  /** Seals receipts of the versions that are to end, asks for the booking of the register as it is now and has it approved by two others; the booking is left to the story. */
  approveDelta(): Promise<void>
  /** A package, received, reconciled and concluded; returns its file. */
  handOver(name: string, previous: readonly string[]): Promise<string>
}

const day = '2026-10-20'
const at = (date: string): string => `${date}T09:00:00+08:00`

/** A line of the register: a number, a mobile of the range 17000 that nobody has, a name, a note. */
export function customer(number: number, note = '首次登记'): string {
  return [`KH${String(number).padStart(5, '0')}`, `1700${String(1_000_000 + number)}`, `赵试${'甲乙丙丁戊己庚辛壬癸'[number % 10] ?? ''}${'子丑寅卯辰巳午未申酉'[Math.floor(number / 10) % 10] ?? ''}`, note].join(',')
}

/** The register with a header. */
export function registerText(lines: readonly string[], lastTitle = '备注'): string {
  return `${[`客户编号,手机号,姓名,${lastTitle}`, ...lines].join('\r\n')}\r\n`
}

/** Opens the deal with a register of these lines (its last column named otherwise, and more words for its treatment, when they are given): homes, matter, people, witnesses, inventory, treatment, facts. */
export async function openDeal(folder: string, lines: readonly string[], { treatment = [], lastTitle }: { treatment?: readonly string[]; lastTitle?: string } = {}): Promise<Deal> {
  mkdirSync(join(folder, 'seller'), { recursive: true })
  const stage = openStage({ folder, seed: 'deal', customers: lines.length, lang: 'zh', steps: 9, say: () => undefined })
  const register = join(folder, 'seller', '客户登记.csv')
  writeFileSync(register, registerText(lines, lastTitle))
  try {
    const people = await prepare(stage, register, treatment)
    return dealOf(stage, { folder, register, people })
  } catch (error) {
    await stage.stop()
    throw error
  }
}

async function prepare(stage: Stage, register: string, treatment: readonly string[]): Promise<DemoPeople> {
  await openHomes(stage, at('2026-09-01'), ['seller', 'buyer', 'broker'])
  await joinAndConfirm(stage, at('2026-09-01'), { name: '并购试验', type: 'asset-transfer', settings: ['notice_wait_days=0'], others: ['buyer', 'broker'] })
  const people = await addPeople(stage, at('2026-09-01'))
  await setUpLog(stage, at('2026-09-01'), ['buyer', 'broker'])
  await stage.as('seller', at('2026-09-02'), 'ingest', register)
  await stage.as('seller', at('2026-09-02'), 'subjects')
  await stage.as('seller', at('2026-09-02'), 'treat', '客户登记.csv', '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', '--transfer', ...treatment)
  await companyFacts(stage, at('2026-09-02'), { people, deal: 'contract' })
  await factsBeforePacking(stage, at(day), { people, guardiansAgreed: 0 })
  return people
}

function dealOf(stage: Stage, given: { folder: string; register: string; people: DemoPeople }): Deal {
  const { folder, register, people } = given
  let minutes = 0
  const now = (): string => new Date(Date.parse(at(day)) + ++minutes * 60_000).toISOString()
  const run: Deal['run'] = (party, ...argv) => stage.asMay(party, now(), Array.from({ length: 256 }, (_, code) => code), ...argv)
  const done: Deal['done'] = (party, ...argv) => stage.asMay(party, now(), [0], ...argv)
  const file = (name: string): string => join(folder, name)
  const deal: Deal = {
    stage, people, register, policy: join(stage.post, '信任策略.txt'), landing: file('客户.sqlite'), file, now, run, done,
    killed: (party, afterMs, ...argv) => killAfter([...argv, '--home', join(folder, party, 'home'), '--clock', now()], { folder, afterMs }),
    plan: async (lines) => {
      await run('seller', 'subjects')
      const told = file(`送达-${minutes}.csv`)
      writeFileSync(told, ['手机号,结果,时间', ...lines.map((line) => `${line.split(',')[1] ?? ''},送达,2026-09-10 10:00`)].join('\n'))
      for (const notice of ['art23', 'art30']) await stage.asMay('seller', now(), [0, 3], 'notice', 'import', told, '--notice', notice, '--channel', 'sms')
      await approvePlan(stage, now(), people)
    },
    approveDelta: async () => {
      await done('seller', 'receipt', 'seal', '-o', file(`回执码-${minutes}.csv`))
      const { document } = await done('seller', 'delta', 'request', register, '--key', people.lead)
      await approveByTwo(stage, now(), { request: z.looseObject({ request: z.string() }).parse(document).request, approvers: [people.legal], counsel: people.counsel })
    },
    handOver: async (name, previous) => {
      const packageFile = file(`${name}.tar`)
      await done('seller', 'pack', '--to', 'transferee', '-o', packageFile)
      await done('buyer', 'receive', packageFile, '--into', `sqlite:${deal.landing}`, '-o', file(`${name}-验收单.tar`), '--policy', deal.policy, ...previous.flatMap((one) => ['--previous', one]))
      await done('seller', 'reconcile', file(`${name}-验收单.tar`), '-o', file(`${name}-对账单.json`))
      await done('buyer', 'reconcile', '--countersign', file(`${name}-对账单.json`), '-o', file(`${name}-会签.json`))
      await done('seller', 'reconcile', '--conclude', file(`${name}-会签.json`))
      return packageFile
    },
  }
  return deal
}

async function killAfter(argv: readonly string[], { folder, afterMs }: { folder: string; afterMs: number }): Promise<boolean> {
  const child = spawn(process.execPath, [join(repository, 'app', 'bin', 'handover.mjs'), ...argv], { stdio: 'ignore', env: storyEnvironment(folder) })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await Promise.race([sleep(afterMs), ended])
  const hadEnded = child.exitCode !== null
  child.kill('SIGKILL')
  await ended
  return hadEnded
}

/** The buyer's rows as lines of a register, whichever package they came with. */
export function landedLines(landing: string): string[] {
  const database = new DatabaseSync(landing, { readOnly: true })
  try {
    const tables = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds!_%' escape '!'`).all().map((row) => String(row['name']))
    return tables.flatMap((table) => database.prepare(`select f0, f1, f2, f3 from ${table}`).all().map((row) => [row['f0'], row['f1'], row['f2'], row['f3']].join(',')))
  } finally {
    database.close()
  }
}
