// SPDX-License-Identifier: Apache-2.0
import { consistencyPath, equalBytes, inclusionPath, verifyConsistency, verifyInclusion, ProofError } from '@handover/proof'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { postOf } from '../app/src/demo/index.ts'
import { draws } from '../stories/seeded-draws.ts'
import { declaredDays as on } from '../stories/whole-matter.ts'
import { endOf, isRefusal } from './answer-code.ts'
import type { Answer } from './armed-party.ts'
import { ownerOf } from './dba.store.ts'
import type { Findings } from './fault-points.ts'
import { anyExit, type Reference, type SoakRun } from './journey.ts'
import { readPublishedLog, type PublishedLog } from './log-folder.ts'
import { addOtherFact } from './matter-parts.ts'
import type { SoakStage } from './soak-stage.ts'

let factNumber = 0

/** An edit behind the program's back, and how it has to show: as a problem that `log verify` lists, or as the code with which the next publication is refused; one that loses nothing which public files and witnesses do not have may be healed instead. */
interface Edit {
  what: string
  sql: string
  shows: { verify: RegExp } | { publish: RegExp; mayHeal?: true }
}

const event = { verify: /^event: event \d+ (does not fit its commitment|is missing)$/m }
const books = { verify: /: (posted \d+, counted \d+|-?\d+ would be below zero|\d+ discovered, -?\d+ accounted for)$/m }
const log = { publish: /^(LOG_DIFFERS|LOG_ENTRIES_DAMAGED|LOG_BEHIND)$/ }

/** Edits that the owner of the database could make: changed, deleted, doubled, moved and cut rows of what matters. */
const edits: readonly Edit[] = [
  { what: 'an event says something else', shows: event, sql: `update event set body = replace(body, '"v":1', '"v":2') where seq = $1` },
  { what: 'an event lost its salt', shows: event, sql: `update event set salt = sha256(salt) where seq = $1` },
  { what: 'an event has another commitment', shows: event, sql: `update event set commitment = sha256(commitment) where seq = $1` },
  { what: 'an event is gone', shows: event, sql: `delete from event where seq = $1` },
  { what: 'the tail of the events is gone', shows: log, sql: `delete from event where seq > $1 and seq > (select max(seq) - 3 from event)` },
  { what: 'two events changed places', shows: log, sql: `update event set leaf_index = (select other.leaf_index from event other where other.seq = 2 * $1::bigint + 1 - event.seq) where seq in ($1::bigint, $1::bigint + 1)` },
  { what: 'a posting has another amount', shows: books, sql: `update posting set amount = amount + 1 where ctid = (select ctid from posting order by md5(data_set_id || field_id || $1::text) limit 1)` },
  { what: 'a posting is gone', shows: books, sql: `delete from posting where ctid = (select ctid from posting order by md5(field_id || $1::text) limit 1)` },
  { what: 'a posting went to another account', shows: books, sql: `update posting set to_account = 'kept' where ctid = (select ctid from posting where to_account = 'in-transit' order by md5(field_id || $1::text) limit 1)` },
  { what: 'a posting is there twice, under another event as well', shows: books, sql: `insert into posting select tenant, matter_id, seq + 1, data_set_id, field_id, from_account, to_account, amount from (select * from posting order by md5(field_id || $1::text) limit 1) one` },
  { what: 'a record has another root', shows: { verify: /^record: record number \d+ was never changed and has another root/m }, sql: `update record set root = sha256(root) where id = (select id from record order by md5(id::text || $1::text) limit 1)` },
  { what: 'a record has another root, in the inventory as well', shows: { verify: /^inventory: the records do not have the committed root$/m }, sql: `update record set root = sha256(root), inventory_root = sha256(root) where id = (select id from record order by md5(id::text || $1::text) limit 1)` },
  { what: 'a record says that its fields went elsewhere', shows: books, sql: `update record set dispositions = set_byte(dispositions, 0, 3) where id = (select id from record order by md5(id::text || $1::text) limit 1)` },
  { what: 'the head has another root', shows: log, sql: `update log_head set root = sha256(root) where $1 > 0` },
  { what: 'the head went back', shows: log, sql: `update log_head set size = size - 16 where $1 > 0` },
  { what: 'the signed checkpoints and the head are gone', shows: { ...log, mayHeal: true }, sql: `with gone as (delete from checkpoint where $1 > 0) delete from log_head where $1 > 0` },
]

/** Random edits by the database's owner: each must show as it has to, and who holds only the last checkpoint, or a proof under it as receipts carry them, must never be shown a log that contradicts it (SECURITY P10). */
export async function editAsOwner(run: SoakRun, { stage }: { reference: Reference; stage: SoakStage }, count: number, point?: number): Promise<Findings> {
  const findings: Findings = { points: 0, unreached: 0, found: [] }
  const draw = draws(`${run.seed}/dba`)
  for (let number = 1; number <= count; number += 1) {
    const edit = edits[(number - 1) % edits.length]
    const seq = 5 + Math.floor(draw() * 20)
    if (edit === undefined || (point !== undefined && point !== number)) continue
    await stage.takeBack('receive')
    await stage.asMay('seller', on.acceptance, anyExit, 'log', 'verify') // starts the server
    const held = publishedNow(stage)
    const said = `point ${number}: ${edit.what} (#${seq})`
    const changed = await ownerOf(join(stage.folder, 'seller', 'home'), edit.sql, seq)
    if (changed === 'refused' || changed === 0) {
      findings.unreached += 1
      run.say(`    ${said}: ${changed === 'refused' ? 'the database itself refused' : 'no row fits'}`)
      continue
    }
    findings.points += 1
    const { how, wrong } = await detectedBy(stage, edit)
    const holder = seenByHolder(stage, held)
    run.say(`    ${said}: ${how}; the holder of checkpoint and proof: ${holder.sees}`)
    findings.found.push(...[...wrong, ...(holder.isContradicted ? [`the holder of checkpoint and proof: ${holder.sees}`] : [])].map((line) => `${said}: ${line}`))
  }
  return findings
}

/** Exits and codes are exact: books that do not add up (14, and the home has stopped), or a refused publication (65). Anything else is no detection. */
async function detectedBy(stage: SoakStage, { shows }: Edit): Promise<{ how: string; wrong: string[] }> {
  const verified = await stage.asMay('seller', on.acceptance, anyExit, 'log', 'verify')
  const problems = problemsOf(verified)
  await stage.rest('seller')
  await addOtherFact(stage, on.acceptance, (factNumber += 1))
  const published = await stage.asMay('seller', on.acceptance, anyExit, 'log', 'publish')
  const how = `log verify ${endOf(verified)}${problems === '' ? '' : ` (${problems.split('\n')[0] ?? ''})`}, log publish ${endOf(published)}`
  // Once the books are found wrong the home has stopped, and every publication is refused for that.
  const isHalted = verified.exit === 14 && isRefusal(published, /^HOME_HALTED$/)
  const isRight = 'verify' in shows ? isHalted && shows.verify.test(problems) : isHalted || (verified.exit === 0 && (isRefusal(published, shows.publish) || (shows.mayHeal === true && published.exit === 0)))
  return { how, wrong: isRight ? [] : [`not shown as it has to be: ${how}`] }
}

const checkSchema = z.looseObject({ problems: z.array(z.looseObject({ account: z.string(), why: z.string() })) })

function problemsOf(answer: Answer): string {
  const check = checkSchema.safeParse(answer.document)
  return check.success ? check.data.problems.map(({ account, why }) => `${account}: ${why}`).join('\n') : ''
}

function publishedNow(stage: SoakStage): PublishedLog {
  return readPublishedLog(join(stage.folder, 'seller', 'home'), readFileSync(postOf(stage).policy, 'utf8'))
}

/** What anybody fetches afterwards, compared with the checkpoint and the entry held from before: the same log, a longer one that contains it, or a contradiction. */
function seenByHolder(stage: SoakStage, held: PublishedLog): { sees: string; isContradicted: boolean } {
  try {
    const now = publishedNow(stage)
    if (now.size === held.size && equalBytes(now.root, held.root)) return { sees: `the log stands still at ${held.size}`, isContradicted: false }
    verifyConsistency({ first: BigInt(held.size), second: BigInt(now.size), path: consistencyPath(BigInt(held.size), now.leaves), firstRoot: held.root, secondRoot: now.root })
    for (const [index, leafHash] of held.leaves.entries()) verifyInclusion({ index: BigInt(index), size: BigInt(now.size), leafHash, path: inclusionPath(BigInt(index), now.leaves), root: now.root })
    return { sees: `the log grew from ${held.size} to ${now.size} and contains what is held`, isContradicted: false }
  } catch (error) {
    if (error instanceof ProofError) return { sees: `another log than the one held: ${error.message}`, isContradicted: true }
    throw error
  }
}
