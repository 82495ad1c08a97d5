// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { keyWithScope, labelKinds, loadSources, type Scope } from '../discover/index.ts'
import { findByKeys, recordsOfSubjects, strongLinks, type KeyHit } from './notify.store.ts'
import type { RowErrorCode } from './notify-failures.ts'
import type { KeyRow } from './read-key-file.ts'

/** 匹配结果. Whom a key means: the records that hold it and the persons they belong to. */
export interface Match {
  row: KeyRow
  holders: readonly Buffer[]
  subjects: readonly string[]
  /** The key proves one person; false for a phone that several people share. */
  isProven: boolean
}

/** A row that means nobody, and why. */
export interface Unmatched {
  row: KeyRow
  code: RowErrorCode
}

const keysPerQuestion = 1000

/** Looks keys up by their blind index (CONTRACTS §13); in the order of the rows. Placeholders and switchboards mean nobody. */
export async function matchKeys(ctx: Context, matterId: string, rows: readonly KeyRow[]): Promise<{ matched: Match[]; unmatched: Unmatched[] }> {
  const matched: Match[] = []
  const unmatched: Unmatched[] = []
  const sources = await sourceNames(ctx, matterId)
  for (let at = 0; at < rows.length; at += keysPerQuestion) {
    for (const answer of await matchPart(ctx, matterId, { rows: rows.slice(at, at + keysPerQuestion), sources })) {
      if ('code' in answer) unmatched.push(answer)
      else matched.push(answer)
    }
  }
  return { matched, unmatched }
}

/** Sources by id, with the names under which a file may call them. */
async function sourceNames(ctx: Context, matterId: string): Promise<Map<string, string>> {
  const names = await ctx.vault.openLabels(matterId, labelKinds.sourceName)
  const sources = await loadSources(ctx.db, { tenant: ctx.tenant, matterId })
  return new Map(sources.map((source) => [source.id, names.get(source.id) ?? source.id]))
}

interface Question {
  row: number
  type: string
  normalised: string
  sourceId: string | null
}

async function matchPart(ctx: Context, matterId: string, given: { rows: readonly KeyRow[]; sources: ReadonlyMap<string, string> }): Promise<(Match | Unmatched)[]> {
  const { rows, sources } = given
  const questions = rows.flatMap((row, at) => questionsOf(row, at, sources))
  const blinds = await ctx.vault.blindMany(matterId, questions.map((one) => ({ keyType: one.type, normalised: one.normalised })))
  const hits = await findByKeys(ctx.db, { tenant: ctx.tenant, matterId }, questions.map((one, at) => ({ type: one.type, blind: blinds[at] ?? Buffer.alloc(0) })))
  const hitsByRow = Map.groupBy(hits, (hit) => questions[hit.at]?.row ?? -1)
  return rows.map((row, at) => answerOf(row, (hitsByRow.get(at) ?? []).map((hit) => ({ ...hit, sourceId: questions[hit.at]?.sourceId ?? null }))))
}

/** A customer number only means something within its source: one question for each source it may be of. */
function questionsOf(row: KeyRow, at: number, sources: ReadonlyMap<string, string>): Question[] {
  const { key } = row
  if (key === null) return []
  if (key.type !== 'customer-id') return [{ row: at, type: key.type, normalised: key.normalised, sourceId: null }]
  const meant = [...sources].filter(([id, name]) => key.source === null || key.source === name || key.source === id)
  return meant.map(([sourceId]) => ({ row: at, type: key.type, normalised: keyWithScope(key.type, key.normalised, sourceId), sourceId }))
}

function answerOf(row: KeyRow, hits: readonly (KeyHit & { sourceId: string | null })[]): Match | Unmatched {
  if (row.error !== null) return { row, code: row.error }
  if (hits.length === 0) return { row, code: 'NOT_FOUND' }
  if (new Set(hits.map((hit) => hit.sourceId)).size > 1) return { row, code: 'SCOPE' }
  const why = hits.find((hit) => hit.demoted !== null)?.demoted ?? null
  if (why === 'placeholder' || why === 'too-many-names') return { row, code: 'SHARED' }
  const subjects = [...new Set(hits.flatMap((hit) => hit.subjectId ?? []))]
  return { row, holders: hits.map((hit) => hit.recordId), subjects, isProven: why === null && subjects.length === 1 }
}

/** Every record of the persons that the matches mean, by person. */
export async function recordsByPerson(ctx: Context, scope: Scope, matches: readonly Match[]): Promise<Map<string, Buffer[]>> {
  const subjects = [...new Set(matches.flatMap((match) => match.subjects))]
  const rows = await recordsOfSubjects(ctx.db, scope, subjects)
  return new Map([...Map.groupBy(rows, (row) => row.subjectId)].map(([subject, members]) => [subject, members.map((row) => row.recordId)]))
}

/** 同一账户. The records that an agreement covers: those that hold the proven key, and those of the same account (resident ID or customer number), step by step; never what only a phone or a mailbox joins (CONTRACTS §14). */
export async function accountsOf(ctx: Context, scope: Scope, matches: readonly Match[]): Promise<(match: Match) => Buffer[]> {
  const links = await strongLinks(ctx.db, scope, [...new Set(matches.flatMap((match) => match.subjects))])
  const keysByRecord = Map.groupBy(links, (link) => link.recordId.toString('hex'))
  const recordsByKey = Map.groupBy(links, (link) => link.key)
  return (match) => {
    const found = new Map(match.holders.map((id) => [id.toString('hex'), id]))
    const waiting = [...found.keys()]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const { key } of keysByRecord.get(next) ?? []) {
        for (const { recordId } of recordsByKey.get(key) ?? []) {
          const id = recordId.toString('hex')
          if (found.has(id)) continue
          found.set(id, recordId)
          waiting.push(id)
        }
      }
    }
    return [...found.values()]
  }
}
