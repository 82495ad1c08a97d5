// SPDX-License-Identifier: Apache-2.0
import { booksLeaf, inventoryLeaf } from '../proof/src/book-leaves.ts'
import { toBase64, toHex } from '../proof/src/bytes.ts'
import { buildMultiproof } from '../proof/src/multiproof.ts'
import { encodeReceipt } from '../proof/src/receipt-file.ts'
import type { Receipt } from '../proof/src/receipt-file.ts'
import { sampleDraft } from '../proof/src/testing/sample-draft.ts'
import { samplePolicy, seller } from '../proof/src/testing/sample-keys.ts'
import { MATTER, NEXT_DAY, proofOf, sealMatter } from '../proof/src/testing/sample-matter.ts'
import { booksOf, dsText, inventoryOf, sampleDataSets, sampleRecords } from '../proof/src/testing/sample-records.ts'

/** The receipt of the sample matter's first customer, with its values, and the policy under which it holds. */
export function sampleReceiptText(): { text: string; policy: string } {
  const sealed = sealMatter(sampleDraft())
  const [record] = sampleRecords
  const [dataSet] = sampleDataSets
  if (record === undefined || dataSet === undefined) throw new Error('the sample has a first record')
  const events = sealed.events.filter(({ event }) => event.includes('"t":"MatterClosed"') || (event.includes('"t":"InventoryCommitted"') && event.includes(dsText(dataSet))))
  const ofDataSet = sampleRecords.filter(({ ds }) => ds === dataSet)
  const receipt: Receipt = {
    format: 'handover-receipt/v1', matter: MATTER, asOf: NEXT_DAY, dataSets: [{ id: dsText(dataSet), fields: dataSet.fields.map((field) => `fld_${toHex(field)}`) }],
    records: [{
      index: record.index, recordId: toHex(record.id), dataSet: dsText(dataSet), presence: toHex(inventoryOf(record).presence), leaves: record.leaves.map(toHex), vector: toHex(booksOf(record).vector),
      opened: record.values.flatMap((value, field) => (typeof value === 'string' && value !== '' ? [{ field, salt: toBase64(record.salts[field] ?? new Uint8Array(0)), kind: 't' as const, value }] : [])),
    }],
    inventory: [{ event: 0, path: buildMultiproof([record.index], ofDataSet.map((each) => inventoryLeaf(inventoryOf(each)))).map(toBase64) }],
    books: { event: 1, path: buildMultiproof([record.index], sampleRecords.map((each) => booksLeaf(booksOf(each)))).map(toBase64) },
    events: events.map(({ leaf, salt, event }) => ({ event, salt: toBase64(salt), proof: proofOf(sealed, leaf) })),
  }
  return { text: encodeReceipt(receipt, [seller]), policy: samplePolicy }
}
