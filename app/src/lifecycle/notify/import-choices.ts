// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { ChoiceKind } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import { firstStatus, isAgreement } from '../classify/index.ts'
import { importBatch, inParts, type ImportResult } from './import-batch.ts'
import { choicesOf, timeOf } from './key-file.rules.ts'
import { accountsOf, recordsByPerson, type Match } from './match-keys.ts'
import { insertChoices, type ChoiceRow } from './notify.store.ts'

/** A file of answers, and the channel by which they came. */
export interface ChoiceImport {
  path: string
  channel: string
  errorFile?: string | undefined
}

/** 选择导入结果. How an import of answers ended, by kind; `open` requests wait for `choice decide`. */
export interface ChoiceImportResult extends ImportResult {
  choices: Partial<Record<ChoiceKind, number>>
  open: number
}

/** 导入选择. Records what people answered (个人信息保护法 第十四条、第十五条、第四十四条至第四十七条). An agreement covers the account of the proven key; an objection or withdrawal covers every record of everybody who holds the key; a request needs a key that proves one person, and stays open until decided. */
export async function importChoices(ctx: Context, matter: Matter, order: ChoiceImport): Promise<ChoiceImportResult> {
  const counts: Partial<Record<ChoiceKind, number>> = {}
  let open = 0
  const imported = await importBatch(ctx, matter, {
    path: order.path, errorFile: order.errorFile, kind: 'choice', needed: ['choice'],
    check: (row) => (choicesOf(row.cell('choice')) === null ? 'BAD_CHOICE' : timeOf(row.cell('time'), ctx.now()) === null ? 'BAD_TIME' : null),
    refuse: (match) => (match.isProven || kindsOf(match).every(mayBeShared) ? null : 'SHARED'),
    write: async (tx, batch) => {
      const covers = await coverage(ctx, batch.scope, batch.matches)
      for (const kind of batch.matches.flatMap(kindsOf)) counts[kind] = (counts[kind] ?? 0) + 1
      open = batch.matches.flatMap(kindsOf).filter((kind) => firstStatus(kind) === 'open').length
      const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'ChoiceRecorded', body: { batch: batch.id, choices: counts } }, `choice-import/${batch.id}`)
      const rows = latestByRecord(batch.matches.flatMap((match) => rowsOf(ctx, match, { covers, channel: order.channel })))
      for (const part of inParts(rows)) await insertChoices(tx, batch.scope, { id: batch.id, seq }, part)
    },
  })
  return { ...imported, choices: counts, open }
}

/** An objection or withdrawal only keeps information back, so a shared number is enough for it. */
function mayBeShared(kind: ChoiceKind): boolean {
  return kind === 'object' || kind === 'withdraw'
}

function kindsOf(match: Match): ChoiceKind[] {
  return required(choicesOf(match.row.cell('choice')), 'the choice was checked before')
}

type Coverage = (match: Match, kind: ChoiceKind) => readonly Buffer[]

async function coverage(ctx: Context, scope: Parameters<typeof accountsOf>[1], matches: readonly Match[]): Promise<Coverage> {
  const people = await recordsByPerson(ctx, scope, matches)
  const account = await accountsOf(ctx, scope, matches)
  return (match, kind) => (isAgreement(kind) ? account(match) : match.subjects.flatMap((subject) => people.get(subject) ?? []))
}

function rowsOf(ctx: Context, match: Match, given: { covers: Coverage; channel: string }): ChoiceRow[] {
  const madeAt = required(timeOf(match.row.cell('time'), ctx.now()), 'the time was checked before')
  return kindsOf(match).flatMap((kind) =>
    given.covers(match, kind).map((recordId) => ({
      recordId, choice: kind, scope: isAgreement(kind) ? ('proven-key' as const) : ('person' as const), madeAt, channel: given.channel, status: firstStatus(kind),
    })))
}

/** One row for each record and kind: the latest word of the file. */
function latestByRecord(rows: readonly ChoiceRow[]): ChoiceRow[] {
  const latest = new Map<string, ChoiceRow>()
  for (const row of rows) {
    const key = `${row.recordId.toString('hex')}/${row.choice}`
    const known = latest.get(key)
    if (known === undefined || row.madeAt > known.madeAt) latest.set(key, row)
  }
  return [...latest.values()]
}
