// SPDX-License-Identifier: Apache-2.0
import { ID_PREFIX, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { authorities, documentNumber, isAnswerTo, letterSubjects, type Authority, type AuthorityLetter, type LetterSubject } from '../../law/index.ts'
import { lockMatter, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { safeguardingRoles, signingPersonOf } from '../access/index.ts'
import { counselFailures } from './counsel-failures.ts'
import { fileDocument, openDocument, openFilings, readDocument, type OpenedFiling } from './file-document.ts'

const predicateType = `${ID_PREFIX}attestation/authority-letter/v1`
const predicateSchema = z.strictObject({
  letter: z.string().regex(/^ltr_[0-9a-f]{32}$/), matter: z.string(), direction: z.enum(['in', 'out']), authority: z.string(), subject: z.string(), number: z.string().nullable(),
  dated: z.string(), due: z.string().nullable(), answers: z.string().nullable(), document: z.string().nullable(), signedBy: z.string(), at: z.iso.datetime(),
})

/** A letter to be recorded. */
export interface NewLetter {
  direction: 'in' | 'out'
  authority: Authority
  subject: LetterSubject
  /** Its number as printed (文号). */
  number: string | null
  dated: Day
  /** Last day for our answer, of a letter that came in. */
  due: Day | null
  /** Id of the incoming letter that this one answers. */
  answers: string | null
  file: string | null
  note: string
  keyFile: string
}

/** 监管往来. A recorded letter with its sealed words opened, for the party's own screen. */
export interface Letter extends AuthorityLetter {
  number: string | null
  document: string | null
  note: string
  fileName: string
  signedBy: string
  at: string
}

/**
 * 登记监管往来. Records a letter to or from an authority with its day for an answer, signed by a person; the document and the note are sealed. A reply ends the duty of the letter that it answers.
 * The same letter again (number, day, document; where it has neither, the note) returns the first record. Refuses a letter that nothing tells from another one (no number, document or note), a letter of
 * tomorrow, a due day before the letter, and a reply that does not answer: to a letter that did not come in, of another authority or subject, before it, or without a document where a day was set.
 */
export async function recordLetter(ctx: Context, matter: Matter, given: NewLetter): Promise<{ letter: Letter; repeated: boolean }> {
  refuseUnlessBookkeeper(matter)
  refuseEnded(matter)
  if (given.number !== null && !documentNumber.safeParse(given.number).success) throw counselFailures.LETTER_NUMBER()
  if (given.dated > ctx.today()) throw counselFailures.COUNSEL_DAYS({ why: `${given.dated} > ${ctx.today()}` })
  if (given.due !== null && given.due < given.dated) throw counselFailures.COUNSEL_DAYS({ why: `${given.due} < ${given.dated}` })
  if (given.number === null && given.file === null && given.note.trim() === '') throw counselFailures.LETTER_BARE()
  const document = given.file === null ? null : readDocument(given.file)
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile, { roles: safeguardingRoles })
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const known = (await openFilings(ctx, matter, { kind: 'letter', predicateType, event: 'LetterRecorded', db: tx })).map(letterOf)
    const said = { direction: given.direction, authority: given.authority, subject: given.subject, number: given.number, dated: given.dated, due: given.due, answers: given.answers, document: document?.sha256 ?? null }
    const before = known.find((one) => isSame(one, { ...said, note: given.note }))
    if (before !== undefined) return { letter: before, repeated: true }
    const id = idText('ltr', ctx.ids.bytes('ltr'))
    if (given.answers !== null) refuseUnlessAnswers({ ...said, letter: id }, known)
    const predicate: JsonObject = predicateSchema.parse({ ...said, letter: id, matter: matter.id, signedBy: person.id, at: ctx.now() })
    const statement = await fileDocument(ctx, tx, matter, { id, kind: 'letter', predicateType, predicate, document, words: { note: given.note }, person: person.id, signer })
    const { number: _number, ...booked } = said
    await ctx.ledger.append(tx, matter.id, { type: 'LetterRecorded', body: { letter: id, ...booked, statement, by: person.id } }, `letter/${id}`)
    return { letter: { ...said, letter: id, note: given.note, fileName: document?.name ?? '', signedBy: person.id, at: ctx.now() }, repeated: false }
  })
}

/** Two letters of one day on one subject are told apart by number or document; without either only by what was noted of them. */
function isSame(one: Letter, other: Omit<AuthorityLetter, 'letter'> & { number: string | null; note: string }): boolean {
  const said = (letter: typeof other): readonly (string | null)[] => [letter.direction, letter.authority, letter.subject, letter.number, letter.dated, letter.due, letter.answers, letter.document]
  const isTold = other.number !== null || other.document !== null
  return said(one).every((value, at) => value === said(other)[at]) && (isTold || one.note === other.note)
}

function refuseUnlessAnswers(reply: AuthorityLetter, known: readonly Letter[]): void {
  const asked = known.find(({ letter, direction }) => letter === reply.answers && direction === 'in')
  if (asked === undefined) throw counselFailures.LETTER_UNKNOWN({ letter: (reply.answers ?? '').slice(0, 40) })
  if (reply.dated < asked.dated) throw counselFailures.COUNSEL_DAYS({ why: `${reply.dated} < ${asked.dated}` })
  if (asked.due !== null && reply.document === null) throw counselFailures.REPLY_WITHOUT_DOCUMENT({ letter: asked.letter })
  if (!isAnswerTo(reply, asked)) throw counselFailures.REPLY_DOES_NOT_FIT({ letter: asked.letter })
}

/** All letters of a matter by their day; each is checked against its signature and the ledger. */
export async function loadLetters(ctx: Context, matter: Pick<Matter, 'id'>): Promise<Letter[]> {
  const letters = (await openFilings(ctx, matter, { kind: 'letter', predicateType, event: 'LetterRecorded' })).map(letterOf)
  return letters.toSorted((a, b) => (a.dated === b.dated ? 0 : a.dated < b.dated ? -1 : 1))
}

/** The document of a letter by its id; undefined when there is none. */
export async function letterDocument(ctx: Context, matter: Pick<Matter, 'id'>, id: string): Promise<Buffer | undefined> {
  const filing = (await openFilings(ctx, matter, { kind: 'letter', predicateType, event: 'LetterRecorded' })).find((one) => one.id === id)
  return filing === undefined ? undefined : ((await openDocument(ctx, matter, filing)) ?? undefined)
}

function letterOf({ said, words }: OpenedFiling): Letter {
  const { matter: _matter, dated, due, ...letter } = predicateSchema.parse(said)
  return { ...letter, dated: dayOf(dated), due: due === null ? null : dayOf(due), note: words['note'] ?? '', fileName: words['file'] ?? '' }
}

/** Whether a word names an authority. */
export function isAuthority(word: string): word is Authority {
  return Object.hasOwn(authorities, word)
}

/** Whether a word names a subject of a letter. */
export function isLetterSubject(word: string): word is LetterSubject {
  return Object.hasOwn(letterSubjects, word)
}
