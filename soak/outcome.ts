// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { verifyFile } from '@handover/proof'
import { readAcceptedContent, readProofFacts } from '../stories/read-proof.ts'

/** 结果. What must be the same however often a matter was disturbed. */
export type Outcome = Awaited<ReturnType<typeof outcomeOf>>

/** Reads the bundle, the acceptance and the recipient's rows of a finished journey. */
export async function outcomeOf(stage: string) {
  const bundle = join(stage, '证据包.tar')
  const verdict = await verifyFile(bundle, { policy: readFileSync(join(stage, 'post', '信任策略.txt'), 'utf8') })
  const { recordIds, ...proof } = await readProofFacts(bundle)
  const records = { count: recordIds.length, repeated: recordIds.length - new Set(recordIds).size, ids: digestOf(recordIds) }
  return { verified: { ok: verdict.ok, trust: verdict.trust }, records, proof, content: await readAcceptedContent(join(stage, 'post', '验收单.tar')), landed: landedRecords(join(stage, 'buyer', '接收库.sqlite')) }
}

/** Rows of each landing table and a digest over all their ids and values; package ids are random and left out. */
export function landedRecords(file: string): Record<string, { rows: number; digest: string }> {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = database.prepare(`select name from sqlite_master where type = 'table' and name like 'ds!_%' escape '!' order by name`).all().map((row) => String(row['name']))
    return Object.fromEntries(tables.map((table) => {
      const rows = database.prepare(`select * from "${table}"`).all().map(({ package: _random, ...row }) => JSON.stringify(row)).toSorted()
      return [table, { rows: rows.length, digest: digestOf(rows) }]
    }))
  } finally {
    database.close()
  }
}

/** Names every part in which two outcomes differ. */
export function differencesBetween(expected: unknown, found: unknown, place = ''): string[] {
  if (typeof expected === 'object' && expected !== null && typeof found === 'object' && found !== null) {
    const [one, other] = [new Map(Object.entries(expected)), new Map(Object.entries(found))]
    return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) => differencesBetween(one.get(key), other.get(key), place === '' ? key : `${place}.${key}`))
  }
  return Object.is(expected, found) ? [] : [`${place}: ${String(expected)} ≠ ${String(found)}`]
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
