// SPDX-License-Identifier: Apache-2.0
import type { ReadEvent, SourceDataSet } from '../../sources/byte-rows/index.ts'
import type { CountedTable, CountEvent } from './scan-csv-bytes.ts'
import { RowsCounter } from './scan-rows.ts'

/** Counts the rows of tables as they are read, so that a table comes out counted; texts, which are searched and not counted, go through as they are. */
export async function* countTables(events: AsyncIterable<ReadEvent | CountEvent>): AsyncGenerator<ReadEvent | CountEvent> {
  let table: { dataSet: SourceDataSet; counter: RowsCounter } | null = null
  for await (const event of events) {
    if (event.kind === 'dataSet') table = event.dataSet.text === undefined ? { dataSet: { ...event.dataSet, fields: [...event.dataSet.fields] }, counter: new RowsCounter(event.dataSet.fields.length) } : null
    else if (event.kind === 'source' || event.kind === 'discard') table = null
    if (table === null) {
      yield event
    } else if (event.kind === 'moreFields') {
      table.dataSet.fields.push(...event.fields)
      table.counter.widen(table.dataSet.fields.length)
    } else if (event.kind === 'rows') {
      table.counter.add(event.rows)
      yield { kind: 'rowsCounted', rows: event.rows.length }
    } else if (event.kind === 'dataSetEnd') {
      const counted: CountedTable = { kind: 'counted', dataSet: table.dataSet, counts: event.counts, columns: table.counter.end(), duplicateRows: table.counter.duplicates.count }
      table = null
      yield counted
    } else if (event.kind !== 'dataSet') yield event
  }
}
