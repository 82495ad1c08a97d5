// SPDX-License-Identifier: Apache-2.0
import { booksLeaf, DISPOSITIONS, dispositionOfCode, inventoryLeaf, isPresent } from '../book-leaves.ts'
import { fromBase64Strict, fromHex, ProofError, toHex } from '../bytes.ts'
import { rootFromMultiproof } from '../multiproof.ts'
import { parseReceipt, receiptMessage } from '../receipt-file.ts'
import type { ReceiptBatch, ReceiptField, ReceiptRecord, SignedReceipt } from '../receipt-file.ts'
import { fieldLeaf, isValue, recordRoot } from '../values.ts'
import type { CanonicalValue } from '../values.ts'
import { bodyOf } from './matter-events.ts'
import type { MatterEvent } from './matter-events.ts'
import { partyKeys, verifySignatures } from './trust.ts'
import type { Trust } from './trust.ts'
import { noteUncosigned, verifyIncludedEvent } from './verify-inclusion-of-event.ts'
import type { CheckList } from './verdict.ts'
import { dispositionWords, timeWords } from './words.ts'
import type { Words } from './words.ts'

/** Checks a receipt: leaves → batch root → event → log → quorum, values where they were given (CONTRACTS §14). */
export async function verifyReceipt(text: string, trust: Trust, checks: CheckList): Promise<void> {
  const receipt = await checks.need('form', () => parseReceipt(text))
  await checks.need('signature', () => verifySignatures(receiptMessage(receipt), receipt.signatures, trust.policy === null ? null : partyKeys(trust.policy)))
  const events = await checks.need('inclusion', (say) => {
    const found = checkEvents(receipt, trust)
    const asOf = timeWords(receipt.asOf)
    say({ zh: `${found.length} 个事件,截至 ${asOf.zh}`, en: `${found.length} events, as of ${asOf.en}` })
    return found
  })
  noteUncosigned(trust, checks)
  await checks.need('records', (say) => {
    checkInventory(receipt, events)
    say({ zh: `${receipt.records.length} 条记录`, en: `${receipt.records.length} records` })
  })
  await checks.also('books', (say) => say(checkBooks(receipt, events)))
  await checks.also('content', (say) => {
    const opened = receipt.records.reduce((sum, record) => sum + checkOpened(receipt, record), 0)
    say({ zh: `${opened} 个值与承诺一致`, en: `${opened} values match their commitments` })
  })
}

/** All events are of this matter and of one log; the receipt is as old as its last event. */
function checkEvents(receipt: SignedReceipt, trust: Trust): MatterEvent[] {
  const included = receipt.events.map(({ event, salt, proof }) => verifyIncludedEvent({ event, salt: fromBase64Strict(salt) }, proof, trust))
  if (included.some(({ event }) => event.matter !== receipt.matter)) throw new ProofError('ORDER', 'an event is of another matter')
  if (new Set(included.map(({ origin }) => origin)).size !== 1) throw new ProofError('ORIGIN', 'events are of different logs')
  const last = included.reduce((latest, { event }) => (event.ts > latest ? event.ts : latest), '')
  if (last !== receipt.asOf) throw new ProofError('ORDER', 'asOf is not the time of the last event')
  return included.map(({ event }) => event)
}

/** Every record is in exactly one committed batch of its data set, under its own root. */
function checkInventory(receipt: SignedReceipt, events: readonly MatterEvent[]): void {
  const covered = new Set<ReceiptRecord>()
  for (const batch of receipt.inventory) {
    const body = bodyOf(eventAt(events, batch), 'InventoryCommitted')
    const records = receipt.records.filter(({ index }) => index >= body.first && index < body.first + body.records)
    for (const record of records) checkRecord(record, body.ds, body.fields.length)
    const leaves = records.map((record) => ({ index: record.index - body.first, leafHash: inventoryLeafOf(record) }))
    const root = rootFromMultiproof({ size: body.records, leaves, path: batch.path.map(fromBase64Strict) })
    if (toHex(root) !== body.root) throw new ProofError('ROOT', 'inventory of the receipt')
    for (const record of records) {
      if (covered.has(record)) throw new ProofError('ORDER', `record ${record.index} is in two batches`)
      covered.add(record)
    }
  }
  if (receipt.records.length === 0 || covered.size !== receipt.records.length) throw new ProofError('INCLUSION', 'a record is in no batch')
}

function checkRecord(record: ReceiptRecord, dataSet: string, fields: number): void {
  if (record.dataSet !== dataSet || record.leaves.length !== fields) throw new ProofError('ORDER', `record ${record.index} is of another data set`)
}

function inventoryLeafOf(record: ReceiptRecord): Uint8Array {
  const found = /^ds_([0-9a-f]{32})$/.exec(record.dataSet)?.[1]
  if (found === undefined) throw new ProofError('BAD_ID', 'a data set id')
  return inventoryLeaf({
    index: BigInt(record.index),
    recordId: fromHex(record.recordId),
    dataSetId: fromHex(found),
    presence: fromHex(record.presence),
    recordRoot: recordRoot(record.leaves.map(fromHex)),
  })
}

/** With the close: each record's dispositions are those of the closed books. Before it the receipt may not claim any. */
function checkBooks(receipt: SignedReceipt, events: readonly MatterEvent[]): Words {
  if (receipt.books === null) {
    if (receipt.records.some(({ vector }) => vector !== null)) throw new ProofError('ROOT', 'dispositions are claimed without the closed books')
    return { zh: '尚未办结,去向待定', en: 'not closed yet, dispositions are open' }
  }
  const body = bodyOf(eventAt(events, receipt.books), 'MatterClosed')
  const leaves = receipt.records.map((record) => ({ index: record.index, leafHash: booksLeaf({ index: BigInt(record.index), recordId: fromHex(record.recordId), vector: vectorOf(record) }) }))
  const root = rootFromMultiproof({ size: body.records, leaves, path: receipt.books.path.map(fromBase64Strict) })
  if (toHex(root) !== body.booksRoot) throw new ProofError('ROOT', 'books of the receipt')
  const counts = DISPOSITIONS.slice(1)
    .map((name) => [name, receipt.records.reduce((sum, record) => sum + [...vectorOf(record)].filter((code) => dispositionOfCode(code) === name).length, 0)] as const)
    .filter(([, count]) => count > 0)
  const list = (language: 'zh' | 'en'): string => counts.map(([name, count]) => `${dispositionWords[name][language]} ${count}`).join(language === 'zh' ? '、' : ', ')
  return { zh: `去向:${list('zh')}`, en: `dispositions: ${list('en')}` }
}

function vectorOf(record: ReceiptRecord): Uint8Array {
  const vector = record.vector === null ? null : fromHex(record.vector)
  const presence = fromHex(record.presence)
  if (vector === null || vector.length !== record.leaves.length || vector.some((code, field) => (code !== 0) !== isPresent(presence, field))) {
    throw new ProofError('BIJECTION', `record ${record.index}: dispositions do not fit its values`)
  }
  return vector
}

/** Each opened value leads to its leaf; returns how many were opened. */
function checkOpened(receipt: SignedReceipt, record: ReceiptRecord): number {
  const dataSet = receipt.dataSets.find(({ id }) => id === record.dataSet)
  for (const opened of record.opened) {
    const fieldId = /^fld_([0-9a-f]{32})$/.exec(dataSet?.fields[opened.field] ?? '')?.[1]
    if (fieldId === undefined) throw new ProofError('RECORD_FIELDS', `record ${record.index}, field ${opened.field}`)
    const value = valueOf(opened)
    // A value that is not marked as present was never in the books.
    if (isValue(value) !== isPresent(fromHex(record.presence), opened.field)) throw new ProofError('BIJECTION', `record ${record.index}, field ${opened.field}: its value and its presence contradict each other`)
    const leaf = fieldLeaf({ salt: fromBase64Strict(opened.salt), recordId: fromHex(record.recordId), fieldId: fromHex(fieldId), value })
    if (toHex(leaf) !== record.leaves[opened.field]) throw new ProofError('RECORD_ROOT', `record ${record.index}, field ${opened.field}`)
  }
  return record.opened.length
}

function valueOf({ kind, value }: ReceiptField): CanonicalValue {
  if (kind === 'n' || value === null) {
    if (kind !== 'n' || value !== null) throw new ProofError('BAD_SHAPE', 'a value of the receipt')
    return null
  }
  return kind === 't' ? value : fromBase64Strict(value)
}

function eventAt(events: readonly MatterEvent[], batch: ReceiptBatch): MatterEvent {
  const event = events[batch.event]
  if (event === undefined) throw new ProofError('TYPE_MISSING', 'the receipt refers to an event that it does not hold')
  return event
}
