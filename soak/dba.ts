// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { addOtherFact } from './matter-parts.ts'
import { ownerOf } from './dba.store.ts'
import type { SoakStage } from './soak-stage.ts'

let factNumber = 0

/** Edits that the owner of the database could make behind the program's back: changed, deleted, doubled, swapped and cut rows of what matters. */
const edits: readonly { what: string; sql: string }[] = [
  { what: 'an event says something else', sql: `update event set body = replace(body, '"v":1', '"v":2') where seq = $1` },
  { what: 'an event lost its salt', sql: `update event set salt = sha256(salt) where seq = $1` },
  { what: 'an event has another commitment', sql: `update event set commitment = sha256(commitment) where seq = $1` },
  { what: 'an event is gone', sql: `delete from event where seq = $1` },
  { what: 'the tail of the events is gone', sql: `delete from event where seq > $1 and seq > (select max(seq) - 3 from event)` },
  { what: 'two events changed places', sql: `update event set leaf_index = case seq when $1 then (select leaf_index from event where seq = $1 + 1) else (select leaf_index from event where seq = $1) end where seq in ($1, $1 + 1)` },
  { what: 'a posting has another amount', sql: `update posting set amount = amount + 1 where ctid = (select ctid from posting order by md5(data_set_id || field_id || $1::text) limit 1)` },
  { what: 'a posting is gone', sql: `delete from posting where ctid = (select ctid from posting order by md5(field_id || $1::text) limit 1)` },
  { what: 'a posting is there twice', sql: `update posting set to_account = 'kept' where ctid = (select ctid from posting where to_account = 'in-transit' order by md5(field_id || $1::text) limit 1)` },
  { what: 'a record has another root', sql: `update record set root = sha256(root) where id = (select id from record order by md5(id::text || $1::text) limit 1)` },
  { what: 'a record says that its fields went elsewhere', sql: `update record set dispositions = set_byte(dispositions, 0, 3) where id = (select id from record order by md5(id::text || $1::text) limit 1)` },
  { what: 'the head has another root', sql: `update log_head set root = sha256(root) where $1 > 0` },
  { what: 'the head went back', sql: `update log_head set size = size - 16 where $1 > 0` },
]

/** Random edits by the database's owner; `log verify` or the next publication, with the last checkpoint and the witnesses, must refuse each (SECURITY P10). */
export async function editAsOwner(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  const draw = draws(`${run.seed}/dba`)
  for (let number = 1; number <= count; number += 1) {
    const edit = edits[(number - 1) % edits.length]
    const seq = 5 + Math.floor(draw() * 20)
    if (edit === undefined || (point !== undefined && point !== number)) continue
    await stage.takeBack('receive')
    await stage.asMay('seller', on.acceptance, anyExit, 'log', 'verify') // starts the server
    const changed = await ownerOf(join(stage.folder, 'seller', 'home'), edit.sql, seq)
    if (changed === 'refused' || changed === 0) {
      findings.unreached += 1
      run.say(`    point ${number}: ${edit.what} (#${seq}): ${changed === 'refused' ? 'the database itself refused' : 'no row fits'}`)
      continue
    }
    findings.points += 1
    const by = await detectedBy(stage)
    run.say(`    point ${number}: ${edit.what} (#${seq}): ${by ?? 'NOT DETECTED'}`)
    if (by === null) findings.found.push(`point ${number}: ${edit.what} (#${seq}) was not detected`)
  }
  return findings
}

async function detectedBy(stage: SoakStage): Promise<string | null> {
  const verified = await stage.asMay('seller', on.acceptance, anyExit, 'log', 'verify')
  if (verified.exit !== 0) return `log verify, exit ${verified.exit}`
  await stage.rest('seller')
  await addOtherFact(stage, on.acceptance, (factNumber += 1))
  const published = await stage.asMay('seller', on.acceptance, anyExit, 'log', 'publish')
  return published.exit === 0 ? null : `log publish, exit ${published.exit}`
}
