// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { addPeople, approvePlan, companyFacts, factsBeforePacking, joinAndConfirm, openHomes, openStage, setUpLog, type DemoPeople, type Stage } from '../app/src/demo/index.ts'

/** A matter of sixty invented customers with hostile values, up to the issued package. */
export interface SmallHandover {
  stage: Stage
  people: DemoPeople
  packageFile: string
  policy: string
  file(name: string): string
  /** The declared legal time, a minute later at each call. */
  now(): string
  /** Runs a command of a party; any exit code. */
  run(party: 'seller' | 'buyer', ...argv: string[]): Promise<{ exit: number; document: unknown; human: string[]; messages: string[] }>
}

/** Values that programs like to "improve": formulas, leading zeros, long digits, dates, four-byte characters, line breaks, spaces, NUL. */
export const hostileTexts = [
  '=cmd|\'/C calc\'!A0', '+8613800000000', '-1+1', '@SUM(A1)', '\uff1d1+1', '00123', '900000000000000017', '1e5', '2026-02-30', '3/4', 'TRUE', 'null', 'NULL', '\u0000NUL', ' 前后空格 ', '\ufeffBOM',
  '换\r\n行', '制\t表', '"引号"', "O'Reilly; drop table x", '𠮷野家\u{2B820}', 'e\u0301 é', '\u202eRTL', '1.10', '12345678901234567890.123456789', '😀', '\uffff', 'a,b;c', '\\x41', '',
] as const

const day = '2026-10-20'
const at = (date: string): string => `${date}T09:00:00+08:00`

/** Plays the matter in `folder` with real commands and processes; the caller stops the stage. */
export async function playSmallHandover(folder: string): Promise<SmallHandover> {
  mkdirSync(join(folder, 'seller'), { recursive: true })
  const stage = openStage({ folder, seed: 'small-handover', customers: 60, lang: 'zh', steps: 9, say: () => undefined })
  try {
    return await playOn(stage, folder)
  } catch (error) {
    await stage.stop()
    throw error
  }
}

async function playOn(stage: Stage, folder: string): Promise<SmallHandover> {
  const sources = writeSources(join(folder, 'seller'))
  await openHomes(stage, at('2026-09-01'), ['seller', 'buyer', 'broker'])
  await joinAndConfirm(stage, at('2026-09-01'), { name: '小事项', type: 'asset-transfer', settings: ['notice_wait_days=0'], others: ['buyer', 'broker'] })
  const people = await addPeople(stage, at('2026-09-01'))
  await setUpLog(stage, at('2026-09-01'), ['buyer', 'broker'])
  await stage.as('seller', at('2026-09-02'), 'ingest', sources.csv, sources.sqlite)
  await stage.as('seller', at('2026-09-02'), 'subjects')
  for (const [dataSet, transferred] of [['客户.csv', true], ['points', true]] as const) {
    await stage.as('seller', at('2026-09-02'), 'treat', dataSet, '--basis', 'contract', '--assent', 'all', '--purpose', '售后服务', '--collected', 'direct', '--source', 'lawful', '--records-class', 'none', ...(transferred ? ['--transfer'] : []))
  }
  await companyFacts(stage, at('2026-09-02'), { people, deal: 'contract' })
  for (const notice of ['art23', 'art30']) await stage.asMay('seller', at(day), [0, 3], 'notice', 'import', sources.told, '--notice', notice, '--channel', 'sms')
  await factsBeforePacking(stage, at(day), { people, guardiansAgreed: 0 })
  await approvePlan(stage, at(day), people)
  const packageFile = join(stage.post, 'package.tar')
  await stage.as('seller', at(day), 'pack', '--to', 'transferee', '-o', packageFile)
  let minutes = 0
  const now = (): string => new Date(Date.parse(at(day)) + ++minutes * 60_000).toISOString()
  return {
    stage, people, packageFile, policy: join(stage.post, '信任策略.txt'),
    file: (name) => join(folder, name),
    now,
    run: (party, ...argv) => stage.asMay(party, now(), Array.from({ length: 256 }, (_, code) => code), ...argv),
  }
}

interface Sources {
  csv: string
  sqlite: string
  told: string
}

/** Forty customers in a CSV, twenty with blobs and nulls in a SQLite table; mobiles of the number range 17000 that nobody has. */
function writeSources(folder: string): Sources {
  const mobile = (number: number): string => `1700000${String(1000 + number)}`
  const files = { csv: join(folder, '客户.csv'), sqlite: join(folder, '积分.sqlite'), told: join(folder, '送达.csv') }
  const rows = Array.from({ length: 40 }, (_, number) => [`KH${String(number).padStart(4, '0')}`, mobile(number), hostileTexts[number % hostileTexts.length] ?? '', hostileTexts[(number * 7 + 3) % hostileTexts.length] ?? ''])
  writeFileSync(files.csv, [['客户编号', '手机号', '备注', '=标题'], ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""').replaceAll('\0', '')}"`).join(',')).join('\r\n'))
  writeFileSync(files.told, ['手机号,结果,时间', ...Array.from({ length: 60 }, (_, number) => `${mobile(number)},送达,2026-09-10 10:00`)].join('\n'))
  const database = new DatabaseSync(files.sqlite)
  database.exec('create table points (number integer primary key, mobile text, level text, photo blob, balance numeric)')
  const insert = database.prepare('insert into points values (?, ?, ?, ?, ?)')
  for (let number = 40; number < 60; number++) {
    const text = hostileTexts[number % hostileTexts.length] ?? ''
    insert.run(number, mobile(number), number % 3 === 0 ? null : text, number % 2 === 0 ? Buffer.from([0, 255, number, 0xd8, 10]) : null, number % 5 === 0 ? null : number + 0.1)
  }
  database.close()
  return files
}

/** What `receive` and `reconcile` answer about differences. */
export const differencesOf = (document: unknown): { recordId: string; kind: string; fields: number[] }[] =>
  z.object({ differences: z.array(z.object({ recordId: z.string(), kind: z.string(), fields: z.array(z.int()) })) }).parse(document).differences
