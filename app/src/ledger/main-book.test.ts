// SPDX-License-Identifier: Apache-2.0
import { eventCommitment } from '@handover/proof'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instantOf } from '../kit/time.ts'
import { addDataSet, addMatter, openTestLedger, tamper, type TestLedger } from './test-ledger.fixture.ts'
import type { Account } from '../law/nouns.ts'
import { bodyOfEvent, type NewEvent, type Posting } from './index.ts'

let books: TestLedger
beforeAll(async () => { books = await openTestLedger() })
afterAll(async () => { await books.remove() })

const opened = (origin = 'o'): NewEvent => ({ type: 'MatterOpened', body: { type: 'asset-transfer', origin, parties: [], settings: '00', demo: false } })
const posted = (postings: Posting[]): NewEvent => ({ type: 'DispositionsPosted', body: { plan: 'pln_1', postings } })
const packed = { package: 'pkg_1', sequence: 1, to: 'pty_2', purpose: 'transfer', outer: 'aa', manifest: 'bb', records: 1, values: 1 } as const
/** The event whose move this is. */
const eventOfMove = (postings: Posting[], from: Account, to: Account): NewEvent => {
  if (to === 'in-transit') return { type: 'PackageIssued', body: { ...packed, postings } }
  if (from === 'in-transit') return { type: 'Reconciled', body: { package: 'pkg_1', statement: 'cc', root: 'dd', matched: 1, postings } }
  if (to === 'destroyed') return { type: 'RecordsDestroyed', body: { order: 'ord_1', records: 1, tombstones: 1, tombstoneRoot: 'ee', postings } }
  return posted(postings)
}
const append = (matter: string, event: NewEvent, effect: string) => books.db.transaction((tx) => books.ledger.append(tx, matter, event, effect))
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))

async function inventory(name: string, records = 20) {
  const matter = await addMatter(books, name)
  const { ds, ids } = await addDataSet(books, matter, { name, fields: 4, records, firstIndex: 0 })
  await append(matter, opened(), 'opened')
  await books.db.transaction(async (tx) => books.ledger.append(tx, matter, { type: 'InventoryCommitted', body: await books.ledger.inventoryOf(tx, matter, ds) }, `inventory/${ds}`))
  return { matter, ds, ids }
}

async function move(matter: string, ids: Buffer[], fields: number[], from: Account, to: Account, effect: string) {
  return books.db.transaction(async (tx) => {
    const postings = await books.ledger.setDispositions(tx, matter, [{ recordIds: ids, fields, from, to }])
    await books.ledger.append(tx, matter, eventOfMove(postings, from, to), effect)
    return postings
  })
}

describe('events', () => {
  test('an event gets the next number, a committed JSON in canonical form and a random salt', async () => {
    const matter = await addMatter(books, 'events')
    expect(await append(matter, opened(), 'opened')).toEqual({ seq: 1, repeated: false })
    expect(await append(matter, { type: 'PolicyChanged', body: { policy: 'ab' } }, 'p')).toEqual({ seq: 2, repeated: false })
    const [first, second] = await Array.fromAsync(books.ledger.events(matter))
    expect(second?.json).toBe(`{"m":"${matter}","policy":"ab","s":2,"t":"PolicyChanged","ts":"2026-11-21T08:00:00.000Z","v":1}`)
    expect(Buffer.from(eventCommitment(second?.json ?? '', second?.salt ?? Buffer.alloc(0)))).toEqual(second?.commitment)
    expect(first?.salt).not.toEqual(second?.salt)
    expect(bodyOfEvent(second?.json ?? '')).toEqual({ policy: 'ab' })
  })

  test('the same act booked twice gives the first result, and with other content is refused', async () => {
    const matter = await addMatter(books, 'repeat')
    await append(matter, opened(), 'opened')
    expect(await append(matter, opened(), 'opened')).toEqual({ seq: 1, repeated: true })
    expect(await codeOf(append(matter, opened('other'), 'opened'))).toBe('EFFECT_REUSED')
    expect(await codeOf(append(matter, { type: 'PolicyChanged', body: { policy: 'x' } }, 'opened'))).toBe('EFFECT_REUSED')
  })

  test('twelve acts at once get twelve numbers without a gap', async () => {
    const matter = await addMatter(books, 'at once')
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => append(matter, { type: 'PolicyChanged', body: { policy: String(n) } }, `p${n}`)))
    expect(results.map((result) => result.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
  })

  test('the time of events never goes back: a small step of the clock is held, a large one is refused', async () => {
    const matter = await addMatter(books, 'clock')
    await append(matter, opened(), 'opened')
    const before = books.clock.now
    books.clock.now = instantOf('2026-11-21T07:59:58Z')
    await append(matter, { type: 'PolicyChanged', body: { policy: 'x' } }, 'x')
    expect((await books.ledger.event(matter, 2)).at).toBe('2026-11-21T08:00:00.000Z')
    books.clock.now = instantOf('2026-11-20T08:00:00Z')
    expect(await codeOf(append(matter, { type: 'PolicyChanged', body: { policy: 'y' } }, 'y'))).toBe('CLOCK_BEHIND_LEDGER')
    books.clock.now = before
  })

  test('a name cannot get into an event', async () => {
    const matter = await addMatter(books, 'plain')
    await expect(append(matter, { type: 'PolicyChanged', body: { policy: '张三反悔' } }, 'a')).rejects.toThrow('not plain ASCII')
  })

  test('the database refuses to change or delete an event or a posting', async () => {
    const { matter } = await inventory('append only', 3)
    for (const statement of [
      `update event set body = '{}' where matter_id = $1`, `update event set commitment = '\\x00' where matter_id = $1`, `delete from event where matter_id = $1`,
      `update event set type = 'MatterClosed' where matter_id = $1`, `update event set effect = effect || '/2' where matter_id = $1`, `update event set at = at - interval '1 day' where matter_id = $1`,
      `update posting set amount = amount + 1 where matter_id = $1`, `delete from posting where matter_id = $1`,
    ]) await expect(tamper(books, statement, [matter])).rejects.toThrow(/refused a statement/)
  })

  test('a tombstone moves on and never back, and stays that of its record and key', async () => {
    const { matter } = await inventory('tombstones')
    await tamper(books, `insert into erasure (tenant, matter_id, number, record_id, version, slot, order_id, intent_seq) values (current_setting('handover.tenant')::uuid, $1, 0, '\\x00', 1, 5, 'ord_1', 0)`, [matter])
    await tamper(books, `update erasure set intent_seq = 7, erased_keys_at = now(), deleted_at = now() where matter_id = $1`, [matter])
    for (const change of [`slot = 6`, `version = 2`, `record_id = '\\x01'`, `order_id = 'ord_2'`, `number = 1`, `intent_seq = 8`, `erased_keys_at = null`, `deleted_at = null`]) {
      await expect(tamper(books, `update erasure set ${change} where matter_id = $1`, [matter]), change).rejects.toThrow(/refused a statement/)
    }
  })
})

describe('main book', () => {
  test('an inventory books every value as pending, and empty cells not at all', async () => {
    const { matter, ds } = await inventory('inventory')
    const lines = await books.ledger.mainBook(matter)
    expect(lines).toHaveLength(4)
    expect(lines.every((line) => line.ds === ds && line.discovered === 16 && line.pending === 16)).toBe(true)
    expect(await books.ledger.verifyBooks(matter)).toMatchObject({ balanced: true, records: 20, events: 2, problems: [] })
  })

  test('vectors and postings move together through in-transit to transferred', async () => {
    const { matter, ids } = await inventory('journey')
    const sent = await move(matter, ids.slice(0, 10), [0, 1], 'pending', 'in-transit', 'pack')
    expect(sent.map((posting) => posting.n)).toEqual([8, 8])
    await move(matter, ids.slice(0, 10), [0, 1], 'in-transit', 'transferred', 'reconcile')
    await move(matter, ids.slice(0, 10), [2, 3], 'pending', 'destroyed', 'destroy')
    await move(matter, ids.slice(10), [0, 1, 2, 3], 'pending', 'kept', 'keep')
    const total = { discovered: 0, transferred: 0, kept: 0, destroyed: 0, pending: 0, inTransit: 0 }
    for (const line of await books.ledger.mainBook(matter)) for (const key of ['discovered', 'transferred', 'kept', 'destroyed', 'pending', 'inTransit'] as const) total[key] += line[key]
    expect(total).toEqual({ discovered: 64, transferred: 16, kept: 32, destroyed: 16, pending: 0, inTransit: 0 })
    expect((await books.ledger.verifyBooks(matter)).problems).toEqual([])
    const closing = await books.ledger.closingBalance(matter)
    expect(closing).toMatchObject({ records: 20, discovered: 64, recordsBy: { kept: 10, mixed: 10 }, subjectsBy: { kept: 0, mixed: 0 } })
  })

  test('plan outcomes given as vectors become changes grouped by vector', async () => {
    const { matter, ids } = await inventory('vectors', 6)
    const postings = await books.db.transaction(async (tx) => {
      const moved = await books.ledger.setDispositions(tx, matter, [
        { recordIds: ids.slice(0, 3), fields: [0, 1], from: 'pending', to: 'kept' }, { recordIds: ids.slice(0, 3), fields: [2], from: 'pending', to: 'sealed' },
        { recordIds: ids.slice(3), fields: [0, 1, 2, 3], from: 'pending', to: 'sealed' },
      ])
      await books.ledger.append(tx, matter, posted(moved), 'plan')
      return moved
    })
    expect(new Set(postings.map((posting) => posting.to))).toEqual(new Set(['kept', 'sealed']))
    expect((await books.ledger.verifyBooks(matter)).balanced).toBe(true)
  })

  test.each<[NewEvent['type'], Account, Account]>([
    ['DispositionsPosted', 'pending', 'transferred'], ['DispositionsPosted', 'pending', 'destroyed'], ['DispositionsPosted', 'pending', 'in-transit'], ['DispositionsPosted', 'pending', 'anonymised'],
    ['Reconciled', 'pending', 'transferred'], ['RecordsDestroyed', 'pending', 'kept'], ['PackageIssued', 'pending', 'sealed'],
  ])('%s cannot move %s to %s, because the verifier would refuse it', async (type, from, to) => {
    const { matter, ids } = await inventory(`move ${type} ${from} ${to}`, 5)
    const refused = books.db.transaction(async (tx) => {
      const postings = await books.ledger.setDispositions(tx, matter, [{ recordIds: ids, fields: [0], from, to }])
      const bodies = [posted(postings), eventOfMove(postings, 'pending', 'in-transit'), eventOfMove(postings, 'in-transit', 'transferred'), eventOfMove(postings, 'pending', 'destroyed')]
      const event = bodies.find((each) => each.type === type)
      return books.ledger.append(tx, matter, event ?? posted([]), 'bad')
    })
    expect(await codeOf(refused)).toBe('BOOKS_OUT_OF_BALANCE')
    expect((await books.ledger.verifyBooks(matter)).balanced).toBe(true)
  })

  test('subjects are counted by what became of all their records', async () => {
    const { matter, ids } = await inventory('subjects', 6)
    const subjects = ['sub_b', 'sub_a', 'sub_b', 'sub_c', 'sub_a']
    for (const [at, subject] of subjects.entries()) await books.db.execute('insert into record_subject (tenant, matter_id, record_id, subject_id) values ($1, $2, $3, $4)', [books.tenant, matter, ids[at] ?? Buffer.alloc(16), subject])
    await move(matter, ids.slice(0, 3), [0, 1, 2, 3], 'pending', 'kept', 'keep')
    await move(matter, ids.slice(3, 5), [0, 1, 2, 3], 'pending', 'sealed', 'seal')
    expect((await books.ledger.closingBalance(matter)).subjectsBy).toEqual({ transferred: 0, kept: 1, sealed: 1, anonymised: 0, destroyed: 0, mixed: 1 })
  })

  test('refuses a field that does not stand where it should leave, and changes nothing', async () => {
    const { matter, ids } = await inventory('wrong account', 5)
    await move(matter, ids.slice(0, 2), [1], 'pending', 'kept', 'keep')
    expect(await codeOf(move(matter, ids, [1], 'pending', 'destroyed', 'again'))).toBe('DISPOSITION_NOT_AS_EXPECTED')
    expect(await codeOf(move(matter, [Buffer.alloc(16)], [1], 'pending', 'kept', 'unknown'))).toBe('RECORD_UNKNOWN')
    expect(await codeOf(move(matter, ids, [9], 'pending', 'kept', 'no field'))).toBe('DISPOSITION_NOT_AS_EXPECTED')
    expect((await books.ledger.verifyBooks(matter)).balanced).toBe(true)
  })

  test.each<[string, (ds: string, f: string) => Posting]>([
    ['more than there is', (ds, f) => ({ ds, f, from: 'pending', to: 'kept', n: 17 })],
    ['from an account that is empty', (ds, f) => ({ ds, f, from: 'in-transit', to: 'transferred', n: 1 })],
    ['values that nobody discovered', (ds, f) => ({ ds, f, from: 'discovered', to: 'pending', n: 1 })],
    ['nothing', (ds, f) => ({ ds, f, from: 'pending', to: 'kept', n: 0 })],
    ['half a value', (ds, f) => ({ ds, f, from: 'pending', to: 'kept', n: 0.5 })],
    ['to the same account', (ds, f) => ({ ds, f, from: 'pending', to: 'pending', n: 1 })],
  ])('refuses to post %s', async (what, posting) => {
    const { matter, ds } = await inventory(`refuses ${what}`)
    const field = (await books.ledger.mainBook(matter))[0]?.f ?? ''
    expect(await codeOf(append(matter, posted([posting(ds, field)]), 'bad'))).toBe('BOOKS_OUT_OF_BALANCE')
    expect(await books.ledger.eventByEffect(matter, 'bad')).toBeUndefined()
  })

  test('refuses an event that no verifier should have to read, in words, and books nothing', async () => {
    const matter = await addMatter(books, 'too wide')
    const { ds } = await addDataSet(books, matter, { name: 'too wide', fields: 2, records: 1, firstIndex: 0 })
    const fields = Array.from({ length: 160_000 }, (_, at) => ({ f: `fld_${String(at).padStart(32, '0')}`, values: 0 }))
    expect(await codeOf(append(matter, { type: 'InventoryCommitted', body: { ds, first: 0, records: 1, root: '00'.repeat(32), fields, postings: [] } }, 'wide'))).toBe('EVENT_TOO_LARGE')
    expect(await books.ledger.eventByEffect(matter, 'wide')).toBeUndefined()
  })

  test('refuses an inventory whose counts and postings disagree', async () => {
    const matter = await addMatter(books, 'two counts')
    const { ds } = await addDataSet(books, matter, { name: 'two counts', fields: 2, records: 5, firstIndex: 0 })
    const body = await books.db.transaction((tx) => books.ledger.inventoryOf(tx, matter, ds))
    const wrong = { ...body, fields: body.fields.map((field) => ({ ...field, values: field.values + 1 })) }
    expect(await codeOf(append(matter, { type: 'InventoryCommitted', body: wrong }, 'i'))).toBe('BOOKS_OUT_OF_BALANCE')
  })

  test.each([
    ['a vector changed behind the books', `update record set dispositions = '\\x05050505' where matter_id = $1 and inventory_index = 3`, 'counted'],
    ['a presence bit changed', `update record set presence = '\\x00' where matter_id = $1 and inventory_index = 3`, 'contradict'],
    ['a record root replaced', `update record set inventory_root = '\\x${'00'.repeat(32)}' where matter_id = $1 and inventory_index = 3`, 'committed root'],
    ['the present root of a record replaced', `update record set root = '\\x${'00'.repeat(32)}' where matter_id = $1 and inventory_index = 3`, 'never changed'],
    ['a record deleted', `delete from record where matter_id = $1 and inventory_index = 3`, 'committed root'],
  ])('verifyBooks finds %s', async (what, statement, found) => {
    const { matter } = await inventory(`tampered: ${what}`)
    await tamper(books, statement, [matter])
    const check = await books.ledger.verifyBooks(matter)
    expect(check.balanced).toBe(false)
    expect(check.problems.map((problem) => problem.why).join()).toContain(found)
  })

  test('2,000 records of 10 fields change account in one statement each way', async () => {
    const matter = await addMatter(books, 'many')
    const { ds, ids } = await addDataSet(books, matter, { name: 'many', fields: 10, records: 2000, firstIndex: 0 })
    await books.db.transaction(async (tx) => books.ledger.append(tx, matter, { type: 'InventoryCommitted', body: await books.ledger.inventoryOf(tx, matter, ds) }, 'i'))
    await move(matter, ids, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'pending', 'in-transit', 'pack')
    expect((await books.ledger.verifyBooks(matter)).balanced).toBe(true)
  })
})

describe('copies book', () => {
  const copy = { kind: 'original', holder: 'pty_1', dataSetId: null, sourceId: 'src_1', values: 64 } as const
  const open = (matter: string, effect: string) => books.db.transaction((tx) => books.ledger.openCopy(tx, matter, copy, effect))
  const end = (matter: string, id: string, how: 'destroyed' | 'kept' | 'sealed', more: { proof?: string; until?: string } = {}, effect = `end/${how}`) =>
    books.db.transaction((tx) => books.ledger.endCopy(tx, matter, { copy: id, how, proof: more.proof ?? null, until: more.until ?? null }, effect))

  test('a copy is opened once, ended once, and both are events', async () => {
    const matter = await addMatter(books, 'copies')
    const first = await open(matter, 'c1')
    expect(await open(matter, 'c1')).toEqual({ ...first, repeated: true })
    const second = await open(matter, 'c2')
    expect(second.copy).not.toBe(first.copy)
    await end(matter, first.copy, 'destroyed', { proof: 'ab' })
    expect((await end(matter, first.copy, 'destroyed', { proof: 'ab' })).repeated).toBe(true)
    const copies = await books.ledger.copies(matter)
    expect(copies.map((line) => [line.endedHow, line.ended?.proof ?? null])).toEqual([['destroyed', 'ab'], [null, null]])
    expect((await Array.fromAsync(books.ledger.events(matter))).map((event) => event.type)).toEqual(['CopyOpened', 'CopyOpened', 'CopyEnded'])
  })

  test('refuses an end without its proof or date, an unknown copy and a second end', async () => {
    const matter = await addMatter(books, 'copy ends')
    const { copy: id } = await open(matter, 'c1')
    expect(await codeOf(end(matter, id, 'destroyed'))).toBe('COPY_END_INCOMPLETE')
    expect(await codeOf(end(matter, id, 'sealed'))).toBe('COPY_END_INCOMPLETE')
    expect(await codeOf(end(matter, 'cpy_0', 'kept'))).toBe('COPY_UNKNOWN')
    await end(matter, id, 'sealed', { until: '2036-12-31' })
    expect(await codeOf(end(matter, id, 'kept'))).toBe('COPY_ALREADY_ENDED')
    expect(await books.ledger.eventsOfType(matter, 'CopyEnded')).toHaveLength(1)
  })
})
