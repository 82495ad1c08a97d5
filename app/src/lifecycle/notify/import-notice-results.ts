// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { NoticeKind } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import { importBatch, type ImportResult } from './import-batch.ts'
import { resultOf, timeOf, type DeliveryResult } from './key-file.rules.ts'
import { recordsByPerson, type Match } from './match-keys.ts'
import { insertNoticeResults, type NoticeResultRow } from './notify.store.ts'
import { RecordAnswers } from './record-answers.ts'

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
  const told = new RecordAnswers()
  const kinds = new Map<string, { code: number; channel: string; result: DeliveryResult }>()
  const imported = await importBatch(ctx, matter, {
    path: order.path, errorFile: order.errorFile, kind: `notice/${order.notice}`, needed: ['result'],
    check: (row) => (resultOf(row.cell('result')) === null ? 'BAD_RESULT' : timeOf(row.cell('time'), ctx.now()) === null ? 'BAD_TIME' : null),
    refuse: () => null,
    take: async (scope, matches) => {
      const people = await recordsByPerson(ctx, scope, matches)
      for (const match of matches) {
        const result = required(resultOf(match.row.cell('result')), 'the result was checked before')
        const at = required(timeOf(match.row.cell('time'), ctx.now()), 'the time was checked before')
        const { code } = kindOf(kinds, { channel: channelOf(match, order.channel), result })
        results[result] += 1
        for (const recordId of match.isProven ? match.subjects.flatMap((subject) => people.get(subject) ?? []) : match.holders) told.add(recordId, code, at)
      }
    },
    write: async (tx, batch) => {
      const event = { type: 'NoticeResultsImported' as const, body: { batch: batch.id, notice: order.notice, ...results } }
      const { seq } = await ctx.ledger.append(tx, matter.id, event, `notice-import/${batch.id}`)
      const byCode = [...kinds.values()]
      for (const part of told.parts()) {
        const rows = part.map(({ recordId, code, at }) => ({ recordId, at, ...required(byCode[code], 'every code has a kind') }))
        await insertNoticeResults(tx, batch.scope, { id: batch.id, seq, notice: order.notice }, bestByRecord(rows))
      }
    },
  })
  return { ...imported, results }
}

/** Channels and results are few; a record keeps the number of their pair. */
function kindOf(kinds: Map<string, { code: number; channel: string; result: DeliveryResult }>, kind: { channel: string; result: DeliveryResult }): { code: number } {
  const name = `${kind.channel}/${kind.result}`
  const known = kinds.get(name) ?? { code: kinds.size, ...kind }
  kinds.set(name, known)
  return known
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

/** One result for each record and channel of a part: the best, and of equal ones the first; between parts the store decides the same. */
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
