// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { acceptanceEntries, acceptanceLists, describeLists } from '../acceptance-file.ts'
import type { Difference } from '../acceptance-file.ts'
import { booksLeaf, inventoryLeaf } from '../book-leaves.ts'
import type { BooksEntry, InventoryEntry } from '../book-leaves.ts'
import { once, readAll } from '../byte-reader.ts'
import { toBase64, toHex, utf8 } from '../bytes.ts'
import { envelopeText, signStatement } from '../dsse.ts'
import { equivocationText } from '../equivocation.ts'
import { rootOfLeaves } from '../merkle.ts'
import { buildMultiproof } from '../multiproof.ts'
import { makeVkey, NOTE_ED25519, parseNote } from '../note.ts'
import type { NoteSigner, Vkey } from '../note.ts'
import { openedEventText } from '../package-file.ts'
import { encodeReceipt } from '../receipt-file.ts'
import type { Receipt } from '../receipt-file.ts'
import { erasureCertificateStatement, reconciliationStatement } from '../statements.ts'
import { writeTar } from '../tar.ts'
import { AT, eventAt, OUTER, PACKAGE, sampleCertificate, sampleDraft } from '../testing/sample-draft.ts'
import { approverOne, approverTwo, brokerWitness, buyer, buyerWitness, logKey, sampleBytes, samplePolicy, sampleSigner, seller } from '../testing/sample-keys.ts'
import { booksRootOf, MATTER, NEXT_DAY, proofOf, sealMatter, signCheckpoint } from '../testing/sample-matter.ts'
import type { Draft, SealedMatter } from '../testing/sample-matter.ts'
import { booksOf, dsText, inventoryOf, sampleDataSets, sampleRecords } from '../testing/sample-records.ts'
import type { SampleRecord } from '../testing/sample-records.ts'
import { seededNumbers } from '../testing/seeded-numbers.ts'
import { exitCodeOf, verifySource } from './verify-file.ts'
import type { Verdict } from './verdict.ts'

const SEED = 11

describe('a receipt', () => {
  it('leads from the values of one customer to the cosigned log', async () => {
    const verdict = await check(receiptText(sampleReceipt()))
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([])
    expect([verdict.what, exitCodeOf(verdict)]).toEqual(['receipt', 0])
  })

  it('holds without values, and without the close', async () => {
    const bare = sampleReceipt()
    bare.records.forEach((record) => (record.opened = []))
    expect(exitCodeOf(await check(receiptText(bare)))).toBe(0)
    expect(exitCodeOf(await check(receiptText(openReceipt())))).toBe(0)
  })

  it('is refused by its last bytes as by its first: every byte has a signer', async () => {
    const text = receiptText(sampleReceipt())
    const next = seededNumbers(SEED)
    for (let round = 0; round < 1000; round += 1) {
      const bytes = Uint8Array.from(utf8(text))
      const at = round < 500 ? next(bytes.length) : bytes.length - 1 - (round - 500)
      bytes[at] = (bytes[at] ?? 0) ^ (1 + next(255))
      expect([at, exitCodeOf(await checkBytes(bytes))]).toEqual([at, 65])
    }
  })

  const lies: [string, string, (receipt: Receipt) => void][] = [
    ['records of another customer', 'records', (receipt) => receipt.records.forEach((record) => (record.recordId = toHex(sampleBytes('other').subarray(0, 16))))],
    ['a leaf that was never inventoried', 'records', (receipt) => receipt.records.forEach((record) => (record.leaves[0] = 'cd'.repeat(32)))],
    ['another presence', 'records', (receipt) => receipt.records.forEach((record) => (record.presence = '00'))],
    ['a record less', 'records', (receipt) => receipt.records.pop()],
    ['destroyed where the books say transferred', 'books', (receipt) => receipt.records.forEach((record) => (record.vector = record.vector?.replaceAll('01', '05') ?? null))],
    ['dispositions without the closed books', 'books', (receipt) => (receipt.books = null)],
    ['another value', 'content', (receipt) => receipt.records.forEach((record) => record.opened.forEach((field) => (field.value = field.kind === 't' ? '测试假' : field.value)))],
    ['a later date', 'inclusion', (receipt) => (receipt.asOf = '2027-01-01T00:00:00.000Z')],
    ['another matter', 'inclusion', (receipt) => (receipt.matter = 'mat_other')],
    ['an event that was not logged', 'inclusion', (receipt) => receipt.events.forEach((event) => (event.event = event.event.replace('"records":5', '"records":6')))],
  ]
  it.each(lies)('with %s is refused (%s), even when its issuer signed it', async (_name, name, bend) => {
    const receipt = sampleReceipt()
    bend(receipt)
    expect(failed(await check(receiptText(receipt)))).toContain(name)
  })

  it('that opens a value which the inventory does not know as present is refused', async () => {
    const draft = sampleDraft()
    const [inventoried, booked] = [draft.inventory[0], draft.books[0]]
    if (inventoried === undefined || booked === undefined) throw new Error('the sample has no record')
    // Inventory, books, roots and events agree with one another that the first field is empty; only its value contradicts them.
    draft.inventory[0] = { ...inventoried, presence: Uint8Array.of(0b010) }
    draft.books[0] = { ...booked, vector: Uint8Array.of(0, 1, 0) }
    eventAt(draft, 'InventoryCommitted').body['root'] = toHex(rootOfLeaves(draft.inventory.slice(0, 5).map(inventoryLeaf)))
    eventAt(draft, 'MatterClosed').body['booksRoot'] = booksRootOf(draft.books)
    const receipt = sampleReceipt(draft)
    expect(failed(await check(receiptText(receipt)))).toEqual(['content'])
  })

  it('by a stranger is refused under a policy', async () => {
    expect(failed(await check(receiptText(sampleReceipt(), sampleSigner('stranger.example'))))).toEqual(['signature'])
  })
})

describe('an acceptance', () => {
  it('holds with and without differences', async () => {
    expect(exitCodeOf(await checkBytes(await acceptance([], [1, 1])))).toBe(0)
    const differences: Difference[] = [{ recordId: toHex(sampleRecords[0]?.id ?? new Uint8Array(16)), kind: 'duplicate', fields: [] }]
    expect(exitCodeOf(await checkBytes(await acceptance(differences, [2, 1])))).toBe(0)
  })

  it('that hides a doubled record is refused', async () => {
    expect(failed(await checkBytes(await acceptance([], [2, 1])))).toEqual(['differences'])
  })

  it('signed by the sender is refused', async () => {
    expect(failed(await checkBytes(await acceptance([], [1, 1], seller)))).toEqual(['signature'])
  })

  it(`is refused when one of 300 bytes changes (seed ${SEED})`, async () => {
    const bytes = await acceptance([], [1, 1])
    const next = seededNumbers(SEED)
    for (let round = 0; round < 300; round += 1) {
      const flipped = Uint8Array.from(bytes)
      const at = next(bytes.length)
      flipped[at] = (flipped[at] ?? 0) ^ (1 + next(255))
      expect([at, exitCodeOf(await checkBytes(flipped))]).toEqual([at, 65])
    }
  })
})

describe('a certificate', () => {
  const target = { tombstones: 7, tombstoneRoot: toHex(sampleBytes('tombstones')) }

  it('pending says so, and what was not verified', async () => {
    const verdict = await check(envelopeText(signStatement(erasureCertificateStatement(sampleCertificate('pending', target)), [seller])))
    expect([verdict.what, exitCodeOf(verdict)]).toEqual(['certificate', 0])
    const certificate = sampleCertificate('final', target)
    for (const [withoutReceipts, exit] of [['nobody-to-reach', 0], [7, 65], [{}, 65]] as const) {
      const statement = { ...erasureCertificateStatement(certificate), predicate: { ...certificate, withoutReceipts } }
      expect([withoutReceipts, exitCodeOf(await check(envelopeText(signStatement(statement, [seller]))))]).toEqual([withoutReceipts, exit])
    }
    const details = verdict.checks.map(({ detail }) => detail).join()
    for (const words of ['待定', '两人身份未核验', '注入时钟']) expect(details).toContain(words)
  })

  it('is refused when any of its bytes changes', async () => {
    const bytes = utf8(envelopeText(signStatement(erasureCertificateStatement(sampleCertificate('final', target)), [seller])))
    const next = seededNumbers(SEED)
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 + next(255))
      expect([at, exitCodeOf(await checkBytes(flipped))]).toEqual([at, 65])
    }
  })

  it('by an employee, who may approve but not certify, is refused', async () => {
    for (const signer of [approverOne, buyer]) {
      const verdict = await check(envelopeText(signStatement(erasureCertificateStatement(sampleCertificate('final', target)), [signer])))
      expect([signer.vkey.name, exitCodeOf(verdict)]).toEqual([signer.vkey.name, signer === buyer ? 0 : 65])
    }
  })

  it('a reconciliation that two employees signed, or one side with an auditor, is refused', async () => {
    const counts = { matched: 1, missing: 0, extra: 0, changed: 0, duplicate: 0 }
    const statement = reconciliationStatement({ package: PACKAGE, matter: MATTER, outer: OUTER, acceptance: OUTER, contentRoot: OUTER, sentRoot: OUTER, acceptedRoot: OUTER, ...counts, at: AT })
    const auditor = sampleSigner('auditor.example')
    expect(failed(await check(envelopeText(signStatement(statement, [approverOne, approverTwo]))))).toEqual(['signature'])
    const verdict = await verifySource(() => once(utf8(envelopeText(signStatement(statement, [seller, auditor])))), { policy: `${samplePolicy}party auditor ${auditor.vkey.text}\n` })
    expect(failed(verdict)).toEqual(['statements'])
  })

  it('a reconciliation that one party signed is refused, by both it holds', async () => {
    const counts = { matched: 1, missing: 0, extra: 0, changed: 0, duplicate: 0 }
    const statement = reconciliationStatement({ package: PACKAGE, matter: MATTER, outer: OUTER, acceptance: OUTER, contentRoot: OUTER, sentRoot: OUTER, acceptedRoot: OUTER, ...counts, at: AT })
    expect(failed(await check(envelopeText(signStatement(statement, [seller]))))).toEqual(['statements'])
    expect(exitCodeOf(await check(envelopeText(signStatement(statement, [seller, buyer]))))).toBe(0)
  })
})

describe('a checkpoint and a tlog-proof', () => {
  const matter = sealMatter(sampleDraft())

  it('hold under the policy', async () => {
    expect(exitCodeOf(await check(matter.checkpoint))).toBe(0)
    expect(exitCodeOf(await check(proofWithEvent(matter, 3)))).toBe(0)
  })

  it('without a policy are self-declared and say what was not checked', async () => {
    const verdict = await verifySource(() => once(utf8(matter.checkpoint)))
    expect([exitCodeOf(verdict), verdict.unchecked.length]).toEqual([3, 1])
  })

  it('are refused without quorum, with another event, and without the event', async () => {
    expect(failed(await check(signCheckpoint(matter.entries, [buyerWitness])))).toEqual(['checkpoint'])
    expect(failed(await check(signCheckpoint(matter.entries, [brokerWitness, brokerWitness])))).toEqual(['checkpoint'])
    expect(failed(await check(proofWithEvent(matter, 3).replace('index 3', 'index 4')))).toEqual(['inclusion'])
    expect(failed(await check(proofOf(matter, 3)))).toEqual(['inclusion'])
  })
})

function proofWithEvent(matter: SealedMatter, leaf: number): string {
  const event = matter.events[leaf]
  if (event === undefined) throw new Error('the sample has no such event')
  return proofOf(matter, leaf, utf8(openedEventText(event)))
}

/** The receipt of the customer behind records 0 and 5: one in each data set. */
function sampleReceipt(draft: Draft = sampleDraft()): Receipt {
  const matter = sealMatter(draft)
  const mine = sampleRecords.filter(({ index }) => index === 0 || index === 5)
  const shown = [1, 2, matter.events.length - 1]
  const books = draft.books.map(booksLeaf)
  const inventoried = (record: SampleRecord): InventoryEntry => draft.inventory[record.index] ?? inventoryOf(record)
  const booked = (record: SampleRecord): BooksEntry => draft.books[record.index] ?? booksOf(record)
  return {
    format: 'handover-receipt/v1',
    matter: MATTER,
    asOf: NEXT_DAY,
    dataSets: sampleDataSets.map((ds) => ({ id: dsText(ds), fields: ds.fields.map((field) => `fld_${toHex(field)}`) })),
    records: mine.map((record) => ({
      index: record.index,
      recordId: toHex(record.id),
      dataSet: dsText(record.ds),
      presence: toHex(inventoried(record).presence),
      leaves: record.leaves.map(toHex),
      vector: toHex(booked(record).vector),
      opened: record.values.map((value, field) => ({ field, salt: toBase64(record.salts[field] ?? new Uint8Array(0)), kind: value === null ? 'n' : 't', value: typeof value === 'string' ? value : null })),
    })),
    inventory: sampleDataSets.map((ds, at) => {
      const all = sampleRecords.filter((record) => record.ds === ds)
      const places = all.flatMap((record, place) => (mine.includes(record) ? [place] : []))
      return { event: at, path: buildMultiproof(places, all.map((record) => inventoryLeaf(inventoried(record)))).map(toBase64) }
    }),
    books: { event: 2, path: buildMultiproof([0, 5], books).map(toBase64) },
    events: shown.map((leaf) => ({ event: matter.events[leaf]?.event ?? '', salt: toBase64(matter.events[leaf]?.salt ?? new Uint8Array(0)), proof: proofOf(matter, leaf) })),
  }
}

/** The same receipt before the close. */
function openReceipt(): Receipt {
  const receipt = sampleReceipt()
  receipt.records.forEach((record) => (record.vector = null))
  return { ...receipt, asOf: AT, books: null, events: receipt.events.slice(0, 2) }
}

function receiptText(receipt: Receipt, signer: NoteSigner = seller): string {
  return encodeReceipt(receipt, [signer])
}

async function acceptance(differences: readonly Difference[], seen: readonly number[], signer: NoteSigner = buyer): Promise<Uint8Array> {
  const records = sampleRecords.slice(0, 2).map((record, at) => ({ recordId: record.id, root: record.root, seen: seen[at] ?? 1 }))
  const facts = { package: PACKAGE, matter: MATTER, recipient: 'pty_transferee', outer: OUTER, contentRoot: OUTER, values: 5, refused: [], destination: 'sqlite', at: AT }
  return readAll(writeTar(acceptanceEntries(facts, await describeLists(acceptanceLists({ records, differences })), [signer])), 1e7)
}

function check(text: string): Promise<Verdict> {
  return checkBytes(utf8(text))
}

function checkBytes(bytes: Uint8Array): Promise<Verdict> {
  return verifySource(() => once(bytes), { policy: samplePolicy })
}

function failed(verdict: Verdict): string[] {
  return verdict.checks.filter(({ ok }) => !ok).map(({ name }) => name)
}


describe('a proof of two histories', () => {
  const two = twoHistories()

  it('holds when the log signed two roots for one size, and never answers 0: nobody may go on with such a log', async () => {
    const verdict = await check(two.text)
    expect([verdict.what, exitCodeOf(verdict)]).toEqual(['equivocation', 3])
    expect(exitCodeOf(await verifySource(() => once(utf8(two.text))))).toBe(3)
  })

  it('is refused for one root, for another size, for another log, and with any byte changed', async () => {
    expect(() => equivocationText(two.log, two.first, two.first)).toThrow('do not contradict')
    expect(() => equivocationText(two.log, two.first, two.longer)).toThrow('do not contradict')
    expect(failed(await check(two.text.replace(/^log \S+/m, `log ${makeVkey(two.log.name, NOTE_ED25519, seller.vkey.publicKey).text}`)))).toEqual(['equivocation'])
    const bytes = utf8(two.text)
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      expect((await verifySource(() => once(flipped), { policy: samplePolicy })).ok, `byte ${at}`).toBe(false)
    }
  })
})

function twoHistories(): { log: Vkey; first: string; second: string; longer: string; text: string } {
  const { checkpoint, entries } = sealMatter(sampleDraft())
  const first = onlyTheLog(checkpoint)
  const second = onlyTheLog(signCheckpoint([...entries.slice(0, -1), ...entries.slice(0, 1)], []))
  const longer = onlyTheLog(signCheckpoint([...entries, ...entries.slice(0, 1)], []))
  return { log: logKey.vkey, first, second, longer, text: equivocationText(logKey.vkey, first, second) }
}

/** The note with the log's own line alone. */
function onlyTheLog(note: string): string {
  const { body, lines } = parseNote(note)
  return `${body}\n${lines.filter((line) => line.name === logKey.vkey.name).map((line) => line.text).join('')}`
}
