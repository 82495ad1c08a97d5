// SPDX-License-Identifier: Apache-2.0
import { ID_PREFIX, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { authorities, documentNumber, letterSubjects, openLetters, type Authority, type AuthorityLetter, type LetterSubject } from '../../law/index.ts'
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
 * The same letter again (number, day, document) returns the first record. Refuses a reply to a letter that did not come in, a letter of tomorrow, and a due day before the letter.
 */
export async function recordLetter(ctx: Context, matter: Matter, given: NewLetter): Promise<{ letter: Letter; repeated: boolean }> {
  refuseUnlessBookkeeper(matter)
  refuseEnded(matter)
  if (given.number !== null && !documentNumber.safeParse(given.number).success) throw counselFailures.LETTER_NUMBER()
  if (given.dated > ctx.today()) throw counselFailures.COUNSEL_DAYS({ why: `${given.dated} > ${ctx.today()}` })
  if (given.due !== null && given.due < given.dated) throw counselFailures.COUNSEL_DAYS({ why: `${given.due} < ${given.dated}` })
  const document = given.file === null ? null : readDocument(given.file)
  const { person, signer } = await signingPersonOf(ctx, matter, given.keyFile, { roles: safeguardingRoles })
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const known = (await openFilings(ctx, matter, { kind: 'letter', predicateType, event: 'LetterRecorded', db: tx })).map(letterOf)
    if (given.answers !== null && !known.some(({ letter, direction }) => letter === given.answers && direction === 'in')) throw counselFailures.LETTER_UNKNOWN({ letter: given.answers.slice(0, 40) })
    const said = { direction: given.direction, authority: given.authority, subject: given.subject, number: given.number, dated: given.dated, due: given.due, answers: given.answers, document: document?.sha256 ?? null }
    const before = known.find((one) => Object.entries(said).every(([key, value]) => Object.entries(one).some(([other, same]) => other === key && same === value)))
    if (before !== undefined) return { letter: before, repeated: true }
    const id = idText('ltr', ctx.ids.bytes('ltr'))
    const predicate: JsonObject = predicateSchema.parse({ ...said, letter: id, matter: matter.id, signedBy: person.id, at: ctx.now() })
    const statement = await fileDocument(ctx, tx, matter, { id, kind: 'letter', predicateType, predicate, document, words: { note: given.note }, person: person.id, signer })
    const { number: _number, ...booked } = said
    await ctx.ledger.append(tx, matter.id, { type: 'LetterRecorded', body: { letter: id, ...booked, statement, by: person.id } }, `letter/${id}`)
    return { letter: { ...said, letter: id, note: given.note, fileName: document?.name ?? '', signedBy: person.id, at: ctx.now() }, repeated: false }
  })
}

/** All letters of a matter by their day; each is checked against its signature and the ledger. */
export async function loadLetters(ctx: Context, matter: Pick<Matter, 'id'>): Promise<Letter[]> {
  const letters = (await openFilings(ctx, matter, { kind: 'letter', predicateType, event: 'LetterRecorded' })).map(letterOf)
  return letters.toSorted((a, b) => (a.dated === b.dated ? 0 : a.dated < b.dated ? -1 : 1))
}

/** The letters that wait for our answer. */
export async function lettersToAnswer(ctx: Context, matter: Pick<Matter, 'id'>): Promise<Letter[]> {
  const letters = await loadLetters(ctx, matter)
  const open = new Set(openLetters(letters).map(({ letter }) => letter))
  return letters.filter(({ letter }) => open.has(letter))
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
