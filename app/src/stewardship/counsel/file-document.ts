// SPDX-License-Identifier: Apache-2.0
// What opinions and letters have in common: a document that is sealed, words that are sealed, and a signed statement that is not.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { canonicalJson, isJsonObject, parseVkey, sha256, signStatement, statementDigest, toHex, verifyEnvelope, type JsonObject, type NoteSigner } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import { loadPersons } from '../access/index.ts'
import { counselFailures } from './counsel-failures.ts'
import { insertCounselRow, loadCounselRows, type CounselRow } from './counsel.store.ts'

const bytesMax = 20_000_000

/** A document that is about to be filed: its bytes, digest and name. */
export interface FiledDocument {
  bytes: Buffer
  sha256: string
  name: string
}

/** Reads a document to be filed; refuses one that cannot be read, is empty or too large. */
export function readDocument(file: string): FiledDocument {
  try {
    const bytes = readFileSync(file)
    if (bytes.length === 0 || bytes.length > bytesMax) throw counselFailures.COUNSEL_DOCUMENT({ file, why: `${bytes.length} B` })
    return { bytes, sha256: toHex(sha256(bytes)), name: basename(file) }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error) throw counselFailures.COUNSEL_DOCUMENT({ file, why: String(error.code) }, { cause: error })
    throw error
  }
}

/** What is filed with one act. */
export interface Filing {
  id: string
  kind: CounselRow['kind']
  predicateType: string
  predicate: JsonObject
  document: FiledDocument | null
  /** Free words (a firm, a note, a file's name); sealed. */
  words: Readonly<Record<string, string>>
  person: string
  signer: NoteSigner
}

/** Signs the statement, seals document and words, and writes the row in the caller's transaction; returns the statement's digest for the event. */
export async function fileDocument(ctx: Context, tx: Tx, matter: Matter, filing: Filing): Promise<string> {
  const { id, kind, predicate, predicateType, document } = filing
  const envelope = signStatement({ subject: [{ name: id, digest: { sha256: document?.sha256 ?? toHex(sha256(Buffer.from(canonicalJson(predicate)))) } }], predicateType, predicate }, [filing.signer])
  const digest = statementDigest(envelope)
  const documentSealed = await ctx.vault.sealText(matter.id, `counsel/${id}/document`, document === null ? '' : document.bytes.toString('base64'))
  const wordsSealed = await ctx.vault.sealText(matter.id, `counsel/${id}/words`, JSON.stringify({ ...filing.words, ...(document === null ? {} : { file: document.name }) }))
  await insertCounselRow(tx, { tenant: ctx.tenant, matterId: matter.id }, { id, kind, envelope, digest: Buffer.from(digest, 'hex'), documentSealed, wordsSealed, signedBy: filing.person, at: ctx.now() })
  return digest
}

const wordsSchema = z.record(z.string(), z.string())

/** A stored document whose signature was checked: what its statement says, and the sealed words opened. */
export interface OpenedFiling {
  id: string
  said: JsonObject
  words: Readonly<Record<string, string>>
  row: CounselRow
}

/** All filings of a kind in the order of the ledger, each compared with its signature and with the event that names it; refuses one that does not fit. */
export async function openFilings(ctx: Context, matter: Pick<Matter, 'id'>, given: { kind: CounselRow['kind']; predicateType: string; event: 'OpinionFiled' | 'LetterRecorded'; db?: Queryable }): Promise<OpenedFiling[]> {
  const db = given.db ?? ctx.db
  const vkeyById = new Map((await loadPersons(db, ctx.tenant)).map((person) => [person.id, person.vkey]))
  const booked = (await ctx.ledger.eventsOfType(matter.id, given.event)).map(({ json }) => z.looseObject({ statement: z.string() }).parse(JSON.parse(json)).statement)
  const placeOf = (row: CounselRow): number => booked.indexOf(row.digest.toString('hex')) // the order of the ledger: the legal clock may stand still
  const opened: OpenedFiling[] = []
  for (const row of (await loadCounselRows(db, { tenant: ctx.tenant, matterId: matter.id }, given.kind)).toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const said = checkedStatement(row, vkeyById.get(row.signedBy), given.predicateType)
    if (said['matter'] !== matter.id || placeOf(row) < 0) throw counselFailures.COUNSEL_DAMAGED({ document: row.id })
    opened.push({ id: row.id, said, words: wordsSchema.parse(JSON.parse(await ctx.vault.openText(matter.id, `counsel/${row.id}/words`, row.wordsSealed))), row })
  }
  return opened
}

function checkedStatement(row: CounselRow, vkey: string | undefined, predicateType: string): JsonObject {
  try {
    if (vkey === undefined) throw new RangeError('unknown signer')
    const { statement, payload } = verifyEnvelope(row.envelope, [parseVkey(vkey)], 1)
    if (statement.predicateType !== predicateType || !row.digest.equals(sha256(payload)) || statement.subject[0]?.name !== row.id || !isJsonObject(statement.predicate)) throw new RangeError('row and statement differ')
    return statement.predicate
  } catch (error) {
    throw counselFailures.COUNSEL_DAMAGED({ document: row.id }, { cause: error })
  }
}

/** The sealed document of a filing, or null where none was attached. */
export async function openDocument(ctx: Context, matter: Pick<Matter, 'id'>, { id, row }: OpenedFiling): Promise<Buffer | null> {
  const text = await ctx.vault.openText(matter.id, `counsel/${id}/document`, row.documentSealed)
  return text === '' ? null : Buffer.from(text, 'base64')
}
