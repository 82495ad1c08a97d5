// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { NoticeKind } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import { importBatch, inParts, type ImportResult } from './import-batch.ts'
import { resultOf, timeOf, type DeliveryResult } from './key-file.rules.ts'
import { recordsByPerson, type Match } from './match-keys.ts'
import { insertNoticeResults, type NoticeResultRow } from './notify.store.ts'

/** A file of delivery results: which notice, and by which channel when the file has no column for it. */
export interface NoticeImport {
  path: string
  notice: NoticeKind
  channel: string
  errorFile?: string | undefined
}

/** 告知结果. How an import of delivery results ended, by result. */
export interface NoticeImportResult extends ImportResult {
  results: Record<DeliveryResult, number>
}

/** 导入告知结果. Records who was told what and when (个人信息保护法 第二十二条、第二十三条; rules E01, E02, E11). A number that proves one person tells that person about all their records; a shared one only about the records that hold it. */
export async function importNoticeResults(ctx: Context, matter: Matter, order: NoticeImport): Promise<NoticeImportResult> {
  const results = { delivered: 0, bounced: 0, announced: 0 }
  const imported = await importBatch(ctx, matter, {
    path: order.path, errorFile: order.errorFile, kind: `notice/${order.notice}`, needed: ['result'],
    check: (row) => (resultOf(row.cell('result')) === null ? 'BAD_RESULT' : timeOf(row.cell('time'), ctx.now()) === null ? 'BAD_TIME' : null),
    refuse: () => null,
    write: async (tx, batch) => {
      const people = await recordsByPerson(ctx, batch.scope, batch.matches)
      for (const match of batch.matches) results[resultFor(match)] += 1
      const event = { type: 'NoticeResultsImported' as const, body: { batch: batch.id, notice: order.notice, ...results } }
      const { seq } = await ctx.ledger.append(tx, matter.id, event, `notice-import/${batch.id}`)
      const rows = bestByRecord(batch.matches.flatMap((match) => rowsOf(match, { ctx, people, channel: order.channel })))
      for (const part of inParts(rows)) await insertNoticeResults(tx, batch.scope, { id: batch.id, seq, notice: order.notice }, part)
    },
  })
  return { ...imported, results }
}

function resultFor(match: Match): DeliveryResult {
  return required(resultOf(match.row.cell('result')), 'the result was checked before')
}

function rowsOf(match: Match, given: { ctx: Context; people: ReadonlyMap<string, Buffer[]>; channel: string }): NoticeResultRow[] {
  const told = match.isProven ? match.subjects.flatMap((subject) => given.people.get(subject) ?? []) : match.holders
  const at = required(timeOf(match.row.cell('time'), given.ctx.now()), 'the time was checked before')
  return told.map((recordId) => ({ recordId, channel: channelOf(match, given.channel), result: resultFor(match), at }))
}

/** Channels are words of a fixed form; a file's own column may hold anything. */
function channelOf(match: Match, usual: string): string {
  const told = match.row.cell('channel')
  return Object.hasOwn(channelNames, told) ? (channelNames[told] ?? usual) : usual
}

const channelNames: Readonly<Record<string, string>> = {
  短信: 'sms', sms: 'sms', 邮件: 'email', 电子邮件: 'email', email: 'email', 电话: 'phone', phone: 'phone', 微信: 'wechat', wechat: 'wechat', 信函: 'letter', letter: 'letter', 站内信: 'in-app', 'in-app': 'in-app', 公告: 'public', public: 'public',
}

/** Channels of notices and answers. */
export const channels: readonly string[] = [...new Set(Object.values(channelNames))]

/** One result for each record and channel: the best, and of equal ones the first. */
function bestByRecord(rows: readonly NoticeResultRow[]): NoticeResultRow[] {
  const best = new Map<string, NoticeResultRow>()
  for (const row of rows) {
    const key = `${row.recordId.toString('hex')}/${row.channel}`
    const known = best.get(key)
    if (known === undefined || rank(row) < rank(known) || (rank(row) === rank(known) && row.at < known.at)) best.set(key, row)
  }
  return [...best.values()]
}

const bestFirst: readonly string[] = ['delivered', 'announced', 'bounced'] satisfies DeliveryResult[]

function rank(row: NoticeResultRow): number {
  return bestFirst.indexOf(row.result)
}
