// SPDX-License-Identifier: Apache-2.0
import { ID_PREFIX, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { findArticle, opinionConclusions, type LawBook, type OpinionConclusion, type OpinionState } from '../../law/index.ts'
import { lawOf, lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { lawRoles, signingPersonOf } from '../access/index.ts'
import { counselFailures } from './counsel-failures.ts'
import { fileDocument, openDocument, openFilings, readDocument, type OpenedFiling } from './file-document.ts'

const predicateType = `${ID_PREFIX}attestation/counsel-opinion/v1`
const listed = z.array(z.string())
const predicateSchema = z.strictObject({
  opinion: z.string().regex(/^opn_[0-9a-f]{32}$/), matter: z.string(), document: z.string(), bytes: z.int(), articles: listed, rules: listed, rows: listed, positions: listed,
  conclusion: z.enum(opinionConclusions), givenOn: z.string(), until: z.string().nullable(), signedBy: z.string(), at: z.iso.datetime(),
})

/** What an opinion is about. */
export type OpinionCovers = OpinionState['covers']

/** An opinion to be filed. */
export interface NewOpinion {
  file: string
  covers: OpinionCovers
  conclusion: OpinionConclusion
  givenOn: Day
  until: Day | null
  /** Who gave it (a firm) and a short note; sealed. */
  firm: string
  note: string
  keyFile: string
}

/** 法律意见. A filed opinion with its sealed words opened, for the party's own screen. */
export interface Opinion extends OpinionState {
  bytes: number
  firm: string
  note: string
  fileName: string
  signedBy: string
  at: string
}

/**
 * 登记法律意见. Files counsel's opinion (PRODUCT §6 row 10): the document is sealed, a person signs what it covers and concludes; articles, rules, rows and positions must be those of the law in use.
 * The same document again returns the first record. Refuses what the law does not hold, an opinion about nothing, and days that do not fit.
 */
export async function addOpinion(ctx: Context, matter: Matter, given: NewOpinion): Promise<{ opinion: OpinionState; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const covers = checkedCovers(given.covers, await lawOf(ctx, matter))
  if (given.givenOn > ctx.today()) throw counselFailures.COUNSEL_DAYS({ why: `${given.givenOn} > ${ctx.today()}` })
  if (given.until !== null && given.until < given.givenOn) throw counselFailures.COUNSEL_DAYS({ why: `${given.until} < ${given.givenOn}` })
  const document = readDocument(given.file)
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile, { roles: lawRoles })
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const said = { document: document.sha256, bytes: document.bytes.length, articles: [...covers.articles], rules: [...covers.rules], rows: [...covers.rows], positions: [...covers.positions], conclusion: given.conclusion, givenOn: given.givenOn, until: given.until }
    const before = (await openFilings(ctx, matter, { kind: 'opinion', predicateType, event: 'OpinionFiled', db: tx })).map(stateOf).find((one) => isSame(one, said))
    if (before !== undefined) return { opinion: before, repeated: true }
    const id = idText('opn', ctx.ids.bytes('opn'))
    const predicate: JsonObject = predicateSchema.parse({ ...said, opinion: id, matter: matter.id, signedBy: person.id, at: ctx.now() })
    const statement = await fileDocument(ctx, tx, matter, { id, kind: 'opinion', predicateType, predicate, document, words: { firm: given.firm, note: given.note }, person: person.id, signer })
    await ctx.ledger.append(tx, matter.id, { type: 'OpinionFiled', body: { opinion: id, ...said, statement, by: person.id } }, `opinion/${id}`)
    return { opinion: { id, digest: document.sha256, covers, conclusion: given.conclusion, givenOn: given.givenOn, until: given.until }, repeated: false }
  })
}

/** All opinions of a matter, the oldest first; each is checked against its signature and the ledger. */
export async function loadOpinions(ctx: Context, matter: Pick<Matter, 'id'>): Promise<Opinion[]> {
  return (await openFilings(ctx, matter, { kind: 'opinion', predicateType, event: 'OpinionFiled' })).map((filing) => {
    const said = predicateSchema.parse(filing.said)
    return { ...stateOf(filing), bytes: said.bytes, firm: filing.words['firm'] ?? '', note: filing.words['note'] ?? '', fileName: filing.words['file'] ?? '', signedBy: said.signedBy, at: said.at }
  })
}

/** The document of an opinion by its id, for writing it out again; undefined when there is no such opinion. */
export async function opinionDocument(ctx: Context, matter: Pick<Matter, 'id'>, id: string): Promise<Buffer | undefined> {
  const filing = (await openFilings(ctx, matter, { kind: 'opinion', predicateType, event: 'OpinionFiled' })).find((one) => one.id === id)
  return filing === undefined ? undefined : ((await openDocument(ctx, matter, filing)) ?? undefined)
}

function stateOf({ said }: OpenedFiling): OpinionState {
  const { opinion, document, articles, rules, rows, positions, conclusion, givenOn, until } = predicateSchema.parse(said)
  return { id: opinion, digest: document, covers: { articles, rules, rows, positions }, conclusion, givenOn: dayOf(givenOn), until: until === null ? null : dayOf(until) }
}

function isSame(one: OpinionState, said: { document: string; conclusion: string; givenOn: string; until: string | null } & OpinionCovers): boolean {
  const same = (key: keyof OpinionCovers): boolean => one.covers[key].join() === said[key].join()
  return one.digest === said.document && one.conclusion === said.conclusion && one.givenOn === said.givenOn && one.until === said.until && same('articles') && same('rules') && same('rows') && same('positions')
}

/** The covered places by the ids of the law in use, sorted, each once; refuses one that the law does not hold. */
function checkedCovers(covers: OpinionCovers, law: LawBook): OpinionCovers {
  const rows = new Set([...law.decisionRows.map(({ id }) => id), ...law.residualRows.map(({ id }) => id)])
  const positions = new Set(law.positions.map(({ id }) => id))
  const known = (given: readonly string[], idOf: (text: string) => string | undefined): string[] =>
    [...new Set(given.map((text) => {
      const id = idOf(text.trim())
      if (id === undefined) throw counselFailures.OPINION_COVERS({ what: text.slice(0, 40) })
      return id
    }))].toSorted()
  const checked = {
    articles: known(covers.articles, (text) => findArticle(text, law)?.id), rules: known(covers.rules, (text) => law.ruleById.get(text.toUpperCase())?.id),
    rows: known(covers.rows, (text) => (rows.has(text.toUpperCase()) ? text.toUpperCase() : undefined)), positions: known(covers.positions, (text) => (positions.has(text) ? text : undefined)),
  }
  if (Object.values(checked).every((each) => each.length === 0)) throw counselFailures.OPINION_COVERS_NOTHING()
  return checked
}
