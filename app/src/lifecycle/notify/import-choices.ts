// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { Instant } from '../../kit/time.ts'
import { choices as choiceKinds, type ChoiceKind } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import { firstStatus, isAgreement } from '../classify/index.ts'
import { importBatch, type ImportResult } from './import-batch.ts'
import { choicesOf, timeOf } from './key-file.rules.ts'
import { accountsOf, recordsByPerson, type Match } from './match-keys.ts'
import { insertChoices, type ChoiceRow } from './notify.store.ts'
import { RecordAnswers } from './record-answers.ts'

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
  const answers = new RecordAnswers()
  let open = 0
  const imported = await importBatch(ctx, matter, {
    path: order.path, errorFile: order.errorFile, kind: 'choice', needed: ['choice'],
    check: (row) => (choicesOf(row.cell('choice')) === null ? 'BAD_CHOICE' : timeOf(row.cell('time'), ctx.now()) === null ? 'BAD_TIME' : null),
    refuse: (match) => (match.isProven || kindsOf(match).every(mayBeShared) ? null : 'SHARED'),
    take: async (scope, matches) => {
      const covers = await coverage(ctx, scope, matches)
      for (const match of matches) {
        const madeAt = required(timeOf(match.row.cell('time'), ctx.now()), 'the time was checked before')
        for (const kind of kindsOf(match)) {
          counts[kind] = (counts[kind] ?? 0) + 1
          if (firstStatus(kind) === 'open') open += 1
          for (const recordId of covers(match, kind)) answers.add(recordId, choiceKinds.indexOf(kind), madeAt)
        }
      }
    },
    write: async (tx, batch) => {
      const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'ChoiceRecorded', body: { batch: batch.id, choices: counts } }, `choice-import/${batch.id}`)
      for (const part of answers.parts()) {
        const rows = part.map(({ recordId, code, at }) => rowOf(recordId, required(choiceKinds[code], 'every code is a kind of choice'), { madeAt: at, channel: order.channel }))
        await insertChoices(tx, batch.scope, { id: batch.id, seq }, latestByRecord(rows))
      }
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

function rowOf(recordId: Buffer, kind: ChoiceKind, said: { madeAt: Instant; channel: string }): ChoiceRow {
  return { recordId, choice: kind, scope: isAgreement(kind) ? 'proven-key' : 'person', status: firstStatus(kind), ...said }
}

/** One row for each record and kind: the latest word of a part; between parts the store decides the same. */
function latestByRecord(rows: readonly ChoiceRow[]): ChoiceRow[] {
  const latest = new Map<string, ChoiceRow>()
  for (const row of rows) {
    const key = `${row.recordId.toString('hex')}/${row.choice}`
    const known = latest.get(key)
    if (known === undefined || row.madeAt > known.madeAt) latest.set(key, row)
  }
  return [...latest.values()]
}
